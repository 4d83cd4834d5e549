"""`/v1/admin/audit`: who wrote what, and when."""

from collections.abc import Mapping
from typing import Any

from flask import Response
from marshmallow import fields

from app.access import audit
from app.admin.operations import AdminBlueprint, PageQuery, answer_page, moment, number_of, page_schema
from app.content.document_schemas import DocumentSchema
from app.delivery import cursors
from app.web.installed import database

blueprint = AdminBlueprint("admin-audit", __name__, url_prefix="/v1/admin", description="Who did what.")


class AuditEntryDocument(DocumentSchema):
    """One write."""

    id = fields.Integer()
    at = fields.String(metadata={"format": "date-time"})
    key_id = fields.String(allow_none=True)
    key_name = fields.String(allow_none=True)
    action = fields.String()
    target = fields.String()
    detail = fields.Dict()
    request_id = fields.String(allow_none=True)


AuditPage = page_schema("AuditPage", AuditEntryDocument)
"""A page of the audit, the newest entry first."""


@blueprint.admin(
    "/audit",
    operation_id="listAudit",
    summary="Read the audit",
    description="Every write, the newest first: who, when, what.",
    scopes=("audit", "keys"),
    schema=AuditPage,
    example={
        "items": [
            {
                "id": 1,
                "at": "2026-01-01T00:00:00Z",
                "key_id": "4fT0aPq2Xz",
                "key_name": "Editor",
                "action": "update",
                "target": "exercises/chin-tuck",
                "detail": {},
                "request_id": "5f0c9a5e8d1b4c0fa2f5a3d8c7b6e1d2",
            }
        ],
        "page": {"limit": 20, "total": 1, "next": None},
    },
    query=PageQuery,
)
def list_audit(query: Mapping[str, Any]) -> Response:
    """The audit."""
    limit = query["limit"]
    before = number_of(query["cursor"], "audit") if "cursor" in query else None
    with database().reading() as connection:
        rows = audit.read_entries(connection, before=before, limit=limit + 1)
        total = audit.count_entries(connection)
    items = [{**row._asdict(), "at": moment(row.at)} for row in rows[:limit]]
    following = cursors.encode("audit", [str(rows[limit - 1].id)]) if len(rows) > limit else None
    return answer_page(items, limit=limit, total=total, following=following)
