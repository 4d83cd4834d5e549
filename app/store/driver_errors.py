"""What drivers and pools raise, as the named errors that it means."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.errors import StoreBusy, StoreCorrupt, StoreFull, StoreUnavailable

DISK_FULL = "53100"
"""PostgreSQL's code for a full disk. SQLite has one of its own."""

OTHER_TABLES = ("42P01", "42703")
"""PostgreSQL's codes for an unknown table or column: a store that is not migrated. SQLite says OperationalError."""

CORRUPT_IN_SQLITE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
"""SQLite's primary codes for a file that is damaged, or that is no database."""

CORRUPT = {"XX001", "XX002", "58P01"}
"""PostgreSQL's codes for damaged data, a damaged index, and a file of a table that is gone."""

BUSY = {"55P03", "40001", "40P01"}
"""PostgreSQL's codes for a lock that did not come free in time, and for changes that came in each other's way."""

log = logging.getLogger(__name__)


@contextmanager
def store_errors() -> Iterator[None]:
    """Raises the named error for what a driver or a pool raises in the block."""
    try:
        yield
    except PoolTimeout as error:
        raise StoreUnavailable("No database connection came free in time.") from error
    except DBAPIError as error:
        _raise_named(error)
        raise


def _raise_named(error: DBAPIError) -> None:
    """Raises the named error for a driver's, where there is one."""
    if is_corruption(error):
        log.error("The database is damaged: %s", error.orig)
        raise StoreCorrupt("The database is damaged.") from error
    if isinstance(error, OperationalError):
        if _is_busy(error.orig):
            raise StoreBusy(
                "Another change, such as a release or an import, holds the store for longer than"
                " DATABASE_TIMEOUT_SECONDS; nothing was written. Send this one again in a while."
            ) from error
        if _is_full(error.orig):
            raise StoreFull("The database's disk is full; nothing was written.") from error
        raise StoreUnavailable("The database does not answer.") from error
    if error.connection_invalidated:
        raise StoreUnavailable("The database closed the connection.") from error
    if getattr(error.orig, "sqlstate", None) in OTHER_TABLES:
        raise StoreUnavailable("The database's tables are not those of this version.") from error


def is_corruption(error: DBAPIError) -> bool:
    """Whether a driver's error says that the database's files are damaged."""
    # SQLite's extended codes hold the primary one in their last byte.
    code, state = getattr(error.orig, "sqlite_errorcode", 0), getattr(error.orig, "sqlstate", None)
    return code & 0xFF in CORRUPT_IN_SQLITE or state in CORRUPT


def _is_busy(error: BaseException | None) -> bool:
    code, state = getattr(error, "sqlite_errorcode", 0), getattr(error, "sqlstate", None)
    return code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) or state in BUSY


def _is_full(error: BaseException | None) -> bool:
    code, state = getattr(error, "sqlite_errorcode", None), getattr(error, "sqlstate", None)
    return code == sqlite3.SQLITE_FULL or state == DISK_FULL
