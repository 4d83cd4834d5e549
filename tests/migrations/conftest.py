"""Stores without any table."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store.database import Database
from tests import postgresql
from tests.settings import settings_for
from tests.stores import STORES, MakeStore

numbers = itertools.count()


@pytest.fixture
def make_empty(request: pytest.FixtureRequest, tmp_path: Path, store: str) -> MakeStore:
    """Makes stores of one kind, each new and without tables."""

    def create() -> str:
        name = f"empty_{next(numbers)}"
        if store == "sqlite":
            return f"sqlite:///{tmp_path / name}.db"
        server: str = request.getfixturevalue("postgresql_server")
        return postgresql.create(server, name)

    return create


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest) -> str:
    """The kind of store."""
    kind: str = request.param
    return kind


@pytest.fixture
def empty(make_empty: MakeStore) -> Iterator[Database]:
    """A store without tables, opened."""
    opened = Database(settings_for(make_empty()))
    yield opened
    opened.dispose()
