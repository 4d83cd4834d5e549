"""The schemas of requests and answers about webhooks."""

from typing import Any

from marshmallow import fields, validate

from app.admin.operations import EXAMPLES, PageQuery, moment, page_schema
from app.content.document_schemas import DocumentSchema
from app.models.webhook import DELIVERY_STATES
from app.releasing.outbox import EVENTS
from app.shapes.fields import Choice, DraftSchema, PlainText, WholeNumber, YesNo
from app.shapes.lists import BoundedList
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
    events = BoundedList(
        Choice(EVENTS),
        load_default=list(EVENTS),
        validate=validate.Length(1, len(EVENTS)),
        metadata={"description": "What to tell of; everything where nothing is said."},
    )
    description = PlainText(limit=1000, metadata={"description": "Whose it is, and what for."})


class WebhookChange(WebhookRequest):
    """A webhook, as a patch leaves it."""

    enabled = YesNo(
        load_default=True, metadata={"description": "False stops it, and gives up what was on its way; true goes on."}
    )


class SecretRotationRequest(DraftSchema):
    """How long the former secret goes on signing beside the new one."""

    grace_hours = WholeNumber(0, 720, load_default=GRACE_HOURS)


class WebhookItem(DocumentSchema):
    """A webhook without its secret."""

    id = fields.String()
    url = fields.String()
    description = fields.String(allow_none=True)
    events = fields.List(fields.String())
    enabled = fields.Boolean()
    disabled_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    disabled_because = fields.String(allow_none=True)
    former_secret_ends = fields.String(
        allow_none=True,
        metadata={"format": "date-time", "description": "Until when the secret before the last rotation signs too."},
    )
    created_at = fields.String(metadata={"format": "date-time"})
    updated_at = fields.String(metadata={"format": "date-time"})


class NewWebhookItem(WebhookItem):
    """A webhook with its secret, which only this answer shows."""

    secret = fields.String(
        allow_none=True, metadata={"description": "Null in the answer to a repeated Idempotency-Key."}
    )


WebhookPage = page_schema("WebhookPage", WebhookItem)
"""A page of webhooks, the oldest first."""


class DeliveryDocument(DocumentSchema):
    """The sending of an event to a webhook, under way or ended."""

    id = fields.Integer()
    event_id = fields.String(metadata={"description": "Sent as `webhook-id`, the same each time."})
    type = fields.String()
    occurred_at = fields.String(metadata={"format": "date-time"})
    state = fields.String(metadata={"enum": list(DELIVERY_STATES)})
    attempts = fields.Integer(metadata={"description": "Attempts that were begun."})
    created_at = fields.String(metadata={"format": "date-time"})
    attempted_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    next_attempt_at = fields.String(
        allow_none=True,
        metadata={"format": "date-time", "description": "While it is being made: when another worker would take over."},
    )
    status_code = fields.Integer(
        allow_none=True, metadata={"description": "What the receiver answered last, if it did."}
    )
    error = fields.String(allow_none=True)


class DeliveryDetail(DeliveryDocument):
    """A delivery with its payload."""

    payload = fields.Dict()


DeliveryPage = page_schema("DeliveryPage", DeliveryDocument)
"""A page of deliveries, the newest first."""


class DeliveryQuery(PageQuery):
    """Which deliveries."""

    state = BoundedList(
        Choice(DELIVERY_STATES),
        validate=validate.Length(max=50),
        metadata={"description": "Only deliveries in one of these states."},
    )


EXAMPLE = EXAMPLES["webhook"]
DELIVERY = EXAMPLES["delivery"]


def shown_webhook(row: Any) -> dict[str, Any]:
    """The JSON of a subscription. It lists its fields one by one, so that the secret is never among them."""
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
    """The fields of a subscription that a client writes, to which a patch is applied."""
    return {name: value for name, value in shown_webhook(row).items() if name in WRITTEN and value is not None}


def shown_delivery(row: Any) -> dict[str, Any]:
    """The JSON of a delivery."""
    plain = ("id", "event_id", "type", "state", "attempts", "status_code", "error")
    times = ("occurred_at", "created_at", "attempted_at", "next_attempt_at")
    return {name: getattr(row, name) for name in plain} | {name: moment(getattr(row, name)) for name in times}
