"""Where each field of a routine's draft is stored: which table, which column."""

from app.content.common_fields import CITATION, DOSE, LICENCE, REVIEW, term
from app.content.mapping import Children, Mapped, Named, Plain, Text
from app.models import routine as m
from app.models.tables import table_of
from app.routines.schemas import RoutineDraft

OWNER = ("routine_id",)

ITEMS = Children(
    "items",
    table_of(m.Item),
    ("routine_id", "stage_number"),
    (Plain("section"), Named("exercise", "exercise_id", "exercise"), Plain("intensity"), DOSE, Text("note")),
)

MAPPED = Mapped(
    table=table_of(m.Routine),
    fields=(Text("name"), Text("summary"), Plain("goal"), LICENCE, REVIEW),
    children=(
        Children("conditions", table_of(m.RoutineCondition), OWNER, term("conditions")),
        Children("regions", table_of(m.RoutineRegion), OWNER, term("regions")),
        Children(
            "stages",
            table_of(m.Stage),
            OWNER,
            (Text("name"), Plain("weeks"), Plain("times_per_day"), Plain("days_per_week")),
            order="number",
            children=(ITEMS,),
        ),
        Children("citations", table_of(m.RoutineCitation), OWNER, CITATION),
    ),
    order=tuple(RoutineDraft().fields),
)
