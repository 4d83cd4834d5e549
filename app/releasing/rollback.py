"""Going back: the catalogue of an earlier revision becomes current again, as a new release.

Entities that changed since then go back in the working copy too. An entity that did not exist then is unpublished, but
stays in the working copy as a draft. An entity that was renamed since gets its former slug back. History is never
rewritten.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from app.content.content_type import Catalogue, EntityKey
from app.content.identity import draft_digest
from app.content.mapping import Draft, canonical
from app.content.published import Published
from app.content.working_copy import Entry, entries
from app.editing.bundle import in_the_catalogue
from app.editing.plan import apply_plan, make_plan
from app.editing.renaming import recognised_renames
from app.editing.stored import StoredDrafts
from app.errors import Conflict, Fault, NothingToRelease
from app.releasing.history import changed_since, drafts_at, read_release
from app.releasing.pending import Pending, find_pending
from app.releasing.release import Released, release
from app.releasing.signing import Signer


def roll_back(
    connection: Connection,
    catalogue: Catalogue,
    revision: int,
    *,
    note: str | None,
    discard_pending: bool,
    now: datetime,
    by: str | None,
    signer: Signer | None = None,
) -> Released:
    """Makes the catalogue of a revision current, inside the caller's exclusive transaction. `by` names the key.

    Raises `NotFound` for a revision that does not exist, `NothingToRelease` when nothing changed since, and `Conflict`
    with the entities that hold unreleased edits, unless `discard_pending`.
    """
    read_release(connection, revision)
    concerned = changed_since(connection, revision)
    target = drafts_at(connection, revision, concerned) if concerned else {}
    published = Published(connection, catalogue)
    published.read(concerned)
    differing = [key for key in concerned if _digest(target.get(key)) != _digest(published.find(key))]
    if not differing:
        raise NothingToRelease(f"The catalogue is that of revision {revision} already.")
    back = {key: target[key] for key in differing if key in target}
    gone = [key for key in differing if key not in target]
    edited = _edited(find_pending(connection, catalogue), back)
    if edited and not discard_pending:
        faults = [
            Fault(f"/{catalogue[kind].collection}/{slug}", "Holds unreleased edits.") for kind, slug in sorted(edited)
        ]
        raise Conflict("Some of what would go back holds unreleased edits; release or discard them.", faults)
    _restore(connection, catalogue, back, gone, now, by=by)
    return release(
        connection,
        catalogue,
        note=note or f"Back to revision {revision}",
        now=now,
        pending=_to_publish(connection, catalogue, back, gone),
        incomplete=True,
        signer=signer,
    )


def _edited(pending: Pending, back: dict[EntityKey, Draft]) -> set[EntityKey]:
    """The entities that would lose unreleased edits: their draft is neither the published nor the restored one."""
    drafted = {(kind, entry.slug): entry.draft_digest for kind, changed in pending.changed.items() for entry in changed}
    return {key for key in pending.keys() & set(back) if drafted.get(key) != _digest(back[key])}


def _digest(draft: Draft | None) -> str | None:
    return None if draft is None else draft_digest(draft)


def _restore(
    connection: Connection,
    catalogue: Catalogue,
    back: dict[EntityKey, Draft],
    gone: list[EntityKey],
    now: datetime,
    *,
    by: str | None,
) -> None:
    """Brings the drafts back. A renamed entity gets its former slug back, and the drafts that name it follow."""
    stored = StoredDrafts(connection, catalogue)
    leaving = {key: draft for key in gone if stored.is_active(key) and (draft := stored.draft(key))}
    renamed = recognised_renames(stored, back) | _renamed_back(stored, back, leaving)
    staying = {key: draft for key, draft in leaving.items() if key not in renamed.values()}
    wanted = back | _without_former_slugs(staying, back)
    plan, faults = make_plan(connection, catalogue, wanted, within=None, renamed=renamed, as_they_were=True)
    if faults:
        detail = "The drafts of that revision no longer fit the working copy."
        raise Conflict(detail, in_the_catalogue(catalogue, faults))
    apply_plan(connection, catalogue, plan, now, by=by)


def _renamed_back(
    stored: StoredDrafts, back: Mapping[EntityKey, Draft], leaving: Mapping[EntityKey, Draft]
) -> dict[EntityKey, EntityKey]:
    """The entities that were renamed since: the present key by the first former key that is restored."""
    renamed: dict[EntityKey, EntityKey] = {}
    for key, draft in leaving.items():
        formers = [(key[0], slug) for slug in draft.get("former_slugs", ())]
        if former := next((old for old in formers if old in back and stored.entry(old) is None), None):
            renamed[former] = key
    return renamed


def _without_former_slugs(
    staying: Mapping[EntityKey, Draft], back: Mapping[EntityKey, Draft]
) -> dict[EntityKey, Draft]:
    """The drafts that stay, without the former slugs that are in use again."""
    return {
        key: canonical(
            {**draft, "former_slugs": [slug for slug in draft["former_slugs"] if (key[0], slug) not in back]}
        )
        for key, draft in staying.items()
        if any((key[0], slug) in back for slug in draft.get("former_slugs", ()))
    }


def _to_publish(
    connection: Connection, catalogue: Catalogue, back: dict[EntityKey, Draft], gone: list[EntityKey]
) -> Pending:
    changed: dict[str, Sequence[Entry]] = {
        kind.kind: [entry for slug, entry in entries(connection, kind).items() if (kind.kind, slug) in back]
        for kind in catalogue
    }
    return Pending(changed, gone)
