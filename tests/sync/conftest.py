"""A world on each kind of store."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.world import World, opened


@pytest.fixture
def world(store_url: str, tmp_path: Path) -> Iterator[World]:
    """An empty catalogue."""
    with opened(store_url, tmp_path) as found:
        yield found
