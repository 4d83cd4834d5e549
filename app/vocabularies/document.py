"""A term's draft as its public document."""

from app.content.content_type import Context, FacetValue, Rendered
from app.content.mapping import Draft
from app.content.rendering import terms, texts


def render(draft: Draft, context: Context) -> Rendered:
    """The document of a term, and its facets."""
    document = {
        "vocabulary": draft["vocabulary"],
        "name": context.text(draft["name"]),
        "aliases": texts(draft.get("aliases"), context),
        "description": context.text(draft.get("description")),
        "see_professional_if": texts(draft.get("see_professional_if"), context),
        "latin_name": draft.get("latin_name"),
        "regions": terms(draft.get("regions"), context),
        "spdx": draft.get("spdx"),
        "url": draft.get("url"),
    }
    return Rendered(document, [FacetValue("vocabulary", draft["vocabulary"])])
