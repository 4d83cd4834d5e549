"""Stores for tests: a fresh database for each test that writes, one seeded catalogue for all that only read.

Both kinds are run by every test that asks for one. PostgreSQL is a real server of the test's own, one for each
worker, whose databases are copies of a migrated template.
"""

import gc
import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.config import ROOT, Settings
from app.editing.plan import apply_plan
from app.kinds import CATALOGUE
from app.releasing.release import release
from app.seeding.planning import plan_folder
from app.store import migrating
from app.store.database import Database
from tests import postgresql
from tests.postgresql import postgresql_server as postgresql_server  # noqa: PLC0414  # a fixture of all tests

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
        apply_plan(connection, CATALOGUE, planned, datetime.now(UTC))
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


def _migrated(url: str) -> None:
    database = Database(settings_for(url))
    migrating.upgrade(database)
    database.dispose()


@pytest.fixture(scope="session")
def make_postgresql(postgresql_server: str) -> MakeStore:
    """Makes migrated PostgreSQL databases."""
    numbers = itertools.count()

    _migrated(postgresql.create(postgresql_server, "template_migrated"))
    return lambda: postgresql.create(postgresql_server, f"test_{next(numbers)}", template="template_migrated")


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


@pytest.fixture(params=STORES)
def store_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh migrated store, once of each kind."""
    make: MakeStore = request.getfixturevalue(f"make_{request.param}")
    url = make()
    yield url
    if request.param == "postgresql":
        postgresql.drop(request.getfixturevalue("postgresql_server"), url)


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
