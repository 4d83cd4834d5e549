"""Terms as they are written and read."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from app.content.document_schemas import EntityDocument, NamedDocument
from app.content.draft_schemas import EntityDraft
from app.models.vocabulary import VOCABULARIES
from app.shapes import fields as f

ONLY_FOR = {"latin_name": "muscles", "regions": "muscles", "spdx": "licences"}


class TermDraft(EntityDraft):
    """A term of a vocabulary."""

    vocabulary = f.Choice(VOCABULARIES, required=True, metadata={"description": "The vocabulary that it belongs to."})
    name = f.TranslatableText(required=True, limit=f.NAME_LENGTH, metadata={"description": "The name that is shown."})
    aliases = f.listed(f.TranslatableText(limit=f.NAME_LENGTH), metadata={"description": "Other words for it."})
    description = f.TranslatableText(metadata={"description": "What it is, in a sentence or two."})
    see_professional_if = f.listed(
        f.TranslatableText(), metadata={"description": "Signs with which to see a professional (conditions)."}
    )
    latin_name = f.PlainText(metadata={"description": "The anatomical name (muscles)."})
    regions = f.listed(f.Slug(), metadata={"description": "The regions that a muscle belongs to."})
    spdx = f.SpdxLicence(metadata={"description": "The SPDX identifier (licences)."})
    url = f.WebAddress(metadata={"description": "The text of a licence; it must have one."})

    @validates_schema
    def _fields_fit_the_vocabulary(self, draft: dict[str, Any], **_options: Any) -> None:
        vocabulary = draft.get("vocabulary")
        for key, only in ONLY_FOR.items():
            if key in draft and vocabulary is not None and vocabulary != only:
                raise ValidationError(f"Only terms of the vocabulary {only} have this.", key)
        for key in ("spdx", "url"):
            if vocabulary == "licences" and key not in draft:
                raise ValidationError("A licence has its SPDX identifier and the address of its text.", key)


class TermDocument(EntityDocument):
    """A term as it is read."""

    vocabulary = fields.String(
        metadata={"description": "The vocabulary that it belongs to.", "enum": list(VOCABULARIES)}
    )
    name = fields.String()
    aliases = fields.List(fields.String())
    description = fields.String(allow_none=True)
    see_professional_if = fields.List(fields.String())
    latin_name = fields.String(allow_none=True)
    regions = fields.List(fields.Nested(NamedDocument))
    spdx = fields.String(allow_none=True)
    url = fields.String(allow_none=True)


class VocabularyDocument(Schema):
    """A vocabulary: a list of terms of one sort."""

    slug = fields.String()
    name = fields.String()
    description = fields.String()
    terms_count = fields.Integer()
    url = fields.String(metadata={"format": "uri"})
