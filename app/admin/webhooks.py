"""`/v1/admin/webhooks`: subscriptions. What is sent to them is in `webhook_deliveries` and `webhook_pings`."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from flask import Response
from sqlalchemy import Connection

from app.admin.bodies import MERGE_PATCH, check_version, load, merge_patch, read_object, read_request
from app.admin.operations import AdminBlueprint, PageQuery, answer_json, answer_page
from app.admin.webhook_schemas import (
    EXAMPLE,
    NewWebhookItem,
    SecretRotationRequest,
    WebhookChange,
    WebhookItem,
    WebhookPage,
    WebhookRequest,
    shown_webhook,
    written_webhook,
)
from app.admin.writing import Answer, record, write
from app.delivery import cursors
from app.errors import Fault, InvalidDrafts, RefusedAddress, UnresolvedAddress
from app.web.installed import database, settings
from app.webhooks.addresses import find_addresses, parse_address
from app.webhooks.subscriptions import (
    change_subscription,
    create_subscription,
    delete_subscription,
    get_subscription,
    list_subscriptions,
    rotate_secret,
    version_of,
)

SCOPES = ("webhooks",)
NEW = {**EXAMPLE, "secret": "whsec_…"}

blueprint = AdminBlueprint(
    "admin-webhooks", __name__, url_prefix="/v1/admin/webhooks", description="Who is told of releases."
)


def _check_address(url: str) -> None:
    """Raises `InvalidDrafts` for an address to which nothing would be sent. Asks DNS, so the caller must hold no lock.

    A name that does not resolve now is accepted: it may resolve later, and every delivery asks again.
    """
    loopback = settings().webhooks_to_loopback
    try:
        target = parse_address(url, loopback=loopback)
        with suppress(UnresolvedAddress):
            find_addresses(target, loopback=loopback)
    except RefusedAddress as error:
        raise InvalidDrafts([Fault("/url", str(error))]) from None


def _answer(row: Any, status: int = 200, *, secret: bool = False) -> Answer:
    headers = {"ETag": f'"{version_of(row)}"'}
    if status == 201:
        headers["Location"] = f"/v1/admin/webhooks/{row.id}"
    return Answer(status, shown_webhook(row), headers, once={"secret": row.secret} if secret else {})


@blueprint.admin(
    "",
    operation_id="listWebhooks",
    summary="List the webhooks",
    description="Every webhook without its secret, the oldest first.",
    scopes=SCOPES,
    schema=WebhookPage,
    example={"items": [EXAMPLE], "page": {"limit": 20, "total": 1, "next": None}},
    query=PageQuery,
)
def list_all(query: Mapping[str, Any]) -> Response:
    """Every webhook."""
    limit, start = query["limit"], 0
    with database().reading() as connection:
        rows = list_subscriptions(connection)
    if "cursor" in query:
        created, identifier = cursors.decode(query["cursor"], "webhooks", 2)
        position = (created, identifier)
        start = sum((row.created_at.isoformat(), row.id) <= position for row in rows)
    shown = rows[start : start + limit]
    following = (
        cursors.encode("webhooks", [shown[-1].created_at.isoformat(), shown[-1].id])
        if start + limit < len(rows)
        else None
    )
    return answer_page([shown_webhook(row) for row in shown], limit=limit, total=len(rows), following=following)


@blueprint.admin(
    "",
    method="POST",
    operation_id="createWebhook",
    summary="Make a webhook",
    description=(
        "Subscribes an address. Its secret is in this answer and nowhere else; keep it, to verify what arrives. Each"
        " address that its name has must be one of the public internet, now and at each delivery."
    ),
    scopes=SCOPES,
    schema=NewWebhookItem,
    example=NEW,
    body=WebhookRequest,
)
def create(_query: Mapping[str, Any]) -> Response:
    """Makes a webhook."""
    content, asked = read_request(WebhookRequest)

    def work(connection: Connection, now: datetime) -> Answer:
        row = create_subscription(
            connection, url=asked["url"], events=asked["events"], description=asked.get("description"), now=now
        )
        record(connection, "create", f"webhooks/{row.id}", now, events=row.events)
        return _answer(row, 201, secret=True)

    return write(work, repeatable=content, before=lambda: _check_address(asked["url"]))


@blueprint.admin(
    "/<string:identifier>",
    operation_id="getWebhook",
    summary="Get one webhook",
    description="The webhook without its secret; the ETag names its version for a later write.",
    scopes=SCOPES,
    schema=WebhookItem,
    example=EXAMPLE,
)
def get_one(_query: Mapping[str, Any], identifier: str) -> Response:
    """One webhook."""
    with database().reading() as connection:
        row = get_subscription(connection, identifier)
    return answer_json(shown_webhook(row), version=version_of(row))


@blueprint.admin(
    "/<string:identifier>",
    method="PATCH",
    operation_id="patchWebhook",
    summary="Change parts of one webhook",
    description=(
        "Applies a JSON merge patch (RFC 7396) to `url`, `events`, `description` and `enabled`. Disabling gives up"
        " what is on its way; each delivery can be replayed afterwards."
    ),
    scopes=SCOPES,
    schema=WebhookItem,
    example=EXAMPLE,
    body=WebhookChange,
    body_types=(MERGE_PATCH,),
)
def patch(_query: Mapping[str, Any], identifier: str) -> Response:
    """Changes parts of a webhook."""
    changes = read_object(MERGE_PATCH)
    with database().reading() as connection:
        row = get_subscription(connection, identifier)
    check_version(version_of(row))
    if (url := load(WebhookChange, merge_patch(written_webhook(row), changes))["url"]) != row.url:
        _check_address(url)

    def work(connection: Connection, now: datetime) -> Answer:
        row = get_subscription(connection, identifier)
        check_version(version_of(row))
        wanted = {"description": None, **load(WebhookChange, merge_patch(written_webhook(row), changes))}
        changed = change_subscription(connection, row, wanted, now=now)
        record(connection, "update", f"webhooks/{identifier}", now, fields=sorted(changes))
        return _answer(changed)

    return write(work)


@blueprint.admin(
    "/<string:identifier>",
    method="DELETE",
    operation_id="deleteWebhook",
    summary="Delete one webhook",
    description="Deletes the webhook, its secret and its deliveries.",
    scopes=SCOPES,
)
def delete(_query: Mapping[str, Any], identifier: str) -> Response:
    """Deletes a webhook."""

    def work(connection: Connection, now: datetime) -> Answer:
        check_version(version_of(get_subscription(connection, identifier)))
        delete_subscription(connection, identifier)
        record(connection, "delete", f"webhooks/{identifier}", now)
        return Answer(204)

    return write(work)


@blueprint.admin(
    "/<string:identifier>/rotations",
    method="POST",
    operation_id="rotateWebhookSecret",
    summary="Rotate a webhook's secret",
    description="Makes a new secret, shown this once. For some hours more, what is sent is signed with both.",
    scopes=SCOPES,
    schema=NewWebhookItem,
    example={**NEW, "former_secret_ends": "2026-01-02T00:00:00Z"},
    body=SecretRotationRequest,
)
def rotate(_query: Mapping[str, Any], identifier: str) -> Response:
    """Gives a webhook a new secret."""
    content, asked = read_request(SecretRotationRequest)

    def work(connection: Connection, now: datetime) -> Answer:
        row = get_subscription(connection, identifier)
        rotated = rotate_secret(connection, row, now=now, grace=timedelta(hours=asked["grace_hours"]))
        record(connection, "rotate", f"webhooks/{identifier}", now)
        return _answer(rotated, 201, secret=True)

    return write(work, repeatable=content)
