"""Which replica may be read in the database's place: one that answers and has the revision that is wanted."""

import logging
from dataclasses import replace

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.config import Settings
from app.store.circuit import PATIENCE_SECONDS, Circuit
from app.store.engines import ANYTHING, SILENCE_SECONDS, make_engine, set_patience
from app.store.state import current_state

REPLICAS_REST_SECONDS = 5.0
"""How long replicas are left alone after one failed, and between two attempts to reach them again."""

log = logging.getLogger(__name__)


class Replicas:
    """The servers of `DATABASE_READ_URL`."""

    def __init__(self, settings: Settings) -> None:
        seconds = min(PATIENCE_SECONDS, settings.database_timeout_seconds)
        hasty = replace(settings, database_timeout_seconds=seconds)
        self.engine = make_engine(hasty, url=settings.database_read_url, isolation_level="REPEATABLE READ")
        self.circuit = Circuit("replicas", self._attempt, rest_seconds=REPLICAS_REST_SECONDS)

    def connection(self, revision: int) -> Connection | None:
        """A connection to a replica whose state is of this revision or a later one; None where there is none now."""
        if self.circuit.is_open():
            return None
        try:
            connection = self.engine.connect()
            try:
                set_patience(connection, PATIENCE_SECONDS)
                # The first statement of the transaction: all that is read after it is of the same state.
                found = current_state(connection).revision
                set_patience(connection, SILENCE_SECONDS, self.circuit)
            except BaseException:
                connection.close()
                raise
        except PoolTimeout:
            log.warning("No connection to a replica came free in time.")
        except DBAPIError as error:
            self.circuit.open(error)
        else:
            if found >= revision:
                return connection
            connection.close()
        return None

    def _attempt(self) -> None:
        with self.engine.connect() as connection:
            set_patience(connection, PATIENCE_SECONDS)
            connection.execute(ANYTHING)
