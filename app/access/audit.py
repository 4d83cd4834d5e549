"""The audit log. Every write appends an entry that says who did what, in its own transaction. Operators prune it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select

from app.access.key_store import Holder
from app.models.tables import audit_entry
from app.store.appending import deletions_allowed


def record(
    connection: Connection,
    holder: Holder | None,
    action: str,
    target: str,
    *,
    now: datetime,
    request_id: str | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Appends one entry. Without a holder, the write came from the command line."""
    by = {"key_id": holder.id, "key_name": holder.name} if holder else {}
    done = {"action": action, "target": target, "detail": dict(detail or {})}
    connection.execute(insert(audit_entry).values(at=now, request_id=request_id, **by, **done))


def read_entries(connection: Connection, *, before: int | None, limit: int) -> Sequence[Row[tuple[object, ...]]]:
    """Entries, the newest first, at most `limit`; with `before`, only entries older than the one of that id."""
    statement = select(*audit_entry.c).order_by(audit_entry.c.id.desc()).limit(limit)
    return connection.execute(statement if before is None else statement.where(audit_entry.c.id < before)).all()


def count_entries(connection: Connection) -> int:
    """How many entries there are."""
    return int(connection.execute(select(func.count()).select_from(audit_entry)).scalar_one())


def entries_of(connection: Connection, targets: Iterable[str]) -> dict[str, Row[tuple[object, ...]]]:
    """The oldest entry of each target that has any, by target."""
    statement = select(*audit_entry.c).where(audit_entry.c.target.in_(list(targets))).order_by(audit_entry.c.id.desc())
    return {row.target: row for row in connection.execute(statement)}


def read_older(connection: Connection, before: datetime) -> Sequence[Row[tuple[object, ...]]]:
    """Entries from before a moment, the oldest first, but for those of releases: the history names who made them."""
    return connection.execute(select(*audit_entry.c).where(*_older(before)).order_by(audit_entry.c.id)).all()


def remove_older(connection: Connection, before: datetime) -> int:
    """Removes what `read_older` gives; how many entries."""
    with deletions_allowed(connection, audit_entry.name):
        return connection.execute(delete(audit_entry).where(*_older(before))).rowcount


def _older(before: datetime) -> tuple[ColumnElement[bool], ...]:
    return audit_entry.c.at < before, ~audit_entry.c.target.startswith("releases/")
