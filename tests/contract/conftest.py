"""The OpenAPI document that the code declares."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from app import create_app
from app.web import openapi
from tests.settings import settings_for
from tests.stores import MakeStore


@pytest.fixture(scope="session")
def bare_app(make_sqlite: MakeStore) -> Iterator[Flask]:
    """An application on an empty store, for what does not depend on content."""
    created = create_app(settings_for(make_sqlite()))
    yield created
    created.extensions["limber_database"].dispose()


@pytest.fixture(scope="session")
def document(bare_app: Flask) -> Any:
    """The OpenAPI document as plain data. Tests only read it."""
    return openapi.document(bare_app.extensions["limber_api"].spec)
