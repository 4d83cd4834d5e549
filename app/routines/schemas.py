"""Routines as they are written and read."""

from typing import Any

from marshmallow import fields, pre_load, validate, validates_schema

from app.content import document_schemas as d
from app.content import draft_schemas as s
from app.content.draft_schemas import refuse_misnumbered, refuse_repeats
from app.delivery.answer_schemas import NoticeDocument
from app.models.routine import GOALS, SECTIONS
from app.shapes import fields as f
from app.shapes.fields import Entry, listed
from app.timelines.schemas import TimelineDocument


class ItemDraft(s.NumberedEntries):
    """An exercise at one of its intensities."""

    number_key = "position"

    section = f.Choice(SECTIONS, load_default="main", metadata={"description": "The part of the session."})
    exercise = f.Slug(required=True, metadata={"description": "The slug of an exercise."})
    intensity = f.WholeNumber(1, 5, required=True, metadata={"description": "One of the exercise's levels."})
    dose = fields.Nested(s.DoseDraft, metadata={"description": "How much, instead of the level's dose."})
    note = f.TranslatableText(metadata={"description": "What matters here."})


class StageDraft(s.NumberedEntries):
    """A part of the routine."""

    name = f.TranslatableText(required=True, limit=f.NAME_LENGTH, metadata={"description": "The name that is shown."})
    weeks = f.WholeNumber(1, 104, metadata={"description": "Weeks to stay in this stage."})
    times_per_day = f.WholeNumber(1, 24, metadata={"description": "Sessions a day."})
    days_per_week = f.WholeNumber(1, 7, metadata={"description": "Days a week."})
    items = listed(fields.Nested(ItemDraft), metadata={"description": "The exercises, in order."})

    @pre_load
    def _items_count_from_one(self, draft: Any, **_options: Any) -> Any:
        refuse_misnumbered(draft, "items", "position")
        return draft


class RoutineDraft(s.EntityDraft):
    """A routine. Equipment, guidance, intensity and seconds are derived from its items."""

    name = f.TranslatableText(required=True, limit=f.NAME_LENGTH, metadata={"description": "The name that is shown."})
    summary = f.TranslatableText(metadata={"description": "Who it is for and what it does."})
    goal = f.Choice(GOALS, required=True, metadata={"description": "What it is for."})
    conditions = listed(f.Slug(), metadata={"description": "Terms of the vocabulary conditions."})
    regions = listed(f.Slug(), metadata={"description": "Terms of the vocabulary regions."})
    stages = listed(fields.Nested(StageDraft), metadata={"description": "What to do, in order."})
    citations = listed(fields.Nested(s.CitationDraft), metadata={"description": "Where it comes from."})
    licence = Entry(s.LicenceDraft, metadata={"description": "The licence of the texts."})
    review = fields.Nested(s.ReviewDraft, metadata={"description": "Who reviewed it."})

    @pre_load
    def _stages_count_from_one(self, draft: Any, **_options: Any) -> Any:
        refuse_misnumbered(draft, "stages", "number")
        return draft

    @validates_schema
    def _nothing_twice(self, draft: dict[str, Any], **_options: Any) -> None:
        for key in ("conditions", "regions"):
            refuse_repeats(draft.get(key, []), key)


class ItemDocument(d.DocumentSchema):
    """An exercise at one of its intensities."""

    position = fields.Integer()
    section = fields.String(metadata={"enum": list(SECTIONS)})
    exercise = fields.Nested(d.NamedDocument)
    intensity = fields.Integer()
    dose = fields.Nested(
        d.DoseDocument, allow_none=True, metadata={"description": "The item's own, else that of the exercise's level."}
    )
    seconds = fields.Integer(
        allow_none=True,
        metadata={"description": "Changing position, getting ready and the dose: a part of the stage's timeline."},
    )
    note = fields.String(allow_none=True)


class StageDocument(d.DocumentSchema):
    """A part of the routine."""

    number = fields.Integer()
    name = fields.String()
    weeks = fields.Integer(allow_none=True)
    times_per_day = fields.Integer(allow_none=True)
    days_per_week = fields.Integer(allow_none=True)
    seconds = fields.Integer(metadata={"description": "One session of this stage."})
    items = fields.List(fields.Nested(ItemDocument))


class RoutineDocument(d.EntityDocument):
    """A routine as it is read."""

    name = fields.String()
    summary = fields.String(allow_none=True)
    goal = fields.String(metadata={"enum": list(GOALS)})
    conditions = fields.List(fields.Nested(d.NamedDocument))
    regions = fields.List(fields.Nested(d.NamedDocument))
    equipment = fields.List(fields.Nested(d.NamedDocument), metadata={"description": "Everything its items need."})
    contraindications = fields.List(
        fields.Nested(d.NotedDocument), metadata={"description": "Those that hold at the levels of its items."}
    )
    guidance = fields.Nested(d.GuidanceDocument, metadata={"description": "That of its strictest exercise."})
    max_intensity = fields.Integer(allow_none=True, metadata={"description": "The strongest item's intensity."})
    seconds = fields.Integer(metadata={"description": "The longest session of its stages."})
    stages = fields.List(fields.Nested(StageDocument))
    citations = fields.List(fields.Nested(d.CitationDocument))
    licence = fields.Nested(d.LicenceDocument, allow_none=True)
    review = fields.Nested(d.ReviewDocument)


class ReasonDocument(d.DocumentSchema):
    """Why something is as it is."""

    code = fields.String(metadata={"description": "The same in every language; more may come."})
    text = fields.String()


class ComposedItemDocument(ItemDocument):
    """An exercise at one of its intensities, and why it was chosen."""

    reasons = fields.List(fields.Nested(ReasonDocument), validate=validate.Length(1))


class ComposedStageDocument(StageDocument):
    """The session."""

    timeline = fields.Nested(TimelineDocument, metadata={"description": "What a player plays."})
    items = fields.List(fields.Nested(ComposedItemDocument))


class ComposedRoutineDocument(RoutineDocument):
    """A routine made for a request. It is not published: it has no page, and its address makes it anew."""

    stages = fields.List(fields.Nested(ComposedStageDocument))
    reasons = fields.List(fields.Nested(ReasonDocument), metadata={"description": "What holds for all of its items."})
    notices = fields.List(fields.Nested(NoticeDocument))
