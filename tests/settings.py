"""Settings of applications in tests."""

import tempfile
from pathlib import Path
from typing import Any

from app.config import Settings
from tests.waiting import PATIENCE_SECONDS

ORIGIN = "https://limber.example"


def settings_for(url: str, **options: Any) -> Settings:
    """Settings for a store; whatever else they are to say are `options`."""
    options.setdefault("snapshot_folder", Path(tempfile.gettempdir()) / "limber-test-snapshots")
    options.setdefault("database_timeout_seconds", PATIENCE_SECONDS)
    # Hundreds of tests search from one address within a minute.
    options.setdefault("searches_per_minute", 1_000_000)
    return Settings(database_url=url, public_origin=ORIGIN, **options)
