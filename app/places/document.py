"""Rendering a place's draft as its public document. Pure functions."""

from app.content.content_type import Context, Document, FacetValue, Rendered
from app.content.document_parts import choice_words, cited_source, term_words, terms
from app.content.mapping import Draft
from app.search.index import Coordinates, SearchText

ADDRESS = ("street", "locality", "region", "postal_code", "country")


def degrees(value: float | None) -> float | int | None:
    """A coordinate in degrees to five decimals (about a metre), in a form that all JSON writers spell alike.

    JSON writers differ in `1.0` and in exponents, so whole degrees are integers, and less than 0.0001 is zero.
    """
    if value is None:
        return None
    rounded = round(value, 5)
    return int(rounded) if rounded.is_integer() or abs(rounded) < 0.0001 else rounded


def render(draft: Draft, context: Context) -> Rendered:
    """The document of a place, and its facets."""
    address = draft.get("address")
    professionals = dict.fromkeys([*draft.get("professionals", ()), *context.naming("source", "places")])
    document: Document = {
        "name": context.text(draft["name"]),
        "summary": context.text(draft.get("summary")),
        "type": draft["type"],
        "address": {key: address.get(key) for key in ADDRESS} if address else None,
        "latitude": degrees(draft.get("latitude")),
        "longitude": degrees(draft.get("longitude")),
        "services": terms(draft.get("services"), context),
        "professionals": [cited_source(slug, context) for slug in professionals],
        "url": draft.get("url"),
        "phone": draft.get("phone"),
    }
    facets = [FacetValue("type", draft["type"])]
    facets += [FacetValue("service", slug) for slug in draft.get("services", ())]
    if address and "country" in address:
        facets.append(FacetValue("country", address["country"]))
    words = choice_words([draft["type"]], context) + term_words(draft.get("services", []), context)
    lines = list(address.values()) if address else []
    search = SearchText(
        document["name"],
        (),
        [*words, *lines, *(professional["title"] for professional in document["professionals"])],
        [document["summary"]],
    )
    coordinates = Coordinates(draft["latitude"], draft["longitude"]) if "latitude" in draft else None
    return Rendered(document, facets, search, coordinates)
