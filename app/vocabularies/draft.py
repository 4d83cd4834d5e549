"""How a term's draft lies in tables."""

from app.content.mapping import Children, Mapped, Named, Plain, Text
from app.models.tables import table_of
from app.models.vocabulary import Term, TermRegion, TermText

OWNER = ("term_id",)

MAPPED = Mapped(
    table=table_of(Term),
    fields=(
        Plain("vocabulary"),
        Text("name"),
        Text("description"),
        Plain("latin_name"),
        Plain("spdx"),
        Plain("url"),
    ),
    children=(
        Children("aliases", table_of(TermText), OWNER, (Text("", "text"),), constants={"list": "alias"}),
        Children(
            "see_professional_if",
            table_of(TermText),
            OWNER,
            (Text("", "text"),),
            constants={"list": "see_professional_if"},
        ),
        Children("regions", table_of(TermRegion), OWNER, (Named("", "region_id", "term", "regions"),)),
    ),
    order=(
        "slug",
        "former_slugs",
        "vocabulary",
        "name",
        "aliases",
        "description",
        "see_professional_if",
        "latin_name",
        "regions",
        "spdx",
        "url",
    ),
)
