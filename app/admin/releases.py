"""`/v1/admin/releases`: the history of releases, and making one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Response
from sqlalchemy import Connection

from app.admin.bodies import read_request
from app.admin.operations import PageQuery, answer_json, answer_page, number_of
from app.admin.release_answers import READ, RELEASE, answer_released, blueprint, page_of, shown_entry, shown_releases
from app.admin.release_schemas import (
    ENTRY,
    EXAMPLE,
    EntryQuery,
    ReleaseDetail,
    ReleaseDocument,
    ReleasePage,
    release_request,
)
from app.admin.writing import Answer, write
from app.content.content_type import Catalogue
from app.delivery import cursors
from app.delivery.routes import installed_catalogue, page_links
from app.errors import Fault, InvalidDrafts
from app.releasing.history import read_entries, read_entry_keys, read_release, read_releases
from app.releasing.pending import Pending, find_pending, with_renames
from app.releasing.release import release
from app.releasing.signing import read_signer
from app.store.state import current_state
from app.web.installed import database, settings


@blueprint.admin(
    "/releases",
    operation_id="listReleases",
    summary="List the releases",
    description="The history, the newest release first.",
    scopes=READ,
    schema=ReleasePage,
    example={"items": [EXAMPLE], "page": {"limit": 20, "total": 2, "next": None}},
    query=PageQuery,
)
def list_releases(query: Mapping[str, Any]) -> Response:
    """The history."""
    limit = query["limit"]
    before = number_of(query["cursor"], "releases") if "cursor" in query else None
    with database().reading() as connection:
        rows = read_releases(connection, before=before, limit=limit + 1)
        total = current_state(connection).revision
        items = shown_releases(connection, rows[:limit])
    following = cursors.encode("releases", [str(items[-1]["revision"])]) if len(rows) > limit else None
    # Revisions have no gaps, so the newest one is the number of releases.
    return answer_page(items, limit=limit, total=total, following=following)


@blueprint.admin(
    "/releases/<number:revision>",
    operation_id="getRelease",
    summary="Get one release",
    description="The release with the drafts of each entity before and after it, a page at a time.",
    scopes=READ,
    schema=ReleaseDetail,
    example={**EXAMPLE, "items": [ENTRY], "page": {"limit": 1000, "total": 1, "next": None}},
    query=EntryQuery,
)
def get_release(query: Mapping[str, Any], revision: int) -> Response:
    """One release."""
    with database().reading() as connection:
        row = read_release(connection, revision)
        keys = read_entry_keys(connection, revision)
        shown, following = page_of(keys, query, "release", revision)
        entries = read_entries(connection, revision, shown)
        described = shown_releases(connection, [row])[0]
    page = {"limit": query["limit"], "total": len(keys), "next": following}
    items = [shown_entry(entry.key, entry.before, entry.after) for entry in entries]
    response = answer_json({**described, "items": items, "page": page})
    response.headers["Link"] = page_links(following)
    return response


@blueprint.admin(
    "/releases",
    method="POST",
    operation_id="createRelease",
    summary="Release what is pending",
    description=(
        "Publishes everything that is pending, or the named part of it, as one revision. A renamed entity may be named"
        " by either slug. 409 where nothing is pending, or with the list of what would refer to something unpublished"
        " or break a rule."
    ),
    scopes=RELEASE,
    schema=ReleaseDocument,
    example=EXAMPLE,
    body=release_request,
)
def create_release(_query: Mapping[str, Any]) -> Response:
    """Releases."""
    content, asked = read_request(release_request(installed_catalogue()))

    def work(connection: Connection, now: datetime) -> Answer:
        pending = find_pending(connection, installed_catalogue())
        if pending and "items" in asked:
            pending = _named(connection, pending, asked["items"], installed_catalogue())
        signer = read_signer(settings().signing_key_file)
        note = asked.get("note")
        released = release(connection, installed_catalogue(), note=note, now=now, pending=pending, signer=signer)
        return answer_released(connection, released, "release", now, note=note)

    return write(work, repeatable=content)


def _named(
    connection: Connection, pending: Pending, items: Sequence[Mapping[str, str]], catalogue: Catalogue
) -> Pending:
    keys = [(item["kind"], item["slug"]) for item in items]
    known = pending.keys()
    unknown = [
        Fault(f"/items/{index}", f"Nothing of {catalogue[kind].collection}/{slug} is pending.")
        for index, (kind, slug) in enumerate(keys)
        if (kind, slug) not in known
    ]
    if unknown:
        raise InvalidDrafts(unknown)
    return pending.only(with_renames(connection, catalogue, pending, set(keys)))
