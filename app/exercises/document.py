"""Rendering an exercise's draft as its public document. Pure functions."""

from collections.abc import Iterator, Mapping, Sequence

from app.content.content_type import Context, Document, FacetValue, Rendered
from app.content.document_parts import (
    choice_words,
    citations,
    cited_source,
    dose,
    media,
    own_licence,
    review,
    session_seconds,
    term_words,
    terms,
    texts,
)
from app.content.mapping import Draft
from app.search.index import SearchText

_FACETS_OF_SLUGS = (
    ("region", "regions"),
    ("equipment", "equipment"),
    ("benefit", "benefits"),
    ("contraindication", "contraindications"),
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
        "contraindications": [
            context.named("term", condition["slug"]) | {"note": context.text(condition.get("note"))}
            for condition in draft.get("contraindications", ())
        ],
        "steps": [
            {
                "number": number,
                **{key: context.text(step.get(key)) for key in ("instruction", "cue", "breathing")},
                "hold_seconds": step.get("hold_seconds"),
            }
            for number, step in enumerate(draft.get("steps", ()), start=1)
        ],
        "levels": [
            {
                "intensity": level["intensity"],
                **{key: context.text(level.get(key)) for key in ("label", "adjustment", "sensation")},
                "dose": dose(level.get("dose")),
                "seconds": session_seconds(level.get("dose")),
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
        "media": media(draft, context),
        "licence": own_licence(draft, context),
        "review": review(draft),
    }
    ordered = sorted(set(facets(document)), key=lambda facet: facet[:3])
    return Rendered(document, ordered, search_text(document, context))


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
        yield FacetValue("level", str(level["intensity"]), "", level["seconds"])
    yield FacetValue("type", document["type"])
    yield FacetValue("professional", document["guidance"]["professional"])
    if document["position"]:
        yield FacetValue("position", document["position"])
