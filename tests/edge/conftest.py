"""A catalogue that a test may release to."""

import pytest
from flask import Flask

from tests.content.editing import Editor
from tests.content.samples import exercise


@pytest.fixture
def editor(app: Flask) -> Editor:
    found = Editor(app.extensions["limber_database"])
    found.publish(exercises=[exercise("a"), exercise("b")])
    return found
