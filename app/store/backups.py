"""Copies of a store while others use it, and stores from such copies.

A backup is one file that only its owner may read: it holds the hashes of keys and the secrets of webhooks. One of
SQLite is a database file, made by SQLite's backup API; one of PostgreSQL is in the custom format of `pg_dump`. Either
is of one moment.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.config import COMMAND
from app.errors import BackupFailed
from app.store import postgresql_copies
from app.store.database import Database
from app.store.migrating import refuse_newer, require_tables, versions
from app.store.state import State, current_state

BEGINNINGS = {b"SQLite format 3\0": "SQLite", postgresql_copies.BEGINNING: "PostgreSQL"}
"""The bytes that a backup begins with, and which kind of store it is of."""

Check = Callable[[set[str]], None]
"""Raises where the migrations that a backup is at are not known here."""


def back_up(database: Database, file: Path) -> State:
    """Writes the store to a new file, as it is at one moment, and answers the released state that it holds.

    Others go on reading and writing meanwhile. The file is there once it is whole: it is written under another name.
    Raises `OtherSchema` where there is nothing to back up, `StoreUnavailable`, and `BackupFailed`.
    """
    require_tables(database)
    if file.exists():
        raise BackupFailed(f"{file} is there already, and a backup replaces nothing: name another file.")
    making = file.with_name(f"{file.name}.making")
    try:
        with _failing(f"{file} could not be written"):
            making.unlink(missing_ok=True)
            os.close(os.open(making, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            with database.reading() as connection:
                state = current_state(connection)
                if database.is_sqlite:
                    _copy_sqlite(connection.connection.driver_connection, making)
                else:
                    postgresql_copies.dump(database, connection, making)
            with making.open("rb") as written:
                os.fsync(written.fileno())
            making.rename(file)
    finally:
        making.unlink(missing_ok=True)
    return state


def restore(database: Database, file: Path, *, replace: bool, more: Sequence[Path] = ()) -> State:
    """Fills the store with what a backup holds, all of it or nothing, and answers the released state that it then has.

    A store that has tables is refused unless `replace`; others may go on using it, and see the one or the other. The
    tables are of the backup's version. Raises `StoreUnavailable`, `OtherSchema` where that version is newer than this
    one (`more` are the folders of further migrations), and `BackupFailed`.
    """
    if versions(database) and not replace:
        raise BackupFailed(
            f"The database at {database.address} holds tables already: to lose what it holds, say --replace."
        )
    with _failing(f"{file} could not be restored"):
        with file.open("rb") as opened:
            beginning = opened.read(16)
        kind = next((kind for begins, kind in BEGINNINGS.items() if beginning.startswith(begins)), None)
        if kind != ("SQLite" if database.is_sqlite else "PostgreSQL"):
            raise BackupFailed(
                f"{file} is {f'a backup of {kind}' if kind else 'no backup'}, which the database at {database.address}"
                " cannot be restored from. Content goes from one kind of store to the other by"
                f" `{COMMAND} catalogue export` and `apply`."
            )
        fill = _fill_sqlite if database.is_sqlite else postgresql_copies.fill
        fill(database, file, lambda found: refuse_newer(f"the backup {file}", found, more))
    with database.reading() as connection:
        return current_state(connection)


def remove_older(folder: Path, pattern: str, *, keep: int) -> int:
    """Removes all but the last files of a folder that a pattern fits, in the order of their names; how many."""
    older = sorted(folder.glob(pattern))[:-keep]
    for path in older:
        path.unlink()
    return len(older)


@contextmanager
def _failing(what: str) -> Iterator[None]:
    """Gives errors of files and of SQLite a name."""
    try:
        yield
    except OSError as error:
        raise BackupFailed(f"{what}: {error.strerror or error}.") from error
    except sqlite3.Error as error:
        raise BackupFailed(f"{what}: {error}.") from error


def _copy_sqlite(source: Any, file: Path) -> None:
    target = sqlite3.connect(file)
    try:
        source.backup(target)
        # One file, without a log of writes beside it.
        target.execute("PRAGMA journal_mode = DELETE")
    finally:
        target.close()


def _fill_sqlite(database: Database, file: Path, check: Check) -> None:
    source = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
    try:
        if damage := _damage(source, file):
            raise BackupFailed(f"{file} is damaged: {damage}. Take another backup.")
        check({name for (name,) in source.execute("SELECT version_num FROM alembic_version")})
        if database.file is not None:
            database.file.parent.mkdir(parents=True, exist_ok=True)
        with database.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            source.backup(driver)
    finally:
        source.close()


def _damage(source: sqlite3.Connection, file: Path) -> str | None:
    """What is damaged in a file of SQLite; that its end is missing, SQLite does not always notice."""
    (pages,), (page,) = (source.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size"))
    if file.stat().st_size != pages * page:
        return f"it has {file.stat().st_size:,} bytes and not {pages * page:,}"
    (found,) = source.execute("PRAGMA integrity_check(1)").fetchone()
    return None if found == "ok" else " ".join(found.split())
