"""The audit: every write appends who did what, in the write's own transaction."""

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
    """Appends one entry; without a holder it was the command line."""
    connection.execute(
        insert(audit_entry).values(
            at=now,
            key_id=holder.id if holder else None,
            key_name=holder.name if holder else None,
            action=action,
            target=target,
            detail=dict(detail or {}),
            request_id=request_id,
        )
    )


def read_entries(connection: Connection, *, before: int | None, limit: int) -> Sequence[Row[tuple[object, ...]]]:
    """Entries, the newest first, `limit` at most, those older than the entry `before`."""
    statement = select(*audit_entry.c).order_by(audit_entry.c.id.desc()).limit(limit)
    return connection.execute(statement if before is None else statement.where(audit_entry.c.id < before)).all()


def count_entries(connection: Connection) -> int:
    """How many entries there are."""
    return int(connection.execute(select(func.count()).select_from(audit_entry)).scalar_one())


def entries_of(connection: Connection, targets: Iterable[str]) -> dict[str, Row[tuple[object, ...]]]:
    """The first entry of each target that has one."""
    statement = select(*audit_entry.c).where(audit_entry.c.target.in_(list(targets))).order_by(audit_entry.c.id.desc())
    return {row.target: row for row in connection.execute(statement)}
