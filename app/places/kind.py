"""The declaration of the kind `place`."""

from app.content.common_fields import term_filter
from app.content.completeness import has
from app.content.content_type import ContentType, Examples, Filter
from app.models.place import PLACE_TYPES
from app.places.document import render
from app.places.draft import MAPPED
from app.places.schemas import PlaceDocument, PlaceDraft

PLACE = ContentType(
    kind="place",
    collection="places",
    description="Places to practise or to get advice.",
    examples=Examples(
        slug="hcpc-register",
        query="service=physiotherapy&country=GB",
        draft={"type": "clinic", "name": "A clinic"},
    ),
    draft_schema=PlaceDraft,
    document_schema=PlaceDocument,
    mapped=MAPPED,
    render=render,
    filters=(
        Filter("type", "Is of one of these types.", "type", choices=PLACE_TYPES),
        term_filter("service", "Gives one of these services.", "service", "services"),
        Filter("country", "Is in one of these countries (ISO 3166-1 alpha-2).", "country", country=True),
    ),
    located=True,
    shows=frozenset({("source", "places")}),
    parts=has("summary", "address", "services", "url"),
)
