"""Deliveries in the store: they are taken by a worker, their outcome is noted, and they are listed and forgotten.

Every function is given a connection in a short transaction; nothing is locked while something is sent. Taking a
delivery puts its next attempt off by a lease, so that it is due again if the worker dies. Each delivery is therefore
made at least once, and a receiver tells by the event's id what it has seen already.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, exists, func, select, true, update

from app.access import audit
from app.errors import NotFound
from app.models.tables import outbox_event, webhook_delivery, webhook_subscription
from app.shapes.moments import aware
from app.webhooks.sending import GONE, Outcome
from app.webhooks.subscriptions import disable, is_identifier

WAITS = (5, 60, 300, 1800, 3600, 7200, 14_400, 28_800, 28_800)
"""The longest wait after each failed attempt, in seconds: ten attempts within 23 h 37 min."""

ATTEMPTS = len(WAITS) + 1
JITTER = 0.2
"""How much shorter a wait may be, as a share, so that receivers that failed together are not tried again together."""

_dice = random.SystemRandom()


@dataclass(frozen=True)
class Taken:
    """A delivery that a worker has taken. `attempt` counts from 1 and shows whether another worker took it since."""

    id: int
    attempt: int
    subscription_id: str
    event_id: str
    url: str = field(repr=False)
    payload: bytes = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class Backlog:
    """What is yet to be delivered: how many, since when the oldest, and when the first of them is or was due."""

    pending: int
    oldest: datetime | None
    next_due: datetime | None


def backlog(connection: Connection) -> Backlog:
    """The deliveries that a worker will attempt. Those to subscriptions that are disabled wait for somebody else."""
    delivery = webhook_delivery.c
    statement = (
        select(func.count(), func.min(delivery.created_at), func.min(delivery.next_attempt_at))
        .join(webhook_subscription, webhook_subscription.c.id == delivery.subscription_id)
        .where(delivery.next_attempt_at.is_not(None), webhook_subscription.c.disabled_at.is_(None))
    )
    pending, oldest, next_due = connection.execute(statement).one()
    return Backlog(pending, oldest and aware(oldest), next_due and aware(next_due))


def is_due(connection: Connection, now: datetime) -> bool:
    """Whether any delivery is due. Takes no lock."""
    return connection.execute(_due(now).limit(1)).first() is not None


def take(connection: Connection, *, now: datetime, lease: timedelta) -> Taken | None:
    """Takes the delivery that has been due longest and that no other worker has; None if there is none."""
    statement = _due(now).limit(1).with_for_update(skip_locked=True, of=webhook_delivery)
    row = connection.execute(statement).one_or_none()
    if row is None:
        return None
    connection.execute(
        update(webhook_delivery)
        .where(webhook_delivery.c.id == row.id)
        .values(attempts=row.attempts + 1, attempted_at=now, next_attempt_at=now + lease)
    )
    former_signs = row.former_secret and row.former_secret_ends and aware(row.former_secret_ends) > now
    secrets = (row.secret, row.former_secret) if former_signs else (row.secret,)
    attempt, payload = row.attempts + 1, get_payload(connection, row.event_id)
    return Taken(row.id, attempt, row.subscription_id, row.event_id, row.url, payload, secrets)


def _due(now: datetime) -> Any:
    delivery, subscription = webhook_delivery.c, webhook_subscription.c
    secrets = (subscription.secret, subscription.former_secret, subscription.former_secret_ends)
    return (
        select(delivery.id, delivery.attempts, delivery.subscription_id, delivery.event_id, subscription.url, *secrets)
        .join(webhook_subscription, subscription.id == delivery.subscription_id)
        .where(delivery.next_attempt_at <= now, subscription.disabled_at.is_(None))
        .order_by(delivery.next_attempt_at, delivery.id)
    )


def note_outcome(connection: Connection, taken: Taken, outcome: Outcome, *, now: datetime) -> None:
    """Writes how an attempt went, unless another worker has taken the delivery meanwhile.

    A subscription is disabled if its receiver answered 410, or failed every attempt and took nothing else meanwhile.
    """
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
    """Seconds until the next attempt after this one has failed; attempts are counted from 1."""
    return WAITS[attempt - 1] * (1 - _dice.random() * JITTER)


def _disable(connection: Connection, identifier: str, because: str, now: datetime) -> None:
    if disable(connection, identifier, because, now=now):
        audit.record(connection, None, "disable", f"webhooks/{identifier}", now=now, detail={"because": because})


def _was_reached_since(connection: Connection, taken: Taken) -> bool:
    """Whether the receiver has taken anything since this delivery was made. If so, the event is at fault, not it."""
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
    """Deliveries of a subscription, the newest first, at most `limit`; with `before`, older ones than that."""
    statement = _shown().where(_of(identifier, states))
    if before is not None:
        statement = statement.where(webhook_delivery.c.id < before)
    return connection.execute(statement.order_by(webhook_delivery.c.id.desc()).limit(limit)).all()


def count_deliveries(connection: Connection, identifier: str, *, states: Sequence[str]) -> int:
    """How many deliveries of a subscription are in the store, in any state or in some."""
    return int(connection.execute(select(func.count()).where(_of(identifier, states))).scalar_one())


def _of(identifier: str, states: Sequence[str]) -> ColumnElement[bool]:
    in_state = webhook_delivery.c.state.in_(states) if states else true()
    return and_(webhook_delivery.c.subscription_id == identifier, in_state)


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
    """The body of an event's deliveries, with a mark in the place of the service's origin."""
    statement = select(outbox_event.c.payload).where(outbox_event.c.id == event_id)
    return bytes(connection.execute(statement).scalar_one())


def forget(connection: Connection, *, before: datetime) -> int:
    """Removes ended deliveries made before a moment, and older events without deliveries. How many deliveries."""
    ended = webhook_delivery.c.state != "pending"
    removed = connection.execute(delete(webhook_delivery).where(ended, webhook_delivery.c.created_at < before)).rowcount
    waiting = exists().where(webhook_delivery.c.event_id == outbox_event.c.id)
    connection.execute(delete(outbox_event).where(outbox_event.c.occurred_at < before, ~waiting))
    return removed
