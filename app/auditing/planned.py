"""What the rules find in drafts that are about to be written, beside what the working copy has already."""

from collections.abc import Mapping

from sqlalchemy import Connection

from app.auditing.audit import findings_of
from app.auditing.findings import Content, Finding
from app.content.content_type import Catalogue, EntityKey
from app.content.mapping import Draft
from app.editing.stored import StoredDrafts


def stored_content(connection: Connection, catalogue: Catalogue) -> Content:
    """The whole working copy, without what is retired."""
    stored = StoredDrafts(connection, catalogue)
    return Content(catalogue, _drafts(stored, stored.expect_everything()))


def _drafts(stored: StoredDrafts, keys: list[EntityKey]) -> dict[EntityKey, Draft]:
    return {key: draft for key in keys if (draft := stored.draft(key)) is not None}


def planned_findings(
    connection: Connection, catalogue: Catalogue, drafts: Mapping[EntityKey, Draft], today: str
) -> dict[EntityKey, list[Finding]]:
    """The findings in each of these drafts that has any; `today` is an ISO date.

    Conditions, and the exercises of routines, are those of the drafts and else of the working copy.
    """
    stored = StoredDrafts(connection, catalogue)
    named = [("term", slug) for slug in stored.slugs("term", "conditions")]
    for (kind, _slug), draft in drafts.items():
        for stage in draft.get("stages", ()) if kind == "routine" else ():
            named += [("exercise", item["exercise"]) for item in stage.get("items", ())]
    missing = [key for key in dict.fromkeys(named) if key not in drafts]
    stored.expect(missing)
    content = Content(catalogue, drafts, _drafts(stored, [key for key in missing if stored.is_active(key)]))
    return {key: findings for key in drafts if (findings := findings_of(key, content, today))}
