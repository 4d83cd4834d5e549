"""The metrics that are asked of the store when Prometheus asks: revision, replica, webhooks.

They are of the whole installation, so that each server tells the same.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from app.errors import StoreUnavailable
from app.models.tables import release
from app.store.database import Database
from app.store.state import current_state
from app.webhooks.deliveries import backlog

if TYPE_CHECKING:
    from prometheus_client import Metric

AWAY = (StoreUnavailable, SQLAlchemyError)


class StoreMetrics:
    """A collector of prometheus-client. Of a store that is away it tells that it is, and nothing else."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def collect(self) -> Iterator["Metric"]:
        """Asks now."""
        try:
            # Not of the pool: a server whose connections are all held tells so too.
            with self._database.aside() as connection:
                told = [*_of_the_catalogue(connection), *_of_webhooks(connection)]
        except AWAY:
            told = []
        yield _gauge("limber_store_up", "Whether the database answers.", bool(told))
        yield from told
        if self._database.replicas:
            yield from self._of_replicas()

    def _of_replicas(self) -> Iterator["Metric"]:
        revision = self._replica_revision()
        yield _gauge("limber_replica_up", "Whether a replica answers.", revision is not None)
        if revision is not None:
            behind = max(0, self._database.newest_known() - revision)
            yield _gauge("limber_replica_lag_revisions", "Releases that the replica does not have yet.", behind)

    def _replica_revision(self) -> int | None:
        replicas = self._database.replicas
        try:
            connection = replicas and replicas.connection(0)
            if not connection:
                return None
            with connection:
                return current_state(connection).revision
        except AWAY:
            return None


def _of_the_catalogue(connection: Connection) -> Iterator["Metric"]:
    revision = current_state(connection).revision
    yield _gauge("limber_revision", "The newest release.", revision)
    released_at = connection.execute(select(release.c.released_at).where(release.c.revision == revision)).scalar()
    if released_at is not None:
        yield _gauge("limber_revision_age_seconds", "How long ago that was.", _seconds_since(released_at))


def _of_webhooks(connection: Connection) -> Iterator["Metric"]:
    waiting = backlog(connection)
    oldest = _seconds_since(waiting.oldest) if waiting.oldest else 0
    overdue = max(0, _seconds_since(waiting.next_due)) if waiting.next_due else 0
    yield _gauge("limber_webhook_pending_deliveries", "Deliveries that have not succeeded yet.", waiting.pending)
    yield _gauge("limber_webhook_oldest_seconds", "How long the oldest of them waits.", oldest)
    yield _gauge("limber_webhook_overdue_seconds", "How long an attempt is due that nobody makes.", overdue)


def _seconds_since(moment: datetime) -> float:
    # SQLite keeps no time zone.
    return (datetime.now(UTC) - moment.replace(tzinfo=moment.tzinfo or UTC)).total_seconds()


def _gauge(name: str, description: str, value: float) -> "Metric":
    from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415  # loaded where it is wanted: `system.metrics`

    return GaugeMetricFamily(name, description, value)
