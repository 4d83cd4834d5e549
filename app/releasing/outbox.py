"""The outbox: events for subscribers of webhooks, written in the transaction of the change that they report.

Nothing is sent here: `app.webhooks` reads the outbox and sends.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from app.content import canonical_json
from app.content.documents import on_this_service
from app.models.tables import document_version, outbox_event, webhook_delivery, webhook_subscription, with_keys
from app.releasing.digests import ChangedDocument
from app.shapes.moments import moment_text

RELEASE_PUBLISHED = "release.published"
EVENTS = (RELEASE_PUBLISHED,)
"""The events that a webhook can subscribe to."""

MOST_CHANGED = 100
"""How many entities a payload names at most. The release's address lists all of them."""


def tell_of_release(
    connection: Connection,
    *,
    revision: int,
    note: str | None,
    released_at: datetime,
    changes: Sequence[ChangedDocument],
) -> None:
    """Writes the event of a release for everybody who is subscribed now. The documents must be written already."""
    columns = (webhook_subscription.c.id, webhook_subscription.c.events)
    enabled = select(*columns).where(webhook_subscription.c.disabled_at.is_(None)).order_by(webhook_subscription.c.id)
    subscribed = [row.id for row in connection.execute(enabled) if RELEASE_PUBLISHED in row.events]
    if not subscribed:
        return
    entities = sorted({(change.kind, change.slug) for change in changes})
    content = {
        "revision": revision,
        "note": note,
        "changed": _described(connection, revision, entities[:MOST_CHANGED], changes),
        "changed_total": len(entities),
        "links": {
            "release": on_this_service(f"/v1/admin/releases/{revision}"),
            "sync": on_this_service("/v1/sync"),
        },
    }
    leave_word(connection, RELEASE_PUBLISHED, content, subscribed, now=released_at)


def leave_word(
    connection: Connection, event_type: str, content: Mapping[str, Any], subscribers: Sequence[str], *, now: datetime
) -> list[int]:
    """Writes an event and one delivery for each subscriber; returns the ids of the deliveries."""
    event = f"evt_{secrets.token_hex(16)}"
    payload = {"type": event_type, "timestamp": moment_text(now), "data": content}
    connection.execute(
        insert(outbox_event).values(id=event, type=event_type, occurred_at=now, payload=canonical_json.dump(payload))
    )
    return deliver_to(connection, event, subscribers, now=now)


def deliver_to(connection: Connection, event: str, subscribers: Sequence[str], *, now: datetime) -> list[int]:
    """Writes one delivery of an event for each subscriber, due at once; returns the ids of the deliveries."""
    fresh = {"event_id": event, "state": "pending", "attempts": 0, "created_at": now, "next_attempt_at": now}
    statement = insert(webhook_delivery).returning(webhook_delivery.c.id)
    deliveries = connection.execute(statement, [{**fresh, "subscription_id": subscriber} for subscriber in subscribers])
    return list(deliveries.scalars())


def _described(
    connection: Connection,
    revision: int,
    entities: Sequence[tuple[str, str]],
    changes: Sequence[ChangedDocument],
) -> list[dict[str, str]]:
    """Whether the public documents of these entities were created, updated or deleted."""
    written = {(change.kind, change.slug) for change in changes if change.body_digest is not None}
    before = _published_before(connection, revision, entities)
    return [
        {
            "kind": kind,
            "slug": slug,
            "action": "deleted" if (kind, slug) not in written else "updated" if (kind, slug) in before else "created",
        }
        for kind, slug in entities
    ]


def _published_before(
    connection: Connection, revision: int, entities: Sequence[tuple[str, str]]
) -> set[tuple[str, str]]:
    if not entities:
        return set()
    key = (document_version.c.kind, document_version.c.slug)
    newest = (
        with_keys(
            select(*key, document_version.c.language, func.max(document_version.c.revision).label("revision")),
            key,
            entities,
        )
        .where(document_version.c.revision < revision)
        .group_by(*key, document_version.c.language)
        .subquery()
    )
    joined = (
        (document_version.c.kind == newest.c.kind)
        & (document_version.c.slug == newest.c.slug)
        & (document_version.c.language == newest.c.language)
        & (document_version.c.revision == newest.c.revision)
    )
    statement = select(*key).join(newest, joined).where(document_version.c.deleted.is_(False)).distinct()
    return {(row.kind, row.slug) for row in connection.execute(statement)}
