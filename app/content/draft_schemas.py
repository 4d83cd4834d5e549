"""Parts of drafts that several kinds share: dose, citation, licence, review."""

from typing import Any

from marshmallow import ValidationError, fields, pre_load, validates_schema

from app.models.dose import SECONDS, SIDE_ORDERS
from app.models.exercise import REVIEW_STATUSES
from app.shapes import fields as f
from app.shapes.fields import DraftSchema
from app.shapes.uuids import Uuid
from app.timelines.durations import LONGEST, work_seconds


class BreathsDraft(DraftSchema):
    """The pace of one breath."""

    in_seconds = f.WholeNumber(1, 60, required=True, metadata={"description": "Seconds of breathing in."})
    hold_seconds = f.WholeNumber(1, 60, metadata={"description": "Seconds with the breath held in."})
    out_seconds = f.WholeNumber(1, 60, required=True, metadata={"description": "Seconds of breathing out."})
    pause_seconds = f.WholeNumber(1, 60, metadata={"description": "Seconds before the next breath."})


class DoseDraft(DraftSchema):
    """How much: sets of repetitions, each timed part by part or in breaths, with a rest between sets."""

    sets = f.WholeNumber(1, 100, metadata={"description": "Sets in one session; 1 where nothing is said."})
    repetitions = f.WholeNumber(
        1, 1000, metadata={"description": "Repetitions (with `breaths`: breaths) in a set, for each side; else 1."}
    )
    move_seconds = f.WholeNumber(1, 3600, metadata={"description": "Seconds of moving there, in each repetition."})
    hold_seconds = f.WholeNumber(1, 3600, metadata={"description": "Seconds of staying there."})
    return_seconds = f.WholeNumber(1, 3600, metadata={"description": "Seconds of moving back."})
    pause_seconds = f.WholeNumber(1, 3600, metadata={"description": "Seconds before the next repetition."})
    rest_seconds = f.WholeNumber(1, 3600, metadata={"description": "Seconds of rest between two sets."})
    times_per_day = f.WholeNumber(1, 24, metadata={"description": "Sessions a day."})
    days_per_week = f.WholeNumber(1, 7, metadata={"description": "Days a week."})
    per_side = f.YesNo(metadata={"description": "Done on the left and on the right."})
    side_order = f.Choice(
        SIDE_ORDERS,
        metadata={
            "description": "With `per_side`: whether sides alternate in each repetition, or each set is done on the"
            " left and then on the right (`one-after-other`, which holds where nothing is said)."
        },
    )
    breaths = fields.Nested(
        BreathsDraft,
        metadata={"description": "The pace, where it is counted in breaths and not in moves and holds."},
    )

    @validates_schema
    def _one_way_to_count(self, draft: dict[str, Any], **_options: Any) -> None:
        if "breaths" in draft:
            for key in SECONDS:
                if key in draft:
                    message = "With 'breaths' a repetition is a breath, whose seconds stand there."
                    raise ValidationError(message, key)
        if "side_order" in draft and not draft.get("per_side"):
            raise ValidationError("Only a dose with 'per_side: true' has an order of sides.", "side_order")
        if (seconds := work_seconds(draft, None)) > LONGEST:
            hours = LONGEST // 3600
            raise ValidationError(f"One session takes {seconds} seconds, and must take at most {hours} hours.")


class CitationDraft(DraftSchema):
    """A source and the place in it."""

    source = f.Slug(required=True, metadata={"description": "The slug of a source."})
    locator = f.PlainText(metadata={"description": "The place in the source: a chapter, a page, a minute."})
    note = f.TranslatableText(metadata={"description": "What the source is cited for."})


class LicenceDraft(DraftSchema):
    """The licence of a text, and who is to be named."""

    slug = f.Slug(required=True, metadata={"description": "A term of the vocabulary licences."})
    attribution = f.PlainText(limit=1000, metadata={"description": "Who is to be named."})


class ReviewDraft(DraftSchema):
    """Whether a person reviewed the content."""

    status = f.Choice(
        REVIEW_STATUSES, required=True, metadata={"description": "Who reviewed: nobody, an editor, a clinician."}
    )
    reviewed_on = f.CalendarDate(metadata={"description": "The day of the review."})
    reviewer = f.PlainText(metadata={"description": "Who reviewed."})
    next_review_on = f.CalendarDate(metadata={"description": "The day by which to review it again."})

    @validates_schema
    def _reviewed_has_a_day(self, draft: dict[str, Any], **_options: Any) -> None:
        if draft.get("status") in ("editorial", "clinical") and "reviewed_on" not in draft:
            raise ValidationError("A review has the day on which it was made.", "reviewed_on")


class EntityDraft(DraftSchema):
    """What every kind's draft has."""

    slug = f.Slug(required=True, metadata={"description": "The name in addresses, stable for ever."})
    id = Uuid(
        metadata={
            "description": "Which entity it is, whatever its slug; it never changes. Left out, it stays what it is; a"
            " new entity gets the UUIDv5 of its kind and its first slug."
        }
    )
    former_slugs = f.listed(
        f.Slug(), metadata={"description": "Slugs it had before, in the order of its renames; they answer 308."}
    )

    @validates_schema
    def _no_former_slug_twice(self, draft: dict[str, Any], **_options: Any) -> None:
        refuse_repeats(draft.get("former_slugs", []), "former_slugs")


class NumberedEntries(DraftSchema):
    """An entry of a numbered list. It may have its number, which must be its place in the list and is not stored."""

    number_key = "number"

    @pre_load
    def _drop_number(self, entry: Any, **_options: Any) -> Any:
        if isinstance(entry, dict) and self.number_key in entry:
            return {key: value for key, value in entry.items() if key != self.number_key}
        return entry


def refuse_misnumbered(draft: Any, key: str, number_key: str) -> None:
    """Raises `ValidationError` where an entry of the list `key` gives a number that is not its place."""
    entries = draft.get(key) if isinstance(draft, dict) else None
    for place, entry in enumerate(entries if isinstance(entries, list) else (), start=1):
        if isinstance(entry, dict) and number_key in entry and str(entry[number_key]) != str(place):
            message = f"Must be {place}, its place in the list, or left out."
            raise ValidationError({key: {place - 1: {number_key: [message]}}})


def refuse_repeats(entries: list[Any], key: str, name: str = "slug", also: str = "") -> None:
    """Raises `ValidationError` at `key` where two entries name the same thing."""
    seen: set[Any] = set()
    for index, entry in enumerate(entries):
        value = (entry[name], entry.get(also)) if isinstance(entry, dict) else entry
        if value in seen:
            label = entry[name] if isinstance(entry, dict) else entry
            raise ValidationError({key: {index: [f"'{label}' stands here twice."]}})
        seen.add(value)
