from collections.abc import Iterator

import pytest
from flask import Flask

from tests.applications import application
from tests.settings import settings_for
from tests.waiting import PATIENCE_SECONDS
from tests.webhooks.outbox import Subscriber


@pytest.fixture
def app(store_url: str) -> Iterator[Flask]:
    """An application whose webhooks may go to this machine."""
    created = application(settings_for(store_url, webhooks_to_loopback=True, webhook_timeout_seconds=PATIENCE_SECONDS))
    yield created
    created.extensions["limber_database"].dispose()


@pytest.fixture
def subscriber(app: Flask) -> Subscriber:
    """An editor who makes webhooks and releases."""
    return Subscriber(app)
