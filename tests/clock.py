"""A clock that a test turns, for modules that ask `time.monotonic()`."""

from importlib import import_module

import pytest


class Clock:
    """Stands in for the module `time`. It stands still but for `turn`."""

    def __init__(self) -> None:
        self.now, self.asked = 1_000.0, 0

    def monotonic(self) -> float:
        """Seconds since some moment. How often it was asked for is counted."""
        self.asked += 1
        return self.now

    def turn(self, seconds: float) -> None:
        """Lets so much time pass."""
        self.now += seconds


def give_clock(monkeypatch: pytest.MonkeyPatch, *modules: str) -> Clock:
    """One clock for all of these modules, given by their names."""
    clock = Clock()
    for module in modules:
        monkeypatch.setattr(import_module(module), "time", clock)
    return clock
