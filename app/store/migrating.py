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
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sqlalchemy import Connection, String, column, inspect, select, table, text
from sqlalchemy.exc import OperationalError

from app.config import COMMAND, FILES, START
from app.errors import OtherSchema, StoreCorrupt, StoreUnavailable
from app.store.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

VERSIONS = FILES / "migrations" / "versions"
LOCK_TIMEOUT_MILLISECONDS = 500
"""How long a migration waits for a lock before it lets the readers behind it go on, and tries again."""

ATTEMPTS = 20
FIRST = f"run `{COMMAND} database upgrade` or `{START}` first"

ADVISORY_LOCK = 7_202_611
"""Any number; it keeps two migrating processes apart."""


def alembic_config(more: Sequence[Path] = ()) -> "Config":
    """Alembic's settings: where the scripts stand."""
    from alembic.config import Config  # noqa: PLC0415  # see above

    config = Config()
    config.set_main_option("script_location", str(FILES / "migrations"))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(map(str, (VERSIONS, *more))))
    return config


def upgrade(database: Database, revision: str = "heads", *, more: Sequence[Path] = ()) -> None:
    """Brings the store to a migration, in one transaction."""
    _run(database, "upgrade", revision, more)


def prepare(database: Database, when: str, *, more: Sequence[Path] = ()) -> None:
    """Brings the store to the newest migration where a start may, as the setting `MIGRATE` says.

    With `auto` it may make tables where there are none, and change those of SQLite, which one machine has to itself. To
    change those of PostgreSQL, which other processes of the former version may be using, has to be asked for. Raises
    `OtherSchema` where the tables are not those of this version and a start may not change them.
    """
    if when == "yes" or (when == "auto" and (database.is_sqlite or not versions(database))):
        upgrade(database, more=more)
    else:
        require_current(database, more)


def downgrade(database: Database, revision: str = "base", *, more: Sequence[Path] = ()) -> None:
    """Takes the store back to a migration, in one transaction. Raises `OtherSchema` where there is no database."""
    _require_file(database)
    _run(database, "downgrade", revision, more)


def is_declared(*described: Any) -> bool:
    """Whether the models declare it: how words are indexed differs between the stores, and a migration makes it."""
    _object, name, kind, *_rest = described
    return not (name or "").startswith("search_text") and (kind, name) != ("column", "vector")


def is_current(connection: Connection, more: Sequence[Path] = ()) -> bool:
    """Whether the store is at the newest migrations."""
    return _recorded(connection) == _declared((VERSIONS, *more)).newest


def require_current(database: Database, more: Sequence[Path] = ()) -> None:
    """Raises `OtherSchema` where there is no database or it is not at the newest migrations, and creates none.

    Raises `StoreUnavailable` where it does not answer.
    """
    recorded = require_tables(database)
    refuse_newer(f"the database at {database.address}", recorded, more)
    if recorded != _declared((VERSIONS, *more)).newest:
        raise OtherSchema(
            f"The tables of the database at {database.address} are of an older version:"
            f" make a backup, then run `{COMMAND} database upgrade`."
        )


def require_tables(database: Database) -> set[str]:
    """The migrations that the store is at. Raises `OtherSchema` where there is no database or it has no tables."""
    _require_file(database)
    if recorded := versions(database):
        return recorded
    raise OtherSchema(f"There are no tables in the database at {database.address}: {FIRST}.")


def _require_file(database: Database) -> None:
    if database.file is not None and not database.file.exists():
        raise OtherSchema(f"There is no database at {database.address}: {FIRST}.")


def versions(database: Database) -> set[str]:
    """The migrations that the store says it is at; none where it has no tables. Raises `StoreUnavailable`."""
    try:
        with database.reading() as connection:
            return _recorded(connection)
    except StoreCorrupt:
        raise
    except StoreUnavailable as error:
        raise StoreUnavailable(f"The database at {database.address} does not answer.") from error


def refuse_newer(what: str, recorded: set[str], more: Sequence[Path] = ()) -> None:
    """Raises `OtherSchema` where a store, or a backup of one, is at migrations that this version does not know."""
    if unknown := recorded - _declared((VERSIONS, *more)).all:
        raise OtherSchema(
            f"The tables of {what} are of a newer version (migration {min(unknown)}):"
            " start that version of Limber, or restore a backup from before its upgrade."
        )


def _recorded(connection: Connection) -> set[str]:
    """The migrations that the store says it is at; none where it has no tables."""
    if not inspect(connection).has_table("alembic_version"):
        return set()
    versions = select(column("version_num", String)).select_from(table("alembic_version"))
    return set(connection.execute(versions).scalars())


class _Declared(NamedTuple):
    """The migrations of some folders; `newest` are those that no other one follows or depends on.

    Alembic records the newest once all of them are made.
    """

    all: frozenset[str]
    newest: frozenset[str]


@cache
def _declared(folders: tuple[Path, ...]) -> _Declared:
    made: set[str] = set()
    followed: set[str] = set()
    declared = re.compile(r"^(revision|down_revision|depends_on)\b.*?= *(.+)$", re.MULTILINE)
    for path in (path for folder in folders for path in folder.glob("*.py")):
        for name, value in declared.findall(path.read_text(encoding="utf-8")):
            named = ast.literal_eval(value)
            (made if name == "revision" else followed).update((named,) if isinstance(named, str) else named or ())
    return _Declared(frozenset(made), frozenset(made - followed))


def _run(database: Database, migrate: Literal["upgrade", "downgrade"], revision: str, more: Sequence[Path]) -> None:
    from alembic import command  # noqa: PLC0415  # see above
    from alembic.util import CommandError  # noqa: PLC0415  # see above

    config = alembic_config(more)
    if database.file is not None:
        database.file.parent.mkdir(parents=True, exist_ok=True)
    refuse_newer(f"the database at {database.address}", versions(database), more)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with database.transaction() as connection:
                if not database.is_sqlite:
                    connection.execute(text(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MILLISECONDS}"))
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})"))
                config.attributes["connection"] = connection
                getattr(command, migrate)(config, revision)
            return
        except CommandError as error:
            raise OtherSchema(str(error)) from error
        except StoreUnavailable as error:
            held = isinstance(error.__cause__, OperationalError) and "lock" in str(error.__cause__)
            if not held or attempt == ATTEMPTS:
                raise
            time.sleep(0.1 * attempt)
