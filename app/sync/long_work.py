"""Work that takes long and is done by one thread at a time: others wait a moment for it, and are then sent away.

Whoever waits holds one of a worker's few threads; see `docs/decisions/0016-who-may-wait.md`.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from app.errors import Crowded

WAIT_SECONDS = 1.0
"""How long work may be under way while others wait for it."""


class LongWork:
    """Admits one thread at a time. `what` begins the sentence that those are told who are sent away."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._lock = Lock()
        self._begun: float | None = None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """The block runs alone. Raises `Crowded` where another one has been at it for `WAIT_SECONDS`."""
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
        """Whether a thread is at it."""
        return self._lock.locked()

    def _left(self) -> float:
        """How much longer, in seconds, the work under way is waited for; in full where none is known to be."""
        begun = self._begun
        return WAIT_SECONDS if begun is None else max(0.0, begun + WAIT_SECONDS - time.monotonic())
