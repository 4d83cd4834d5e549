"""Computations under way, each with those who wait for it."""

import threading
import time

from app.edge.answers import Answer
from app.edge.keys import CacheKey

WAIT_SECONDS = 10.0
"""How long a request waits for another one that computes the same, before it computes by itself."""

CROWDED_SECONDS = 1.0
"""From here on a computation is slow, and only some threads may wait for it: the rest are there for other requests."""


class Flight:
    """One computation."""

    def __init__(self) -> None:
        self.begun = time.monotonic()
        self.done = threading.Event()
        self.answer: Answer | None = None


class Flights:
    """The computations of one process, at most one for each key; `patient` requests may wait for slow ones at once."""

    def __init__(self, patient: int) -> None:
        self._flights: dict[CacheKey, Flight] = {}
        self._lock = threading.Lock()
        self._patient = threading.Semaphore(patient)

    def join(self, key: CacheKey) -> tuple[Flight, bool]:
        """The computation of a key, and whether it is the caller's to do, who then must `land` it."""
        with self._lock:
            flight = self._flights.get(key)
            if flight is not None:
                return flight, False
            flight = self._flights[key] = Flight()
            return flight, True

    def land(self, key: CacheKey, flight: Flight) -> None:
        """The computation is over, whether it gave an answer for all or not."""
        with self._lock:
            del self._flights[key]
        flight.done.set()

    def wait(self, flight: Flight) -> bool:
        """Waits for another's computation; whether the caller may compute where that gave nothing."""
        if flight.done.wait(max(0, flight.begun + CROWDED_SECONDS - time.monotonic())):
            return True
        if not self._patient.acquire(blocking=False):
            return False
        try:
            flight.done.wait(WAIT_SECONDS)
        finally:
            self._patient.release()
        return True
