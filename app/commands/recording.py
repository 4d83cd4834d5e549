"""Writes what commands apply and release into the audit, in the same transaction."""

from datetime import UTC, datetime

from sqlalchemy import Connection

from app.access import audit
from app.content.working_copy import Progress
from app.delivery.routes import installed_catalogue
from app.editing.plan import Plan
from app.errors import NothingToRelease
from app.releasing.release import Released, release
from app.releasing.signing import read_signer
from app.store.state import current_state
from app.web.installed import settings


def record_plan(connection: Connection, plan: Plan, action: str, target: str, *, now: datetime) -> None:
    """Records an applied plan with the number of entities that it changed; nothing if it changed none."""
    if plan:
        counts = {name: len(getattr(plan, name)) for name in ("created", "updated", "deleted")}
        audit.record(connection, None, action, target, now=now, detail=counts)


def record_release(connection: Connection, released: Released, note: str, *, now: datetime) -> None:
    """Records a release."""
    target = f"releases/{released.revision}"
    audit.record(connection, None, "release", target, now=now, detail={"note": note})


def record_and_release(
    connection: Connection, plan: Plan, action: str, target: str, *, note: str | None, progress: Progress
) -> Released | int:
    """Records an applied plan. With a note, releases everything that is pending and records that too.

    Returns what was released, or the present revision if nothing was. Raises `UnpublishedReferences` as `release` does.
    """
    kinds, now = installed_catalogue(), datetime.now(UTC)
    record_plan(connection, plan, action, target, now=now)
    if note is None:
        return current_state(connection).revision
    try:
        signer = read_signer(settings().signing_key_file)
        released = release(
            connection, kinds, note=note, now=now, written=plan.changes, signer=signer, progress=progress
        )
    except NothingToRelease:
        return current_state(connection).revision
    record_release(connection, released, note, now=now)
    return released
