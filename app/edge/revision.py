"""Which released state is current. The database is asked at most once an interval, however many requests come."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from app.errors import StoreUnavailable
from app.store.state import State

PATIENCE_SECONDS = 2.0
"""How long requests wait for the database to tell the state. After that it counts as away, and no request waits."""

log = logging.getLogger(__name__)

Ask = Callable[[], State]
"""Gives the current state, or raises."""


@dataclass(slots=True, eq=False)
class Confirmed:
    """A state that is or was current, and when that was last confirmed: `at`, in monotonic seconds.

    Each state that the watch sees has one such object, so that `is` tells whether an answer is of the current state. If
    the state is unchanged, its object gets a new `at`.
    """

    state: State
    at: float


class RevisionWatch:
    """Knows the current state of the catalogue.

    `confirmed` is the last known state, which counts as current until `until` (monotonic seconds). A separate thread
    asks the database: one that hangs delays no answer by more than `PATIENCE_SECONDS`, and none once it counts as away.
    """

    def __init__(self, ask: Ask, interval_seconds: float) -> None:
        self.confirmed: Confirmed | None = None
        self.until = float("-inf")
        self.is_away = False
        self._is_told = False
        self._ask, self._interval = ask, interval_seconds
        self._lock = threading.Lock()
        self._asking: _Question | None = None
        self._next = float("-inf")
        self._commits = 0

    def note_commit(self, state: State | None = None) -> None:
        """Notes that this process wrote, so that the state is asked for again before the next answer.

        Unless it is known to be the `state` that was current before: a change of drafts costs readers nothing.
        """
        with self._lock:
            if state is not None and self.confirmed is not None and self.confirmed.state == state:
                return
            self._commits += 1
            self.is_away = False
            self.until = self._next = float("-inf")

    def confirm(self) -> bool:
        """Whether `confirmed` was the current state within the last interval. Asks the database if it must."""
        while time.monotonic() >= self.until:
            asking = self._begin()
            if asking is None:
                break
            if self.is_away or not asking.done.wait(PATIENCE_SECONDS):
                self.is_away = True
                break
            if asking.commits == self._commits:
                return not self.is_away
        return time.monotonic() < self.until

    def _begin(self) -> "_Question | None":
        """The question under way, or a new one if one is due; else None."""
        with self._lock:
            if self._asking is None and time.monotonic() >= self._next:
                asking = _Question(self._commits)
                try:
                    threading.Thread(target=self._run, args=(asking,), name="limber-revision", daemon=True).start()
                except RuntimeError as error:
                    log.warning("The revision cannot be asked for: %s", error)
                    self.is_away, self._next = True, time.monotonic() + self._interval
                else:
                    self._asking = asking
            return self._asking

    def _run(self, asking: "_Question") -> None:
        begun, state = time.monotonic(), None
        try:
            state = self._ask()
        except StoreUnavailable as error:
            if not self._is_told:
                log.warning("The revision cannot be asked for; what is kept is served as stale: %s", error)
        except Exception:
            # Whatever went wrong, kept answers can still be sent.
            log.exception("The revision cannot be asked for; what is kept is served as stale.")
        with self._lock:
            self._asking = None
            if self._is_told and state is not None:
                log.warning("The revision can be asked for again.")
            self._is_told = state is None
            self.is_away = state is None
            if state is None:
                self._next = begun + self._interval
            elif self.confirmed is not None and self.confirmed.state == state:
                self.confirmed.at = begun
            else:
                self.confirmed = Confirmed(state, begun)
            if state is not None and asking.commits == self._commits:
                self.until = self._next = begun + self._interval
        asking.done.set()


class _Question:
    """A question for the state, and how often this process had written when it was asked."""

    def __init__(self, commits: int) -> None:
        self.commits = commits
        self.done = threading.Event()
