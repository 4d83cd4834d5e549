"""`/v1/admin/webhooks/{id}/pings`: trying a webhook."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Response
from sqlalchemy import Connection

from app.admin.webhook_deliveries import NEW, EmptyRequest, answer_made, blueprint, read_nothing
from app.admin.webhook_schemas import DeliveryDocument
from app.admin.webhooks import SCOPES
from app.admin.writing import Answer, write
from app.webhooks.subscriptions import get_subscription, ping


@blueprint.admin(
    "/<string:identifier>/pings",
    method="POST",
    operation_id="pingWebhook",
    summary="Try a webhook",
    description="Sends an event of the type `webhook.ping` to this webhook alone. 409 where it is disabled.",
    scopes=SCOPES,
    schema=DeliveryDocument,
    example={**NEW, "type": "webhook.ping"},
    body=EmptyRequest,
)
def ping_one(_query: Mapping[str, Any], identifier: str) -> Response:
    """Tries a webhook."""
    content = read_nothing()

    def work(connection: Connection, now: datetime) -> Answer:
        delivery = ping(connection, get_subscription(connection, identifier), now=now)
        return answer_made(connection, "ping", identifier, delivery, now)

    return write(work, repeatable=content)
