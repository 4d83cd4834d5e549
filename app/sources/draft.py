"""How a source's draft lies in tables: one for all, and one for each type."""

from app.content.common_fields import term
from app.content.mapping import Children, Extension, Mapped, Named, Plain, Text
from app.models import source as m
from app.models.tables import table_of

OWNER = ("source_id",)

MAPPED = Mapped(
    table=table_of(m.Source),
    fields=(Plain("type"), Plain("title"), Text("summary"), Plain("url")),
    extensions=(
        Extension(
            "type",
            "book",
            table_of(m.Book),
            "source_id",
            (Plain("publisher"), Plain("year"), Plain("isbn"), Plain("edition")),
        ),
        Extension(
            "type",
            "video",
            table_of(m.Video),
            "source_id",
            (Plain("creator"), Plain("platform"), Plain("duration_seconds"), Plain("published_on")),
        ),
        Extension(
            "type",
            "professional",
            table_of(m.Professional),
            "source_id",
            (Plain("profession"), Plain("organisation"), Plain("credentials")),
        ),
        Extension(
            "type",
            "online",
            table_of(m.Online),
            "source_id",
            (Plain("publisher"), Plain("published_on"), Plain("accessed_on")),
        ),
    ),
    children=(
        Children("authors", table_of(m.BookAuthor), OWNER, (Plain("", "name"),)),
        Children("services", table_of(m.ProfessionalService), OWNER, term("services")),
        Children("places", table_of(m.ProfessionalPlace), OWNER, (Named("", "place_id", "place"),)),
    ),
    order=(
        "slug",
        "former_slugs",
        "type",
        "title",
        "summary",
        "url",
        "authors",
        "publisher",
        "year",
        "isbn",
        "edition",
        "creator",
        "platform",
        "duration_seconds",
        "profession",
        "organisation",
        "credentials",
        "services",
        "places",
        "published_on",
        "accessed_on",
    ),
)
