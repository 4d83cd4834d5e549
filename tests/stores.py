"""Stores for tests: fresh ones for tests that write, and one seeded catalogue of each kind that all only read.

A fresh PostgreSQL database is one of a few that are used again and again: what a test left in it is deleted, which
takes a hundredth of the time that a new database takes.
"""

import itertools
import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from app.config import ROOT
from app.editing.plan import apply_plan
from app.kinds import CATALOGUE
from app.releasing.release import release
from app.seeding.conflicts import remember_applied
from app.seeding.planning import plan_folder
from app.store import migrating
from app.store.database import Database
from tests import postgresql
from tests.postgresql import alone
from tests.settings import settings_for

SEED_DATA = ROOT / "seed_data"
STORES = ("sqlite", "postgresql")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")

MakeStore = Callable[[], str]

FILLS: dict[str, Callable[[str], None]] = {}
"""What fills a migrated store for the fixture of that name: once a worker. Every test that asks for it has a copy."""


def apply_seed(
    database: Database,
    folder: Path = SEED_DATA,
    *,
    prune: bool = False,
    note: str | None = "Seed",
    now: datetime | None = None,
) -> None:
    """What `flask catalogue apply --release` does, without the terminal."""
    with database.transaction(exclusive=True) as connection:
        planned = plan_folder(connection, CATALOGUE, folder, prune=prune)
        apply_plan(connection, CATALOGUE, planned, datetime.now(UTC))
        remember_applied(connection, CATALOGUE, planned)
        if note is not None:
            release(connection, CATALOGUE, note=note, now=now)


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """The store at an address, closed in the end."""
    database = Database(settings_for(url))
    try:
        yield database
    finally:
        database.dispose()


def prepare(url: str, shared: Path, *, seeded: bool) -> None:
    """Gives an empty store its tables, and the released seed data where that is wanted.

    It is released at one moment on all stores of a run, so that they hold the same documents.
    """
    moment = shared / "seeded.at"
    if not moment.exists():
        moment.write_text(datetime.now(UTC).isoformat(), encoding="utf-8")
    with opened(url) as database:
        migrating.upgrade(database)
        if seeded:
            apply_seed(database, now=datetime.fromisoformat(moment.read_text(encoding="utf-8")))


class SQLite:
    """Makes SQLite stores as copies of files that the first worker of a run makes for all."""

    def __init__(self, shared: Path, own: Path) -> None:
        self._shared, self._own, self._numbers = shared, own, itertools.count()

    def template(self, *, seeded: bool) -> str:
        """The address of a store that nobody writes to."""
        path = self._shared / ("seeded.db" if seeded else "migrated.db")
        with alone(self._shared):
            if not path.exists():
                making = path.with_suffix(".making")
                prepare(f"sqlite:///{making}", self._shared, seeded=seeded)
                making.rename(path)
        return f"sqlite:///{path}"

    def make(self, *, seeded: bool = False) -> str:
        """The address of a new store."""
        return self._copied(self.template(seeded=seeded))

    def borrow(self, fill: str | None) -> str:
        """The address of a new store as a migration leaves it, or filled for a fixture."""
        if fill is None:
            return self.make()
        path = self._own / f"{fill}.db"
        if not path.exists():
            made = self.make()
            FILLS[fill](made)
            Path(made.removeprefix("sqlite:///")).rename(path)
        return self._copied(f"sqlite:///{path}")

    def give_back(self, url: str) -> None:
        """Leaves it to pytest, which removes its folders."""

    def _copied(self, url: str) -> str:
        path = self._own / f"test_{next(self._numbers)}.db"
        shutil.copy(url.removeprefix("sqlite:///"), path)
        return f"sqlite:///{path}"


class PostgreSQL:
    """Makes PostgreSQL databases as copies of such that the first worker of a run makes for all."""

    def __init__(self, server: str, shared: Path) -> None:
        self.server, self._shared, self._numbers = server, shared, itertools.count()
        self._free: dict[str | None, list[str]] = defaultdict(list)
        self._fills: dict[str, str | None] = {}

    def template(self, *, seeded: bool) -> str:
        """The address of a database that nobody writes to."""
        name = "seeded" if seeded else "migrated"
        done = self._shared / f"{name}.database"
        with alone(self._shared):
            if not done.exists():
                # PostgreSQL copies only what nobody is connected to: the source is closed, tests read a copy of it.
                prepare(postgresql.create(self.server, f"{name}_source"), self._shared, seeded=seeded)
                url = postgresql.create(self.server, name, template=f"{name}_source")
                done.write_text(url, encoding="utf-8")
        return done.read_text(encoding="utf-8")

    def make(self, *, seeded: bool = False) -> str:
        """The address of a new database."""
        self.template(seeded=seeded)
        name = f"test_{WORKER}_{next(self._numbers)}"
        return postgresql.create(self.server, name, template="seeded_source" if seeded else "migrated_source")

    def borrow(self, fill: str | None) -> str:
        """The address of a database as a migration leaves it, or filled for a fixture; `give_back` it in the end."""
        if self._free[fill]:
            return self._free[fill].pop()
        url = self.make()
        if fill is not None:
            FILLS[fill](url)
        self._fills[url] = fill
        postgresql.remember_blank(url)
        return url

    def give_back(self, url: str) -> None:
        """Takes a database for the next test, as it was lent, unless it is in use or its tables have changed."""
        try:
            is_blank = postgresql.make_blank(url)
        except psycopg.Error:
            is_blank = False
        if is_blank:
            self._free[self._fills[url]].append(url)
        else:
            with suppress(psycopg.Error):
                postgresql.drop(self.server, url)


@pytest.fixture(scope="session")
def sqlite_stores(shared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> SQLite:
    """All SQLite stores of this worker."""
    return SQLite(shared_folder, tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql_stores(postgresql_server: str, shared_folder: Path) -> PostgreSQL:
    """All PostgreSQL databases of this worker."""
    return PostgreSQL(postgresql_server, shared_folder)


@pytest.fixture(scope="session")
def make_sqlite(sqlite_stores: SQLite) -> MakeStore:
    """Makes migrated SQLite stores."""
    return sqlite_stores.make


@pytest.fixture(scope="session")
def make_postgresql(postgresql_stores: PostgreSQL) -> MakeStore:
    """Makes migrated PostgreSQL databases."""
    return postgresql_stores.make


@pytest.fixture(scope="session")
def make_seeded_sqlite(sqlite_stores: SQLite) -> MakeStore:
    """Makes SQLite stores with the released seed data."""
    return lambda: sqlite_stores.make(seeded=True)


@pytest.fixture(scope="session")
def make_seeded_postgresql(postgresql_stores: PostgreSQL) -> MakeStore:
    """Makes PostgreSQL databases with the released seed data."""
    return lambda: postgresql_stores.make(seeded=True)


@pytest.fixture
def store_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh migrated store: of each kind in turn, or of SQLite where the test is of one store.

    It is filled where the test asks for a fixture of `FILLS`.
    """
    stores: SQLite | PostgreSQL = request.getfixturevalue(f"{request.param}_stores")
    url = stores.borrow(next(filter(FILLS.get, request.fixturenames), None))
    yield url
    stores.give_back(url)


def _fill_with_seeds(url: str) -> None:
    with opened(url) as database:
        apply_seed(database)


FILLS["own_catalogue"] = _fill_with_seeds


@pytest.fixture
def own_catalogue(store_url: str) -> str:
    """The address of a store with the released seed data, to which a test may write."""
    return store_url
