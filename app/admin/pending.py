"""`/v1/admin/pending`: what a release would change."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from app.admin.operations import answer_page, moment
from app.admin.release_answers import READ, blueprint, page_of, shown_entry
from app.admin.release_schemas import PENDING_ENTRY, EntryQuery, PendingPage
from app.content.published import Published
from app.delivery.routes import installed_catalogue
from app.releasing.pending import find_pending, gaps_of, pending_drafts, pending_edits
from app.web.installed import database


@blueprint.admin(
    "/pending",
    operation_id="getPending",
    summary="See what a release would change",
    description=(
        "Every entity whose draft differs from what is published, before and after, field by field; who changed it"
        " last, and whether it is ready to be released or what it lacks."
    ),
    scopes=READ,
    schema=PendingPage,
    example={"items": [PENDING_ENTRY], "page": {"limit": 1000, "total": 1, "next": None}},
    query=EntryQuery,
)
def get_pending(query: Mapping[str, Any]) -> Response:
    """What a release would change."""
    with database().reading() as connection:
        pending = find_pending(connection, installed_catalogue())
        keys = sorted(pending.keys())
        shown, following = page_of(keys, query, "pending")
        published = Published(connection, installed_catalogue())
        published.read(shown)
        after = pending_drafts(connection, installed_catalogue(), pending.only(set(shown)))
        edits = pending_edits(connection, installed_catalogue(), pending, shown)
        gaps = gaps_of(connection, installed_catalogue(), after)
        before = {key: published.find(key) for key in shown}
    items = [
        {
            **shown_entry(key, before[key], after.get(key)),
            "changed_by": edits[key].by if key in edits else None,
            "changed_at": moment(edits[key].at) if key in edits else None,
            "ready": key not in gaps,
            "gaps": [{"pointer": gap.place, "detail": gap.detail} for gap in gaps.get(key, ())],
        }
        for key in shown
    ]
    return answer_page(items, limit=query["limit"], total=len(keys), following=following)
