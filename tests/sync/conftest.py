"""A world on each kind of store: one application for all tests, on a store that each begins anew."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.sync.world import World, opened


@pytest.fixture(scope="session")
def shared_sqlite(make_sqlite: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with opened(make_sqlite(), tmp_path_factory.mktemp("sync")) as found:
        yield found


@pytest.fixture(scope="session")
def shared_postgresql(make_postgresql: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with opened(make_postgresql(), tmp_path_factory.mktemp("sync")) as found:
        yield found


@pytest.fixture
def sqlite_world(shared_sqlite: World, tmp_path: Path) -> World:
    """An empty catalogue on the quicker store."""
    shared_sqlite.begin(tmp_path)
    return shared_sqlite


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    """An empty catalogue."""
    found: World = request.getfixturevalue(f"shared_{request.param}")
    found.begin(tmp_path)
    return found
