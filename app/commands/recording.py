"""What the commands apply and release, recorded in the audit in the same transaction."""

from datetime import datetime

from sqlalchemy import Connection

from app.access import audit
from app.delivery.routes import installed_catalogue
from app.editing.plan import Plan
from app.errors import NothingToRelease
from app.releasing.release import Progress, Released, current_revision, release


def record_plan(connection: Connection, plan: Plan, action: str, target: str, *, now: datetime) -> None:
    """Records that a plan was applied, with how many entities it changed; nothing where it changed none."""
    if plan:
        counts = {name: len(getattr(plan, name)) for name in ("created", "updated", "deleted")}
        audit.record(connection, None, action, target, now=now, detail=counts)


def record_release(connection: Connection, released: Released, note: str, *, now: datetime) -> None:
    """Records a release."""
    target = f"releases/{released.revision}"
    audit.record(connection, None, "release", target, now=now, detail={"note": note})


def release_everything(
    connection: Connection,
    plan: Plan,
    note: str,
    *,
    now: datetime,
    progress: Progress = lambda _what, _done, _total: None,
) -> Released | int:
    """Releases everything that is pending after a plan was applied, and records it.

    What was released, or the present revision where nothing was pending. Raises what `release` raises besides.
    """
    try:
        released = release(
            connection, installed_catalogue(), note=note, now=now, written=plan.changes, progress=progress
        )
    except NothingToRelease:
        return current_revision(connection)
    record_release(connection, released, note, now=now)
    return released
