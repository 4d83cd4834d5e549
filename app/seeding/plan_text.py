"""Plans as text for the terminal."""

import json
from collections.abc import Iterator
from types import MappingProxyType
from typing import Any

from app.content.content_type import Catalogue
from app.editing.plan import Plan
from app.seeding.field_names import field_name
from app.seeding.finding_text import Found, beside, unweighed

VALUE_LENGTH = 100


def describe(plan: Plan, catalogue: Catalogue, found: Found = MappingProxyType({})) -> Iterator[str]:
    """A line for each entity that the plan changes, and a line for each of its changed fields.

    What the rules of content found stands below each; an exercise that stays as it is has a line if it is not weighed
    for a condition.
    """
    for kind, slug in plan.created:
        yield f"+ {catalogue[kind].collection}/{slug}"
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
    if value is None:
        return "(none)"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= VALUE_LENGTH else f"{text[: VALUE_LENGTH - 1]}…"
