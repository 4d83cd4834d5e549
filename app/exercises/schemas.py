"""Exercises as they are written and read."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, pre_load, validates_schema

from app.content import document_schemas as d
from app.content import draft_schemas as s
from app.content.draft_schemas import refuse_misnumbered, refuse_repeats
from app.exercises.safety_schemas import (
    MOST_CONDITIONS,
    ContraindicationDraft,
    DemandDocument,
    DemandDraft,
    EvidenceDocument,
    EvidenceDraft,
    SafetyDocument,
    SafetyDraft,
)
from app.models.exercise import (
    PARTS,
    POSITIONS,
    PROFESSIONAL,
    PURPOSES,
    ROLES,
    TYPES,
)
from app.shapes import fields as f
from app.shapes.fields import DraftSchema, Entry, listed


class MuscleDraft(DraftSchema):
    """A muscle and what the exercise does to it."""

    slug = f.Slug(required=True, metadata={"description": "A term of the vocabulary muscles."})
    role = f.Choice(ROLES, required=True, metadata={"description": "What happens to the muscle."})


class ConditionDraft(DraftSchema):
    """A condition that the exercise helps."""

    slug = f.Slug(required=True, metadata={"description": "A term of the vocabulary conditions."})
    purpose = f.Choice(PURPOSES, load_default="relieve", metadata={"description": "Whether it relieves or prevents."})


class StepDraft(s.NumberedEntries):
    """One action."""

    instruction = f.TranslatableText(required=True, metadata={"description": "What to do: one action."})
    cue = f.TranslatableText(metadata={"description": "An image that helps to do it well."})
    breathing = f.TranslatableText(metadata={"description": "How to breathe meanwhile."})
    part = f.Choice(PARTS, metadata={"description": "Which phases of the timeline it says."})


class LevelDraft(DraftSchema):
    """One intensity at which the exercise can be done."""

    intensity = f.WholeNumber(
        1, 5, required=True, metadata={"description": "1 very gentle, 2 gentle, 3 moderate, 4 strong, 5 very strong."}
    )
    label = f.TranslatableText(limit=f.NAME_LENGTH, metadata={"description": "A name for the level."})
    adjustment = f.TranslatableText(metadata={"description": "How this level differs."})
    sensation = f.TranslatableText(metadata={"description": "What it should feel like."})
    professional = f.Choice(
        PROFESSIONAL, metadata={"description": "Where this level asks for more than the exercise's `guidance`."}
    )
    dose = fields.Nested(s.DoseDraft, metadata={"description": "How much at this level."})


class GuidanceDraft(DraftSchema):
    """Whether a physiotherapist or trainer should go through it first."""

    professional = f.Choice(PROFESSIONAL, load_default="recommended", metadata={"description": "Whether one should."})
    note = f.TranslatableText(metadata={"description": "What to ask them."})


class TipDraft(DraftSchema):
    """A professional's advice."""

    text = f.TranslatableText(required=True, metadata={"description": "The advice."})
    condition = f.Slug(metadata={"description": "The condition that it is for."})
    source = f.Slug(metadata={"description": "The source that it comes from."})


class ProgressionDraft(DraftSchema):
    """Another exercise, and why it is easier or harder."""

    slug = f.Slug(required=True, metadata={"description": "The slug of the other exercise."})
    why = f.TranslatableText(metadata={"description": "What makes it easier or harder."})


class MediaDraft(DraftSchema):
    """A picture or film."""

    url = f.WebAddress(local=True, required=True, metadata={"description": "An address, or a path on this service."})
    type = f.Choice(("image", "video", "animation"), required=True, metadata={"description": "What it is."})
    alt = f.TranslatableText(required=True, metadata={"description": "What it shows, for who cannot see it."})
    width = f.WholeNumber(1, 20_000, metadata={"description": "Pixels."})
    height = f.WholeNumber(1, 20_000, metadata={"description": "Pixels."})
    licence = f.Slug(required=True, metadata={"description": "A term of the vocabulary licences."})
    credit = f.PlainText(metadata={"description": "Who is to be named."})


