"""`/v1/admin/{collection}[/{slug}]`: drafts of every kind."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Response, request
from marshmallow import Schema, fields, validate
from sqlalchemy import Connection

from app.admin.bodies import JSON, MERGE_PATCH, check_version, merge_patch, parse_object, read_body, read_object
from app.admin.operations import AdminBlueprint, answer_json, answer_page, moment, page_schema
from app.admin.writing import Answer, record, write, write_checked
from app.content.content_type import ContentType, camel_case
from app.delivery import cursors
from app.delivery.query_schemas import QuerySchema, cursor_parameter, limit_parameter
from app.delivery.routes import installed_catalogue
from app.editing import drafts as editing
from app.editing.bundle import canonical_patch, load_draft
from app.editing.drafts import STATES, Item, Saving
from app.editing.meanwhile import UPDATE
from app.errors import Fault, InvalidDrafts, NotFound, PreconditionRequired
from app.shapes.fields import Choice
from app.shapes.lists import BoundedList
from app.web.installed import database

READ, WRITE = ("content:read", "content:write", "content:release"), ("content:write",)


class DraftListQuery(QuerySchema):
    """Which drafts."""

    state = BoundedList(
        Choice(STATES),
        validate=validate.Length(max=50),
        metadata={"description": "Only entities in one of these states."},
    )
    limit = limit_parameter()
    cursor = cursor_parameter()


def shown(item: Item) -> dict[str, Any]:
    """The JSON of an item."""
    return {
        "kind": item.kind,
        "slug": item.entry.slug,
        "state": item.state,
        "draft": item.draft,
        "released_revision": item.released_revision,
        "updated_at": moment(item.updated_at),
    }


def item_schema(content_type: ContentType) -> type[Schema]:
    """The schema of an item, with the draft of its kind."""
    declared: dict[str, Any] = {
        "kind": fields.String(required=True),
        "slug": fields.String(required=True),
        "state": fields.String(required=True, metadata={"enum": list(STATES)}),
        "draft": fields.Nested(content_type.draft_schema, required=True),
        "released_revision": fields.Integer(required=True, allow_none=True),
        "updated_at": fields.String(required=True, metadata={"format": "date-time"}),
    }
    return type(f"{content_type.type_name}Item", (Schema,), declared)


def drafts_blueprint(content_type: ContentType) -> AdminBlueprint:
    """The five operations on a kind's drafts."""
    kind, collection, type_name = content_type.kind, content_type.collection, content_type.type_name
    noun, nouns = content_type.noun, content_type.nouns
    blueprint = AdminBlueprint(
        f"admin-{collection}", __name__, url_prefix=f"/v1/admin/{collection}", description=f"Drafts of {nouns}."
    )
    item = item_schema(content_type)
    page = page_schema(f"{type_name}ItemPage", item)
    example = {
        "kind": kind,
        "slug": "an-example",
        "state": "draft",
        "draft": {"slug": "an-example", **content_type.examples.draft},
        "released_revision": None,
        "updated_at": "2026-01-01T00:00:00Z",
    }

    @blueprint.admin(
        "",
        operation_id=f"listDraft{camel_case(collection)}",
        summary=f"List the working copy's {nouns}",
        description="Everything in the working copy, by slug, with its state: draft, published, changed or retired.",
        scopes=READ,
        schema=page,
        example={"items": [example], "page": {"limit": 20, "total": 1, "next": None}},
        query=DraftListQuery,
    )
    def list_drafts(query: Mapping[str, Any]) -> Response:
        state, limit = query.get("state", []), query["limit"]
        fingerprint = cursors.fingerprint("admin", kind, sorted(state))
        after = cursors.decode(query["cursor"], fingerprint, 1)[0] if "cursor" in query else ""
        with database().reading() as connection:
            items = editing.read_items(
                connection, installed_catalogue(), content_type, state=state, after=after, limit=limit + 1
            )
            total = editing.count_items(connection, content_type, state=state)
        following = cursors.encode(fingerprint, [items[limit - 1].entry.slug]) if len(items) > limit else None
        return answer_page([*map(shown, items[:limit])], limit=limit, total=total, following=following)

    @blueprint.admin(
        "/<slug:slug>",
        operation_id=f"getDraft{type_name}",
        summary=f"Get one {noun} of the working copy",
        description="The draft with its state; the ETag names its version for a later write.",
        scopes=READ,
        schema=item,
        example=example,
    )
    def get_draft(_query: Mapping[str, Any], slug: str) -> Response:
        with database().reading() as connection:
            stored = editing.read_item(connection, installed_catalogue(), content_type, slug)
        return answer_json(shown(stored), version=stored.version)

    @blueprint.admin(
        "",
        method="POST",
        operation_id=f"createDraft{type_name}",
        summary=f"Create a {noun}",
        description="Puts a new draft into the working copy. Nothing is public before a release.",
        scopes=WRITE,
        schema=item,
        example=example,
        body=content_type.draft_schema,
    )
    def create_draft(_query: Mapping[str, Any]) -> Response:
        content = read_body(JSON)
        draft = load_draft(content_type, parse_object(content))

        def work(connection: Connection, now: datetime) -> Answer:
            over = _retired(connection, content_type, draft["slug"])
            return _saved(
                connection, editing.check(connection, installed_catalogue(), content_type, draft, over=over), now
            )

        return write(work, repeatable=content)

    @blueprint.admin(
        "/<slug:slug>",
        method="PUT",
        operation_id=f"putDraft{type_name}",
        summary=f"Replace or create one {noun}",
        description=(
            "Replaces the whole draft; with If-None-Match: * creates it. Another `slug` in the body renames the entity,"
            " and every draft that names it follows: after the next release the old one answers 308."
        ),
        scopes=WRITE,
        schema=item,
        example=example,
        body=content_type.draft_schema,
    )
    def put_draft(_query: Mapping[str, Any], slug: str) -> Response:
        written = read_object()
        return write_checked(lambda connection: _put(connection, content_type, slug, written), _saved)

    @blueprint.admin(
        "/<slug:slug>",
        method="PATCH",
        operation_id=f"patchDraft{type_name}",
        summary=f"Change parts of one {noun}",
        description="Applies a JSON merge patch (RFC 7396): null takes a field away, lists are replaced whole.",
        scopes=WRITE,
        schema=item,
        example=example,
        body=content_type.draft_schema,
        body_types=(MERGE_PATCH,),
    )
    def patch_draft(_query: Mapping[str, Any], slug: str) -> Response:
        patch = canonical_patch(content_type, read_object(MERGE_PATCH))

        def check(connection: Connection) -> Saving:
            over = editing.read_item(connection, installed_catalogue(), content_type, slug)
            check_version(over.version)
            draft = load_draft(content_type, merge_patch(over.draft, patch))
            return editing.check(connection, installed_catalogue(), content_type, draft, over=over)

        return write_checked(check, _saved)

    @blueprint.admin(
        "/<slug:slug>",
        method="DELETE",
        operation_id=f"deleteDraft{type_name}",
        summary=f"Delete or retire one {noun}",
        description="Deletes what was never published; retires what was: it leaves the catalogue at the next release.",
        scopes=WRITE,
    )
    def delete_draft(_query: Mapping[str, Any], slug: str) -> Response:
        def work(connection: Connection, now: datetime) -> Answer:
            over = editing.read_item(connection, installed_catalogue(), content_type, slug)
            check_version(over.version)
            editing.take_away(connection, installed_catalogue(), content_type, over, now)
            record(connection, "delete", f"{collection}/{slug}", now)
            return Answer(204)

        return write(work)

    return blueprint


