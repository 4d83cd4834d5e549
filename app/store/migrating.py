"""Running the migrations of `migrations/` on a store.

Alembic is loaded by what migrates: a server needs it not, and would start a third of a second later, 15 MB larger.
"""

import time
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Connection, column, inspect, select, table, text
from sqlalchemy.exc import OperationalError

from app.config import ROOT
from app.errors import StoreUnavailable
from app.store.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

LOCK_TIMEOUT_MILLISECONDS = 500
"""How long a migration waits for a lock before it lets the readers behind it go on, and tries again."""

ATTEMPTS = 20
ADVISORY_LOCK = 7_202_611
"""Any number; it keeps two migrating processes apart."""


def alembic_config() -> "Config":
    """Alembic's settings: where the scripts stand."""
    from alembic.config import Config  # noqa: PLC0415  # see above

    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config


def upgrade(database: Database, revision: str = "head") -> None:
    """Brings the store to a migration, in one transaction."""
    _run(database, "upgrade", revision)


def downgrade(database: Database, revision: str = "base") -> None:
    """Takes the store back to a migration, in one transaction."""
    _run(database, "downgrade", revision)


def is_declared(*described: Any) -> bool:
    """Whether the models declare it: how words are indexed differs between the stores, and a migration makes it."""
    _object, name, kind, *_rest = described
    return not (name or "").startswith("search_text") and (kind, name) != ("column", "vector")


def is_current(connection: Connection) -> bool:
    """Whether the store is at the newest migration."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    return connection.execute(select(column("version_num")).select_from(table("alembic_version"))).scalars().all() == [
        _newest()
    ]


@cache
def _newest() -> str:
    """The newest migration's number, with which its file's name begins."""
    return max(path.name.partition("_")[0] for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))


def _run(database: Database, migrate: Literal["upgrade", "downgrade"], revision: str) -> None:
    from alembic import command  # noqa: PLC0415  # see above

    config = alembic_config()
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with database.transaction() as connection:
                if not database.is_sqlite:
                    connection.execute(text(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MILLISECONDS}"))
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})"))
                config.attributes["connection"] = connection
                getattr(command, migrate)(config, revision)
            return
        except StoreUnavailable as error:
            held = isinstance(error.__cause__, OperationalError) and "lock" in str(error.__cause__)
            if not held or attempt == ATTEMPTS:
                raise
            time.sleep(0.1 * attempt)
