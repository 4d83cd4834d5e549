"""The store: engines, the declarative base, and the only place that commits.

Beside it, only `store.appending`, `store.backups`, `store.driver_errors`, `store.engines`, `store.integrity`,
`store.migrating`, `models.types` and `search` tell SQLite and PostgreSQL apart.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Engine, MetaData, RootTransaction, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase

from app.config import Settings
from app.errors import ReplicaFailed, StoreCorrupt, StoreUnavailable
from app.store.circuit import PATIENCE_SECONDS, Circuit
from app.store.driver_errors import store_errors
from app.store.engines import ANYTHING, SILENCE_SECONDS, make_engine, set_patience
from app.store.measuring import MEASURED_BY, Measures, measured
from app.store.replicas import Replicas
from app.store.state import State, current_state

NAMING_CONVENTION = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

DATABASE_REST_SECONDS = 1.0
"""How long the database is left alone after it left the question for its revision unanswered."""

log = logging.getLogger(__name__)

_WITHOUT_REPLICAS: ContextVar[bool] = ContextVar("limber_without_replicas", default=False)


class Base(DeclarativeBase):
    """Every table's base: constraints are named by one convention, so that migrations can name them too."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


class Database:
    """One store, and the replicas that what is released may be read from.

    `released()` and `reading()` give a consistent snapshot, `transaction()` is the only thing that commits.
    `after_commit` is called after each of its transactions, with the released state where it was exclusive, as only
    such a transaction releases; `measured_by` with what took how long.
    """

    def __init__(self, settings: Settings) -> None:
        # What is read is of one state; most of what is written says otherwise in `transaction`.
        self.engine = make_engine(settings, isolation_level="REPEATABLE READ")
        seconds = min(PATIENCE_SECONDS, settings.database_timeout_seconds)
        self._aside = make_engine(replace(settings, database_pool_size=1, database_timeout_seconds=seconds))
        self.replicas = Replicas(settings) if settings.database_read_url else None
        self._check_seconds = settings.revision_check_seconds
        self._newest, self._asked_at = 0, float("-inf")
        self._aside_lock = threading.Lock()
        self._circuit = Circuit("database", self._try_aside, rest_seconds=DATABASE_REST_SECONDS)
        self._is_disposed = False
        self.after_commit: list[Callable[[State | None], None]] = []
        self.measured_by: Measures = []
        self._lock_timeout_milliseconds = settings.database_timeout_seconds * 1000
        self.url = settings.database_url
        self.is_damaged = False

    @property
    def file(self) -> Path | None:
        """SQLite's file."""
        name = self.engine.url.database if self.is_sqlite else None
        return Path(name) if name and not name.startswith("file:") else None

    @property
    def address(self) -> str:
        """Where the database is, for people: without a name and a password."""
        parts = urlsplit(self.url)
        return str(self.file or f"{parts.netloc.rpartition('@')[2]}{parts.path}")

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @property
    def engines(self) -> tuple[Engine, ...]:
        """Those that give what is released."""
        return (self.engine, self.replicas.engine) if self.replicas else (self.engine,)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to the database itself, whose statements all see the same state.

        Raises `StoreUnavailable` when the store cannot be reached in time, and at once while it is known to hang.
        """
        self._refuse_while_it_hangs()
        with self._errors(), self.engine.connect() as connection:
            set_patience(connection, SILENCE_SECONDS, self._circuit)
            yield connection

    @contextmanager
    def released(self, *, at_least: int = 0) -> Iterator[Connection]:
        """A connection for what is released, whose statements all see the same state, not older than `at_least`.

        With `DATABASE_READ_URL` it is one of those servers, where that one has the newest revision that is known here
        (see `newest_known`) and what the client saw already; else the database itself. What changes without a release
        may be older there. Raises `StoreUnavailable` when the store cannot be reached in time, and `ReplicaFailed`
        where the block began on a replica that did not let it end: in `without_replicas` it may be run again.
        """
        usable = None if _WITHOUT_REPLICAS.get() else self.replicas
        connection = usable and usable.connection(max(at_least, self.newest_known()))
        if not connection:
            with self.reading() as connection:
                yield connection
            return
        try:
            with store_errors(), connection:
                yield connection
        except StoreUnavailable as error:
            if not isinstance(error.__cause__, DBAPIError):
                raise
            # A server that refuses one statement (cancelled, in conflict with recovery) answers others.
            if usable and error.__cause__.connection_invalidated:
                usable.circuit.open(error)
            raise ReplicaFailed(str(error)) from error

    @contextmanager
    def without_replicas(self) -> Iterator[None]:
        """Within the block, this thread reads what is released from the database itself."""
        former = _WITHOUT_REPLICAS.set(True)
        try:
            yield
        finally:
            _WITHOUT_REPLICAS.reset(former)

    def newest_known(self) -> int:
        """The newest revision, asked of the database itself at most once in `REVISION_CHECK_SECONDS`.

        While that does not answer, the newest one that was known.
        """
        if time.monotonic() >= self._asked_at + self._check_seconds and self._aside_lock.acquire(blocking=False):
            self._aside_lock.release()
            self._asked_at = time.monotonic()
            with suppress(StoreUnavailable), self.aside() as connection:
                self.note_revision(current_state(connection).revision)
        return self._newest

    def note_revision(self, revision: int) -> None:
        """The database itself is at this revision. What is told late does not take back what is known."""
        self._newest, self._asked_at = max(revision, self._newest), time.monotonic()

    @contextmanager
    def transaction(self, *, exclusive: bool = False) -> Iterator[Connection]:
        """A transaction that commits at the end of the block, or rolls back when the block raises.

        `exclusive` admits one such writer at a time and shows it one snapshot of everything committed before:
        releases and bulk changes take it, as what they write depends on all that they read. On PostgreSQL the
        lock comes before the first query, because a snapshot taken earlier would not see what the writer before
        this one committed.
        """
        self._refuse_while_it_hangs()
        options: dict[str, Any] = {"sqlite_immediate": True, MEASURED_BY: self.measured_by}
        if not self.is_sqlite and not exclusive:
            options["isolation_level"] = "READ COMMITTED"
        with self._errors(), self.engine.connect() as opened:
            connection = opened.execution_options(**options)
            with self._begin_exclusively(connection) if exclusive else connection.begin():
                yield connection
                # The next answer of this process shows what it released, whether the database can be asked then or not.
                state = current_state(connection) if exclusive else None
        if state is not None:
            self.note_revision(state.revision)
        for notify in self.after_commit:
            notify(state)

    def _begin_exclusively(self, connection: Connection) -> RootTransaction:
        with measured(connection, "lock_wait"):
            transaction = connection.begin()
            if not self.is_sqlite:
                # SQLite's connections wait as long, by their busy_timeout.
                connection.execute(text(f"SET LOCAL lock_timeout = {self._lock_timeout_milliseconds}"))
                connection.execute(text("LOCK TABLE revision_counter IN EXCLUSIVE MODE"))
        return transaction

    @contextmanager
    def aside(self) -> Iterator[Connection]:
        """A connection that is not of the pool, so that it is there when all of those are held. One at a time.

        It is for questions that take no time. Raises `StoreUnavailable` where the database says nothing for
        `PATIENCE_SECONDS`, and then at once until it answers.
        """
        self._refuse_while_it_hangs()
        begun = time.monotonic()
        try:
            with self._on_aside() as connection:
                yield connection
        except StoreUnavailable as error:
            # What is refused at once may be asked again at once.
            if time.monotonic() - begun >= PATIENCE_SECONDS / 2:
                self._circuit.open(error)
            raise

    @contextmanager
    def _on_aside(self) -> Iterator[Connection]:
        with self._aside_lock:
            try:
                with self._errors(), self._aside.connect() as connection:
                    set_patience(connection, PATIENCE_SECONDS)
                    yield connection
            finally:
                if self._is_disposed:
                    self._aside.dispose()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Errors of the database itself. Damage is remembered until the process ends: `/readyz` tells of it."""
        try:
            with store_errors():
                yield
        except StoreCorrupt:
            self.is_damaged = True
            raise

    def _refuse_while_it_hangs(self) -> None:
        if self._circuit.is_open():
            raise StoreUnavailable("The database does not answer.")

    def _try_aside(self) -> None:
        with self._on_aside() as connection:
            connection.execute(ANYTHING)

    def dispose(self) -> None:
        """Closes every pooled connection, and soon the one beside them where it is in use."""
        self._is_disposed = True
        self.engine.dispose()
        if self.replicas:
            self.replicas.engine.dispose()
        if self._aside_lock.acquire(timeout=1):
            self._aside.dispose()
            self._aside_lock.release()
