"""Releases over HTTP: what is pending, releasing it, the history, and going back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Response
from sqlalchemy import Connection

from app.access import audit
from app.access.guard import holder
from app.access.key_store import aware
from app.admin.bodies import JSON, load, parse_object, read_body
from app.admin.operations import AdminBlueprint, answer_json, answer_page, number_of, request_id
from app.admin.release_schemas import (
    ENTRY,
    EXAMPLE,
    EntryPage,
    EntryQuery,
    PageQuery,
    ReleaseDetail,
    ReleaseDocument,
    ReleasePage,
    RollbackRequest,
    release_request,
)
from app.admin.writing import Answer, write
from app.content.content_type import Catalogue, EntityKey
from app.content.published import Published
from app.delivery import cursors
from app.delivery.routes import installed_catalogue, page_links
from app.editing.plan import compare
from app.errors import Fault, InvalidDrafts
from app.releasing.history import read_entries, read_entry_keys, read_release, read_releases
from app.releasing.pending import Pending, find_pending, pending_drafts, with_renames
from app.releasing.release import Released, release
from app.releasing.rollback import roll_back
from app.web.installed import database

READ, RELEASE = ("content:read", "content:write", "content:release"), ("content:release",)


def _entry(key: EntityKey, before: Any, after: Any) -> dict[str, Any]:
    action = "created" if before is None else "deleted" if after is None else "updated"
    changes = compare(before, after) if action == "updated" else ()
    return {
        "kind": key[0],
        "slug": key[1],
        "action": action,
        "before": before,
        "after": after,
        "changes": [{"pointer": each.pointer, "before": each.before, "after": each.after} for each in changes],
    }


def _release(row: Any, by: Any) -> dict[str, Any]:
    return {
        "revision": row.revision,
        "released_at": aware(row.released_at).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "note": row.note,
        "digest": row.digest,
        "changed": row.changed,
        "deleted": row.deleted,
        "action": by.action if by else "release",
        "released_by": by.key_name if by else None,
    }


def _releases(connection: Connection, rows: Sequence[Any]) -> list[dict[str, Any]]:
    by = audit.entries_of(connection, [_target(row.revision) for row in rows])
    return [_release(row, by.get(_target(row.revision))) for row in rows]


def _target(revision: int) -> str:
    return f"releases/{revision}"


def _page_of(keys: Sequence[EntityKey], query: Mapping[str, Any], *parts: Any) -> tuple[list[EntityKey], str | None]:
    """The keys of a page, of all in order, and the cursor of the next page."""
    fingerprint, limit = cursors.fingerprint("entries", *parts), query["limit"]
    if "cursor" in query:
        kind, slug = cursors.decode(query["cursor"], fingerprint, 2)
        keys = [key for key in keys if key > (kind, slug)]
    shown = list(keys[:limit])
    return shown, cursors.encode(fingerprint, shown[-1]) if len(keys) > limit else None


def get_pending(query: Mapping[str, Any]) -> Response:
    """What a release would change."""
    with database().reading() as connection:
        pending = find_pending(connection, installed_catalogue())
        keys = sorted(pending.keys())
        shown, following = _page_of(keys, query, "pending")
        published = Published(connection, installed_catalogue())
        published.read(shown)
        after = pending_drafts(connection, installed_catalogue(), pending.only(set(shown)))
    items = [_entry(key, published.find(key), after.get(key)) for key in shown]
    return answer_page(items, limit=query["limit"], total=len(keys), following=following)


def list_releases(query: Mapping[str, Any]) -> Response:
    """The history."""
    limit = query["limit"]
    before = number_of(query["cursor"], "releases") if "cursor" in query else None
    with database().reading() as connection:
        rows = read_releases(connection, before=before, limit=limit + 1)
        newest = read_releases(connection, before=None, limit=1)
        items = _releases(connection, rows[:limit])
    following = cursors.encode("releases", [str(items[-1]["revision"])]) if len(rows) > limit else None
    # Revisions have no gaps: the newest one is how many there are.
    return answer_page(items, limit=limit, total=newest[0].revision if newest else 0, following=following)


def get_release(query: Mapping[str, Any], revision: int) -> Response:
    """One release."""
    with database().reading() as connection:
        row = read_release(connection, revision)
        keys = read_entry_keys(connection, revision)
        shown, following = _page_of(keys, query, "release", revision)
        entries = read_entries(connection, revision, shown)
        described = _releases(connection, [row])[0]
    page = {"limit": query["limit"], "total": len(keys), "next": following}
    items = [_entry(each.key, each.before, each.after) for each in entries]
    response = answer_json({**described, "items": items, "page": page})
    response.headers["Link"] = page_links(following)
    return response


def create_release(_query: Mapping[str, Any]) -> Response:
    """Releases."""
    content = read_body(JSON)
    asked = load(release_request(installed_catalogue()), parse_object(content))

    def work(connection: Connection, now: datetime) -> Answer:
        pending = find_pending(connection, installed_catalogue())
        if pending and "items" in asked:
            pending = _named(connection, pending, asked["items"], installed_catalogue())
        released = release(connection, installed_catalogue(), note=asked.get("note"), now=now, pending=pending)
        return _released(connection, released, "release", now, {"note": asked.get("note")})

    return write(work, repeatable=content)


def _named(
    connection: Connection, pending: Pending, items: Sequence[Mapping[str, str]], catalogue: Catalogue
) -> Pending:
    there = pending.keys()
    unknown = [
        Fault(f"/items/{index}", f"Nothing of {catalogue[each['kind']].collection}/{each['slug']} is pending.")
        for index, each in enumerate(items)
        if (each["kind"], each["slug"]) not in there
    ]
    if unknown:
        raise InvalidDrafts(unknown)
    return pending.only(with_renames(connection, catalogue, pending, {(each["kind"], each["slug"]) for each in items}))


def _released(
    connection: Connection, released: Released, action: str, now: datetime, detail: Mapping[str, Any]
) -> Answer:
    target = _target(released.revision)
    audit.record(connection, holder(), action, target, now=now, request_id=request_id(), detail=detail)
    described = _releases(connection, [read_release(connection, released.revision)])[0]
    return Answer(201, described, {"Location": f"/v1/admin/{target}"})


def create_rollback(_query: Mapping[str, Any]) -> Response:
    """Goes back to an earlier revision."""
    content = read_body(JSON)
    asked = load(RollbackRequest, parse_object(content))

    def work(connection: Connection, now: datetime) -> Answer:
        released = roll_back(
            connection,
            installed_catalogue(),
            asked["revision"],
            note=asked.get("note"),
            discard_pending=asked["discard_pending"],
            now=now,
        )
        return _released(connection, released, "rollback", now, {"to": asked["revision"]})

    return write(work, repeatable=content)


def blueprint(kinds: Catalogue) -> AdminBlueprint:
    """The operations, of which one may name entities of these kinds."""
    description = "What is pending, releases, and going back."
    made = AdminBlueprint("admin-releases", __name__, url_prefix="/v1/admin", description=description)
    made.admin(
        "/pending",
        operation_id="getPending",
        summary="See what a release would change",
        description="Every entity whose draft differs from what is published, before and after, field by field.",
        scopes=READ,
        schema=EntryPage,
        example={"items": [ENTRY], "page": {"limit": 1000, "total": 1, "next": None}},
        query=EntryQuery,
        problems=("malformed-cursor",),
    )(get_pending)
    made.admin(
        "/releases",
        operation_id="listReleases",
        summary="List the releases",
        description="The history, the newest release first.",
        scopes=READ,
        schema=ReleasePage,
        example={"items": [EXAMPLE], "page": {"limit": 20, "total": 2, "next": None}},
        query=PageQuery,
        problems=("malformed-cursor",),
    )(list_releases)
    made.admin(
        "/releases/<number:revision>",
        operation_id="getRelease",
        summary="Get one release",
        description="The release with the drafts of each entity before and after it, a page at a time.",
        scopes=READ,
        schema=ReleaseDetail,
        example={**EXAMPLE, "items": [ENTRY], "page": {"limit": 1000, "total": 1, "next": None}},
        query=EntryQuery,
        problems=("not-found", "malformed-cursor"),
    )(get_release)
    made.admin(
        "/releases",
        method="POST",
        operation_id="createRelease",
        summary="Release what is pending",
        description=(
            "Publishes everything that is pending, or the named part of it, as one revision. A renamed entity may be"
            " named by either slug. 409 where nothing is pending, or with the list of what would refer to something"
            " unpublished or break a rule."
        ),
        scopes=RELEASE,
        status=201,
        schema=ReleaseDocument,
        example=EXAMPLE,
        body=release_request(kinds),
        problems=("invalid-draft",),
        headers=("Idempotency-Key",),
    )(create_release)
    made.admin(
        "/rollbacks",
        method="POST",
        operation_id="createRollback",
        summary="Go back to an earlier revision",
        description=(
            "Makes the catalogue of that revision current as a new release. The working copies of what changed since"
            " go back too: 409 with the list where one holds unreleased edits, unless `discard_pending`. What did not"
            " exist then is unpublished and stays as a draft."
        ),
        scopes=RELEASE,
        status=201,
        schema=ReleaseDocument,
        example=EXAMPLE,
        body=RollbackRequest,
        problems=("not-found", "invalid-draft"),
        headers=("Idempotency-Key",),
    )(create_rollback)
    return made
