"""Rendering a routine's draft as its public document. Pure functions."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from app.content.content_type import Context, Document, FacetValue, Rendered
from app.content.document_parts import (
    choice_words,
    citations,
    dose,
    own_licence,
    review,
    term_words,
    terms,
)
from app.content.mapping import Draft
from app.exercises.document import level_professional, weighed
from app.models.exercise import PROFESSIONAL
from app.search.index import SearchText
from app.timelines.durations import change_seconds, session_seconds


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
    pairs = [(exercises[item["exercise"]["slug"]], item["intensity"]) for stage in stages for item in stage["items"]]
    intensities = [item["intensity"] for stage in stages for item in stage["items"]]
    document: Document = {
        "name": context.text(draft["name"]),
        "summary": context.text(draft.get("summary")),
        "goal": draft["goal"],
        "conditions": terms(draft.get("conditions"), context),
        "regions": terms(draft.get("regions"), context),
        "equipment": terms(list(equipment), context),
        "contraindications": _contraindications(pairs, context),
        "guidance": _guidance(pairs, context),
        "max_intensity": max(intensities, default=None),
        "seconds": max((stage["seconds"] for stage in stages), default=0),
        "stages": stages,
        "citations": citations(draft, context),
        "licence": own_licence(draft, context),
        "review": review(draft),
    }
    facets = {*_facets(document), *(FacetValue("safe", slug) for slug in _safe(pairs))}
    ordered = sorted(facets, key=lambda facet: facet[:3])
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
    items: list[Document] = []
    before: str | None = None
    for position, item in enumerate(draft.get("items", ()), start=1):
        exercise = exercises[item["exercise"]]
        rendered = _item(position, item, exercise, context)
        if rendered["seconds"] is not None:
            if any(other["seconds"] for other in items):
                rendered["seconds"] += change_seconds(before, exercise.get("position"))
            before = exercise.get("position")
        items.append(rendered)
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
        "seconds": session_seconds(resolved, exercise),
        "note": context.text(draft.get("note")),
    }


def _guidance(pairs: Sequence[tuple[Draft, int]], context: Context) -> Document:
    """The guidance of the strictest item: if one item needs a professional, the routine does."""
    asked = [(_professional(exercise, intensity), exercise["guidance"].get("note")) for exercise, intensity in pairs]
    strictest = max((professional for professional, _note in asked), key=PROFESSIONAL.index, default="none")
    notes = (note for professional, note in asked if professional == strictest)
    return {"professional": strictest, "note": context.text(next(filter(None, notes), None))}


def _professional(exercise: Draft, intensity: int) -> str:
    level: dict[str, Any] = next((level for level in exercise.get("levels", ()) if level["intensity"] == intensity), {})
    return level_professional(exercise, level)


def _contraindications(pairs: Sequence[tuple[Draft, int]], context: Context) -> list[Document]:
    """The conditions that hold at some item's level, each once, with the first note that says why."""
    notes: dict[str, Any] = {}
    for exercise, intensity in pairs:
        for condition in exercise.get("contraindications", ()):
            if condition.get("from_intensity", 1) <= intensity:
                notes[condition["slug"]] = notes.get(condition["slug"]) or condition.get("note")
    return [context.named("term", slug) | {"note": context.text(note)} for slug, note in notes.items()]


def _safe(pairs: Sequence[tuple[Draft, int]]) -> Iterable[str]:
    """The conditions with which every item may be done at its level."""
    safe: set[str] | None = None
    for exercise, intensity in pairs:
        ruled_out = {
            condition["slug"]
            for condition in exercise.get("contraindications", ())
            if condition.get("from_intensity", 1) <= intensity
        }
        allowed = set(weighed(exercise)) - ruled_out
        safe = allowed if safe is None else safe & allowed
    return safe or ()


def _facets(document: Document) -> Iterator[FacetValue]:
    for name, key in (
        ("condition", "conditions"),
        ("region", "regions"),
        ("equipment", "equipment"),
    ):
        yield from (FacetValue(name, term["slug"]) for term in document[key])
    for stage in document["stages"]:
        for item in stage["items"]:
            yield FacetValue("exercise", item["exercise"]["slug"])
    for citation in document["citations"]:
        yield FacetValue("source", citation["source"]["slug"])
    yield FacetValue("goal", document["goal"])
    yield FacetValue("level", str(document["max_intensity"] or 0), "", document["seconds"])
