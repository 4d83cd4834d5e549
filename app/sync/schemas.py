"""The parameters and answers of the change feed."""

from collections.abc import Sequence
from typing import Any

from marshmallow import Schema, fields, validate

from app.content.document_schemas import DocumentSchema
from app.delivery.answer_schemas import signature_field
from app.delivery.query_schemas import QuerySchema
from app.shapes.fields import Choice, WholeNumber
from app.shapes.languages import DEFAULT_LANGUAGE, LANGUAGES
from app.shapes.lists import BoundedList
from app.shapes.query_fields import RenderedLanguage
from app.sync.feed import DEFAULT_LIMIT
from app.sync.tokens import MAX_LENGTH, MAX_LIMIT


def lang_parameter() -> fields.Field[Any]:
    """`lang`: the language of the documents."""
    description = (
        f"The language of the documents, {' or '.join(LANGUAGES)}, a region allowed (`es-MX`); `{DEFAULT_LANGUAGE}`"
        " where nothing is said."
    )
    return RenderedLanguage(metadata={"description": description})


def sync_query(all_kinds: Sequence[str]) -> Schema:
    """The parameters of a feed that has these kinds."""

    class SyncQuery(QuerySchema):
        """What to sync, and from where."""

        token = fields.String(
            validate=validate.Length(1, MAX_LENGTH),
            metadata={
                "description": "The token of the last page of the sync before; without it, everything is enumerated."
            },
        )
        page = fields.String(
            validate=validate.Length(1, MAX_LENGTH),
            metadata={"description": "Where a page begins; comes in `next` and stands alone."},
        )
        kinds = BoundedList(
            Choice(tuple(all_kinds)),
            validate=validate.Length(1, len(all_kinds) * 2),
            metadata={"description": "Only these kinds; a token belongs to its kinds."},
        )
        lang = lang_parameter()
        limit = WholeNumber(
            1, MAX_LIMIT, metadata={"description": f"Items on a page, {DEFAULT_LIMIT} where nothing is said."}
        )

    return SyncQuery()


class SnapshotQuery(QuerySchema):
    """In which language."""

    lang = lang_parameter()


class Tombstone(DocumentSchema):
    """A document that is no longer published under this slug."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        field_obj.required = field_name != "renamed_to"

    kind = fields.String()
    id = fields.String(metadata={"format": "uuid"})
    slug = fields.String()
    deleted = fields.Boolean(validate=validate.Equal(True), metadata={"enum": [True]})
    revision = fields.Integer(metadata={"description": "The release that took it away."})
    renamed_to = fields.String(
        metadata={"description": "The slug under which the same entity, with this id, is published at this revision."}
    )


def sync_page(documents: Sequence[str]) -> type[Schema]:
    """The answer of a feed whose documents have these names in the OpenAPI document."""
    alternatives = [{"$ref": f"#/components/schemas/{name}"} for name in (*documents, "Tombstone")]

    class SyncPage(Schema):
        """A page of changes."""

        revision = fields.Integer(
            required=True, metadata={"description": "The revision that this and all the pages after it show."}
        )
        items = fields.List(
            fields.Raw(metadata={"anyOf": alternatives}),
            required=True,
            metadata={"description": "Documents and tombstones, to be applied in order."},
        )
        next = fields.String(
            metadata={"format": "uri", "description": "The next page. The last page has `token` instead."}
        )
        token = fields.String(metadata={"description": "What to send next time. Only the last page has it."})
        digest = fields.String(
            required=True, metadata={"description": "The digest of the whole state at `revision`; see docs/sync.md."}
        )
        signature = signature_field()

    return SyncPage
