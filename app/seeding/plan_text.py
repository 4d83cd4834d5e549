"""Plans as text for the terminal."""

import json
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from app.auditing.findings import Finding
from app.content.content_type import Catalogue, EntityKey
from app.editing.plan import Plan
from app.seeding.field_names import field_name

VALUE_LENGTH = 100


Found = Mapping[EntityKey, Sequence[Finding]]


def describe(plan: Plan, catalogue: Catalogue, findings: Found = MappingProxyType({})) -> Iterator[str]:
    """A line for each entity that the plan changes, with its changed fields and what the rules of content find in it.

    An exercise that stays as it is has a line where it is not weighed for a condition, which may be new.
    """
    for kind, slug in plan.created:
        yield f"+ {catalogue[kind].collection}/{slug}"
        yield from _warnings(findings.get((kind, slug), ()))
    for update in plan.updated:
        kind, slug = update.key
        collection = catalogue[kind].collection
        was = f" (was {collection}/{update.former})" if update.former else ""
        back = " (back from retirement)" if update.restored else ""
        yield f"~ {collection}/{slug}{was}{back}"
        for change in update.fields:
            yield f"    {field_name(change.pointer)}: {_value(change.before)} → {_value(change.after)}"
        yield from _warnings(findings.get(update.key, ()))
    for key in plan.unchanged:
        if unweighed := [each for each in findings.get(key, ()) if each.rule == "weighed" and not each.warns]:
            yield f"= {catalogue[key[0]].collection}/{key[1]}"
            yield from _warnings(unweighed)
    for kind, slug in plan.deleted:
        yield f"- {catalogue[kind].collection}/{slug}"


def _warnings(findings: Sequence[Finding]) -> Iterator[str]:
    return (f"    {described(finding)}" for finding in findings)


def described(finding: Finding) -> str:
    """A finding in one line, with its rule: `broken rule (times): levels[2].dose: It has no seconds …`."""
    field = f"{field_name(finding.pointer)}: " if finding.pointer else ""
    return f"{'warning' if finding.warns else 'broken rule'} ({finding.rule}): {field}{finding.message}"


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
