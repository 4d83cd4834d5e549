"""Deliveries in the store: taken in hand, their outcome noted, tried again, listed, and forgotten.

Every function is given a connection in a short transaction; nothing is locked while something is sent. Taking a
delivery moves its next attempt on by a lease: where the worker dies, it is due again when the lease ends. So each is
made at least once, with the event's id, by which a receiver tells what it has seen.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, func, select, update

from app.access import audit
from app.access.key_store import aware
from app.errors import NotFound
from app.models.tables import outbox_event, webhook_delivery, webhook_subscription
from app.webhooks.sending import GONE, Outcome
from app.webhooks.subscriptions import disable, is_identifier

WAITS = (5, 60, 300, 1800, 3600, 7200, 14_400, 28_800, 28_800)
"""Seconds after each failed attempt, at most: ten attempts within 23 h 37 min."""

ATTEMPTS = len(WAITS) + 1
JITTER = 0.2
"""How much shorter a wait may be, as a share: receivers that failed together are not asked together."""

_dice = random.SystemRandom()


@dataclass(frozen=True)
class Taken:
    """A delivery in a worker's hand; `attempt` counts from 1 and tells it from whoever takes it next."""

    id: int
    attempt: int
    subscription_id: str
    event_id: str
    url: str = field(repr=False)
    payload: bytes = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)


def is_due(connection: Connection, now: datetime) -> bool:
    """Whether there is anything to take, asked without a lock."""
    return connection.execute(_due(now).limit(1)).first() is not None


def take(connection: Connection, *, now: datetime, lease: timedelta) -> Taken | None:
    """The delivery that is due longest and that no other worker has, or None."""
    statement = _due(now).limit(1).with_for_update(skip_locked=True, of=webhook_delivery)
    row = connection.execute(statement).one_or_none()
    if row is None:
        return None
    connection.execute(
        update(webhook_delivery)
        .where(webhook_delivery.c.id == row.id)
        .values(attempts=row.attempts + 1, attempted_at=now, next_attempt_at=now + lease)
    )
    payload = connection.execute(select(outbox_event.c.payload).where(outbox_event.c.id == row.event_id)).scalar_one()
    secrets = [row.secret]
    if row.former_secret and row.former_secret_ends and aware(row.former_secret_ends) > now:
        secrets.append(row.former_secret)
    return Taken(
        id=row.id,
        attempt=row.attempts + 1,
        subscription_id=row.subscription_id,
        event_id=row.event_id,
        url=row.url,
        payload=bytes(payload),
        secrets=tuple(secrets),
    )


def _due(now: datetime) -> Any:
    return (
        select(
            webhook_delivery.c.id,
            webhook_delivery.c.attempts,
            webhook_delivery.c.subscription_id,
            webhook_delivery.c.event_id,
            webhook_subscription.c.url,
            webhook_subscription.c.secret,
            webhook_subscription.c.former_secret,
            webhook_subscription.c.former_secret_ends,
        )
        .join(webhook_subscription, webhook_subscription.c.id == webhook_delivery.c.subscription_id)
        .where(webhook_delivery.c.next_attempt_at <= now, webhook_subscription.c.disabled_at.is_(None))
        .order_by(webhook_delivery.c.next_attempt_at, webhook_delivery.c.id)
    )


def note_outcome(connection: Connection, taken: Taken, outcome: Outcome, *, now: datetime) -> None:
    """Writes how an attempt went, unless the delivery has passed into other hands meanwhile."""
    last = taken.attempt >= ATTEMPTS
    state = "delivered" if outcome.delivered else "failed" if last or outcome.status == GONE else "pending"
    again = now + timedelta(seconds=wait_after(taken.attempt)) if state == "pending" else None
    noted = connection.execute(
        update(webhook_delivery)
        .where(
            webhook_delivery.c.id == taken.id,
            webhook_delivery.c.attempts == taken.attempt,
            webhook_delivery.c.state == "pending",
        )
        .values(state=state, next_attempt_at=again, status_code=outcome.status, error=outcome.error)
    )
    if not noted.rowcount or state != "failed":
        return
    if outcome.status == GONE:
        _disable(connection, taken.subscription_id, "The receiver answered 410.", now)
    elif not _was_reached_since(connection, taken):
        _disable(connection, taken.subscription_id, f"{ATTEMPTS} attempts failed one after the other.", now)


