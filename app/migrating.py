"""Running the migrations of `migrations/` on a store."""

import time
from collections.abc import Callable
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from app.config import ROOT
from app.db import Database
from app.errors import StoreUnavailable

LOCK_TIMEOUT_MILLISECONDS = 500
"""How long a migration waits for a lock before it lets the readers behind it go on, and tries again."""

ATTEMPTS = 20
ADVISORY_LOCK = 7_202_611
"""Any number; it keeps two migrating processes apart."""


def alembic_config() -> Config:
    """Alembic's settings: where the scripts stand."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config


def upgrade(database: Database, revision: str = "head") -> None:
    """Brings the store to a migration, in one transaction."""
    _run(database, lambda config: command.upgrade(config, revision))


def downgrade(database: Database, revision: str = "base") -> None:
    """Takes the store back to a migration, in one transaction."""
    _run(database, lambda config: command.downgrade(config, revision))


def is_declared(*described: Any) -> bool:
    """Whether the models declare it: how words are indexed differs between the stores, and a migration makes it."""
    _object, name, kind, *_rest = described
    return not (name or "").startswith("search_text") and (kind, name) != ("column", "vector")


def is_current(connection: Connection) -> bool:
    """Whether the store is at the newest migration."""
    newest = ScriptDirectory.from_config(alembic_config()).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == newest


def _run(database: Database, migrate: Callable[[Config], None]) -> None:
    config = alembic_config()
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with database.transaction() as connection:
                if not database.is_sqlite:
                    connection.execute(text(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MILLISECONDS}"))
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})"))
                config.attributes["connection"] = connection
                migrate(config)
            return
        except StoreUnavailable as error:
            held = isinstance(error.__cause__, OperationalError) and "lock" in str(error.__cause__)
            if not held or attempt == ATTEMPTS:
                raise
            time.sleep(0.1 * attempt)
