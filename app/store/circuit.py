"""A circuit breaker: what failed is not asked again by those in a hurry."""

import logging
import threading
import time
from collections.abc import Callable

PATIENCE_SECONDS = 2
"""How long a server may take to answer what takes it no time: whether it is alive, and its revision."""

log = logging.getLogger(__name__)


class Circuit:
    """The way to a server. It is opened when the server fails, and closed by a thread that finds it answering.

    So a server that is gone costs nobody anything, and one that hangs the requests at hand their patience, once.
    """

    def __init__(self, name: str, attempt: Callable[[], object], *, rest_seconds: float) -> None:
        self._name, self._attempt, self._rest_seconds = name, attempt, rest_seconds
        self._is_open = False
        self._next_attempt = float("-inf")
        self._lock = threading.Lock()

    def is_open(self) -> bool:
        """Whether the server is to be left alone; from time to time, begins to find out whether it still is."""
        if self._is_open:
            self.suspect()
        return self._is_open

    def suspect(self) -> None:
        """Begins to find out whether the server answers, unless that is under way or was just done."""
        with self._lock:
            if time.monotonic() < self._next_attempt:
                return
            self._next_attempt = float("inf")
        try:
            threading.Thread(target=self._try, name=f"limber-{self._name}", daemon=True).start()
        except RuntimeError as error:
            log.warning("%s: no thread to find out whether it answers. %s", self._name, error)
            with self._lock:
                self._next_attempt = time.monotonic() + self._rest_seconds

    def open(self, error: Exception) -> None:
        """The server failed."""
        with self._lock:
            if not self._is_open:
                log.warning("%s: left alone until it answers. %s", self._name, error)
                self._is_open = True
                self._next_attempt = time.monotonic() + self._rest_seconds

    def _try(self) -> None:
        try:
            self._attempt()
            if self._is_open:
                log.warning("%s: answers again.", self._name)
                self._is_open = False
        except Exception as error:  # noqa: BLE001  # whatever it is, it does not answer
            self.open(error)
        finally:
            with self._lock:
                self._next_attempt = time.monotonic() + self._rest_seconds
