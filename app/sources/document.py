"""Rendering a source's draft as its public document. Pure functions."""

from app.content.content_type import Context, Document, FacetValue, Rendered
from app.content.document_parts import choice_words, term_words, terms
from app.content.mapping import Draft
from app.search.index import SearchText

OWN_FIELDS = {
    "book": ("authors", "publisher", "year", "isbn", "edition"),
    "video": ("creator", "platform", "duration_seconds", "published_on"),
    "professional": ("profession", "organisation", "credentials", "services", "places"),
    "online": ("publisher", "published_on", "accessed_on"),
}


def render(draft: Draft, context: Context) -> Rendered:
    """The document of a source, and its facets."""
    exercises, routines = (context.naming(kind, "citations") for kind in ("exercise", "routine"))
    document: Document = {
        "type": draft["type"],
        "title": draft["title"],
        "summary": context.text(draft.get("summary")),
        "url": draft.get("url"),
        "citations_count": len(exercises) + len(routines),
        **{key: draft.get(key) for key in OWN_FIELDS[draft["type"]]},
    }
    if draft["type"] == "book":
        document["authors"] = draft.get("authors", [])
    if draft["type"] == "professional":
        document["services"] = terms(draft.get("services"), context)
        document["places"] = _places(draft, context)
    facets = [FacetValue("type", draft["type"])]
    facets += [FacetValue("exercise", slug) for slug in exercises]
    people = [*draft.get("authors", ()), draft.get("creator"), draft.get("publisher"), draft.get("organisation")]
    words = choice_words([draft["type"]], context) + term_words(draft.get("services", []), context)
    described = [document["summary"], draft.get("profession"), draft.get("platform")]
    search = SearchText(document["title"], people, words, [text for text in described if isinstance(text, str)])
    return Rendered(document, facets, search)


def _places(draft: Draft, context: Context) -> list[Document]:
    """The places that a professional names, then those that name the professional."""
    slugs = dict.fromkeys([*draft.get("places", ()), *context.naming("place", "professionals")])
    return [context.named("place", slug) for slug in slugs]
