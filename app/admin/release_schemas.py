"""What is asked and answered about releases."""

from functools import cache
from typing import Any

from marshmallow import Schema, fields, validate

from app.admin.operations import page_schema
from app.content.content_type import Catalogue
from app.delivery.answer_schemas import PageSchema, signature_field
from app.delivery.query_schemas import QuerySchema, cursor_parameter
from app.shapes.fields import DraftSchema, PlainText, Slug, WholeNumber, YesNo

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
        items = fields.List(fields.Nested(NamedItem), validate=validate.Length(1, 10_000))

    return ReleaseRequest


class RollbackRequest(DraftSchema):
    """Which revision to go back to."""

    revision = WholeNumber(1, NEWEST, required=True)
    note = PlainText(limit=1000)
    discard_pending = YesNo(load_default=False)


class ReleaseDocument(Schema):
    """A release."""

    revision = fields.Integer(required=True)
    released_at = fields.String(required=True, metadata={"format": "date-time"})
    note = fields.String(required=True, allow_none=True)
    digest = fields.String(required=True)
    signature = signature_field()
    changed = fields.Integer(required=True, metadata={"description": "Documents written."})
    deleted = fields.Integer(required=True, metadata={"description": "Documents taken away."})
    action = fields.String(required=True, metadata={"enum": list(ACTIONS), "description": "Whether it was a rollback."})
    released_by = fields.String(
        required=True, allow_none=True, metadata={"description": "The name of the key; null for the command line."}
    )


class EntryDocument(Schema):
    """What a release changed, or would change, of one entity."""

    kind = fields.String(required=True)
    slug = fields.String(required=True)
    action = fields.String(required=True, metadata={"enum": ["created", "updated", "deleted"]})
    before = fields.Dict(required=True, allow_none=True)
    after = fields.Dict(required=True, allow_none=True)
    changes = fields.List(fields.Dict(), required=True)


EntryPage = page_schema("EntryPage", EntryDocument)
"""A page of what a release changed, or would change now, by kind and slug."""


class ReleaseDetail(ReleaseDocument):
    """A release with each entry's before and after."""

    items = fields.List(fields.Nested(EntryDocument), required=True)
    page = fields.Nested(PageSchema, required=True)


ReleasePage = page_schema("ReleasePage", ReleaseDocument)
"""A page of releases, the newest first."""


class EntryQuery(QuerySchema):
    """Which page of entries."""

    limit = WholeNumber(
        1, MAX_ENTRIES, load_default=MAX_ENTRIES, metadata={"description": f"Entries on a page, {MAX_ENTRIES} at most."}
    )
    cursor = cursor_parameter()


EXAMPLE = {
    "revision": 2,
    "released_at": "2026-01-01T00:00:00Z",
    "note": "One more stretch",
    "digest": "0" * 64,
    "signature": None,
    "changed": 3,
    "deleted": 0,
    "action": "release",
    "released_by": "Editor",
}
ENTRY: dict[str, Any] = {
    "kind": "exercise",
    "slug": "wall-lean",
    "action": "created",
    "before": None,
    "after": {},
    "changes": [],
}
