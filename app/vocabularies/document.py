"""Rendering a term's draft as its public document. Pure functions."""

from app.content.content_type import Context, Document, FacetValue, Rendered
from app.content.document_parts import terms, texts
from app.content.mapping import Draft
from app.search.index import SearchText


def render(draft: Draft, context: Context) -> Rendered:
    """The document of a term, and its facets."""
    document: Document = {
        "vocabulary": draft["vocabulary"],
        "name": context.text(draft["name"]),
        "aliases": texts(draft.get("aliases"), context),
        "description": context.text(draft.get("description")),
        "see_professional_if": [
            {"text": context.text(sign["text"]), "urgency": sign["urgency"]}
            for sign in draft.get("see_professional_if", ())
        ],
        "symptom": draft.get("symptom", False),
        "codes": [
            {"system": code["system"], "code": code["code"], "url": code.get("url")} for code in draft.get("codes", ())
        ],
        "latin_name": draft.get("latin_name"),
        "regions": terms(draft.get("regions"), context),
        "spdx": draft.get("spdx"),
        "url": draft.get("url"),
    }
    search = SearchText(
        document["name"],
        [*document["aliases"], document["latin_name"]],
        [region["name"] for region in document["regions"]],
        [document["description"]],
    )
    return Rendered(document, [FacetValue("vocabulary", draft["vocabulary"])], search)
