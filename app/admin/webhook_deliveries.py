"""`/v1/admin/webhooks/{id}/deliveries`: what was sent to a webhook, with what success, and sending it again."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Response
from sqlalchemy import Connection

from app.admin.bodies import read_request
from app.admin.operations import EXAMPLES, AdminBlueprint, answer_json, answer_page, number_of
from app.admin.webhook_schemas import (
    DELIVERY,
    DeliveryDetail,
    DeliveryDocument,
    DeliveryPage,
    DeliveryQuery,
    shown_delivery,
)
from app.admin.webhooks import SCOPES
from app.admin.writing import Answer, record, write
from app.content.documents import with_origin
from app.delivery import cursors
from app.shapes.fields import DraftSchema
from app.web.installed import database, settings
from app.webhooks.deliveries import count_deliveries, get_delivery, get_payload, list_deliveries
from app.webhooks.subscriptions import get_subscription, replay

NEW = {**DELIVERY, "state": "pending", "attempts": 0, "attempted_at": None, "status_code": None} | {
    "next_attempt_at": "2026-01-01T00:00:00Z"
}
PAYLOAD = EXAMPLES["payload"]
ADDRESS = "/<string:identifier>/deliveries"

blueprint = AdminBlueprint(
    "admin-webhook-deliveries",
    __name__,
    url_prefix="/v1/admin/webhooks",
    description="What was sent to webhooks, and how it went.",
)


class EmptyRequest(DraftSchema):
    """An object without fields."""


@blueprint.admin(
    ADDRESS,
    operation_id="listDeliveries",
    summary="List a webhook's deliveries",
    description="What is on its way and what was sent, the newest first, with the last answer and the next attempt.",
    scopes=SCOPES,
    schema=DeliveryPage,
    example={"items": [DELIVERY], "page": {"limit": 20, "total": 1, "next": None}},
    query=DeliveryQuery,
)
def list_all(query: Mapping[str, Any], identifier: str) -> Response:
    """A webhook's deliveries."""
    states, limit = query.get("state", []), query["limit"]
    fingerprint = cursors.fingerprint("deliveries", identifier, sorted(states))
    before = number_of(query["cursor"], fingerprint) if "cursor" in query else None
    with database().reading() as connection:
        get_subscription(connection, identifier)
        rows = list_deliveries(connection, identifier, states=states, before=before, limit=limit + 1)
        total = count_deliveries(connection, identifier, states=states)
    following = cursors.encode(fingerprint, [str(rows[limit - 1].id)]) if len(rows) > limit else None
    return answer_page([shown_delivery(row) for row in rows[:limit]], limit=limit, total=total, following=following)


@blueprint.admin(
    f"{ADDRESS}/<serial:delivery>",
    operation_id="getDelivery",
    summary="Get one delivery",
    description="The delivery with what it carries.",
    scopes=SCOPES,
    schema=DeliveryDetail,
    example={**DELIVERY, "payload": PAYLOAD},
)
def get_one(_query: Mapping[str, Any], identifier: str, delivery: int) -> Response:
    """One delivery."""
    with database().reading() as connection:
        row = get_delivery(connection, identifier, delivery)
        payload = with_origin(get_payload(connection, row.event_id), settings().public_origin)
    return answer_json({**shown_delivery(row), "payload": json.loads(payload)})


def answer_made(connection: Connection, action: str, identifier: str, delivery: int, now: datetime) -> Answer:
    """The answer to a new delivery. Writes it into the audit too."""
    row = get_delivery(connection, identifier, delivery)
    webhook = f"webhooks/{identifier}"
    record(connection, action, webhook, now, delivery=delivery, event=row.event_id)
    return Answer(201, shown_delivery(row), {"Location": f"/v1/admin/{webhook}/deliveries/{delivery}"})


def read_nothing() -> bytes:
    """The body of a request that must be an empty object."""
    return read_request(EmptyRequest)[0]


@blueprint.admin(
    f"{ADDRESS}/<serial:delivery>/replays",
    method="POST",
    operation_id="replayDelivery",
    summary="Send a delivery again",
    description=(
        "Makes a new delivery of the same event, with the same `webhook-id` and the same payload, due at once and"
        " tried as often as a new one. 409 where the webhook is disabled."
    ),
    scopes=SCOPES,
    schema=DeliveryDocument,
    example=NEW,
    body=EmptyRequest,
)
def replay_one(_query: Mapping[str, Any], identifier: str, delivery: int) -> Response:
    """Sends a delivery again."""
    content = read_nothing()

    def work(connection: Connection, now: datetime) -> Answer:
        event = get_delivery(connection, identifier, delivery).event_id
        replayed = replay(connection, get_subscription(connection, identifier), event, now=now)
        return answer_made(connection, "replay", identifier, replayed, now)

    return write(work, repeatable=content)
