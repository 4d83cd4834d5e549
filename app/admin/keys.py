"""Keys and the audit over HTTP."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate
from sqlalchemy import Connection

from app.access import audit
from app.access.guard import holder
from app.access.key_store import aware, create_key, get_key, list_keys, revoke_key, rotate_key
from app.access.keys import SCOPES
from app.admin.operations import JSON, AdminBlueprint, Answer, answer_json, database, load, read_body, request_id, write
from app.admin.releases import PageQuery
from app.content import cursors
from app.errors import MalformedCursor
from app.shapes import strict_json
from app.shapes.fields import Choice, DraftSchema, PlainText, WholeNumber

GRACE_HOURS = 24
blueprint = AdminBlueprint("admin-keys", __name__, url_prefix="/v1/admin", description="API keys and the audit.")


class KeyRequest(DraftSchema):
    """A key to make."""

    name = PlainText(required=True, metadata={"description": "Who or what will use it."})
    scopes = fields.List(Choice(SCOPES), required=True, validate=validate.Length(1, len(SCOPES)))
    expires_in_days = WholeNumber(1, 3650, metadata={"description": "Days until it ends; without, it does not."})


class RotationRequest(DraftSchema):
    """How long the former key stays live."""

    grace_hours = WholeNumber(0, 720, load_default=GRACE_HOURS)


class KeyDocument(Schema):
    """A key without its secret."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    scopes = fields.List(fields.String(), required=True)
    created_at = fields.String(required=True, metadata={"format": "date-time"})
    expires_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    revoked_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    last_used_at = fields.String(required=True, allow_none=True, metadata={"description": "To the hour."})


class NewKeyDocument(KeyDocument):
    """A key with its secret, which is shown this once."""

    key = fields.String(required=True)


class KeyList(Schema):
    """Every key."""

    items = fields.List(fields.Nested(KeyDocument), required=True)


class AuditEntryDocument(Schema):
    """One write."""

    id = fields.Integer(required=True)
    at = fields.String(required=True, metadata={"format": "date-time"})
    key_id = fields.String(required=True, allow_none=True)
    key_name = fields.String(required=True, allow_none=True)
    action = fields.String(required=True)
    target = fields.String(required=True)
    detail = fields.Dict(required=True)
    request_id = fields.String(required=True, allow_none=True)


class AuditPosition(Schema):
    """Where a page stands in the audit."""

    limit = fields.Integer(required=True)
    next = fields.String(required=True, allow_none=True)


class AuditPage(Schema):
    """A page of the audit, the newest entry first."""

    items = fields.List(fields.Nested(AuditEntryDocument), required=True)
    page = fields.Nested(AuditPosition, required=True)


EXAMPLE = {
    "id": "4fT0aPq2Xz",
    "name": "Editor",
    "scopes": ["content:write"],
    "created_at": "2026-01-01T00:00:00Z",
    "expires_at": None,
    "revoked_at": None,
    "last_used_at": None,
}


def _moment(value: datetime | None) -> str | None:
    return aware(value).strftime("%Y-%m-%dT%H:%M:%SZ") if value else None


def _key(row: Any) -> dict[str, Any]:
    times = {name: _moment(getattr(row, name)) for name in ("created_at", "expires_at", "revoked_at", "last_used_at")}
    return {"id": row.id, "name": row.name, "scopes": row.scopes, **times}


def _audit(connection: Connection, action: str, identifier: str, now: datetime) -> None:
    audit.record(connection, holder(), action, f"keys/{identifier}", now=now, request_id=request_id())


@blueprint.admin(
    "/keys",
    operation_id="listKeys",
    summary="List the API keys",
    description="Every key without its secret, the newest first.",
    scopes=("keys",),
    schema=KeyList,
    example={"items": [EXAMPLE]},
)
def list_all(_query: Mapping[str, Any]) -> Response:
    """Every key."""
    with database().reading() as connection:
        return answer_json({"items": [_key(row) for row in list_keys(connection)]})


