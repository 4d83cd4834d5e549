"""What is asked and answered about releases."""

from functools import cache

from marshmallow import Schema, fields, validate

from app.admin.operations import EXAMPLES, page_schema
from app.content.content_type import Catalogue
from app.content.document_schemas import DocumentSchema
from app.delivery.answer_schemas import PageSchema, signature_field
from app.delivery.query_schemas import QuerySchema, cursor_parameter
from app.shapes.fields import DraftSchema, PlainText, Slug, WholeNumber, YesNo
from app.shapes.lists import BoundedList

ACTIONS = ("release", "rollback")
NEWEST = 2**31 - 1
MAX_ENTRIES = 1000
"""Entries of a release, or pending ones, in one answer."""


@cache
def release_request(kinds: Catalogue) -> type[Schema]:
    """What a release of these kinds may be asked for."""

    class NamedItem(DraftSchema):
        """One entity."""

        kind = fields.String(required=True, validate=validate.OneOf([each.kind for each in kinds]))
        slug = Slug(required=True)

    class ReleaseRequest(DraftSchema):
        """What to release: everything that is pending, or the named part of it."""

        note = PlainText(limit=1000, metadata={"description": "Why; shown in the history."})
        items = BoundedList(fields.Nested(NamedItem), validate=validate.Length(1, 10_000))

    return ReleaseRequest


class RollbackRequest(DraftSchema):
    """Which revision to go back to."""

    revision = WholeNumber(1, NEWEST, required=True)
    note = PlainText(limit=1000)
    discard_pending = YesNo(load_default=False)


class ReleaseDocument(DocumentSchema):
    """A release."""

    revision = fields.Integer()
    released_at = fields.String(metadata={"format": "date-time"})
    note = fields.String(allow_none=True)
    digest = fields.String()
    signature = signature_field()
    changed = fields.Integer(metadata={"description": "Documents written."})
    deleted = fields.Integer(metadata={"description": "Documents taken away."})
    action = fields.String(metadata={"enum": list(ACTIONS), "description": "Whether it was a rollback."})
    released_by = fields.String(
        allow_none=True, metadata={"description": "The name of the key; null for the command line."}
    )


class EntryDocument(DocumentSchema):
    """What a release changed, or would change, of one entity."""

    kind = fields.String()
    slug = fields.String()
    action = fields.String(metadata={"enum": ["created", "updated", "deleted"]})
    before = fields.Dict(allow_none=True)
    after = fields.Dict(allow_none=True)
    changes = fields.List(fields.Dict())


EntryPage = page_schema("EntryPage", EntryDocument)
"""A page of what a release changed, by kind and slug."""


class GapDocument(DocumentSchema):
    """Something that a draft lacks."""

    pointer = fields.String(metadata={"description": "Where in the draft (RFC 6901)."})
    detail = fields.String(metadata={"description": "What is needed there."})


class PendingEntry(EntryDocument):
    """What a release would change of one entity, and whether it can."""

    changed_by = fields.String(
        allow_none=True, metadata={"description": "The name of the key that edited it last; null for a command."}
    )
    changed_at = fields.String(
        allow_none=True,
        metadata={"format": "date-time", "description": "When it was edited last; null where its draft is gone."},
    )
    ready = fields.Boolean(metadata={"description": "Whether it has all that a release needs."})
    gaps = fields.List(fields.Nested(GapDocument), metadata={"description": "What it lacks."})


PendingPage = page_schema("PendingPage", PendingEntry)
"""A page of what a release would change now, by kind and slug."""


class ReleaseDetail(ReleaseDocument):
    """A release with each entry's before and after."""

    items = fields.List(fields.Nested(EntryDocument))
    page = fields.Nested(PageSchema)


ReleasePage = page_schema("ReleasePage", ReleaseDocument)
"""A page of releases, the newest first."""


class EntryQuery(QuerySchema):
    """Which page of entries."""

    limit = WholeNumber(
        1, MAX_ENTRIES, load_default=MAX_ENTRIES, metadata={"description": f"Entries on a page, {MAX_ENTRIES} at most."}
    )
    cursor = cursor_parameter()


EXAMPLE = EXAMPLES["release"]
ENTRY = EXAMPLES["entry"]
PENDING_ENTRY = {
    **ENTRY,
    "changed_by": "Editor",
    "changed_at": "2026-01-01T00:00:00Z",
    "ready": False,
    "gaps": [{"pointer": "/licence", "detail": "An exercise needs the licence of its texts."}],
}