def wait_after(attempt: int) -> float:
    """Seconds until the next attempt after this one, counted from 1, failed."""
    return WAITS[attempt - 1] * (1 - _dice.random() * JITTER)


def _disable(connection: Connection, identifier: str, because: str, now: datetime) -> None:
    if disable(connection, identifier, because, now=now):
        audit.record(connection, None, "disable", f"webhooks/{identifier}", now=now, detail={"because": because})


def _was_reached_since(connection: Connection, taken: Taken) -> bool:
    """Whether the receiver took anything since this delivery began: then it is the event, not the receiver."""
    began = select(webhook_delivery.c.created_at).where(webhook_delivery.c.id == taken.id).scalar_subquery()
    reached = select(webhook_delivery.c.id).where(
        webhook_delivery.c.subscription_id == taken.subscription_id,
        webhook_delivery.c.state == "delivered",
        webhook_delivery.c.attempted_at >= began,
    )
    return connection.execute(reached.limit(1)).first() is not None


def _shown() -> Any:
    return select(*webhook_delivery.c, outbox_event.c.type, outbox_event.c.occurred_at).join(
        outbox_event, outbox_event.c.id == webhook_delivery.c.event_id
    )


def list_deliveries(
    connection: Connection, identifier: str, *, states: Sequence[str], before: int | None, limit: int
) -> Sequence[Row[Any]]:
    """Deliveries of a subscription, the newest first, those older than the delivery `before`, at most `limit`."""
    statement = _shown().where(webhook_delivery.c.subscription_id == identifier)
    if states:
        statement = statement.where(webhook_delivery.c.state.in_(states))
    if before is not None:
        statement = statement.where(webhook_delivery.c.id < before)
    return connection.execute(statement.order_by(webhook_delivery.c.id.desc()).limit(limit)).all()


def count_deliveries(connection: Connection, identifier: str, *, states: Sequence[str]) -> int:
    """How many deliveries of a subscription are known."""
    statement = select(func.count()).where(webhook_delivery.c.subscription_id == identifier)
    if states:
        statement = statement.where(webhook_delivery.c.state.in_(states))
    return int(connection.execute(statement).scalar_one())


def get_delivery(connection: Connection, identifier: str, delivery: int) -> Row[Any]:
    """One delivery of a subscription.

    Raises `NotFound`.
    """
    statement = _shown().where(webhook_delivery.c.subscription_id == identifier, webhook_delivery.c.id == delivery)
    row = connection.execute(statement).one_or_none() if is_identifier(identifier) else None
    if row is None:
        raise NotFound(f"The webhook has no delivery {delivery}.")
    return row


def get_payload(connection: Connection, event_id: str) -> bytes:
    """What an event's deliveries carry, the origin still open."""
    statement = select(outbox_event.c.payload).where(outbox_event.c.id == event_id)
    return bytes(connection.execute(statement).scalar_one())


def forget(connection: Connection, *, before: datetime) -> int:
    """Removes ended deliveries made before a moment, and events that nobody waits for; answers how many deliveries."""
    ended = webhook_delivery.c.state != "pending"
    removed = connection.execute(delete(webhook_delivery).where(ended, webhook_delivery.c.created_at < before)).rowcount
    waiting = exists().where(webhook_delivery.c.event_id == outbox_event.c.id)
    connection.execute(delete(outbox_event).where(outbox_event.c.occurred_at < before, ~waiting))
    return removed
