from pathlib import Path

import pytest
from flask import Flask

from tests.seeding.commands import Catalogue


@pytest.fixture
def catalogue(app: Flask, tmp_path: Path) -> Catalogue:
    """A fresh empty store, an empty folder of seed files, and the commands."""
    return Catalogue(app, tmp_path / "seed")
