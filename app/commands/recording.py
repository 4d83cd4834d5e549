"""Applying a plan, and releasing what it changed, as commands do; written into the audit in the same transaction."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Connection

from app.access import audit
from app.content.content_type import EntityKey
from app.content.working_copy import Progress
from app.delivery.routes import installed_catalogue
from app.editing.edits import LastEdit
from app.editing.plan import Plan, apply_plan
from app.releasing.pending import find_pending, pending_edits, pending_of
from app.releasing.release import Released, release
from app.releasing.signing import read_signer
from app.store.state import current_state
from app.web.installed import settings


@dataclass(frozen=True)
class Outcome:
    """What came of releasing an applied plan. `released` is None where there was nothing to release.

    `others` are the entities that were pending beside what the plan changed. They were released too if that was asked
    for (`everything`), and are pending still if not.
    """

    revision: int
    released: Released | None
    others: Sequence[EntityKey]
    edits: Mapping[EntityKey, LastEdit] = field(default_factory=dict)
    everything: bool = False

    def lines(self) -> Iterator[str]:
        """The outcome, for a person."""
        if self.others and self.everything:
            yield f"Also pending, and released too: {len(self.others)}."
            yield from map(self._line, self.others)
        elif self.others:
            yield f"Also pending, and not released: {len(self.others)}. With --all they are released too."
        if self.released is None:
            yield f"Nothing to release: the catalogue stays at revision {self.revision}."
        else:
            written, taken = self.released.documents, self.released.deleted
            yield f"Released revision {self.revision}: {written} documents written, {taken} taken away."

    def _line(self, key: EntityKey) -> str:
        edit = self.edits.get(key)
        by = f" (changed by {edit})" if edit else ""
        return f"  {installed_catalogue()[key[0]].collection}/{key[1]}{by}"


def record_plan(connection: Connection, plan: Plan, action: str, target: str, *, now: datetime) -> None:
    """Records an applied plan with the number of entities that it changed; nothing if it changed none."""
    if plan:
        counts = {name: len(getattr(plan, name)) for name in ("created", "updated", "deleted")}
        audit.record(connection, None, action, target, now=now, detail=counts)


def record_release(connection: Connection, released: Released, note: str, *, now: datetime) -> None:
    """Records a release."""
    target = f"releases/{released.revision}"
    audit.record(connection, None, "release", target, now=now, detail={"note": note})


def apply_and_release(
    connection: Connection,
    plan: Plan,
    action: str,
    target: str,
    *,
    note: str | None,
    everything: bool,
    progress: Progress,
) -> Outcome:
    """Applies a plan and records that. With a note, releases what it changed and records that too.

    With `everything`, what else is pending is released with it. Raises `Unreleasable` as `release` does.
    """
    kinds, now = installed_catalogue(), datetime.now(UTC)
    before = find_pending(connection, kinds).keys() if note is not None else set()
    apply_plan(connection, kinds, plan, now, progress)
    record_plan(connection, plan, action, target, now=now)
    present = current_state(connection).revision
    if note is None:
        return Outcome(present, None, ())
    own, pending = pending_of(connection, kinds, plan, before)
    others = sorted(pending.keys() - own.keys())
    edits = pending_edits(connection, kinds, pending, others) if everything else {}
    if not (pending if everything else own):
        return Outcome(present, None, others)
    released = release(
        connection,
        kinds,
        note=note,
        now=now,
        pending=own if others and not everything else None,
        written=plan.changes,
        signer=read_signer(settings().signing_key_file),
        progress=progress,
    )
    record_release(connection, released, note, now=now)
    return Outcome(released.revision, released, others, edits, everything)
