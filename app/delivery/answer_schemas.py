"""What lists and single documents answer, whole or trimmed by `fields`, made from what a kind declares."""

from functools import cache
from typing import Any

from marshmallow import Schema, fields

from app.content.content_type import ContentType
from app.content.document_schemas import DocumentSchema, NamedDocument
from app.content.documents import ALWAYS_KEPT
from app.models.vocabulary import URGENCIES


class PageSchema(DocumentSchema):
    """Where a page stands in its list."""

    limit = fields.Integer()
    total = fields.Integer(metadata={"description": "Everything that matches, on all pages."})
    next = fields.String(allow_none=True, metadata={"description": "The cursor of the next page."})


class FacetValueSchema(DocumentSchema):
    """A value of a facet, and how many documents have it."""

    slug = fields.String()
    name = fields.String()
    count = fields.Integer()


class SignatureDocument(Schema):
    """An Ed25519 signature."""

    key_id = fields.String(
        required=True, metadata={"description": "The key, of those at `/.well-known/limber-signing-keys`."}
    )
    value = fields.String(required=True, metadata={"description": "The 64 bytes of the signature, in base64."})


def signature_field() -> fields.Field[Any]:
    """The signature of a revision and its digest."""
    description = (
        "Signs `revision`, a line feed and `digest`; null where the service has no signing key. See docs/sync.md."
    )
    return fields.Nested(SignatureDocument, required=True, allow_none=True, metadata={"description": description})


class UrgentSign(DocumentSchema):
    """A sign with which to see a professional."""

    text = fields.String()
    urgency = fields.String(metadata={"enum": list(URGENCIES)})


class NoticeDocument(DocumentSchema):
    """When to see a professional with a condition that the request names."""

    condition = fields.Nested(NamedDocument)
    see_professional_if = fields.List(fields.Nested(UrgentSign))
    safe_for = fields.Boolean(
        metadata={"description": "What is contraindicated with the condition, or not weighed for it, was left out."}
    )


def document_answer(content_type: ContentType) -> dict[str, Any]:
    """A document, which has a part of its fields if `fields` is asked for."""
    return {"anyOf": [content_type.document_schema, trimmed_schema(content_type)]}


def page_answer(content_type: ContentType) -> dict[str, Any]:
    """A page of documents, which have a part of their fields if `fields` is asked for."""
    whole, trimmed = content_type.document_schema, trimmed_schema(content_type)
    return {"anyOf": [_page_schema(content_type, "", whole), _page_schema(content_type, "Trimmed", trimmed)]}


class Trimmed(Schema):
    """A document with only the fields that `fields` asked for, and `kind`, `id` and `slug`."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        field_obj.required = field_name in ALWAYS_KEPT


@cache
def trimmed_schema(content_type: ContentType) -> type[Schema]:
    """A kind's document with some of its fields; if it has several shapes, fields of all of them."""
    whole = content_type.document_schema
    shapes: dict[str, type[Schema]] = getattr(whole, "type_schemas", {})
    declared = {"type": fields.String(metadata={"enum": list(shapes)})} if shapes else {}
    return type(f"Trimmed{content_type.type_name}", (Trimmed, *(shapes.values() or [whole])), declared)


@cache
def _page_schema(content_type: ContentType, prefix: str, document: type[Schema]) -> type[Schema]:
    declared: dict[str, fields.Field[Any]] = {
        "items": fields.List(fields.Nested(document), required=True),
        "page": fields.Nested(PageSchema, required=True),
        "notices": fields.List(
            fields.Nested(NoticeDocument),
            required=True,
            metadata={"description": "To be shown above the results, the most urgent first."},
        ),
    }
    if content_type.facets:
        values = fields.List(fields.Nested(FacetValueSchema))
        description = "The facets asked for: for each value the number of documents under all other filters."
        declared["facets"] = fields.Dict(keys=fields.String(), values=values, metadata={"description": description})
    return type(f"{prefix}{content_type.type_name}Page", (Schema,), declared)
