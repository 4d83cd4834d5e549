"""A catalogue that a test may release to, behind a cache whose clock the test turns."""

import pytest
from flask import Flask

from tests.clock import Clock, give_clock
from tests.content.editing import Editor
from tests.content.samples import exercise


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the response cache, for applications that are made after it."""
    return give_clock(monkeypatch, "app.edge.cache", "app.edge.revision")


@pytest.fixture
def editor(app: Flask) -> Editor:
    """An editor of the application's store, where two exercises are published."""
    found = Editor(app.extensions["limber_database"])
    found.publish(exercises=[exercise("a"), exercise("b")])
    return found
