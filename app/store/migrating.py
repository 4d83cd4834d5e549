"""Running the migrations of `migrations/`, and of kinds that bring their own, on a store.

A kind's folder of migrations is a branch beside the main one: its first migration has no `down_revision`, and names in
`depends_on` the migration that made the tables which its own refer to. `more` are these folders.

Alembic is loaded by what migrates: a server needs it not, and would start a third of a second later, 15 MB larger.
"""

import ast
import re
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Connection, String, column, inspect, select, table, text
from sqlalchemy.exc import OperationalError

from app.config import ROOT
from app.errors import StoreUnavailable
from app.store.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

VERSIONS = ROOT / "migrations" / "versions"
LOCK_TIMEOUT_MILLISECONDS = 500
"""How long a migration waits for a lock before it lets the readers behind it go on, and tries again."""

ATTEMPTS = 20
ADVISORY_LOCK = 7_202_611
"""Any number; it keeps two migrating processes apart."""


def alembic_config(more: Sequence[Path] = ()) -> "Config":
    """Alembic's settings: where the scripts stand."""
    from alembic.config import Config  # noqa: PLC0415  # see above

    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(map(str, (VERSIONS, *more))))
    return config


def upgrade(database: Database, revision: str = "heads", *, more: Sequence[Path] = ()) -> None:
    """Brings the store to a migration, in one transaction."""
    _run(database, "upgrade", revision, more)


def downgrade(database: Database, revision: str = "base", *, more: Sequence[Path] = ()) -> None:
    """Takes the store back to a migration, in one transaction."""
    _run(database, "downgrade", revision, more)


def is_declared(*described: Any) -> bool:
    """Whether the models declare it: how words are indexed differs between the stores, and a migration makes it."""
    _object, name, kind, *_rest = described
    return not (name or "").startswith("search_text") and (kind, name) != ("column", "vector")


def is_current(connection: Connection, more: Sequence[Path] = ()) -> bool:
    """Whether the store is at the newest migrations."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    versions = select(column("version_num", String)).select_from(table("alembic_version"))
    return set(connection.execute(versions).scalars()) == _newest((VERSIONS, *more))


@cache
def _newest(folders: tuple[Path, ...]) -> frozenset[str]:
    """The migrations that no other one follows or depends on, which Alembic records once all of them are made."""
    made: set[str] = set()
    followed: set[str] = set()
    declared = re.compile(r"^(revision|down_revision|depends_on)\b.*?= *(.+)$", re.MULTILINE)
    for path in (path for folder in folders for path in folder.glob("*.py")):
        for name, value in declared.findall(path.read_text(encoding="utf-8")):
            named = ast.literal_eval(value)
            (made if name == "revision" else followed).update((named,) if isinstance(named, str) else named or ())
    return frozenset(made - followed)


def _run(database: Database, migrate: Literal["upgrade", "downgrade"], revision: str, more: Sequence[Path]) -> None:
    from alembic import command  # noqa: PLC0415  # see above

    config = alembic_config(more)
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
