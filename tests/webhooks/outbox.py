"""An editor who makes webhooks, releases, and lets a worker run at a moment of choice."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask

from app.webhooks.sending import Sender
from app.webhooks.worker import Worker
from tests.admin.desk import Desk, database_of
from tests.admin.samples import minimal
from tests.waiting import PATIENCE_SECONDS


class Subscriber(Desk):
    """A desk with webhooks. `later` is by how much the worker's clock is ahead."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self.later = timedelta()
        self.places = 0

    def subscribe(self, url: str, **fields: Any) -> Any:
        """A new webhook, with its secret."""
        return self.post("/webhooks", {"url": url, **fields})

    def release_something(self, note: str | None = None) -> int:
        """A release of one more place."""
        self.places += 1
        self.post("/places", minimal("places", slug=f"place-{self.places}"))
        return self.release(note)

    def deliveries(self, webhook: Any, query: str = "") -> list[Any]:
        """What is known of a webhook's deliveries, the newest first."""
        found: list[Any] = self.get(f"/webhooks/{webhook['id']}/deliveries{query}")["items"]
        return found

    def worker(self, sender: Sender | None = None) -> Worker:
        """A worker on the same store, whose clock is `later`."""
        return Worker(
            database_of(self.app),
            sender or Sender(seconds=PATIENCE_SECONDS, loopback=True),
            "https://limber.example",
            keep=timedelta(days=30),
            clock=lambda: datetime.now(UTC) + self.later,
        )

    def work(self, sender: Sender | None = None) -> Counter[bool]:
        """Every attempt that is due."""
        return self.worker(sender).drain()

    def work_after(self, **time: float) -> Counter[bool]:
        """Every attempt that is due a while later."""
        self.later += timedelta(**time)
        return self.work()
