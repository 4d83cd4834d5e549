"""Going back: the catalogue of an earlier revision becomes current again, as a new release.

What changed since is brought back in the working copy too. What did not exist then is unpublished; its working copy
stays, as a draft. What was renamed since has its former slug again. History is never rewritten.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from app.content import canonical_json
from app.content.content_type import Catalogue, EntityKey
from app.content.mapping import Draft, canonical
from app.content.published import Published
from app.content.working_copy import Change, Entry, entries, write
from app.editing.authoring import following_changes
from app.editing.plan import apply_plan, make_plan
from app.editing.stored_candidates import read_active
from app.errors import Conflict, Fault, NothingToRelease
from app.releasing.history import changed_since, drafts_at, read_release
from app.releasing.pending import Pending, find_pending
from app.releasing.release import Released, release


def roll_back(
    connection: Connection,
    catalogue: Catalogue,
    revision: int,
    *,
    note: str | None,
    discard_pending: bool,
    now: datetime,
) -> Released:
    """Makes the catalogue of a revision current, inside the caller's exclusive transaction.

    Raises `NotFound` for a revision that does not exist, `NothingToRelease` when nothing changed since, and `Conflict`
    with the list of what holds unreleased edits, unless they may be discarded.
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
    _rename_back(connection, catalogue, back, gone, now)
    _restore(connection, catalogue, back | _without_former_slugs(connection, catalogue, back, gone), now)
    return release(
        connection,
        catalogue,
        note=note or f"Back to revision {revision}",
        now=now,
        pending=_to_publish(connection, catalogue, back, gone),
    )


def _edited(pending: Pending, back: dict[EntityKey, Draft]) -> set[EntityKey]:
    """What would lose unreleased edits: its draft is neither what is published nor what it goes back to."""
    drafted = {(kind, entry.slug): entry.draft_digest for kind, changed in pending.changed.items() for entry in changed}
    return {key for key in pending.keys() & set(back) if drafted.get(key) != _digest(back[key])}


def _digest(draft: Draft | None) -> str | None:
    return None if draft is None else canonical_json.digest(draft)


def _rename_back(
    connection: Connection, catalogue: Catalogue, back: dict[EntityKey, Draft], gone: list[EntityKey], now: datetime
) -> None:
    """Gives what was renamed since the slug that it had, and whatever names it follows."""
    for kind, slug in gone:
        draft: Draft = read_active(connection, catalogue, (kind, slug)) or {}
        present = entries(connection, catalogue[kind])
        for former in draft.get("former_slugs", ()):
            if (kind, former) in back and former not in present:
                following = following_changes(connection, catalogue, (kind, slug), (kind, former))
                others = [each for each in draft["former_slugs"] if each != former]
                renamed = canonical({**draft, "slug": former, "former_slugs": others})
                write(connection, catalogue, [Change(kind, renamed, present[slug]), *following], now)
                break


def _without_former_slugs(
    connection: Connection, catalogue: Catalogue, back: dict[EntityKey, Draft], gone: list[EntityKey]
) -> dict[EntityKey, Draft]:
    """What stays as a draft, without the former slugs that are present ones again."""
    kept: dict[EntityKey, Draft] = {}
    for kind, slug in gone:
        draft = read_active(connection, catalogue, (kind, slug))
        former = draft.get("former_slugs", []) if draft else []
        if draft and any((kind, each) in back for each in former):
            remaining = [each for each in former if (kind, each) not in back]
            kept[kind, slug] = {key: value for key, value in draft.items() if key != "former_slugs"}
            if remaining:
                kept[kind, slug]["former_slugs"] = remaining
    return kept


def _restore(connection: Connection, catalogue: Catalogue, back: dict[EntityKey, Draft], now: datetime) -> None:
    plan, faults = make_plan(connection, catalogue, back, prune=False)
    if faults:
        raise Conflict(
            "The drafts of that revision no longer fit the working copy.",
            [
                Fault(f"/{catalogue[kind].collection}/{slug}{fault.place}", fault.detail)
                for (kind, slug), fault in faults
            ],
        )
    apply_plan(connection, catalogue, plan, now)


def _to_publish(
    connection: Connection, catalogue: Catalogue, back: dict[EntityKey, Draft], gone: list[EntityKey]
) -> Pending:
    changed: dict[str, Sequence[Entry]] = {
        each.kind: [entry for slug, entry in entries(connection, each).items() if (each.kind, slug) in back]
        for each in catalogue
    }
    return Pending(changed, gone)
