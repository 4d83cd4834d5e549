"""Where each field of a place's draft is stored: which table, which column."""

from app.content.common_fields import SOURCE, term
from app.content.mapping import Children, Group, Mapped, Named, Plain, Text
from app.models import place as m
from app.models.tables import table_of
from app.places.schemas import PlaceDraft

OWNER = ("place_id",)

MAPPED = Mapped(
    table=table_of(m.Place),
    fields=(
        Text("name"),
        Text("summary"),
        Plain("type"),
        Group("address", (Plain("street"), Plain("locality"), Plain("region"), Plain("postal_code"), Plain("country"))),
        Plain("latitude"),
        Plain("longitude"),
        Plain("url"),
        Plain("phone"),
    ),
    children=(
        Children("services", table_of(m.PlaceService), OWNER, term("services")),
        Children(
            "professionals", table_of(m.PlaceProfessional), OWNER, (Named("", "source_id", SOURCE, "professional"),)
        ),
    ),
    order=tuple(PlaceDraft().fields),
)
