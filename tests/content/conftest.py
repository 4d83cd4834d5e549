import pytest

from app.store.database import Database
from tests.content.editing import Editor


@pytest.fixture
def editor(database: Database) -> Editor:
    """An editor of a fresh empty store."""
    return Editor(database)
