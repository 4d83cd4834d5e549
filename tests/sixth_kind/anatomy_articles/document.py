"""An article's draft as its public document."""

from app.content.content_type import Context, Document, FacetValue, Rendered
from app.content.document_parts import term_words, terms
from app.content.mapping import Draft
from app.search.index import SearchText


def render(draft: Draft, context: Context) -> Rendered:
    """The document of an article, and its facets."""
    regions = draft.get("regions", [])
    document: Document = {
        "name": context.text(draft["name"]),
        "summary": context.text(draft.get("summary")),
        "regions": terms(regions, context),
        "text": context.text(draft["text"]),
    }
    search = SearchText(document["name"], (), term_words(regions, context), [document["summary"], document["text"]])
    return Rendered(document, [FacetValue("region", slug) for slug in regions], search)
