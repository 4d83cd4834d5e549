"""Sources as they are written and read: one of four shapes, told apart by `type`."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema
from marshmallow_oneofschema.one_of_schema import OneOfSchema

from app.content import document_schemas as d
from app.content.draft_schemas import EntityDraft, refuse_repeats
from app.models.source import SOURCE_TYPES
from app.shapes import fields as f
from app.shapes.fields import listed


def _type(*types: str) -> f.Choice:
    return f.Choice(types, required=True, metadata={"description": "The sort of source."})


class SourceDraftBase(EntityDraft):
    """What every source's draft has."""

    type = _type(*SOURCE_TYPES)
    title = f.PlainText(required=True, limit=500, metadata={"description": "The title in its own language."})
    summary = f.TranslatableText(metadata={"description": "What it offers, in a sentence or two."})
    url = f.WebAddress(metadata={"description": "Where to find it."})


class BookDraft(SourceDraftBase):
    """A book."""

    type = _type("book")
    authors = listed(f.PlainText(), metadata={"description": "Its authors, in the order of the title page."})
    publisher = f.PlainText(metadata={"description": "Its publisher."})
    year = f.WholeNumber(1450, 2200, metadata={"description": "The year of this edition."})
    isbn = f.Isbn(metadata={"description": "ISBN-13 of this edition."})
    edition = f.PlainText(metadata={"description": "Which edition."})


class VideoDraft(SourceDraftBase):
    """A film or a series."""

    type = _type("video")
    creator = f.PlainText(metadata={"description": "Who made it."})
    platform = f.PlainText(metadata={"description": "Where it is shown."})
    duration_seconds = f.WholeNumber(1, 360_000, metadata={"description": "Its length in seconds."})
    published_on = f.CalendarDate(metadata={"description": "The day it came out."})


class ProfessionalDraft(SourceDraftBase):
    """A professional, or a profession as its body stands for it."""

    type = _type("professional")
    profession = f.PlainText(metadata={"description": "The profession."})
    organisation = f.PlainText(metadata={"description": "The organisation."})
    credentials = f.PlainText(limit=1000, metadata={"description": "What qualifies them."})
    services = listed(f.Slug(), metadata={"description": "Terms of the vocabulary services."})
    places = listed(f.Slug(), metadata={"description": "The slugs of places."})

    @validates_schema
    def _nothing_twice(self, draft: dict[str, Any], **_options: Any) -> None:
        for key in ("services", "places"):
            refuse_repeats(draft.get(key, []), key)


class OnlineDraft(SourceDraftBase):
    """A page or a site."""

    type = _type("online")
    publisher = f.PlainText(metadata={"description": "Who is behind it."})
    published_on = f.CalendarDate(metadata={"description": "The day it came out."})
    accessed_on = f.CalendarDate(metadata={"description": "The day it was last read."})

    @validates_schema
    def _read_after_it_came_out(self, draft: dict[str, Any], **_options: Any) -> None:
        if draft.get("accessed_on", "9999") < draft.get("published_on", ""):
            raise ValidationError("Must not be before published_on.", "accessed_on")


class TypedSchema(OneOfSchema):
    """Chooses the shape by `type`."""

    type_field_remove = False

    def get_obj_type(self, obj: Any) -> str:
        return str(obj["type"])

    def _load(self, data: Any, *, partial: Any = None, unknown: Any = None, **options: Any) -> Any:
        # The library's own refusals of a missing or unknown type do not name what is allowed.
        kind = data.get("type") if isinstance(data, dict) else None
        if not isinstance(data, dict):
            raise ValidationError({"_schema": ["Must be an object with fields."]})
        if not isinstance(kind, str) or kind not in self.type_schemas:
            raise ValidationError({"type": [f"Must be one of: {', '.join(self.type_schemas)}."]})
        return super()._load(data, partial=partial, unknown=unknown, **options)  # type: ignore[no-untyped-call]  # the library is untyped there


class SourceDraft(TypedSchema):
    """A source: a book, a video, a professional or an online page."""

    type_schemas = {"book": BookDraft, "video": VideoDraft, "professional": ProfessionalDraft, "online": OnlineDraft}


class SourceDocumentBase(d.EntityDocument):
    """What every source has."""

    title = fields.String()
    summary = fields.String(allow_none=True)
    url = fields.String(allow_none=True, metadata={"format": "uri"})
    citations_count = fields.Integer(metadata={"description": "Published exercises and routines that cite it."})


class BookDocument(SourceDocumentBase):
    """A book as it is read."""

    type = fields.String(validate=validate.OneOf(["book"]))
    authors = fields.List(fields.String())
    publisher = fields.String(allow_none=True)
    year = fields.Integer(allow_none=True)
    isbn = fields.String(allow_none=True, metadata={"description": "ISBN-13, 13 digits."})
    edition = fields.String(allow_none=True)


class VideoDocument(SourceDocumentBase):
    """A video as it is read."""

    type = fields.String(validate=validate.OneOf(["video"]))
    creator = fields.String(allow_none=True)
    platform = fields.String(allow_none=True)
    duration_seconds = fields.Integer(allow_none=True)
    published_on = fields.String(allow_none=True, metadata={"format": "date"})


class ProfessionalDocument(SourceDocumentBase):
    """A professional as it is read."""

    type = fields.String(validate=validate.OneOf(["professional"]))
    profession = fields.String(allow_none=True)
    organisation = fields.String(allow_none=True)
    credentials = fields.String(allow_none=True)
    services = fields.List(fields.Nested(d.NamedDocument))
    places = fields.List(fields.Nested(d.NamedDocument))


class OnlineDocument(SourceDocumentBase):
    """An online page as it is read."""

    type = fields.String(validate=validate.OneOf(["online"]))
    publisher = fields.String(allow_none=True)
    published_on = fields.String(allow_none=True, metadata={"format": "date"})
    accessed_on = fields.String(allow_none=True, metadata={"format": "date"})


class SourceDocument(TypedSchema):
    """A source as it is read."""

    type_schemas = {
        "book": BookDocument,
        "video": VideoDocument,
        "professional": ProfessionalDocument,
        "online": OnlineDocument,
    }