class ExerciseDraft(s.EntityDraft):
    """An exercise."""

    name = f.TranslatableText(required=True, limit=f.NAME_LENGTH, metadata={"description": "The name that is shown."})
    aliases = listed(f.TranslatableText(limit=f.NAME_LENGTH), metadata={"description": "Other names people use."})
    summary = f.TranslatableText(metadata={"description": "What it is and does, in one to three sentences."})
    type = f.Choice(TYPES, required=True, metadata={"description": "The sort of exercise."})
    position = f.Choice(POSITIONS, metadata={"description": "The position it starts from."})
    regions = listed(f.Slug(), metadata={"description": "Regions of the body, the most important first."})
    muscles = listed(fields.Nested(MuscleDraft), metadata={"description": "Muscles and what happens to them."})
    equipment = listed(f.Slug(), metadata={"description": "Everything that it needs."})
    conditions = listed(Entry(ConditionDraft), metadata={"description": "What it helps."})
    benefits = listed(f.Slug(), metadata={"description": "What it is good for."})
    demands = listed(
        Entry(DemandDraft, shorthand="demand"),
        metadata={"description": "What it asks of the body; rules of safety follow from it."},
    )
    contraindications = listed(
        Entry(ContraindicationDraft), limit=MOST_CONDITIONS, metadata={"description": "Who should not do it."}
    )
    safety = fields.Nested(SafetyDraft, metadata={"description": "For whom it was weighed whether it may be done."})
    steps = listed(fields.Nested(StepDraft), metadata={"description": "What to do, in order."})
    levels = listed(fields.Nested(LevelDraft), limit=5, metadata={"description": "Intensities, from gentle to strong."})
    guidance = fields.Nested(
        GuidanceDraft,
        load_default=lambda: {"professional": "recommended"},
        metadata={"description": "Whether a professional should go through it first."},
    )
    precautions = listed(f.TranslatableText(), metadata={"description": "What to take care of."})
    stop_if = listed(f.TranslatableText(), metadata={"description": "When to stop at once."})
    tips = listed(fields.Nested(TipDraft), metadata={"description": "Advice of professionals."})
    easier = listed(Entry(ProgressionDraft), metadata={"description": "Easier exercises; shown there as harder."})
    harder = listed(Entry(ProgressionDraft), metadata={"description": "Harder exercises; shown there as easier."})
    citations = listed(fields.Nested(s.CitationDraft), metadata={"description": "Where it comes from."})
    evidence = fields.Nested(EvidenceDraft, metadata={"description": "What is known of its effect."})
    media = listed(fields.Nested(MediaDraft), metadata={"description": "Pictures and films."})
    licence = Entry(s.LicenceDraft, metadata={"description": "The licence of the texts."})
    review = fields.Nested(s.ReviewDraft, metadata={"description": "Who reviewed it."})

    @pre_load
    def _steps_count_from_one(self, draft: Any, **_options: Any) -> Any:
        refuse_misnumbered(draft, "steps", "number")
        return draft

    @validates_schema
    def _nothing_twice(self, draft: dict[str, Any], **_options: Any) -> None:
        for key in ("regions", "equipment", "benefits", "contraindications"):
            refuse_repeats(draft.get(key, []), key)
        refuse_repeats(draft.get("demands", []), "demands", name="demand")
        refuse_repeats(draft.get("muscles", []), "muscles", also="role")
        refuse_repeats(draft.get("conditions", []), "conditions", also="purpose")
        refuse_repeats(draft.get("levels", []), "levels", name="intensity")
        for key in ("easier", "harder"):
            refuse_repeats(draft.get(key, []), key)
            for index, entry in enumerate(draft.get(key, [])):
                if entry["slug"] == draft.get("slug"):
                    message = f"An exercise is not {key} than itself."
                    raise ValidationError({key: {index: {"slug": [message]}}})

    @validates_schema
    def _not_both_ways(self, draft: dict[str, Any], **_options: Any) -> None:
        easier = {entry["slug"] for entry in draft.get("easier", [])}
        for index, entry in enumerate(draft.get("harder", [])):
            if entry["slug"] in easier:
                message = f"'{entry['slug']}' cannot be both easier and harder."
                raise ValidationError({"harder": {index: {"slug": [message]}}})

    @validates_schema
    def _levels_fit(self, draft: dict[str, Any], **_options: Any) -> None:
        levels = draft.get("levels", [])
        strongest = max((level["intensity"] for level in levels), default=5)
        for key in ("contraindications", "demands"):
            for index, entry in enumerate(draft.get(key, [])):
                if entry.get("from_intensity", 1) > strongest:
                    message = f"No level lies at or above it: the strongest is {strongest}."
                    raise ValidationError({key: {index: {"from_intensity": [message]}}})
        least = PROFESSIONAL.index(draft.get("guidance", {}).get("professional", PROFESSIONAL[0]))
        for index, level in enumerate(levels):
            if "professional" in level and PROFESSIONAL.index(level["professional"]) <= least:
                message = f"Must ask for more than the exercise's guidance, '{PROFESSIONAL[least]}', or be left out."
                raise ValidationError({"levels": {index: {"professional": [message]}}})

    @post_load
    def _levels_rise(self, draft: dict[str, Any], **_options: Any) -> dict[str, Any]:
        if "levels" in draft:
            draft["levels"].sort(key=lambda level: level["intensity"])
        return draft