@blueprint.admin(
    "/keys",
    method="POST",
    operation_id="createKey",
    summary="Make an API key",
    description="The whole key is in this answer and nowhere else; keep it. A key cannot give scopes it does not have.",
    scopes=("keys",),
    status=201,
    schema=NewKeyDocument,
    example={**EXAMPLE, "key": "lim_…"},
    body=KeyRequest,
    problems=("invalid-draft",),
)
def create(_query: Mapping[str, Any]) -> Response:
    """Makes a key."""
    asked = load(KeyRequest, strict_json.parse(read_body(JSON)))

    def work(connection: Connection, now: datetime) -> Answer:
        days = asked.get("expires_in_days")
        expires_at = now + timedelta(days=days) if days else None
        key = create_key(connection, name=asked["name"], scopes=asked["scopes"], now=now, expires_at=expires_at)
        _audit(connection, "create", key.id, now)
        shown = {**_key(get_key(connection, key.id)), "key": key.text}
        return Answer(201, shown, {"Location": f"/v1/admin/keys/{key.id}"})

    return write(work)


@blueprint.admin(
    "/keys/<string:identifier>",
    operation_id="getKey",
    summary="Get one API key",
    description="The key without its secret.",
    scopes=("keys",),
    schema=KeyDocument,
    example=EXAMPLE,
    problems=("not-found",),
)
def get_one(_query: Mapping[str, Any], identifier: str) -> Response:
    """One key."""
    with database().reading() as connection:
        return answer_json(_key(get_key(connection, identifier)))


@blueprint.admin(
    "/keys/<string:identifier>",
    method="DELETE",
    operation_id="revokeKey",
    summary="Revoke an API key",
    description="The key ends at once. Its entry stays, for the audit.",
    scopes=("keys",),
    status=204,
    problems=("not-found",),
)
def revoke(_query: Mapping[str, Any], identifier: str) -> Response:
    """Ends a key."""

    def work(connection: Connection, now: datetime) -> Answer:
        revoke_key(connection, identifier, now)
        _audit(connection, "revoke", identifier, now)
        return Answer(204)

    return write(work)


@blueprint.admin(
    "/keys/<string:identifier>/rotations",
    method="POST",
    operation_id="rotateKey",
    summary="Rotate an API key",
    description="Makes a key of the same name and scopes; the former one stays live for some hours.",
    scopes=("keys",),
    status=201,
    schema=NewKeyDocument,
    example={**EXAMPLE, "key": "lim_…"},
    body=RotationRequest,
    problems=("not-found", "invalid-draft"),
)
def rotate(_query: Mapping[str, Any], identifier: str) -> Response:
    """Replaces a key."""
    asked = load(RotationRequest, strict_json.parse(read_body(JSON)))

    def work(connection: Connection, now: datetime) -> Answer:
        key = rotate_key(connection, identifier, now=now, grace=timedelta(hours=asked["grace_hours"]))
        _audit(connection, "rotate", identifier, now)
        shown = {**_key(get_key(connection, key.id)), "key": key.text}
        return Answer(201, shown, {"Location": f"/v1/admin/keys/{key.id}"})

    return write(work)


@blueprint.admin(
    "/audit",
    operation_id="listAudit",
    summary="Read the audit",
    description="Every write, the newest first: who, when, what.",
    scopes=("audit", "keys"),
    schema=AuditPage,
    example={
        "items": [
            {
                "id": 1,
                "at": "2026-01-01T00:00:00Z",
                "key_id": "4fT0aPq2Xz",
                "key_name": "Editor",
                "action": "update",
                "target": "exercises/chin-tuck",
                "detail": {},
                "request_id": "5f0c9a5e8d1b4c0fa2f5a3d8c7b6e1d2",
            }
        ],
        "page": {"limit": 20, "next": None},
    },
    query=PageQuery,
    problems=("malformed-cursor",),
)
def list_audit(query: Mapping[str, Any]) -> Response:
    """The audit."""
    limit, before = query["limit"], None
    if "cursor" in query:
        position = cursors.decode(query["cursor"], "audit", 1)[0]
        if not position.isdigit() or len(position) > 18:
            raise MalformedCursor("The cursor is not one that this service made.")
        before = int(position)
    with database().reading() as connection:
        rows = audit.read_entries(connection, before=before, limit=limit + 1)
    items = [{**row._asdict(), "at": _moment(row.at)} for row in rows[:limit]]
    following = cursors.encode("audit", [str(rows[limit - 1].id)]) if len(rows) > limit else None
    return answer_json({"items": items, "page": {"limit": limit, "next": following}})
