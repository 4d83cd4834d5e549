"""Rendering an exercise's draft as its public document. Pure functions."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.content.content_type import Context, Document, FacetValue, Rendered
from app.content.document_parts import (
    choice_words,
    citations,
    cited_source,
    dose,
    media,
    own_licence,
    review,
    term_words,
    terms,
    texts,
)
from app.content.mapping import Draft
from app.models.dose import STRONGEST
from app.models.exercise import PROFESSIONAL
from app.search.index import SearchText
from app.timelines.durations import session_seconds

_FACETS_OF_SLUGS = (
    ("region", "regions"),
    ("equipment", "equipment"),
    ("benefit", "benefits"),
)

OPPOSITE = {"easier": "harder", "harder": "easier"}


def render(draft: Draft, context: Context) -> Rendered:
    """The document of an exercise, and its facets."""
    document: Document = {
        "name": context.text(draft["name"]),
        "aliases": texts(draft.get("aliases"), context),
        "summary": context.text(draft.get("summary")),
        "type": draft["type"],
        "position": draft.get("position"),
        "regions": terms(draft.get("regions"), context),
        "muscles": _terms_with("role", draft.get("muscles"), context),
        "equipment": terms(draft.get("equipment"), context),
        "conditions": _terms_with("purpose", draft.get("conditions"), context),
        "benefits": terms(draft.get("benefits"), context),
        "demands": [
            {"demand": demand["demand"], "from_intensity": demand.get("from_intensity", 1)}
            for demand in draft.get("demands", ())
        ],
        "contraindications": [
            _noted(condition, context) | {"from_intensity": condition.get("from_intensity", 1)}
            for condition in draft.get("contraindications", ())
        ],
        "safety": _safety(draft, context),
        "steps": [
            {
                "number": number,
                **{key: context.text(step.get(key)) for key in ("instruction", "cue", "breathing")},
                "part": step.get("part"),
            }
            for number, step in enumerate(draft.get("steps", ()), start=1)
        ],
        "levels": [
            {
                "intensity": level["intensity"],
                **{key: context.text(level.get(key)) for key in ("label", "adjustment", "sensation")},
                "dose": dose(level.get("dose")),
                "seconds": session_seconds(level.get("dose"), draft),
                "professional": level_professional(draft, level),
                "contraindications": [
                    condition["slug"]
                    for condition in draft.get("contraindications", ())
                    if condition.get("from_intensity", 1) <= level["intensity"]
                ],
            }
            for level in draft.get("levels", ())
        ],
        "guidance": {
            "professional": draft["guidance"]["professional"],
            "note": context.text(draft["guidance"].get("note")),
        },
        "precautions": texts(draft.get("precautions"), context),
        "stop_if": texts(draft.get("stop_if"), context),
        "tips": [
            {
                "text": context.text(tip["text"]),
                "condition": context.named("term", tip["condition"]) if "condition" in tip else None,
                "source": cited_source(tip["source"], context) if "source" in tip else None,
            }
            for tip in draft.get("tips", ())
        ],
        "easier": progressions(draft, "easier", context),
        "harder": progressions(draft, "harder", context),
        "citations": citations(draft, context),
        "evidence": _evidence(draft.get("evidence"), context),
        "media": media(draft, context),
        "licence": own_licence(draft, context),
        "review": review(draft),
    }
    ordered = sorted(set(facets(document)), key=lambda facet: facet[:3])
    return Rendered(document, ordered, search_text(document, context))


def level_professional(draft: Draft, level: Mapping[str, Any]) -> str:
    """Whether a professional should go through a level first: what the exercise says, unless the level asks for more.

    "The level asks for more" is a rule of the draft; among the two, the stricter holds.
    """
    asked = (str(draft["guidance"]["professional"]), str(level.get("professional", PROFESSIONAL[0])))
    return max(asked, key=PROFESSIONAL.index)


def _noted(entry: Mapping[str, Any], context: Context) -> Document:
    return context.named("term", entry["slug"]) | {"note": context.text(entry.get("note"))}


def weighed(draft: Draft) -> list[str]:
    """The slugs of the conditions that an exercise's safety was weighed for; what it rules out was weighed, too."""
    safety = draft.get("safety") or {}
    if not safety.get("assessed"):
        return []
    ruled_out = [condition["slug"] for condition in draft.get("contraindications", ())]
    return list(dict.fromkeys([*safety.get("conditions", ()), *ruled_out]))


