"""Parts of documents that several kinds share, as they are read.

Every field is always present: a value that is not known is null, a list without entries is empty. These schemas
document the answers and check them in tests; documents themselves are rendered once, at a release, and served as bytes.
"""

from typing import Any

from marshmallow import Schema, fields

from app.models.dose import SIDE_ORDERS
from app.models.exercise import PROFESSIONAL, REVIEW_STATUSES


class DocumentSchema(Schema):
    """A schema whose every field is present."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        field_obj.required = True


class NamedDocument(DocumentSchema):
    """Another entity by name; its own document has the rest."""

    slug = fields.String()
    name = fields.String()


class WhyDocument(NamedDocument):
    """An easier or a harder exercise."""

    why = fields.String(allow_none=True, metadata={"description": "What makes it easier or harder."})


class NotedDocument(NamedDocument):
    """A term with a remark."""

    note = fields.String(allow_none=True)


class ContraindicationDocument(NotedDocument):
    """A condition with which it should not be done."""

    from_intensity = fields.Integer(
        metadata={"minimum": 1, "maximum": 5, "description": "It holds from this level up; 1 is the whole exercise."}
    )


class BreathsDocument(DocumentSchema):
    """The pace of one breath."""

    in_seconds = fields.Integer()
    hold_seconds = fields.Integer(allow_none=True)
    out_seconds = fields.Integer()
    pause_seconds = fields.Integer(allow_none=True)


class DoseDocument(DocumentSchema):
    """How much. One repetition takes move, hold, return and pause together. What is null does not apply."""

    sets = fields.Integer()
    repetitions = fields.Integer(metadata={"description": "In each set, for each side; breaths, where there are any."})
    move_seconds = fields.Integer(allow_none=True)
    hold_seconds = fields.Integer(allow_none=True)
    return_seconds = fields.Integer(allow_none=True)
    pause_seconds = fields.Integer(allow_none=True)
    rest_seconds = fields.Integer(allow_none=True, metadata={"description": "Between two sets."})
    times_per_day = fields.Integer(allow_none=True)
    days_per_week = fields.Integer(allow_none=True)
    per_side = fields.Boolean(metadata={"description": "The dose is for each side, left and right."})
    side_order = fields.String(
        allow_none=True, metadata={"enum": [*SIDE_ORDERS, None], "description": "Null unless `per_side`."}
    )
    breaths = fields.Nested(
        BreathsDocument, allow_none=True, metadata={"description": "The pace, where it is counted in breaths."}
    )


class GuidanceDocument(DocumentSchema):
    """Whether a physiotherapist or trainer should go through it first."""

    professional = fields.String(metadata={"enum": list(PROFESSIONAL)})
    note = fields.String(allow_none=True)


class CitedSourceDocument(DocumentSchema):
    """A cited source."""

    slug = fields.String()
    type = fields.String()
    title = fields.String()


class CitationDocument(DocumentSchema):
    """A source and the place in it."""

    source = fields.Nested(CitedSourceDocument)
    locator = fields.String(allow_none=True)
    note = fields.String(allow_none=True)


class LicenceDocument(DocumentSchema):
    """What may be done with the content."""

    id = fields.String(metadata={"description": "SPDX identifier."})
    name = fields.String()
    url = fields.String(metadata={"format": "uri"})
    attribution = fields.String(allow_none=True, metadata={"description": "Who is to be named."})


class ReviewDocument(DocumentSchema):
    """Whether a person reviewed the content."""

    status = fields.String(metadata={"enum": list(REVIEW_STATUSES)})
    reviewed_on = fields.String(allow_none=True, metadata={"format": "date"})
    reviewer = fields.String(allow_none=True)
    next_review_on = fields.String(allow_none=True, metadata={"format": "date"})


class LinksDocument(DocumentSchema):
    """Absolute addresses of the entity; null where it has no such page."""

    self = fields.String(metadata={"format": "uri", "description": "This document."})
    html = fields.String(allow_none=True, metadata={"format": "uri", "description": "A page for people."})
    embed = fields.String(allow_none=True, metadata={"format": "uri", "description": "A card to frame."})
    oembed = fields.String(allow_none=True, metadata={"format": "uri", "description": "The card by oEmbed."})
    report = fields.String(
        metadata={"format": "uri", "description": "A page that says where to report a harm or a mistake in it."}
    )


class EntityDocument(DocumentSchema):
    """What every document has."""

    kind = fields.String()
    id = fields.String(metadata={"format": "uuid", "description": "Which entity it is; a rename keeps it."})
    slug = fields.String()
    former_slugs = fields.List(
        fields.String(), metadata={"description": "Slugs that it had before, in the order of its renames."}
    )
    language = fields.String(metadata={"description": "The language that was asked for (BCP 47)."})
    revision = fields.Integer(metadata={"description": "The release that last changed this document."})
    published_at = fields.String(metadata={"format": "date-time", "description": "When that release was made."})
    links = fields.Nested(LinksDocument)
