"""What every test may use: stores, applications on them, a client, an editor. And the order of a run.

Both kinds of store are run by every test that asks for one, but for files marked `one_store`: what they ask of the
service is decided before a store is asked, and `tests/http/test_store_parity.py` holds both stores to the same bytes.
"""

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.config import ROOT
from app.store.database import Database
from tests import compiled, left_out, patience, postgresql, stores
from tests.applications import application
from tests.content.editing import Editor
from tests.lanes import in_lanes, is_slow
from tests.settings import ORIGIN as ORIGIN  # noqa: PLC0414  # tests look for it here
from tests.settings import settings_for
from tests.stores import SEED_DATA as SEED_DATA  # noqa: PLC0414
from tests.stores import STORES, opened
from tests.stores import MakeStore as MakeStore  # noqa: PLC0414
from tests.stores import apply_seed as apply_seed  # noqa: PLC0414

TESTS = ROOT / "tests"
SeededApp = Callable[[str], Flask]


def pytest_configure(config: pytest.Config) -> None:
    """Makes the fixtures of these modules known everywhere."""
    for module in (compiled, left_out, patience, postgresql, stores):
        config.pluginmanager.register(module)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds `--fast`."""
    parser.addoption("--fast", action="store_true", help="on SQLite alone, and without what takes long")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leaves out what takes long, where that is asked for."""
    is_left_out = config.getoption("--fast") and is_slow(collection_path.relative_to(TESTS).as_posix())
    return True if is_left_out else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Runs a test on both kinds of store, or on SQLite alone."""
    is_one = metafunc.config.getoption("--fast") or metafunc.definition.get_closest_marker("one_store")
    kinds = STORES[:1] if is_one else STORES
    for fixture, scope in (("store_url", "function"), ("seeded_app", "session")):
        named = {mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")}
        if fixture in metafunc.fixturenames and fixture not in named:
            metafunc.parametrize(fixture, kinds, indirect=True, scope=scope)  # type: ignore[arg-type]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begins every worker with its share of what takes seconds a test, so that none is left alone with it."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    items[:] = in_lanes(items, workers, TESTS)


def pytest_collection_finish() -> None:
    """Lets the collector of garbage look at what tests make, and not again and again at all that is imported."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    """A fresh migrated store, opened."""
    with opened(store_url) as store:
        yield store


@pytest.fixture
def editor(database: Database) -> Editor:
    """An editor of a fresh empty store."""
    return Editor(database)


@pytest.fixture
def app(store_url: str) -> Iterator[Flask]:
    """An application on a fresh, empty store."""
    created = application(settings_for(store_url))
    yield created
    created.extensions["limber_database"].dispose()


@pytest.fixture(scope="session")
def seeded_apps(request: pytest.FixtureRequest) -> Iterator[SeededApp]:
    """Gives the application on a kind of store that holds the released seed data; it is made once."""
    made: dict[str, Flask] = {}

    def on(store: str) -> Flask:
        if store not in made:
            url = request.getfixturevalue(f"{store}_stores").template(seeded=True)
            made[store] = application(settings_for(url))
        return made[store]

    yield on
    for created in made.values():
        created.extensions["limber_database"].dispose()


@pytest.fixture(scope="session")
def seeded_app(request: pytest.FixtureRequest, seeded_apps: SeededApp) -> Flask:
    """An application on a store with the released seed data. Tests only read it."""
    return seeded_apps(request.param)


@pytest.fixture
def client(seeded_app: Flask) -> FlaskClient:
    """A client of the seeded application."""
    return seeded_app.test_client()
