"""Releases over HTTP: what is pending, releasing it, the history, and going back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate
from sqlalchemy import Connection

from app.access import audit
from app.access.guard import holder
from app.access.key_store import aware
from app.admin.operations import JSON, AdminBlueprint, Answer, answer_json, database, load, read_body, request_id, write
from app.content import cursors
from app.content.content_type import Catalogue
from app.content.history import read_entries, read_release, read_releases
from app.content.pending import Pending, find_pending
from app.content.plans import compare
from app.content.published import Published
from app.content.query_schemas import PageSchema, QuerySchema, cursor_parameter, limit_parameter
from app.content.releases import Released, release
from app.content.rollback import roll_back
from app.content.stored_candidates import read_active
from app.errors import Fault, InvalidDrafts, MalformedCursor
from app.kinds import CATALOGUE
from app.shapes import strict_json
from app.shapes.fields import DraftSchema, PlainText, Slug, WholeNumber, YesNo

READ, RELEASE = ("content:read", "content:write", "content:release"), ("content:release",)
NEWEST = 2**31 - 1

blueprint = AdminBlueprint(
    "admin-releases", __name__, url_prefix="/v1/admin", description="What is pending, releases, and going back."
)


class NamedItem(DraftSchema):
    """One entity."""

    kind = fields.String(required=True, validate=validate.OneOf([each.kind for each in CATALOGUE]))
    slug = Slug(required=True)


class ReleaseRequest(DraftSchema):
    """What to release: everything that is pending, or the named part of it."""

    note = PlainText(limit=1000, metadata={"description": "Why; shown in the history."})
    items = fields.List(fields.Nested(NamedItem), validate=validate.Length(1, 10_000))


class RollbackRequest(DraftSchema):
    """Which revision to go back to."""

    revision = WholeNumber(1, NEWEST, required=True)
    note = PlainText(limit=1000)
    discard_pending = YesNo(load_default=False)


class ReleaseDocument(Schema):
    """A release."""

    revision = fields.Integer(required=True)
    released_at = fields.String(required=True, metadata={"format": "date-time"})
    note = fields.String(required=True, allow_none=True)
    digest = fields.String(required=True)
    changed = fields.Integer(required=True, metadata={"description": "Documents written."})
    deleted = fields.Integer(required=True, metadata={"description": "Documents taken away."})


class EntryDocument(Schema):
    """What a release changed, or would change, of one entity."""

    kind = fields.String(required=True)
    slug = fields.String(required=True)
    action = fields.String(required=True, metadata={"enum": ["created", "updated", "deleted"]})
    before = fields.Dict(required=True, allow_none=True)
    after = fields.Dict(required=True, allow_none=True)
    changes = fields.List(fields.Dict(), required=True)


class ReleaseDetail(ReleaseDocument):
    """A release with each entry's before and after."""

    items = fields.List(fields.Nested(EntryDocument), required=True)


class PendingDocument(Schema):
    """What a release would change now."""

    items = fields.List(fields.Nested(EntryDocument), required=True)
    total = fields.Integer(required=True)


class ReleasePage(Schema):
    """A page of releases, the newest first."""

    items = fields.List(fields.Nested(ReleaseDocument), required=True)
    page = fields.Nested(PageSchema, required=True)


class PageQuery(QuerySchema):
    """Which page."""

    limit = limit_parameter()
    cursor = cursor_parameter()


EXAMPLE = {
    "revision": 2,
    "released_at": "2026-01-01T00:00:00Z",
    "note": "One more stretch",
    "digest": "0" * 64,
    "changed": 3,
    "deleted": 0,
}
ENTRY: dict[str, Any] = {
    "kind": "exercise",
    "slug": "wall-lean",
    "action": "created",
    "before": None,
    "after": {},
    "changes": [],
}


def _entry(kind: str, slug: str, before: Any, after: Any) -> dict[str, Any]:
    action = "created" if before is None else "deleted" if after is None else "updated"
    changes = compare(before, after) if action == "updated" else ()
    return {
        "kind": kind,
        "slug": slug,
        "action": action,
        "before": before,
        "after": after,
        "changes": [{"pointer": each.pointer, "before": each.before, "after": each.after} for each in changes],
    }


def _release(row: Any) -> dict[str, Any]:
    return {
        "revision": row.revision,
        "released_at": aware(row.released_at).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "note": row.note,
        "digest": row.digest,
        "changed": row.changed,
        "deleted": row.deleted,
    }


@blueprint.admin(
    "/pending",
    operation_id="getPending",
    summary="See what a release would change",
    description="Every entity whose draft differs from what is published, before and after, field by field.",
    scopes=READ,
    schema=PendingDocument,
    example={"items": [ENTRY], "total": 1},
)
def get_pending(_query: Mapping[str, Any]) -> Response:
    """What a release would change."""
    with database().reading() as connection:
        keys = sorted(find_pending(connection, CATALOGUE).keys())
        published = Published(connection, CATALOGUE)
        published.read(keys)
        items = [
            _entry(kind, slug, published.find((kind, slug)), read_active(connection, CATALOGUE, (kind, slug)))
            for kind, slug in keys
        ]
    return answer_json({"items": items, "total": len(items)})


