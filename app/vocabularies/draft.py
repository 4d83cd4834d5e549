"""Where each field of a term's draft is stored: which table, which column."""

from app.content.mapping import Children, Mapped, Named, Plain, Text
from app.models.tables import table_of
from app.models.vocabulary import RedFlag, Term, TermCode, TermRegion, TermText
from app.vocabularies.schemas import TermDraft

OWNER = ("term_id",)


def _texts(key: str, name: str) -> Children:
    return Children(key, table_of(TermText), OWNER, (Text("", "text"),), constants={"list": name})


MAPPED = Mapped(
    table=table_of(Term),
    fields=(
        Plain("vocabulary"),
        Text("name"),
        Text("description"),
        Plain("latin_name"),
        Plain("spdx"),
        Plain("url"),
        Plain("symptom"),
    ),
    children=(
        _texts("aliases", "alias"),
        Children("see_professional_if", table_of(RedFlag), OWNER, (Text("text"), Plain("urgency"))),
        Children("codes", table_of(TermCode), OWNER, (Plain("system"), Plain("code"), Plain("url"))),
        Children("regions", table_of(TermRegion), OWNER, (Named("", "region_id", "term", "regions"),)),
    ),
    order=tuple(TermDraft().fields),
)
