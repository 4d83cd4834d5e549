"""Places as they are written and read."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from app.content import document_schemas as d
from app.content.draft_schemas import EntityDraft, refuse_repeats
from app.models.place import PLACE_TYPES
from app.shapes import fields as f
from app.shapes.fields import DraftSchema, listed


class AddressDraft(DraftSchema):
    """Where a place is; a directory may have a country alone."""

    street = f.PlainText(metadata={"description": "Street and number."})
    locality = f.PlainText(metadata={"description": "Town."})
    region = f.PlainText(metadata={"description": "State or county."})
    postal_code = f.PlainText(metadata={"description": "Postal code."})
    country = f.CountryCode(metadata={"description": "ISO 3166-1 alpha-2."})


class PlaceDraft(EntityDraft):
    """A place to practise or to get advice."""

    name = f.TranslatableText(required=True, limit=f.NAME_LENGTH, metadata={"description": "The name that is shown."})
    summary = f.TranslatableText(metadata={"description": "What one finds there."})
    type = f.Choice(PLACE_TYPES, required=True, metadata={"description": "The sort of place."})
    address = fields.Nested(AddressDraft, metadata={"description": "Where it is."})
    latitude = f.Coordinate(90, metadata={"description": "Degrees north (WGS 84)."})
    longitude = f.Coordinate(180, metadata={"description": "Degrees east (WGS 84)."})
    services = listed(f.Slug(), metadata={"description": "Terms of the vocabulary services."})
    professionals = listed(f.Slug(), metadata={"description": "The slugs of professional sources."})
    url = f.WebAddress(metadata={"description": "Its site."})
    phone = f.PlainText(limit=40, metadata={"description": "Its telephone number, with the country's prefix."})

    @validates_schema
    def _coordinates_come_together(self, draft: dict[str, Any], **_options: Any) -> None:
        for present, missing in (("latitude", "longitude"), ("longitude", "latitude")):
            if present in draft and missing not in draft:
                raise ValidationError(f"Must be given with {present}.", missing)

    @validates_schema
    def _nothing_twice(self, draft: dict[str, Any], **_options: Any) -> None:
        for key in ("services", "professionals"):
            refuse_repeats(draft.get(key, []), key)


class AddressDocument(d.DocumentSchema):
    """Where a place is."""

    street = fields.String(allow_none=True)
    locality = fields.String(allow_none=True)
    region = fields.String(allow_none=True)
    postal_code = fields.String(allow_none=True)
    country = fields.String(allow_none=True, metadata={"description": "ISO 3166-1 alpha-2."})


class PlaceDocument(d.EntityDocument):
    """A place as it is read."""

    name = fields.String()
    summary = fields.String(allow_none=True)
    type = fields.String(metadata={"enum": list(PLACE_TYPES)})
    address = fields.Nested(AddressDocument, allow_none=True)
    latitude = fields.Float(allow_none=True)
    longitude = fields.Float(allow_none=True)
    services = fields.List(fields.Nested(d.NamedDocument))
    professionals = fields.List(fields.Nested(d.CitedSourceDocument))
    url = fields.String(allow_none=True, metadata={"format": "uri"})
    phone = fields.String(allow_none=True)
