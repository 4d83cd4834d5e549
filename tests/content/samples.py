"""The smallest valid drafts of each kind; a test adds the fields that it is about."""

from typing import Any

Draft = dict[str, Any]


def term(slug: str, vocabulary: str = "muscles", **fields: Any) -> Draft:
    """A term; a licence with what licences must have."""
    if vocabulary == "licences":
        fields = {"spdx": "CC-BY-4.0", "url": "https://creativecommons.org/licenses/by/4.0/"} | fields
    return {"slug": slug, "vocabulary": vocabulary, "name": slug.capitalize()} | fields


def exercise(slug: str, **fields: Any) -> Draft:
    """An exercise with one step and the levels 1 and 3, which it has no dose for. It cannot be released so."""
    return {
        "slug": slug,
        "name": slug.capitalize(),
        "type": "stretch",
        "steps": [{"instruction": "Stand up."}],
        "levels": [{"intensity": 1}, {"intensity": 3}],
    } | fields


DOSE = {"sets": 1, "repetitions": 2, "move_seconds": 3, "times_per_day": 1, "days_per_week": 7}
UNASSESSED = {"assessed": False}

LICENCE = "cc-by"
"""The licence of complete samples; its term has to be brought with them."""


def complete(draft: Draft) -> Draft:
    """A sample of an exercise or a routine with all that a release needs; its licence is `LICENCE`."""
    whole = {**draft, "licence": {"slug": LICENCE}}
    if "stages" not in draft:
        whole["levels"] = [{**level, "dose": level.get("dose") or dict(DOSE)} for level in draft["levels"]]
        whole["safety"] = draft.get("safety") or dict(UNASSESSED)
    return whole


ASSESSED = {"assessed": True, "assessed_on": "2026-01-02", "by": "editor"}
"""The safety of an exercise that was weighed for no condition but those that it rules out."""


def assessed(*conditions: str) -> Draft:
    """The safety of an exercise that was weighed for these conditions."""
    return {**ASSESSED, "conditions": list(conditions)}


def routine(slug: str, *exercises: str, **fields: Any) -> Draft:
    """A routine of one stage, each exercise at intensity 1."""
    items = [{"exercise": each, "intensity": 1} for each in exercises]
    return {"slug": slug, "name": slug.capitalize(), "goal": "relieve", "stages": [stage(*items)]} | fields


def stage(*items: Draft, **fields: Any) -> Draft:
    """A stage of the given items."""
    return {"name": "Stage", "items": list(items)} | fields


def source(slug: str, kind: str = "book", **fields: Any) -> Draft:
    """A source of one of the four types."""
    return {"slug": slug, "type": kind, "title": slug.capitalize()} | fields


def place(slug: str, **fields: Any) -> Draft:
    """A place."""
    return {"slug": slug, "name": slug.capitalize(), "type": "clinic"} | fields
