"""A world on each kind of store: one application for all tests, on a store that each begins anew."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stores import STORES, MakeStore
from tests.sync.world import World, Worlds


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    """The worlds of all tests."""
    with Worlds(tmp_path_factory) as found:
        yield found


@pytest.fixture
def sqlite_world(worlds: Worlds, make_sqlite: MakeStore, tmp_path: Path) -> World:
    """An empty catalogue on the quicker store."""
    return worlds.begin(make_sqlite, tmp_path, cached=False)


@pytest.fixture
def cached_sqlite_world(worlds: Worlds, make_sqlite: MakeStore, tmp_path: Path) -> World:
    """The same behind the response cache, as it is served."""
    return worlds.begin(make_sqlite, tmp_path, cached=True)


@pytest.fixture(params=STORES)
def make_store(request: pytest.FixtureRequest) -> MakeStore:
    """Makes stores, once of each kind."""
    found: MakeStore = request.getfixturevalue(f"make_{request.param}")
    return found


@pytest.fixture
def world(worlds: Worlds, make_store: MakeStore, tmp_path: Path) -> World:
    """An empty catalogue."""
    return worlds.begin(make_store, tmp_path, cached=False)


@pytest.fixture
def cached_world(worlds: Worlds, make_store: MakeStore, tmp_path: Path) -> World:
    """The same behind the response cache, as it is served."""
    return worlds.begin(make_store, tmp_path, cached=True)
