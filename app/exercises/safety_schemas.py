"""What exercises ask of the body, whom they do not suit, and what is known of their effect: drafts and documents."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validates_schema

from app.content import document_schemas as d
from app.content.draft_schemas import refuse_repeats
from app.models.exercise import ASSESSORS, DEMANDS, EVIDENCE_LEVELS
from app.shapes import fields as f
from app.shapes.fields import DraftSchema, listed

MOST_CONDITIONS = 300
"""How many conditions an exercise weighs at most: several times the vocabulary's."""


def from_intensity(what: str) -> f.WholeNumber:
    """The field for the intensity from which up something holds."""
    return f.WholeNumber(
        1, 5, metadata={"description": f"{what} at this intensity and above; at every one where nothing is said."}
    )


def without_one(entry: dict[str, Any]) -> dict[str, Any]:
    """The entry without `from_intensity: 1`, which says no more than nothing does."""
    return {key: value for key, value in entry.items() if (key, value) != ("from_intensity", 1)}


class ContraindicationDraft(DraftSchema):
    """A condition with which the exercise should not be done."""

    slug = f.Slug(required=True, metadata={"description": "A term of the vocabulary conditions."})
    note = f.TranslatableText(metadata={"description": "Why, or what to do instead."})
    from_intensity = from_intensity("It should not be done")

    @post_load
    def _whole_exercise(self, entry: dict[str, Any], **_options: Any) -> dict[str, Any]:
        return without_one(entry)


class DemandDraft(DraftSchema):
    """What the exercise asks of the body."""

    demand = f.Choice(DEMANDS, required=True, metadata={"description": "What it asks."})
    from_intensity = from_intensity("It asks so")

    @post_load
    def _whole_exercise(self, entry: dict[str, Any], **_options: Any) -> dict[str, Any]:
        return without_one(entry)


class ExceptionDraft(DraftSchema):
    """A condition that a rule of safety would rule out, and with which the exercise may be done."""

    slug = f.Slug(required=True, metadata={"description": "A term of the vocabulary conditions."})
    note = f.TranslatableText(required=True, metadata={"description": "Why it may be done."})


class SafetyDraft(DraftSchema):
    """For which conditions somebody weighed whether the exercise may be done."""

    assessed = f.YesNo(
        required=True,
        metadata={"description": "False: nobody did. It then passes no `safe_for` and is never composed."},
    )
    assessed_on = f.CalendarDate(metadata={"description": "The day of the assessment."})
    by = f.Choice(ASSESSORS, metadata={"description": "Who assessed it."})
    note = f.TranslatableText(metadata={"description": "What was decided, and why."})
    conditions = listed(
        f.Slug(),
        limit=MOST_CONDITIONS,
        metadata={"description": "The conditions that were weighed. Those of `contraindications` always were."},
    )
    exceptions = listed(
        fields.Nested(ExceptionDraft),
        metadata={"description": "Conditions that a rule of safety would rule out, and why they may stay."},
    )

    @validates_schema
    def _assessed_by_somebody(self, draft: dict[str, Any], **_options: Any) -> None:
        if draft.get("assessed"):
            for key in ("assessed_on", "by"):
                if key not in draft:
                    raise ValidationError("An assessment has the day on which it was made, and says by whom.", key)
        elif draft.get("conditions"):
            raise ValidationError("Nothing was weighed where 'assessed' is false.", "conditions")

    @validates_schema
    def _nothing_twice(self, draft: dict[str, Any], **_options: Any) -> None:
        for key in ("conditions", "exceptions"):
            refuse_repeats(draft.get(key, []), key)


class EvidenceDraft(DraftSchema):
    """What is known of the exercise's effect."""

    level = f.Choice(
        EVIDENCE_LEVELS,
        required=True,
        metadata={"description": "The firmest support: a trial, a guideline, a textbook, or practice alone."},
    )
    statement = f.TranslatableText(required=True, metadata={"description": "What is known, said plainly."})
    citations = listed(f.Slug(), metadata={"description": "The slugs of the sources that say so."})

    @validates_schema
    def _nothing_twice(self, draft: dict[str, Any], **_options: Any) -> None:
        refuse_repeats(draft.get("citations", []), "citations")


class SafetyDocument(d.DocumentSchema):
    """For which conditions somebody weighed whether it may be done."""

    assessed = fields.Boolean(
        metadata={"description": "False: nobody did. It then passes no `safe_for` and is never composed."}
    )
    assessed_on = fields.String(allow_none=True, metadata={"format": "date"})
    by = fields.String(allow_none=True, metadata={"enum": [*ASSESSORS, None]})
    note = fields.String(allow_none=True)
    conditions = fields.List(
        fields.String(), metadata={"description": "Slugs of the conditions that were weighed: `safe_for` needs them."}
    )
    exceptions = fields.List(
        fields.Nested(d.NotedDocument),
        metadata={"description": "Conditions that a rule of safety would rule out, and why they may stay."},
    )


class EvidenceDocument(d.DocumentSchema):
    """What is known of the exercise's effect."""

    level = fields.String(metadata={"enum": list(EVIDENCE_LEVELS)})
    statement = fields.String()
    citations = fields.List(fields.Nested(d.CitedSourceDocument))


class DemandDocument(d.DocumentSchema):
    """What the exercise asks of the body."""

    demand = fields.String(metadata={"enum": list(DEMANDS)})
    from_intensity = fields.Integer(
        metadata={"minimum": 1, "maximum": 5, "description": "It asks so from this level up; 1 is the whole exercise."}
    )
