"""Where each field of an exercise's draft is stored: which table, which column."""

from app.content.common_fields import CITATION, DOSE, LICENCE, REVIEW, SOURCE, TERM, term
from app.content.mapping import Children, Field, Group, Mapped, Named, Plain, Text
from app.exercises.schemas import ExerciseDraft
from app.models import exercise as m
from app.models.tables import table_of
from app.store.database import Base

OWNER = ("exercise_id",)


FROM_INTENSITY = Plain("from_intensity")


def _rows(
    key: str, model: type[Base], *fields: Field, order: str = "position", numbered: bool = True, inside: str = ""
) -> Children:
    return Children(key, table_of(model), OWNER, fields, order=order, numbered=numbered, inside=inside)


def _texts(key: str, name: str) -> Children:
    return Children(key, table_of(m.ExerciseText), OWNER, (Text("", "text"),), constants={"list": name})


def _progressions(direction: str) -> Children:
    fields = (Named("slug", "other_id", "exercise"), Text("why"))
    return Children(direction, table_of(m.Progression), OWNER, fields, constants={"direction": direction})


MAPPED = Mapped(
    table=table_of(m.Exercise),
    fields=(
        Text("name"),
        Text("summary"),
        Plain("type"),
        Plain("position"),
        Group("guidance", (Plain("professional", "guidance_professional"), Text("note", "guidance_note"))),
        LICENCE,
        REVIEW,
        Group(
            "safety",
            (
                Plain("assessed", "safety_assessed"),
                Plain("assessed_on", "safety_assessed_on"),
                Plain("by", "safety_by"),
                Text("note", "safety_note"),
            ),
        ),
        Group("evidence", (Plain("level", "evidence_level"), Text("statement", "evidence_statement"))),
    ),
    children=(
        _texts("aliases", "alias"),
        _rows("regions", m.ExerciseRegion, *term("regions")),
        _rows("muscles", m.ExerciseMuscle, *term("muscles", "slug"), Plain("role")),
        _rows("equipment", m.ExerciseEquipment, *term("equipment")),
        _rows("conditions", m.ExerciseCondition, *term("conditions", "slug"), Plain("purpose")),
        _rows("benefits", m.ExerciseBenefit, *term("benefits")),
        _rows("demands", m.Demand, Plain("demand"), FROM_INTENSITY),
        _rows(
            "contraindications", m.ExerciseContraindication, *term("conditions", "slug"), Text("note"), FROM_INTENSITY
        ),
        _rows("conditions", m.WeighedCondition, *term("conditions"), inside="safety"),
        _rows("exceptions", m.SafetyException, *term("conditions", "slug"), Text("note"), inside="safety"),
        _rows("steps", m.Step, Text("instruction"), Text("cue"), Text("breathing"), Plain("part"), order="number"),
        _rows(
            "levels",
            m.IntensityLevel,
            Plain("intensity"),
            Text("label"),
            Text("adjustment"),
            Text("sensation"),
            Plain("professional"),
            DOSE,
            order="intensity",
            numbered=False,
        ),
        _texts("precautions", "precaution"),
        _texts("stop_if", "stop_if"),
        _rows(
            "tips",
            m.Tip,
            Text("text"),
            Named("condition", "condition_id", TERM, "conditions"),
            Named("source", "source_id", SOURCE),
        ),
        _progressions("easier"),
        _progressions("harder"),
        _rows("citations", m.ExerciseCitation, *CITATION),
        _rows("citations", m.ExerciseEvidence, Named("", "source_id", SOURCE), inside="evidence"),
        _rows(
            "media",
            m.Media,
            Plain("url"),
            Plain("type"),
            Text("alt"),
            Plain("width"),
            Plain("height"),
            Named("licence", "licence_id", TERM, "licences"),
            Plain("credit"),
        ),
    ),
    order=tuple(ExerciseDraft().fields),
)
