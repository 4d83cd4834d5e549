import pytest
from flask import Flask
from sqlalchemy import make_url

from tests.admin.desk import Desk
from tests.admin.samples import catalogue
from tests.applications import application
from tests.settings import settings_for
from tests.stores import FILLS

keys: dict[str, str] = {}
"""The key of the desk that stocked each kind of store."""


@pytest.fixture
def desk(app: Flask) -> Desk:
    """The desk of an editor who may do everything, on an empty store."""
    return Desk(app)


def stock(url: str) -> None:
    """Releases a small catalogue as revision 1."""
    app = application(settings_for(url))
    desk = Desk(app)
    desk.bring(**catalogue())
    assert desk.release("First") == 1
    keys[make_url(url).drivername] = desk.key
    app.extensions["limber_database"].dispose()


FILLS["stocked"] = stock


@pytest.fixture
def stocked(app: Flask, store_url: str) -> Desk:
    """The desk of an editor who may do everything, where a small catalogue is released as revision 1."""
    return Desk(app, key=keys[make_url(store_url).drivername])
