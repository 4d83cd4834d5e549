"""The store: engines, the declarative base, and the only place that commits.

SQLite and PostgreSQL are told apart here and nowhere else, but for the column types of `models.types`.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Engine, MetaData, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry

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


REST_SECONDS = 2.0
"""A connection that was used so lately is taken to be alive."""

_REVISION = text("SELECT revision FROM revision_counter")


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
        self._replicas = make_engine(settings, url=settings.database_read_url) if settings.database_read_url else None
        self._check_seconds = settings.revision_check_seconds
        self._newest, self._asked_at = 0, float("-inf")
        self._aside_lock = threading.Lock()
        self._is_disposed = False
        self.after_commit: list[Callable[[], None]] = []
        self._lock_timeout_milliseconds = settings.database_timeout_seconds * 1000

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self, *, at_least: int = 0) -> Iterator[Connection]:
        """A connection whose statements all see the same released state, which is not older than `at_least`.

        With `DATABASE_READ_URL` it is one of those servers, where that one has the newest revision that is known here
        (see `newest_known`) and what the client saw already; else the database itself.
        Raises `StoreUnavailable` when the store cannot be reached in time.
        """
        if self._replicas is not None:
            wanted = max(at_least, self.newest_known())
            with suppress(StoreUnavailable):
                connection = self._caught_up(self._replicas, wanted)
                if connection is not None:
                    # What fails from here on is the block's, and no reason to run it again.
                    with _store_errors(), connection:
                        yield connection
                    return
        with _store_errors(), self.engine.connect() as connection:
            yield connection

    def _caught_up(self, replicas: Engine, revision: int) -> Connection | None:
        """A connection to a replica whose state is of this revision or a later one; None where it lags behind."""
        with _store_errors():
            connection = replicas.connect()
            try:
                found = connection.execute(_REVISION).scalar_one()
            except BaseException:
                connection.close()
                raise
        if found >= revision:
            return connection
        connection.close()
        return None

    def newest_known(self) -> int:
        """The newest revision, asked of the database itself at most once in `REVISION_CHECK_SECONDS`.

        While that does not answer, the newest one that was known.
        """
        if time.monotonic() >= self._asked_at + self._check_seconds and self._aside_lock.acquire(blocking=False):
            self._aside_lock.release()
            self._asked_at = time.monotonic()
            with suppress(StoreUnavailable), self.aside() as connection:
                self.note_revision(connection.execute(_REVISION).scalar_one())
        return self._newest

    def note_revision(self, revision: int) -> None:
        """The database itself is at this revision."""
        self._newest, self._asked_at = revision, time.monotonic()

    @contextmanager
    def transaction(self, *, exclusive: bool = False) -> Iterator[Connection]:
        """A transaction that commits at the end of the block, or rolls back when the block raises.

        `exclusive` admits one such writer at a time and shows it one snapshot of everything committed before:
        releases and bulk changes take it, as what they write depends on all that they read. On PostgreSQL the
        lock comes before the first query, because a snapshot taken earlier would not see what the writer before
        this one committed.
        """
        options: dict[str, Any] = {"sqlite_immediate": True}
        if not self.is_sqlite and not exclusive:
            options["isolation_level"] = "READ COMMITTED"
        with _store_errors(), self.engine.connect() as opened:
            connection = opened.execution_options(**options)
            with connection.begin():
                if exclusive and not self.is_sqlite:
                    # SQLite's connections wait as long, by their busy_timeout.
                    connection.execute(text(f"SET LOCAL lock_timeout = {self._lock_timeout_milliseconds}"))
                    connection.execute(text("LOCK TABLE revision_counter IN EXCLUSIVE MODE"))
                yield connection
        self._asked_at = float("-inf")
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
        if self._replicas is not None:
            self._replicas.dispose()
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


def make_engine(settings: Settings, *, url: str | None = None) -> Engine:
    """An engine for `url`, else for `settings.database_url`, set up as the store's kind needs.

    PostgreSQL is given the address as it is written, so that libpq's forms work: several hosts, `target_session_attrs`.
    """
    url = url or settings.database_url
    if url.startswith("sqlite"):
        return _sqlite_engine(settings)
    several_hosts = "," in urlsplit(url).netloc
    engine = create_engine(
        "postgresql+psycopg://" if several_hosts else url,
        pool_size=settings.database_pool_size,
        max_overflow=0,
        pool_timeout=settings.database_timeout_seconds,
        # What is read is of one state; most of what is written says otherwise in `transaction`.
        isolation_level="REPEATABLE READ",
        connect_args={
            "connect_timeout": settings.database_timeout_seconds,
            "application_name": "limber",
            "tcp_user_timeout": settings.database_timeout_seconds * 1000,
        },
    )
    if several_hosts:

        @event.listens_for(engine, "do_connect")
        def _connect(_dialect: object, _record: object, arguments: list[Any], _options: dict[str, Any]) -> None:
            arguments[:] = [url.replace("postgresql+psycopg://", "postgresql://", 1)]

    _ping_what_rested(engine)
    return engine


def _ping_what_rested(engine: Engine) -> None:
    """Tries a connection that was not used for a while before it is used again, and makes another where it is dead.

    SQLAlchemy's own `pool_pre_ping` does so each time, which takes as long as a query.
    """

    @event.listens_for(engine, "checkin")
    def _rest(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["rested_at"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _try(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
        rested_at = record.info.pop("rested_at", None)
        if rested_at is not None and time.monotonic() - rested_at > REST_SECONDS:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError from error


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
