"""Articles as they are written and read."""

from marshmallow import fields

from app.content.document_schemas import EntityDocument, NamedDocument
from app.content.draft_schemas import EntityDraft
from app.shapes import fields as f


class AnatomyArticleDraft(EntityDraft):
    """An article."""

    name = f.TranslatableText(required=True, limit=f.NAME_LENGTH, metadata={"description": "The title."})
    summary = f.TranslatableText(metadata={"description": "What it says, in a sentence."})
    regions = f.listed(f.Slug(), metadata={"description": "Terms of the vocabulary regions."})
    text = f.TranslatableText(required=True, metadata={"description": "The whole text."})


class AnatomyArticleDocument(EntityDocument):
    """An article as it is read."""

    name = fields.String()
    summary = fields.String(allow_none=True)
    regions = fields.List(fields.Nested(NamedDocument))
    text = fields.String()
