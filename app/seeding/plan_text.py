"""Plans as text for the terminal."""

import json
from collections.abc import Iterator
from typing import Any

from app.content.content_type import Catalogue
from app.editing.plan import Plan
from app.seeding.field_names import field_name

VALUE_LENGTH = 100


def describe(plan: Plan, catalogue: Catalogue) -> Iterator[str]:
    """A line for each entity that the plan changes, and a line for each of its changed fields."""
    for kind, slug in plan.created:
        yield f"+ {catalogue[kind].collection}/{slug}"
    for update in plan.updated:
        kind, slug = update.key
        collection = catalogue[kind].collection
        was = f" (was {collection}/{update.former})" if update.former else ""
        back = " (back from retirement)" if update.restored else ""
        yield f"~ {collection}/{slug}{was}{back}"
        for change in update.fields:
            yield f"    {field_name(change.pointer)}: {value_text(change.before)} → {value_text(change.after)}"
    for kind, slug in plan.deleted:
        yield f"- {catalogue[kind].collection}/{slug}"


def describe_incomplete(plan: Plan, catalogue: Catalogue) -> Iterator[str]:
    """What the drafts lack that could not be released, entity by entity."""
    for (kind, slug), gaps in plan.incomplete.items():
        yield f"! {catalogue[kind].collection}/{slug} is incomplete, and cannot be released:"
        for gap in gaps:
            yield f"    {field_name(gap.place)}: {gap.detail}"


def summary(plan: Plan, verb: str) -> str:
    """A sentence with the numbers of entities created, updated, deleted and left. `verb`: `would be` or `were`."""
    changed = f"{len(plan.created)} {verb} created, {len(plan.updated)} updated, {len(plan.deleted)} deleted"
    kept = f", {len(plan.kept)} not in the files and kept" if plan.kept else ""
    return f"{changed}; {len(plan.unchanged)} unchanged{kept}."


def value_text(value: Any) -> str:
    """A value as JSON, cut where it is long."""
    if value is None:
        return "(none)"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= VALUE_LENGTH else f"{text[: VALUE_LENGTH - 1]}…"
