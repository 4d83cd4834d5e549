"""The worker takes deliveries that are due, sends them, and notes how it went. Several may run, on several machines."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from app.content.documents import with_origin
from app.errors import StoreUnavailable
from app.store.database import Database
from app.webhooks.deliveries import Taken, forget, is_due, note_outcome, take
from app.webhooks.sending import Outcome, Sender, signed_headers

POLL_SECONDS = 1.0
FORGET_EVERY = timedelta(hours=1)
SPARE_SECONDS = 30
"""How many seconds longer a lease is than an attempt may take: the time to note the outcome."""

log = logging.getLogger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Worker:
    """Delivers the events of one store's outbox, one delivery at a time. `tell` is called after each attempt."""

    database: Database
    sender: Sender
    origin: str
    keep: timedelta
    clock: Callable[[], datetime] = _now
    tell: Callable[[Taken, Outcome], None] = lambda _taken, _outcome: None
    stopped: threading.Event = field(default_factory=threading.Event)
    _forgot_at: datetime | None = None

    @property
    def lease(self) -> timedelta:
        """How long a delivery that this worker takes is left alone by the others."""
        return timedelta(seconds=self.sender.seconds + SPARE_SECONDS)

    def stop(self) -> None:
        """Lets `run` end after the present delivery. Safe in a signal handler."""
        self.stopped.set()

    def drain(self) -> Counter[bool]:
        """Makes every attempt that is due now. How many succeeded (True) and how many failed (False).

        Raises `StoreUnavailable`.
        """
        counted: Counter[bool] = Counter()
        while not self.stopped.is_set() and (taken := self._take()) is not None:
            counted[self._deliver(taken).delivered] += 1
        self._forget()
        return counted

    def run(self) -> None:
        """Delivers until it is stopped, and goes on trying while the store does not answer."""
        is_away = False
        while not self.stopped.is_set():
            try:
                self.drain()
            except StoreUnavailable as error:
                if not is_away:
                    log.warning("The store does not answer; it is tried again each second: %s", error)
                is_away = True
            else:
                if is_away:
                    log.warning("The store answers again.")
                is_away = False
            self.stopped.wait(POLL_SECONDS)

    def _take(self) -> Taken | None:
        now = self.clock()
        with self.database.reading() as connection:
            if not is_due(connection, now):
                return None
        with self.database.transaction() as connection:
            return take(connection, now=now, lease=self.lease)

    def _deliver(self, taken: Taken) -> Outcome:
        payload = with_origin(taken.payload, self.origin)
        headers = signed_headers(taken.event_id, payload, taken.secrets, self.clock())
        outcome = self.sender.post(taken.url, payload, headers)
        self._note(taken, outcome)
        self.tell(taken, outcome)
        return outcome

    def _note(self, taken: Taken, outcome: Outcome) -> None:
        """Notes an outcome. While the store is busy it tries again, until the lease ends."""
        until = time.monotonic() + SPARE_SECONDS
        while True:
            try:
                with self.database.transaction() as connection:
                    note_outcome(connection, taken, outcome, now=self.clock())
                return
            except StoreUnavailable:
                if time.monotonic() > until:
                    log.warning("The outcome of delivery %s could not be noted; it will be made again.", taken.id)
                    return
                time.sleep(0.2)

    def _forget(self) -> None:
        now = self.clock()
        if self._forgot_at is None or now - self._forgot_at > FORGET_EVERY:
            self._forgot_at = now
            with self.database.transaction() as connection:
                forget(connection, before=now - self.keep)
