"""Where each field of a source's draft is stored. Each type has a table of its own beside the common one."""

from app.content.common_fields import term
from app.content.content_type import document_fields
from app.content.mapping import Children, Extension, Mapped, Named, Plain, Text
from app.models import source as m
from app.models.tables import table_of
from app.sources.schemas import SourceDraft
from app.store.database import Base

OWNER = ("source_id",)


def _type(name: str, model: type[Base], *columns: str) -> Extension:
    return Extension("type", name, table_of(model), "source_id", tuple(map(Plain, columns)))


MAPPED = Mapped(
    table=table_of(m.Source),
    fields=(Plain("type"), Plain("title"), Text("summary"), Plain("url")),
    extensions=(
        _type("book", m.Book, "publisher", "year", "isbn", "edition"),
        _type("video", m.Video, "creator", "platform", "duration_seconds", "published_on"),
        _type("professional", m.Professional, "profession", "organisation", "credentials"),
        _type("online", m.Online, "publisher", "published_on", "accessed_on"),
    ),
    children=(
        Children("authors", table_of(m.BookAuthor), OWNER, (Plain("", "name"),)),
        Children("services", table_of(m.ProfessionalService), OWNER, term("services")),
        Children("places", table_of(m.ProfessionalPlace), OWNER, (Named("", "place_id", "place"),)),
    ),
    order=document_fields(SourceDraft),
)