@blueprint.admin(
    "/releases",
    operation_id="listReleases",
    summary="List the releases",
    description="The history, the newest release first.",
    scopes=READ,
    schema=ReleasePage,
    example={"items": [EXAMPLE], "page": {"limit": 20, "total": 2, "next": None}},
    query=PageQuery,
    problems=("malformed-cursor",),
)
def list_releases(query: Mapping[str, Any]) -> Response:
    """The history."""
    limit = query["limit"]
    before = _position(query.get("cursor"))
    with database().reading() as connection:
        rows = read_releases(connection, before=before, limit=limit + 1)
        total = rows[0].revision if rows and before is None else _total(connection)
    following = cursors.encode("releases", [str(rows[limit - 1].revision)]) if len(rows) > limit else None
    return answer_json(
        {"items": [_release(row) for row in rows[:limit]], "page": {"limit": limit, "total": total, "next": following}}
    )


def _total(connection: Connection) -> int:
    newest = read_releases(connection, before=None, limit=1)
    return int(newest[0].revision) if newest else 0


def _position(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    position = cursors.decode(cursor, "releases", 1)[0]
    if not position.isdigit() or len(position) > 9:
        raise MalformedCursor("The cursor is not one that this service made.")
    return int(position)


@blueprint.admin(
    "/releases/<number:revision>",
    operation_id="getRelease",
    summary="Get one release",
    description="The release with the drafts of each entity before and after it.",
    scopes=READ,
    schema=ReleaseDetail,
    example={**EXAMPLE, "items": [ENTRY]},
    problems=("not-found",),
)
def get_release(_query: Mapping[str, Any], revision: int) -> Response:
    """One release."""
    with database().reading() as connection:
        row = read_release(connection, revision)
        entries = read_entries(connection, revision)
    items = [_entry(*each.key, each.before, each.after) for each in entries]
    return answer_json({**_release(row), "items": items})


@blueprint.admin(
    "/releases",
    method="POST",
    operation_id="createRelease",
    summary="Release what is pending",
    description=(
        "Publishes everything that is pending, or the named part of it, as one revision. 409 where nothing is pending,"
        " or where something named would refer to something unpublished."
    ),
    scopes=RELEASE,
    status=201,
    schema=ReleaseDocument,
    example=EXAMPLE,
    body=ReleaseRequest,
    problems=("invalid-draft",),
    headers=("Idempotency-Key",),
)
def create_release(_query: Mapping[str, Any]) -> Response:
    """Releases."""
    content = read_body(JSON)
    asked = load(ReleaseRequest, strict_json.parse(content))

    def work(connection: Connection, now: datetime) -> Answer:
        pending = _named(find_pending(connection, CATALOGUE), asked.get("items"), CATALOGUE)
        released = release(connection, CATALOGUE, note=asked.get("note"), now=now, pending=pending)
        return _released(connection, released, "release", now, {"note": asked.get("note")})

    return write(work, repeatable=content)


def _named(pending: Pending, items: list[dict[str, str]] | None, catalogue: Catalogue) -> Pending:
    if items is None:
        return pending
    keys = {(each["kind"], each["slug"]) for each in items}
    there = pending.keys()
    unknown = [
        Fault(f"/items/{index}", f"Nothing of {catalogue[each['kind']].collection}/{each['slug']} is pending.")
        for index, each in enumerate(items)
        if (each["kind"], each["slug"]) not in there
    ]
    if unknown and pending:
        raise InvalidDrafts(unknown)
    return pending.only(keys)


def _released(
    connection: Connection, released: Released, action: str, now: datetime, detail: Mapping[str, Any]
) -> Answer:
    target = f"releases/{released.revision}"
    audit.record(connection, holder(), action, target, now=now, request_id=request_id(), detail=detail)
    row = read_release(connection, released.revision)
    return Answer(201, _release(row), {"Location": f"/v1/admin/{target}"})


@blueprint.admin(
    "/rollbacks",
    method="POST",
    operation_id="createRollback",
    summary="Go back to an earlier revision",
    description=(
        "Makes the catalogue of that revision current as a new release. The working copies of what changed since go"
        " back too: 409 with the list where one holds unreleased edits, unless `discard_pending`. What did not exist"
        " then is unpublished and stays as a draft."
    ),
    scopes=RELEASE,
    status=201,
    schema=ReleaseDocument,
    example=EXAMPLE,
    body=RollbackRequest,
    problems=("not-found", "invalid-draft"),
    headers=("Idempotency-Key",),
)
def create_rollback(_query: Mapping[str, Any]) -> Response:
    """Goes back."""
    content = read_body(JSON)
    asked = load(RollbackRequest, strict_json.parse(content))

    def work(connection: Connection, now: datetime) -> Answer:
        released = roll_back(
            connection,
            CATALOGUE,
            asked["revision"],
            note=asked.get("note"),
            discard_pending=asked["discard_pending"],
            now=now,
        )
        return _released(connection, released, "rollback", now, {"to": asked["revision"]})

    return write(work, repeatable=content)
