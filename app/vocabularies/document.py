"""A term's draft as its public document."""

from app.content.content_type import Context, FacetValue, Rendered
from app.content.document_parts import terms, texts
from app.content.mapping import Draft
from app.search.index import SearchText


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
    search = SearchText(
        str(document["name"]),
        [*texts(draft.get("aliases"), context), draft.get("latin_name")],
        [each["name"] for each in terms(draft.get("regions"), context)],
        [context.text(draft.get("description"))],
    )
    return Rendered(document, [FacetValue("vocabulary", draft["vocabulary"])], search)
