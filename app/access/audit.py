"""The audit log. Every write appends an entry that says who did what, in its own transaction."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Row, func, insert, select

from app.access.key_store import Holder
from app.models.tables import audit_entry


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
