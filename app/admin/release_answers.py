"""Parts of answers that pending, releases and rollbacks share: entities before and after, pages of them, releases."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from app.access import audit
from app.admin.operations import AdminBlueprint, moment
from app.admin.writing import Answer, record
from app.content.content_type import EntityKey
from app.delivery import cursors
from app.editing.plan import compare
from app.releasing.history import read_release
from app.releasing.release import Released

READ, RELEASE = ("content:read", "content:write", "content:release"), ("content:release",)

blueprint = AdminBlueprint(
    "admin-releases", __name__, url_prefix="/v1/admin", description="What is pending, releases, and going back."
)


def shown_entry(key: EntityKey, before: Any, after: Any) -> dict[str, Any]:
    """The JSON of an entity's change. `before` is None if it is new, `after` if it is deleted."""
    action = "created" if before is None else "deleted" if after is None else "updated"
    changes = compare(before, after) if action == "updated" else ()
    return {
        "kind": key[0],
        "slug": key[1],
        "action": action,
        "before": before,
        "after": after,
        "changes": [asdict(change) for change in changes],
    }


def page_of(keys: Sequence[EntityKey], query: Mapping[str, Any], *parts: Any) -> tuple[list[EntityKey], str | None]:
    """The keys on the page that a query asks for, and the cursor of the next page."""
    fingerprint, limit = cursors.fingerprint("entries", *parts), query["limit"]
    if "cursor" in query:
        kind, slug = cursors.decode(query["cursor"], fingerprint, 2)
        keys = [key for key in keys if key > (kind, slug)]
    shown = list(keys[:limit])
    return shown, cursors.encode(fingerprint, shown[-1]) if len(keys) > limit else None


def _release(row: Any, by: Any) -> dict[str, Any]:
    return {
        "revision": row.revision,
        "released_at": moment(row.released_at),
        "note": row.note,
        "digest": row.digest,
        "signature": {"key_id": row.signed_by, "value": row.signature} if row.signature else None,
        "changed": row.changed,
        "deleted": row.deleted,
        "action": by.action if by else "release",
        "released_by": by.key_name if by else None,
    }


def shown_releases(connection: Connection, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """The JSON of releases, with the names of the keys that made them."""
    by = audit.entries_of(connection, [_target(row.revision) for row in rows])
    return [_release(row, by.get(_target(row.revision))) for row in rows]


def _target(revision: int) -> str:
    return f"releases/{revision}"


def answer_released(connection: Connection, released: Released, action: str, now: datetime, **detail: Any) -> Answer:
    """The answer to a release or a rollback. Writes it into the audit too."""
    target = _target(released.revision)
    record(connection, action, target, now, **detail)
    described = shown_releases(connection, [read_release(connection, released.revision)])[0]
    return Answer(201, described, {"Location": f"/v1/admin/{target}"})
