import pytest
from flask import Flask

from tests.admin.desk import Desk
from tests.admin.samples import catalogue


@pytest.fixture
def desk(app: Flask) -> Desk:
    """The desk of an editor who may do everything, on an empty store."""
    return Desk(app)


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """The same with a small catalogue, released as revision 1."""
    desk.bring(**catalogue())
    assert desk.release("First") == 1
    return desk
