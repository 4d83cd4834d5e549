"""`/v1/admin/keys`: who may write, and what."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Response
from marshmallow import fields, validate
from sqlalchemy import Connection

from app.access.guard import holder
from app.access.key_store import create_key, get_key, list_keys, revoke_key, rotate_key
from app.access.keys import SCOPES, WholeKey
from app.admin.bodies import read_request
from app.admin.operations import EXAMPLES, AdminBlueprint, PageQuery, answer_json, answer_page, moment, page_schema
from app.admin.writing import Answer, record, write
from app.content.document_schemas import DocumentSchema
from app.delivery import cursors
from app.errors import Forbidden
from app.shapes.fields import Choice, DraftSchema, PlainText, WholeNumber
from app.shapes.lists import BoundedList
from app.web.installed import database

GRACE_HOURS = 24
blueprint = AdminBlueprint("admin-keys", __name__, url_prefix="/v1/admin", description="API keys.")


class KeyRequest(DraftSchema):
    """A key to make."""

    name = PlainText(required=True, metadata={"description": "Who or what will use it."})
    scopes = BoundedList(Choice(SCOPES), required=True, validate=validate.Length(1, len(SCOPES)))
    expires_in_days = WholeNumber(1, 3650, metadata={"description": "Days until it ends; without, it does not."})


class RotationRequest(DraftSchema):
    """How long the former key stays live."""

    grace_hours = WholeNumber(0, 720, load_default=GRACE_HOURS)


class KeyDocument(DocumentSchema):
    """A key without its secret."""

    id = fields.String()
    name = fields.String()
    scopes = fields.List(fields.String())
    created_at = fields.String(metadata={"format": "date-time"})
    expires_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    revoked_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    last_used_at = fields.String(allow_none=True, metadata={"description": "To the hour."})
    replaced_by = fields.String(allow_none=True, metadata={"description": "The key it was rotated to."})


class NewKeyDocument(KeyDocument):
    """A key with its secret, which is shown this once."""

    key = fields.String(allow_none=True, metadata={"description": "Null in the answer to a repeated Idempotency-Key."})


KeyPage = page_schema("KeyPage", KeyDocument)
"""A page of keys, the newest first."""


EXAMPLE = EXAMPLES["key"]


def _key(row: Any) -> dict[str, Any]:
    times = {name: moment(getattr(row, name)) for name in ("created_at", "expires_at", "revoked_at", "last_used_at")}
    return {"id": row.id, "name": row.name, "scopes": row.scopes, **times, "replaced_by": row.replaced_by}


def _check_scopes(scopes: Collection[str], verb: str) -> None:
    """Raises `Forbidden` where a key would make, rotate or revoke one that may do what it may not do itself."""
    if beyond := sorted(set(scopes) - set(holder().scopes)):
        raise Forbidden(f"A key cannot {verb} scopes that it does not have: {', '.join(beyond)}.")


@blueprint.admin(
    "/keys",
    operation_id="listKeys",
    summary="List the API keys",
    description="Every key without its secret, the newest first.",
    scopes=("keys",),
    schema=KeyPage,
    example={"items": [EXAMPLE], "page": {"limit": 20, "total": 1, "next": None}},
    query=PageQuery,
)
def list_all(query: Mapping[str, Any]) -> Response:
    """Every key."""
    limit, start = query["limit"], 0
    with database().reading() as connection:
        rows = list_keys(connection)
    if "cursor" in query:
        last = cursors.decode(query["cursor"], "keys", 1)[0]
        start = next((place for place, row in enumerate(rows, start=1) if row.id == last), len(rows))
    items = [_key(row) for row in rows[start : start + limit]]
    following = cursors.encode("keys", [items[-1]["id"]]) if start + limit < len(rows) else None
    return answer_page(items, limit=limit, total=len(rows), following=following)


@blueprint.admin(
    "/keys",
    method="POST",
    operation_id="createKey",
    summary="Make an API key",
    description="The whole key is in this answer and nowhere else; keep it. A key cannot give scopes it does not have.",
    scopes=("keys",),
    schema=NewKeyDocument,
    example={**EXAMPLE, "key": "lim_…"},
    body=KeyRequest,
)
def create(_query: Mapping[str, Any]) -> Response:
    """Makes a key."""
    content, asked = read_request(KeyRequest)
    _check_scopes(asked["scopes"], "give")

    def work(connection: Connection, now: datetime) -> Answer:
        days = asked.get("expires_in_days")
        expires_at = now + timedelta(days=days) if days else None
        key = create_key(connection, name=asked["name"], scopes=asked["scopes"], now=now, expires_at=expires_at)
        return _made(connection, key, "create", key.id, now)

    return write(work, repeatable=content)


def _made(connection: Connection, key: WholeKey, action: str, identifier: str, now: datetime) -> Answer:
    record(connection, action, f"keys/{identifier}", now)
    shown = _key(get_key(connection, key.id))
    return Answer(201, shown, {"Location": f"/v1/admin/keys/{key.id}"}, once={"key": key.text})


@blueprint.admin(
    "/keys/<string:identifier>",
    operation_id="getKey",
    summary="Get one API key",
    description="The key without its secret.",
    scopes=("keys",),
    schema=KeyDocument,
    example=EXAMPLE,
)
def get_one(_query: Mapping[str, Any], identifier: str) -> Response:
    """One key."""
    with database().reading() as connection:
        return answer_json(_key(get_key(connection, identifier)))


@blueprint.admin(
    "/keys/<string:identifier>",
    method="DELETE",
    versioned=False,
    operation_id="revokeKey",
    summary="Revoke an API key",
    description=(
        "The key ends at once. Its entry stays, for the audit. 403 for a key with scopes that yours does not have; 409"
        " for the last one that manages keys, unless another one lives at least as long."
    ),
    scopes=("keys",),
)
def revoke(_query: Mapping[str, Any], identifier: str) -> Response:
    """Ends a key."""

    def work(connection: Connection, now: datetime) -> Answer:
        _check_scopes(get_key(connection, identifier).scopes, "revoke one with")
        revoke_key(connection, identifier, now)
        record(connection, "revoke", f"keys/{identifier}", now)
        return Answer(204)

    return write(work)


@blueprint.admin(
    "/keys/<string:identifier>/rotations",
    method="POST",
    operation_id="rotateKey",
    summary="Rotate an API key",
    description=(
        "Makes a key of the same name, scopes and end; the former one stays live for some hours more. 403 for a key"
        " with scopes that yours does not have; 409 for one that is not live or was rotated already, and for the last"
        " one that manages keys where it would end at once."
    ),
    scopes=("keys",),
    schema=NewKeyDocument,
    example={**EXAMPLE, "key": "lim_…"},
    body=RotationRequest,
)
def rotate(_query: Mapping[str, Any], identifier: str) -> Response:
    """Replaces a key."""
    content, asked = read_request(RotationRequest)

    def work(connection: Connection, now: datetime) -> Answer:
        _check_scopes(get_key(connection, identifier).scopes, "rotate one with")
        key = rotate_key(connection, identifier, now=now, grace=timedelta(hours=asked["grace_hours"]))
        return _made(connection, key, "rotate", identifier, now)

    return write(work, repeatable=content)
