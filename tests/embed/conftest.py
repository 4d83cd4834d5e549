"""A live server for consumers that speak HTTP themselves."""

from collections.abc import Iterator

import pytest

from tests.embed.live_server import serving


@pytest.fixture(scope="session")
def live_origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The origin of a seeded server."""
    with serving(tmp_path_factory.mktemp("live")) as origin:
        yield origin
