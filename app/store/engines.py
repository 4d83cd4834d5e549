"""Engines: how each kind of store is connected to, how long a PostgreSQL that says nothing is waited for.

And what any of them is asked to find out whether it answers.
"""

import time
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

from app.config import Settings
from app.store.circuit import PATIENCE_SECONDS, Circuit

ANYTHING = text("SELECT 1")
"""What every server that answers at all has an answer to."""

CONNECTION_REST_SECONDS = 2.0
"""A connection that was used so lately is taken to be alive."""

SILENCE_SECONDS = 30.0
"""How long it may say nothing within a statement: what is read of a whole catalogue is sorted first."""


def set_patience(connection: Connection, seconds: float, circuit: Circuit | None = None) -> None:
    """Gives up a PostgreSQL that says nothing for so long, from now on, or whose circuit is open."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "postgresql":
        driver.patience_seconds, driver.circuit = seconds, circuit


def make_engine(settings: Settings, *, url: str | None = None, **options: Any) -> Engine:
    """An engine for `url`, else for `settings.database_url`, set up as the store's kind needs.

    PostgreSQL is given the address as it is written, so that libpq's forms work: several hosts, `target_session_attrs`.
    `options` are SQLAlchemy's, for PostgreSQL alone.
    """
    url = url or settings.database_url
    if url.startswith("sqlite"):
        return _sqlite_engine(settings)
    # A server on SQLite does without the driver: it takes 8 MB.
    from app.store.patient_connection import PatientConnection  # noqa: PLC0415  # see above

    several_hosts = "," in urlsplit(url).netloc
    engine = create_engine(
        "postgresql+psycopg://" if several_hosts else url,
        pool_size=settings.database_pool_size,
        max_overflow=0,
        pool_timeout=settings.database_timeout_seconds,
        hide_parameters=True,  # an error that is logged tells the statement and not what it was to write
        connect_args={
            "connect_timeout": settings.database_timeout_seconds,
            "application_name": "limber",
            "tcp_user_timeout": settings.database_timeout_seconds * 1000,
        },
        **options,
    )

    @event.listens_for(engine, "do_connect")
    def _connect(
        _dialect: object, _record: object, arguments: list[Any], parameters: dict[str, Any]
    ) -> DBAPIConnection:
        if several_hosts:
            arguments = [url.replace("postgresql+psycopg://", "postgresql://", 1)]
        return PatientConnection.connect(*arguments, **parameters)  # type: ignore[return-value]  # as the dialect's own

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
        connection.patience_seconds, connection.circuit = PATIENCE_SECONDS, None
        rested_at = record.info.pop("rested_at", None)
        if rested_at is not None and time.monotonic() - rested_at > CONNECTION_REST_SECONDS:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise InvalidatePoolError from error
        connection.patience_seconds = None


def _sqlite_engine(settings: Settings) -> Engine:
    engine = create_engine(
        settings.database_url,
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
