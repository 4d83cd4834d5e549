"""Flights: computations under way, for which other requests for the same answer wait."""

import threading
import time

from app.edge.answers import Answer
from app.edge.keys import CacheKey

WAIT_SECONDS = 10.0
"""How long a request waits for another one to compute the same answer, before it computes the answer itself."""

CROWDED_SECONDS = 1.0
"""A computation that takes longer is slow: only some threads may wait for it, the rest are for other requests."""


class Flight:
    """One computation."""

    def __init__(self) -> None:
        self.begun = time.monotonic()
        self.done = threading.Event()
        self.answer: Answer | None = None


class Flights:
    """The computations of one process, at most one a key. At most `patient` requests at once wait for slow ones."""

    def __init__(self, patient: int) -> None:
        self._flights: dict[CacheKey, Flight] = {}
        self._lock = threading.Lock()
        self._patient = threading.Semaphore(patient)

    def join(self, key: CacheKey) -> tuple[Flight, bool]:
        """The computation of a key, and whether the caller must do it. If so, the caller must `land` it too."""
        with self._lock:
            flight = self._flights.get(key)
            if flight is not None:
                return flight, False
            flight = self._flights[key] = Flight()
            return flight, True

    def land(self, key: CacheKey, flight: Flight) -> None:
        """Ends a computation, whether or not it gave an answer that can be shared."""
        with self._lock:
            del self._flights[key]
        flight.done.set()

    def wait(self, flight: Flight) -> bool:
        """Waits for a computation. False if too many wait already: the caller may not compute the answer itself."""
        if flight.done.wait(max(0, flight.begun + CROWDED_SECONDS - time.monotonic())):
            return True
        if not self._patient.acquire(blocking=False):
            return False
        try:
            flight.done.wait(WAIT_SECONDS)
        finally:
            self._patient.release()
        return True
