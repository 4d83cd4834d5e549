"""Steady load on a server by threads, each request over a connection of its own, with what became of each."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from tests.deploy.http_client import Answer, ask

REST_SECONDS = 0.01
"""How long a thread rests after each request: what is measured here is what becomes of requests, not how many."""


@dataclass(frozen=True)
class Outcome:
    """One request: when it began, in seconds of the monotonic clock, how long it took, and the answer or error."""

    began: float
    seconds: float
    path: str
    answer: Answer | None
    error: OSError | None = None

    @property
    def ended(self) -> float:
        """When it was answered."""
        return self.began + self.seconds

    @property
    def what(self) -> str:
        """The status, or the error's name."""
        return str(self.answer.status) if self.answer else type(self.error).__name__


@dataclass
class Load:
    """Threads that ask a port for paths until they are stopped."""

    port: int
    path: Callable[[int], str]
    threads: int = 4
    outcomes: list[Outcome] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._stopped = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(each,)) for each in range(self.threads)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def _run(self, first: int) -> None:
        number = first
        while not self._stopped.is_set():
            self.outcomes.append(attempt(self.port, self.path(number)))
            number += self.threads
            time.sleep(REST_SECONDS)

    def counts(self, since: float = 0, until: float = float("inf")) -> Counter[str]:
        """How many requests that began within ended how."""
        return Counter(each.what for each in list(self.outcomes) if since <= each.began < until)

    def within(self, since: float, until: float = float("inf")) -> list[Outcome]:
        """The requests that began and ended within."""
        return [each for each in list(self.outcomes) if since <= each.began and each.ended <= until]


def attempt(port: int, path: str) -> Outcome:
    """One request."""
    began = time.monotonic()
    try:
        answer = ask(port, path)
    except OSError as error:
        return Outcome(began, time.monotonic() - began, path, None, error)
    return Outcome(began, time.monotonic() - began, path, answer)


def p99(outcomes: list[Outcome]) -> float:
    """The time in seconds that 99 of 100 requests took at most."""
    return sorted(each.seconds for each in outcomes)[int(len(outcomes) * 0.99)]
