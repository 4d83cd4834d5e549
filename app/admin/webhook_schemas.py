"""What is asked and answered about webhooks."""

from typing import Any

from marshmallow import Schema, fields, validate

from app.admin.operations import PageQuery, moment, page_schema
from app.models.webhook import DELIVERY_STATES
from app.releasing.outbox import EVENTS
from app.shapes.fields import Choice, DraftSchema, PlainText, WholeNumber, YesNo
from app.shapes.web_addresses import LONGEST

GRACE_HOURS = 24
WRITTEN = ("url", "description", "events", "enabled")


class WebhookRequest(DraftSchema):
    """A webhook to make."""

    url = PlainText(
        limit=LONGEST,
        required=True,
        metadata={"description": "Where to send, https:// on the public internet, port 443 or one from 1024."},
    )
    events = fields.List(
        Choice(EVENTS),
        load_default=list(EVENTS),
        validate=validate.Length(1, len(EVENTS)),
        metadata={"description": "What to tell of; everything where nothing is said."},
    )
    description = PlainText(limit=1000, metadata={"description": "Whose it is, and what for."})


class WebhookChange(WebhookRequest):
    """A webhook as it is to be."""

    enabled = YesNo(
        load_default=True, metadata={"description": "False stops it, and gives up what was on its way; true goes on."}
    )


class SecretRotationRequest(DraftSchema):
    """How long the former secret signs too."""

    grace_hours = WholeNumber(0, 720, load_default=GRACE_HOURS)


class WebhookItem(Schema):
    """A webhook without its secret."""

    id = fields.String(required=True)
    url = fields.String(required=True)
    description = fields.String(required=True, allow_none=True)
    events = fields.List(fields.String(), required=True)
    enabled = fields.Boolean(required=True)
    disabled_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    disabled_because = fields.String(required=True, allow_none=True)
    former_secret_ends = fields.String(
        required=True,
        allow_none=True,
        metadata={"format": "date-time", "description": "Until when the secret before the last rotation signs too."},
    )
    created_at = fields.String(required=True, metadata={"format": "date-time"})
    updated_at = fields.String(required=True, metadata={"format": "date-time"})


class NewWebhookItem(WebhookItem):
    """A webhook with its secret, which is shown this once."""

    secret = fields.String(
        required=True, allow_none=True, metadata={"description": "Null in the answer to a repeated Idempotency-Key."}
    )


WebhookPage = page_schema("WebhookPage", WebhookItem)
"""A page of webhooks, the oldest first."""


class DeliveryDocument(Schema):
    """An event on its way to a webhook, or how it ended."""

    id = fields.Integer(required=True)
    event_id = fields.String(required=True, metadata={"description": "Sent as `webhook-id`, the same each time."})
    type = fields.String(required=True)
    occurred_at = fields.String(required=True, metadata={"format": "date-time"})
    state = fields.String(required=True, metadata={"enum": list(DELIVERY_STATES)})
    attempts = fields.Integer(required=True, metadata={"description": "Attempts that were begun."})
    created_at = fields.String(required=True, metadata={"format": "date-time"})
    attempted_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    next_attempt_at = fields.String(
        required=True,
        allow_none=True,
        metadata={"format": "date-time", "description": "While it is being made: when another worker would take over."},
    )
    status_code = fields.Integer(
        required=True, allow_none=True, metadata={"description": "What the receiver answered last, if it did."}
    )
    error = fields.String(required=True, allow_none=True)


class DeliveryDetail(DeliveryDocument):
    """A delivery with what it carries."""

    payload = fields.Dict(required=True)


DeliveryPage = page_schema("DeliveryPage", DeliveryDocument)
"""A page of deliveries, the newest first."""


class DeliveryQuery(PageQuery):
    """Which deliveries."""

    state = fields.List(Choice(DELIVERY_STATES), metadata={"description": "Only deliveries in one of these states."})


EXAMPLE: dict[str, Any] = {
    "id": "7hWq0LmZ2p",
    "url": "https://example.org/limber",
    "description": "The clinic's app",
    "events": ["release.published"],
    "enabled": True,
    "disabled_at": None,
    "disabled_because": None,
    "former_secret_ends": None,
    "created_at": "2026-01-01T00:00:00Z",
    "updated_at": "2026-01-01T00:00:00Z",
}
DELIVERY: dict[str, Any] = {
    "id": 1,
    "event_id": "evt_0c9a5e8d1b4c0fa2f5a3d8c7b6e1d2aa",
    "type": "release.published",
    "occurred_at": "2026-01-01T00:00:00Z",
    "state": "delivered",
    "attempts": 1,
    "created_at": "2026-01-01T00:00:00Z",
    "attempted_at": "2026-01-01T00:00:01Z",
    "next_attempt_at": None,
    "status_code": 204,
    "error": None,
}


def shown_webhook(row: Any) -> dict[str, Any]:
    """A subscription as it is answered: field by field, so that no secret slips in."""
    times = ("disabled_at", "former_secret_ends", "created_at", "updated_at")
    return {
        "id": row.id,
        "url": row.url,
        "description": row.description,
        "events": row.events,
        "enabled": row.disabled_at is None,
        "disabled_because": row.disabled_because,
        **{name: moment(getattr(row, name)) for name in times},
    }


def written_webhook(row: Any) -> dict[str, Any]:
    """A subscription as an editor would write it: what a patch changes."""
    return {name: value for name, value in shown_webhook(row).items() if name in WRITTEN and value is not None}


def shown_delivery(row: Any) -> dict[str, Any]:
    """A delivery as it is answered."""
    plain = ("id", "event_id", "type", "state", "attempts", "status_code", "error")
    times = ("occurred_at", "created_at", "attempted_at", "next_attempt_at")
    return {name: getattr(row, name) for name in plain} | {name: moment(getattr(row, name)) for name in times}
