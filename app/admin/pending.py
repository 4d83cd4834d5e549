"""`/v1/admin/pending`: what a release would change."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from app.admin.operations import answer_page
from app.admin.release_answers import READ, blueprint, page_of, shown_entry
from app.admin.release_schemas import ENTRY, EntryPage, EntryQuery
from app.content.published import Published
from app.delivery.routes import installed_catalogue
from app.releasing.pending import find_pending, pending_drafts
from app.web.installed import database


@blueprint.admin(
    "/pending",
    operation_id="getPending",
    summary="See what a release would change",
    description="Every entity whose draft differs from what is published, before and after, field by field.",
    scopes=READ,
    schema=EntryPage,
    example={"items": [ENTRY], "page": {"limit": 1000, "total": 1, "next": None}},
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
    items = [shown_entry(key, published.find(key), after.get(key)) for key in shown]
    return answer_page(items, limit=query["limit"], total=len(keys), following=following)
