"""Plans as text for the terminal."""

import json
from collections.abc import Iterator
from types import MappingProxyType
from typing import Any

from app.content.content_type import Catalogue
from app.editing.plan import Plan
from app.seeding.field_names import field_name
from app.seeding.finding_text import Found, beside, unweighed
from app.shapes.faults import pointer_step


def describe(plan: Plan, catalogue: Catalogue, found: Found = MappingProxyType({})) -> Iterator[str]:
    """A line for each entity that the plan changes, and a line for each of its changed fields; of a new one, for all.

    Values are shown whole: what a reader does not see here, nobody has checked. What the rules of content found stands
    below each; an exercise that stays as it is has a line if it is not weighed for a condition.
    """
    drafts = {(change.kind, change.draft["slug"]): change.draft for change in plan.changes}
    for kind, slug in plan.created:
        yield f"+ {catalogue[kind].collection}/{slug}"
        for pointer, value in _values(drafts[kind, slug]):
            yield f"    {field_name(pointer)}: {_value(value)}"
        yield from beside(found, (kind, slug))
    for update in plan.updated:
        kind, slug = update.key
        collection = catalogue[kind].collection
        was = f" (was {collection}/{update.former})" if update.former else ""
        back = " (back from retirement)" if update.restored else ""
        yield f"~ {collection}/{slug}{was}{back}"
        for change in update.fields:
            yield f"    {field_name(change.pointer)}: {_value(change.before)} → {_value(change.after)}"
        yield from beside(found, update.key)
    for kind, slug in plan.unchanged:
        if lines := unweighed(found, (kind, slug)):
            yield from (f"= {catalogue[kind].collection}/{slug}", *lines)
    for kind, slug in plan.deleted:
        yield f"- {catalogue[kind].collection}/{slug}"


def summary(plan: Plan, verb: str) -> str:
    """A sentence with the numbers of entities created, updated, deleted and left. `verb`: `would be` or `were`."""
    changed = f"{len(plan.created)} {verb} created, {len(plan.updated)} updated, {len(plan.deleted)} deleted"
    kept = f", {len(plan.kept)} not in the files and kept" if plan.kept else ""
    return f"{changed}; {len(plan.unchanged)} unchanged{kept}."


def _value(value: Any) -> str:
    return "(none)" if value is None else json.dumps(value, ensure_ascii=False)


def _values(draft: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """The texts, numbers and so on of a draft, each with its JSON pointer."""
    if isinstance(draft, dict | list) and draft:
        for key, value in draft.items() if isinstance(draft, dict) else enumerate(draft):
            yield from _values(value, f"{pointer}/{pointer_step(key)}")
    else:
        yield pointer, draft
