"""A connection to PostgreSQL that does not wait for ever."""

import time
from collections.abc import Generator
from typing import Any, TypeVar

import psycopg

from app.store.circuit import PATIENCE_SECONDS, Circuit

Result = TypeVar("Result")


class PatientConnection(psycopg.Connection[Any]):
    """A connection that gives a server up which says nothing for `patience_seconds`, and is closed then.

    Where a `circuit` is given, a silence of half of `PATIENCE_SECONDS` has it find out whether the server answers
    others, and an open one ends the wait. A process that hangs keeps its sockets alive: neither TCP nor the driver
    ends such a wait.
    """

    patience_seconds: float | None = PATIENCE_SECONDS
    circuit: Circuit | None = None

    def wait(self, gen: Generator[Any, Any, Result], *arguments: Any, **options: Any) -> Result:
        if self.patience_seconds is not None:
            gen = self._heard_from(gen, self.patience_seconds)
        return super().wait(gen, *arguments, **options)

    def _heard_from(self, gen: Generator[Any, Any, Result], seconds: float) -> Generator[Any, Any, Result]:
        heard = time.monotonic()
        try:
            wanted = next(gen)
            while True:
                # The driver resumes this ten times a second, with nothing where nothing came.
                ready = yield wanted
                now = time.monotonic()
                if ready:
                    heard = now
                elif now - heard > seconds or self._is_found_away(now - heard):
                    self.pgconn.finish()
                    raise psycopg.OperationalError(f"The server said nothing for {now - heard:.1f} seconds.")
                wanted = gen.send(ready)
        except StopIteration as end:
            result: Result = end.value
            return result

    def _is_found_away(self, silent_seconds: float) -> bool:
        if self.circuit is None:
            return False
        if silent_seconds > PATIENCE_SECONDS / 2:
            self.circuit.suspect()
        return self.circuit.is_open()
