"""Long work that one thread does at a time. Other requests wait for it for a moment, and are then answered 503.

A request that waits occupies one of a worker's few threads; see `docs/decisions/0016-who-may-wait.md`.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from app.errors import Crowded

WAIT_SECONDS = 1.0
"""How long work may be under way while others wait for it."""


class LongWork:
    """Admits one thread at a time. `what` begins the detail of the 503: "A snapshot is built just now, …"."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._lock = Lock()
        self._begun: float | None = None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Runs the block alone. Raises `Crowded` once another thread has worked for `WAIT_SECONDS`."""
        while not self._lock.acquire(timeout=self._left()):
            if not self._left():
                raise Crowded(f"{self._what} just now, which takes long.")
        self._begun = time.monotonic()
        try:
            yield
        finally:
            self._begun = None
            self._lock.release()

    @property
    def is_under_way(self) -> bool:
        """Whether a thread is at work."""
        return self._lock.locked()

    def _left(self) -> float:
        """Seconds that remain to wait for the work under way: `WAIT_SECONDS` if its beginning is not known."""
        begun = self._begun
        return WAIT_SECONDS if begun is None else max(0.0, begun + WAIT_SECONDS - time.monotonic())
