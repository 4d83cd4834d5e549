"""A counter that many threads count with, in C, and that tells how far it is."""

import itertools
import threading
from collections.abc import Callable


class Counter:
    """Counts from 0. `tick()` costs what taking a number from `itertools.count` costs: it is that.

    Such a count tells how far it is only by giving its next number, so that the numbers that were taken to find out
    are taken off again.
    """

    def __init__(self) -> None:
        numbers = itertools.count()
        self.tick: Callable[[], int] = numbers.__next__
        self._asked = 0
        self._lock = threading.Lock()

    def value(self) -> int:
        """How often it was ticked."""
        with self._lock:
            ticked = self.tick() - self._asked
            self._asked += 1
        return ticked
