from collections.abc import Iterator

import pytest
from flask import Flask

from tests.admin.desk import Desk
from tests.applications import application
from tests.settings import settings_for


@pytest.fixture
def desk(app: Flask) -> Desk:
    """The desk of somebody who may do everything, on an empty store."""
    return Desk(app)


@pytest.fixture
def narrow_app(store_url: str) -> Iterator[Flask]:
    """An application that takes five writes a minute and three wrong keys."""
    created = application(settings_for(store_url, writes_per_minute=5, failed_authentications_per_minute=3))
    yield created
    created.extensions["limber_database"].dispose()