def _safety(draft: Draft, context: Context) -> Document:
    safety = draft.get("safety") or {}
    return {
        "assessed": safety.get("assessed", False),
        "assessed_on": safety.get("assessed_on"),
        "by": safety.get("by"),
        "note": context.text(safety.get("note")),
        "conditions": [context.named("term", slug)["slug"] for slug in weighed(draft)],
        "exceptions": [_noted(exception, context) for exception in safety.get("exceptions", ())],
    }


def _evidence(evidence: Mapping[str, Any] | None, context: Context) -> Document | None:
    if not evidence:
        return None
    return {
        "level": evidence["level"],
        "statement": context.text(evidence["statement"]),
        "citations": [cited_source(slug, context) for slug in evidence.get("citations", ())],
    }


def _terms_with(key: str, entries: Sequence[Mapping[str, str]] | None, context: Context) -> list[Document]:
    return [context.named("term", entry["slug"]) | {key: entry[key]} for entry in entries or ()]


def search_text(document: Document, context: Context) -> SearchText:
    """The texts that an exercise is found by. Contraindications are not among them: nobody looks for those."""
    keys = ("regions", "muscles", "equipment", "conditions", "benefits")
    slugs = dict.fromkeys(term["slug"] for key in keys for term in document[key])
    choices = choice_words([document["type"], document["position"]], context)
    steps = [text for step in document["steps"] for text in (step["instruction"], step["cue"], step["breathing"])]
    return SearchText(
        document["name"],
        document["aliases"],
        [*choices, *term_words(list(slugs), context)],
        [document["summary"], *steps, *(tip["text"] for tip in document["tips"])],
    )


def progressions(draft: Draft, direction: str, context: Context) -> list[Document]:
    """The easier or harder exercises: those that the draft names, then those that name it the other way round.

    Example: a plank that names the knee plank as `easier` is the knee plank's `harder`, with the same `why`, unless
    the knee plank gives a reason of its own.
    """
    others: dict[str, Document] = {}
    for entry in draft.get(direction, ()):
        others[entry["slug"]] = {**context.named("exercise", entry["slug"]), "why": context.text(entry.get("why"))}
    for slug in context.naming("exercise", OPPOSITE[direction]):
        other = context.draft("exercise", slug)
        why = next(entry.get("why") for entry in other[OPPOSITE[direction]] if entry["slug"] == draft["slug"])
        known = others.setdefault(other["slug"], {**context.named("exercise", other["slug"]), "why": None})
        known["why"] = known["why"] or context.text(why)
    return list(others.values())


def facets(document: Document) -> Iterator[FacetValue]:
    """The values that an exercise is filtered by."""
    for name, key in _FACETS_OF_SLUGS:
        yield from (FacetValue(name, term["slug"]) for term in document[key])
    for muscle in document["muscles"]:
        yield FacetValue("muscle", muscle["slug"], muscle["role"])
    for condition in document["conditions"]:
        yield FacetValue("condition", condition["slug"], condition["purpose"])
    for source in (citation["source"] for citation in document["citations"]):
        yield FacetValue("source", source["slug"])
        yield FacetValue("source_type", source["type"])
    for level in document["levels"]:
        yield FacetValue("level", str(level["intensity"]), level["professional"], level["seconds"])
    if document["safety"]["assessed"]:
        yield FacetValue("assessed", "true")
    yield from _safe(document)
    yield FacetValue("type", document["type"])
    yield FacetValue("professional", document["guidance"]["professional"])
    if document["position"]:
        yield FacetValue("position", document["position"])


def _safe(document: Document) -> Iterator[FacetValue]:
    """The conditions with which some level may be done; the number is the strongest one.

    A condition rules out levels from an intensity up, so that all levels up to that number may be done.
    """
    intensities = [level["intensity"] for level in document["levels"]]
    from_intensity = {entry["slug"]: entry["from_intensity"] for entry in document["contraindications"]}
    for slug in document["safety"]["conditions"]:
        below = from_intensity.get(slug, STRONGEST + 1)
        allowed = [intensity for intensity in intensities if intensity < below]
        if allowed:
            yield FacetValue("safe", slug, "", max(allowed))
