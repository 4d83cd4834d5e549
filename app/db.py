"""The store: engines, the declarative base, and the only place that commits.

SQLite and PostgreSQL are told apart here and nowhere else, but for the column types of `models.types`.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase

from app.config import Settings
from app.errors import StoreFull, StoreUnavailable

NAMING_CONVENTION = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

DISK_FULL = "53100"
"""PostgreSQL's code for a full disk. SQLite has one of its own."""

OTHER_TABLES = ("42P01", "42703")
"""PostgreSQL's codes for an unknown table or column: a store that is not migrated. SQLite says OperationalError."""


class Base(DeclarativeBase):
    """Every table's base: constraints are named by one convention, so that migrations can name them too."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


class Database:
    """One store. `reading()` gives a consistent snapshot, `transaction()` is the only thing that commits.

    `after_commit` is called after each of its transactions, whatever it changed.
    """

    def __init__(self, settings: Settings) -> None:
        self.engine = make_engine(settings)
        self._aside = make_engine(replace(settings, database_pool_size=1))
        self._aside_lock = threading.Lock()
        self._is_disposed = False
        self.after_commit: list[Callable[[], None]] = []
        self._lock_timeout_milliseconds = settings.database_timeout_seconds * 1000

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection whose statements all see the same released state.

        Raises `StoreUnavailable` when the store cannot be reached in time.
        """
        options: dict[str, Any] = (
            {}
            if self.is_sqlite
            else {
                "isolation_level": "REPEATABLE READ",
                "postgresql_readonly": True,
            }
        )
        with _store_errors(), self.engine.connect() as connection:
            yield connection.execution_options(**options)

    @contextmanager
    def transaction(self, *, exclusive: bool = False) -> Iterator[Connection]:
        """A transaction that commits at the end of the block, or rolls back when the block raises.

        `exclusive` admits one such writer at a time and shows it one snapshot of everything committed before:
        releases and bulk changes take it, as what they write depends on all that they read. On PostgreSQL the
        lock comes before the first query, because a snapshot taken earlier would not see what the writer before
        this one committed.
        """
        options: dict[str, Any] = {"sqlite_immediate": True}
        if exclusive and not self.is_sqlite:
            options["isolation_level"] = "REPEATABLE READ"
        with _store_errors(), self.engine.connect() as opened:
            connection = opened.execution_options(**options)
            with connection.begin():
                if exclusive and not self.is_sqlite:
                    # SQLite's connections wait as long, by their busy_timeout.
                    connection.execute(text(f"SET LOCAL lock_timeout = {self._lock_timeout_milliseconds}"))
                    connection.execute(text("LOCK TABLE revision_counter IN EXCLUSIVE MODE"))
                yield connection
        for notify in self.after_commit:
            notify()

    @contextmanager
    def aside(self) -> Iterator[Connection]:
        """A connection that is not of the pool, so that it is there when all of those are held. One at a time."""
        with self._aside_lock:
            try:
                with _store_errors(), self._aside.connect() as connection:
                    yield connection
            finally:
                if self._is_disposed:
                    self._aside.dispose()

    def dispose(self) -> None:
        """Closes every pooled connection, and soon the one beside them where it is in use."""
        self._is_disposed = True
        self.engine.dispose()
        if self._aside_lock.acquire(timeout=1):
            self._aside.dispose()
            self._aside_lock.release()


@contextmanager
def _store_errors() -> Iterator[None]:
    try:
        yield
    except PoolTimeout as error:
        raise StoreUnavailable("No database connection came free in time.") from error
    except OperationalError as error:
        if _is_full(error.orig):
            raise StoreFull("The database's disk is full; nothing was written.") from error
        raise StoreUnavailable("The database does not answer.") from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise StoreUnavailable("The database closed the connection.") from error
        if getattr(error.orig, "sqlstate", None) in OTHER_TABLES:
            raise StoreUnavailable("The database's tables are not those of this version.") from error
        raise


def _is_full(error: BaseException | None) -> bool:
    code, state = getattr(error, "sqlite_errorcode", None), getattr(error, "sqlstate", None)
    return code == sqlite3.SQLITE_FULL or state == DISK_FULL


def make_engine(settings: Settings) -> Engine:
    """An engine for `settings.database_url`, set up as the store's kind needs."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(settings)
    return create_engine(
        url,
        pool_size=settings.database_pool_size,
        max_overflow=0,
        pool_timeout=settings.database_timeout_seconds,
        pool_pre_ping=True,
        hide_parameters=True,  # an error that is logged tells the statement and not what it was to write
        connect_args={"connect_timeout": settings.database_timeout_seconds, "application_name": "limber"},
    )


def _sqlite_engine(settings: Settings) -> Engine:
    url = make_url(settings.database_url)
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        pool_size=settings.database_pool_size,
        max_overflow=0,
        pool_timeout=settings.database_timeout_seconds,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        # The driver's own transactions would begin late and hide savepoints; `_begin` says BEGIN instead.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {settings.database_timeout_seconds * 1000}")
        for pragma in ("journal_mode = WAL", "foreign_keys = ON", "synchronous = FULL"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A deferred transaction that reads before it writes fails at once where another writer waits.
        immediate = connection.get_execution_options().get("sqlite_immediate")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine
