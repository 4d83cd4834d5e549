"""An exercise's draft as its public document. Pure functions."""

from collections.abc import Iterator

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
        "muscles": [context.named("term", each["slug"]) | {"role": each["role"]} for each in draft.get("muscles", ())],
        "equipment": terms(draft.get("equipment"), context),
        "conditions": [
            context.named("term", each["slug"]) | {"purpose": each["purpose"]} for each in draft.get("conditions", ())
        ],
        "benefits": terms(draft.get("benefits"), context),
        "contraindications": [
            context.named("term", each["slug"]) | {"note": context.text(each.get("note"))}
            for each in draft.get("contraindications", ())
        ],
        "steps": [
            {
                "number": number,
                "instruction": context.text(each["instruction"]),
                "cue": context.text(each.get("cue")),
                "breathing": context.text(each.get("breathing")),
                "hold_seconds": each.get("hold_seconds"),
            }
            for number, each in enumerate(draft.get("steps", ()), start=1)
        ],
        "levels": [
            {
                "intensity": each["intensity"],
                "label": context.text(each.get("label")),
                "adjustment": context.text(each.get("adjustment")),
                "sensation": context.text(each.get("sensation")),
                "dose": dose(each.get("dose")),
                "seconds": session_seconds(each.get("dose")),
            }
            for each in draft.get("levels", ())
        ],
        "guidance": {
            "professional": draft["guidance"]["professional"],
            "note": context.text(draft["guidance"].get("note")),
        },
        "precautions": texts(draft.get("precautions"), context),
        "stop_if": texts(draft.get("stop_if"), context),
        "tips": [
            {
                "text": context.text(each["text"]),
                "condition": context.named("term", each["condition"]) if "condition" in each else None,
                "source": cited_source(each["source"], context) if "source" in each else None,
            }
            for each in draft.get("tips", ())
        ],
        "easier": progressions(draft, "easier", context),
        "harder": progressions(draft, "harder", context),
        "citations": citations(draft, context),
        "media": media(draft, context),
        "licence": own_licence(draft, context),
        "review": review(draft),
    }
    return Rendered(
        document, sorted(set(facets(document)), key=lambda facet: facet[:3]), search_text(document, context)
    )


def search_text(document: Document, context: Context) -> SearchText:
    """What an exercise is found by. Contraindications are not among it: nobody looks for what must be avoided."""
    keys = ("regions", "muscles", "equipment", "conditions", "benefits")
    slugs = dict.fromkeys(each["slug"] for key in keys for each in document[key])
    choices = choice_words([document["type"], document["position"]], context)
    steps = [text for step in document["steps"] for text in (step["instruction"], step["cue"], step["breathing"])]
    return SearchText(
        document["name"],
        document["aliases"],
        [*choices, *term_words(list(slugs), context)],
        [document["summary"], *steps, *(tip["text"] for tip in document["tips"])],
    )


def progressions(draft: Draft, direction: str, context: Context) -> list[Document]:
    """The exercises in one direction: those it declares, then those that declare it the other way round.

    A reason that only one side gives serves both: it says what tells the two apart.
    """
    others: dict[str, Document] = {}
    for each in draft.get(direction, ()):
        others[each["slug"]] = {**context.named("exercise", each["slug"]), "why": context.text(each.get("why"))}
    for slug in context.naming("exercise", OPPOSITE[direction]):
        other = context.draft("exercise", slug)
        why = next(each.get("why") for each in other[OPPOSITE[direction]] if each["slug"] == draft["slug"])
        known = others.setdefault(other["slug"], {**context.named("exercise", other["slug"]), "why": None})
        known["why"] = known["why"] or context.text(why)
    return list(others.values())


def facets(document: Document) -> Iterator[FacetValue]:
    """The values that an exercise is filtered by."""
    for name, key in (("region", "regions"), ("equipment", "equipment"), ("benefit", "benefits")):
        for each in document[key]:
            yield FacetValue(name, each["slug"])
    for each in document["muscles"]:
        yield FacetValue("muscle", each["slug"], each["role"])
    for each in document["conditions"]:
        yield FacetValue("condition", each["slug"], each["purpose"])
    for each in document["contraindications"]:
        yield FacetValue("contraindication", each["slug"])
    for each in document["citations"]:
        yield FacetValue("source", each["source"]["slug"])
        yield FacetValue("source_type", each["source"]["type"])
    for each in document["levels"]:
        yield FacetValue("level", str(each["intensity"]), "", each["seconds"])
    yield FacetValue("type", document["type"])
    yield FacetValue("professional", document["guidance"]["professional"])
    if document["position"]:
        yield FacetValue("position", document["position"])
