"""Terms as they are written and read."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from app.content.document_schemas import DocumentSchema, EntityDocument, NamedDocument
from app.content.draft_schemas import EntityDraft, refuse_repeats
from app.models.vocabulary import URGENCIES, VOCABULARIES
from app.shapes import fields as f
from app.shapes.fields import DraftSchema

ONLY_FOR = {
    "latin_name": "muscles",
    "regions": "muscles",
    "spdx": "licences",
    "see_professional_if": "conditions",
    "symptom": "conditions",
}


class RedFlagDraft(DraftSchema):
    """A sign with which to see a professional."""

    text = f.TranslatableText(required=True, metadata={"description": "The sign, and what to do."})
    urgency = f.Choice(
        URGENCIES,
        required=True,
        metadata={"description": "At once by the emergency services, the same day, or within days."},
    )


class CodeDraft(DraftSchema):
    """The term's code in a classification that anybody may use."""

    system = f.Slug(required=True, metadata={"description": "The classification, such as `mesh`."})
    code = f.PlainText(limit=50, required=True, metadata={"description": "The code in it."})
    url = f.WebAddress(metadata={"description": "Where the code is explained."})


class TermDraft(EntityDraft):
    """A term of a vocabulary."""

    vocabulary = f.Choice(VOCABULARIES, required=True, metadata={"description": "The vocabulary that it belongs to."})
    name = f.TranslatableText(required=True, limit=f.NAME_LENGTH, metadata={"description": "The name that is shown."})
    aliases = f.listed(f.TranslatableText(limit=f.NAME_LENGTH), metadata={"description": "Other words for it."})
    description = f.TranslatableText(metadata={"description": "What it is, in a sentence or two."})
    see_professional_if = f.listed(
        fields.Nested(RedFlagDraft), metadata={"description": "Signs with which to see a professional (conditions)."}
    )
    symptom = f.YesNo(
        metadata={
            "description": "True for a symptom that is to be looked into first (conditions): no exercise is weighed for"
            " it, so `safe_for` it leaves everything out."
        }
    )
    codes = f.listed(fields.Nested(CodeDraft), metadata={"description": "Its codes in free classifications."})
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
        refuse_repeats(draft.get("codes", []), "codes", name="system", also="code")
        for key in ("spdx", "url"):
            if vocabulary == "licences" and key not in draft:
                raise ValidationError("A licence has its SPDX identifier and the address of its text.", key)


class RedFlagDocument(DocumentSchema):
    """A sign with which to see a professional."""

    text = fields.String()
    urgency = fields.String(
        metadata={
            "enum": list(URGENCIES),
            "description": "At once by the emergency services, the same day, or within days.",
        }
    )


class CodeDocument(DocumentSchema):
    """The term's code in a classification that anybody may use."""

    system = fields.String()
    code = fields.String()
    url = fields.String(allow_none=True, metadata={"format": "uri"})


class TermDocument(EntityDocument):
    """A term as it is read."""

    vocabulary = fields.String(
        metadata={"description": "The vocabulary that it belongs to.", "enum": list(VOCABULARIES)}
    )
    name = fields.String()
    aliases = fields.List(fields.String())
    description = fields.String(allow_none=True)
    see_professional_if = fields.List(fields.Nested(RedFlagDocument))
    symptom = fields.Boolean(metadata={"description": "It is to be looked into first; no exercise is weighed for it."})
    codes = fields.List(fields.Nested(CodeDocument))
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
