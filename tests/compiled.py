"""Statements are compiled once a run: every test has an engine of its own, which would compile all of them anew."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy

from app.store import engines


class Compiled(dict[Any, Any]):
    """Compiled statements of one kind of store, whichever dialect of that kind asks, which is first in each key."""

    def get(self, key: Any, default: Any = None) -> Any:
        """A statement that was compiled for any of them."""
        return super().get(key[1:], default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(key[1:], compiled)


@pytest.fixture(scope="session", autouse=True)
def compiled() -> Iterator[None]:
    """All engines of a kind of store keep what they compile in one place."""
    kept: dict[str, Compiled] = {}

    def create_engine(*arguments: Any, **options: Any) -> sqlalchemy.Engine:
        engine = sqlalchemy.create_engine(*arguments, **options)
        engine.update_execution_options(compiled_cache=kept.setdefault(engine.dialect.name, Compiled()))
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines, "create_engine", create_engine)
        yield
