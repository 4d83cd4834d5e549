"""Rendering a routine's draft as its public document. Pure functions."""

from collections.abc import Iterator
from typing import Any

from app.content.content_type import Context, Document, FacetValue, Rendered
from app.content.document_parts import (
    choice_words,
    citations,
    dose,
    own_licence,
    review,
    session_seconds,
    term_words,
    terms,
)
from app.content.mapping import Draft
from app.models.exercise import PROFESSIONAL
from app.search.index import SearchText


def render(draft: Draft, context: Context) -> Rendered:
    """The document of a routine, with the fields that follow from its items, and its facets."""
    exercises = {
        item["exercise"]: context.draft("exercise", item["exercise"])
        for stage in draft.get("stages", ())
        for item in stage.get("items", ())
    }
    stages = [
        _stage(number, stage, exercises, context) for number, stage in enumerate(draft.get("stages", ()), start=1)
    ]
    drafts = list(exercises.values())
    equipment = dict.fromkeys(slug for exercise in drafts for slug in exercise.get("equipment", ()))
    unsafe = dict.fromkeys(term["slug"] for exercise in drafts for term in exercise.get("contraindications", ()))
    intensities = [item["intensity"] for stage in stages for item in stage["items"]]
    document: Document = {
        "name": context.text(draft["name"]),
        "summary": context.text(draft.get("summary")),
        "goal": draft["goal"],
        "conditions": terms(draft.get("conditions"), context),
        "regions": terms(draft.get("regions"), context),
        "equipment": terms(list(equipment), context),
        "contraindications": terms(list(unsafe), context),
        "guidance": _guidance(drafts, context),
        "max_intensity": max(intensities, default=None),
        "seconds": max((stage["seconds"] for stage in stages), default=0),
        "stages": stages,
        "citations": citations(draft, context),
        "licence": own_licence(draft, context),
        "review": review(draft),
    }
    ordered = sorted(set(_facets(document)), key=lambda facet: facet[:3])
    return Rendered(document, ordered, _search_text(document, context))


def _search_text(document: Document, context: Context) -> SearchText:
    slugs = dict.fromkeys(term["slug"] for key in ("conditions", "regions", "equipment") for term in document[key])
    items = [item for stage in document["stages"] for item in stage["items"]]
    names = [item["exercise"]["name"] for item in items]
    return SearchText(
        document["name"],
        (),
        [*choice_words([document["goal"]], context), *term_words(list(slugs), context), *dict.fromkeys(names)],
        [document["summary"], *(stage["name"] for stage in document["stages"]), *(item["note"] for item in items)],
    )


def _stage(number: int, draft: dict[str, Any], exercises: dict[str, Draft], context: Context) -> Document:
    items = [
        _item(position, item, exercises[item["exercise"]], context)
        for position, item in enumerate(draft.get("items", ()), start=1)
    ]
    return {
        "number": number,
        "name": context.text(draft["name"]),
        "weeks": draft.get("weeks"),
        "times_per_day": draft.get("times_per_day"),
        "days_per_week": draft.get("days_per_week"),
        "seconds": sum(item["seconds"] or 0 for item in items),
        "items": items,
    }


def _item(position: int, draft: dict[str, Any], exercise: Draft, context: Context) -> Document:
    doses = {level["intensity"]: level.get("dose") for level in exercise.get("levels", ())}
    resolved = draft.get("dose") or doses.get(draft["intensity"])
    return {
        "position": position,
        "section": draft["section"],
        "exercise": context.named("exercise", exercise["slug"]),
        "intensity": draft["intensity"],
        "dose": dose(resolved),
        "seconds": session_seconds(resolved),
        "note": context.text(draft.get("note")),
    }


def _guidance(exercises: list[Draft], context: Context) -> Document:
    """The guidance of the strictest exercise: if one item needs a professional, the routine does."""
    guidances = [exercise["guidance"] for exercise in exercises]
    strictest = max((guidance["professional"] for guidance in guidances), key=PROFESSIONAL.index, default="none")
    notes = (guidance.get("note") for guidance in guidances if guidance["professional"] == strictest)
    return {"professional": strictest, "note": context.text(next(filter(None, notes), None))}


def _facets(document: Document) -> Iterator[FacetValue]:
    for name, key in (
        ("condition", "conditions"),
        ("region", "regions"),
        ("equipment", "equipment"),
        ("contraindication", "contraindications"),
    ):
        yield from (FacetValue(name, term["slug"]) for term in document[key])
    for stage in document["stages"]:
        for item in stage["items"]:
            yield FacetValue("exercise", item["exercise"]["slug"])
    for citation in document["citations"]:
        yield FacetValue("source", citation["source"]["slug"])
    yield FacetValue("goal", document["goal"])
    yield FacetValue("level", str(document["max_intensity"] or 0), "", document["seconds"])