class MuscleDocument(d.NamedDocument):
    """A muscle and what the exercise does to it."""

    role = fields.String(metadata={"enum": list(ROLES)})


class ConditionDocument(d.NamedDocument):
    """A condition that the exercise helps."""

    purpose = fields.String(metadata={"enum": list(PURPOSES)})


class StepDocument(d.DocumentSchema):
    """One action."""

    number = fields.Integer()
    instruction = fields.String()
    cue = fields.String(allow_none=True)
    breathing = fields.String(allow_none=True)
    part = fields.String(
        allow_none=True,
        metadata={"enum": [*PARTS, None], "description": "Which phases of a timeline it says; null where nobody said."},
    )


class LevelDocument(d.DocumentSchema):
    """One intensity at which the exercise can be done."""

    intensity = fields.Integer(
        metadata={
            "minimum": 1,
            "maximum": 5,
            "description": "1 very gentle to 5 very strong, on one scale for the whole catalogue.",
        }
    )
    label = fields.String(allow_none=True)
    adjustment = fields.String(allow_none=True)
    sensation = fields.String(allow_none=True)
    dose = fields.Nested(d.DoseDocument, allow_none=True)
    seconds = fields.Integer(
        allow_none=True,
        metadata={"description": "One session with getting ready: the sum of its timeline. Null without a timed dose."},
    )
    professional = fields.String(
        metadata={"enum": list(PROFESSIONAL), "description": "The exercise's, unless this level asks for more."}
    )
    contraindications = fields.List(
        fields.String(), metadata={"description": "Slugs of the conditions with which this level should not be done."}
    )


class TipDocument(d.DocumentSchema):
    """A professional's advice."""

    text = fields.String()
    condition = fields.Nested(d.NamedDocument, allow_none=True)
    source = fields.Nested(d.CitedSourceDocument, allow_none=True)


class MediaDocument(d.DocumentSchema):
    """A picture or film."""

    url = fields.String(metadata={"format": "uri"})
    type = fields.String()
    alt = fields.String()
    width = fields.Integer(allow_none=True)
    height = fields.Integer(allow_none=True)
    licence = fields.Nested(d.LicenceDocument)
    credit = fields.String(allow_none=True)


class ExerciseDocument(d.EntityDocument):
    """An exercise as it is read."""

    name = fields.String()
    aliases = fields.List(fields.String())
    summary = fields.String(allow_none=True)
    type = fields.String(metadata={"enum": list(TYPES)})
    position = fields.String(allow_none=True)
    regions = fields.List(fields.Nested(d.NamedDocument))
    muscles = fields.List(fields.Nested(MuscleDocument))
    equipment = fields.List(fields.Nested(d.NamedDocument))
    conditions = fields.List(fields.Nested(ConditionDocument))
    benefits = fields.List(fields.Nested(d.NamedDocument))
    demands = fields.List(fields.Nested(DemandDocument))
    contraindications = fields.List(fields.Nested(d.ContraindicationDocument))
    safety = fields.Nested(SafetyDocument)
    steps = fields.List(fields.Nested(StepDocument))
    levels = fields.List(fields.Nested(LevelDocument))
    guidance = fields.Nested(d.GuidanceDocument)
    precautions = fields.List(fields.String())
    stop_if = fields.List(fields.String())
    tips = fields.List(fields.Nested(TipDocument))
    easier = fields.List(fields.Nested(d.WhyDocument))
    harder = fields.List(fields.Nested(d.WhyDocument))
    citations = fields.List(fields.Nested(d.CitationDocument))
    evidence = fields.Nested(EvidenceDocument, allow_none=True)
    media = fields.List(fields.Nested(MediaDocument))
    licence = fields.Nested(d.LicenceDocument, allow_none=True)
    review = fields.Nested(d.ReviewDocument)