def _retired(connection: Connection, content_type: ContentType, slug: str) -> Item | None:
    """The retired entity with this slug, if there is one: creating the entity brings it back."""
    try:
        stored = editing.read_item(connection, installed_catalogue(), content_type, slug)
    except NotFound:
        return None
    return stored if stored.entry.retired else None


def _put(connection: Connection, content_type: ContentType, slug: str, written: dict[str, Any]) -> Saving:
    try:
        over: Item | None = editing.read_item(connection, installed_catalogue(), content_type, slug)
    except NotFound:
        over = None
    if over is not None and not (over.entry.retired and request.if_none_match.star_tag):
        check_version(over.version)
    elif over is None and not request.if_none_match.star_tag:
        if request.if_match:
            raise NotFound(f"The working copy has no {content_type.kind} '{slug}'.")
        raise PreconditionRequired(f"There is no {content_type.kind} '{slug}': send If-None-Match: * to create it.")
    creating = over is None or over.entry.retired
    # Without `former_slugs` in the body, they stay: the old addresses of an entity outlive a replacement.
    kept = {"former_slugs": over.draft["former_slugs"]} if over and "former_slugs" in over.draft else {}
    draft = load_draft(content_type, {"slug": slug, **kept} | written)
    if creating and draft["slug"] != slug:
        raise InvalidDrafts([Fault("/slug", f"Must be '{slug}', as in the address.")])
    return editing.check(connection, installed_catalogue(), content_type, draft, over=over)


def _saved(connection: Connection, saving: Saving, now: datetime) -> Answer:
    saved, over = editing.save(connection, installed_catalogue(), saving, now), saving.over
    target = f"{saving.content_type.collection}/{saved.entry.slug}"
    is_new = over is None or over.entry.retired
    # What comes back is of concern to others, whatever its fields are (see `editing.meanwhile`).
    detail = {} if is_new else {"fields": saving.changed_fields}
    record(connection, "create" if over is None else UPDATE, target, now, **detail)
    headers = {"ETag": f'"{saved.version}"'}
    if is_new:
        headers["Location"] = f"/v1/admin/{target}"
    return Answer(201 if is_new else 200, shown(saved), headers)
