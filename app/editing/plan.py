"""Plans: what writing some drafts would change in the working copy, and how the change is made.

Every change of drafts goes this way, one draft of a request as well as the files of a whole catalogue. The whole plan
is made and checked before anything is written. The caller's transaction makes applying it all or nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from app.content.content_type import Catalogue, EntityKey
from app.content.identity import draft_digest
from app.content.mapping import Draft, named_by
from app.content.published import published_digests
from app.content.working_copy import Entry, Progress
from app.content.writing import Change, remove, retire, write
from app.editing.identity import identify, with_released_slugs
from app.editing.renaming import following_drafts
from app.editing.rules import Candidates
from app.editing.stored import StoredDrafts
from app.errors import Fault


@dataclass(frozen=True)
class FieldChange:
    """A field that would change. `before` is None if it is added, `after` if it is removed."""

    pointer: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Update:
    """An entity that would change. `former` is its slug so far if it is renamed; `restored`: it was retired."""

    key: EntityKey
    fields: Sequence[FieldChange]
    former: str | None = None
    restored: bool = False


@dataclass
class Plan:
    """What would change. `kept` are stored entities without a draft that stay, as pruning was not asked for.

    `following` are drafts that were not asked for and change as they name something that is renamed.
    `incomplete` has what the wanted drafts lack that a release needs; nothing prevents writing them.
    `read` is every entity that it was made and checked with, with its entry.
    """

    created: list[EntityKey] = field(default_factory=list)
    updated: list[Update] = field(default_factory=list)
    deleted: list[EntityKey] = field(default_factory=list)
    unchanged: list[EntityKey] = field(default_factory=list)
    kept: list[EntityKey] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    retired: dict[EntityKey, Entry] = field(default_factory=dict)
    removed: dict[EntityKey, Entry] = field(default_factory=dict)
    read: Mapping[EntityKey, Entry | None] = field(default_factory=dict)
    following: set[EntityKey] = field(default_factory=set)
    incomplete: dict[EntityKey, list[Fault]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.created or self.updated or self.deleted)


def make_plan(
    connection: Connection,
    catalogue: Catalogue,
    wanted: Mapping[EntityKey, Draft],
    *,
    prune: bool = False,
    within: Callable[[EntityKey], bool] | None = lambda _key: True,
    renamed: Mapping[EntityKey, EntityKey] | None = None,
    known: Mapping[EntityKey, Draft] | None = None,
    as_they_were: bool = False,
) -> tuple[Plan, list[tuple[EntityKey, Fault]]]:
    """The plan that brings the working copy to `wanted`, and every fault that prevents it.

    `within` says which stored entities should be among `wanted`: the others are pruned, or kept. None means that only
    the wanted ones matter. `renamed` has the stored key of a renamed entity by its wanted key; without it, the former
    slugs and ids of the drafts tell. `known` are stored drafts that the same transaction has read already. Drafts of
    the history are written `as_they_were`: without the slugs that they were released under since.
    """
    stored = StoredDrafts(connection, catalogue, known)

    def leaves(key: EntityKey) -> bool:
        return prune and within is not None and within(key) and key not in wanted

    wanted, renamed = identify(stored, wanted, renamed, leaves)
    wanted = wanted if as_they_were else with_released_slugs(stored, wanted)
    formers = set(renamed.values())
    missing = {
        key: None
        for key in (stored.expect_everything() if within else ())
        if within and within(key) and key not in wanted and key not in formers
    }
    following = following_drafts(stored, wanted, renamed)
    wanted = {**{key: draft for key, draft in following.items() if not prune or key not in missing}, **wanted}
    stored.expect([*wanted, *formers])
    plan = Plan(following=set(following))
    for key, draft in wanted.items():
        _plan_entity(plan, stored, key, draft, renamed.get(key))
    unwanted = [key for key in missing if key not in wanted]
    if prune:
        _plan_removals(plan, stored, unwanted)
    else:
        plan.kept = unwanted
    gone = {*plan.deleted, *formers}
    # No stored draft names an entity that is created only now.
    touched = {update.key for update in plan.updated} | gone
    references = stored.references_to(touched)
    changed = {key: wanted[key] for key in dict.fromkeys((*plan.created, *(update.key for update in plan.updated)))}
    candidates = Candidates(stored, changed, gone, renamed)
    _drop_what_broke(plan, candidates, renamed, [reference.by for reference in references if reference.is_retired])
    elsewhere = gone | _regrouped(plan, catalogue)
    naming = {
        reference.by
        for reference in references
        if not reference.is_retired
        and (reference.named in elsewhere or reference.named[0] in catalogue[reference.by[0]].checks)
    }
    faults = list(candidates.check([*wanted, *sorted(naming - gone)]))
    plan.read = stored.read
    plan.incomplete = candidates.gaps(wanted)
    return plan, faults


def _regrouped(plan: Plan, catalogue: Catalogue) -> set[EntityKey]:
    """What gets another vocabulary or type: who names it as one of the former may no longer do so."""
    return {
        update.key
        for update in plan.updated
        if any(change.pointer == f"/{catalogue[update.key[0]].group_key}" for change in update.fields)
    }


def _plan_entity(plan: Plan, stored: StoredDrafts, key: EntityKey, draft: Draft, former: EntityKey | None) -> None:
    entry, before = stored.entry(former or key), stored.draft(former or key)
    if entry is None:
        plan.created.append(key)
        plan.changes.append(Change(key[0], draft))
    elif draft_digest(draft) == entry.draft_digest and before == draft and not entry.retired:
        plan.unchanged.append(key)
    else:
        fields = list(compare(before, draft))
        plan.updated.append(Update(key, fields, former[1] if former else None, entry.retired))
        plan.changes.append(Change(key[0], draft, entry, before))


def _plan_removals(plan: Plan, stored: StoredDrafts, unwanted: Sequence[EntityKey]) -> None:
    """Plans to retire published entities and those that a retired draft names, and to delete the others."""
    kinds = {kind for kind, _ in unwanted}
    published = {kind: published_digests(stored.connection, stored.catalogue[kind]) for kind in kinds}
    for key in unwanted:
        plan.deleted.append(key)
        if entry := stored.entry(key):
            (plan.retired if key[1] in published[key[0]] else plan.removed)[key] = entry
    references = stored.references_to(plan.removed)
    while named := {
        reference.named
        for reference in references
        if reference.named in plan.removed and (reference.is_retired or reference.by in plan.retired)
    }:
        # The rows of the retired draft point to these entities.
        plan.retired |= {key: plan.removed.pop(key) for key in sorted(named)}


def _drop_what_broke(
    plan: Plan, candidates: Candidates, renamed: Mapping[EntityKey, EntityKey], retired: Iterable[EntityKey]
) -> None:
    """Plans to delete the retired entities that break a rule of their kind after the change: nobody could mend them.

    Example: a retired routine has an item at a level that its exercise no longer has. Its published versions stay.
    """
    stored, catalogue = candidates.stored, candidates.catalogue
    after = _AfterChange(candidates, {former: key for key, former in renamed.items()})
    concerned = [key for key in dict.fromkeys([*retired, *plan.retired]) if key not in candidates.changed]
    stored.expect(concerned)
    broken = [key for key in concerned if any(catalogue[key[0]].check(stored.draft(key) or {}, after))]
    named = {
        reference.named
        for reference in stored.references_to(broken)
        if reference.is_retired or reference.by in plan.retired
    }
    for key in broken:
        if key not in named and (entry := stored.entry(key)):
            plan.removed[key] = entry
            plan.retired.pop(key, None)


class _AfterChange:
    """Lets checks of retired drafts see active and retired drafts, and renamed ones under their former slugs too."""

    def __init__(self, candidates: Candidates, present: Mapping[EntityKey, EntityKey]) -> None:
        self._candidates, self._present = candidates, present

    def draft(self, kind: str, slug: str) -> Draft | None:
        key = self._present.get((kind, slug), (kind, slug))
        return self._candidates.draft(*key) or self._candidates.stored.draft(key)

    def naming(self, kind: str, relation: str, slug: str) -> Sequence[str]:
        return self._candidates.naming(kind, relation, slug)

    def named(self, kind: str, relation: str, slug: str) -> Sequence[str]:
        if self._candidates.is_there((kind, slug)):
            return self._candidates.named(kind, relation, slug)
        mapped = self._candidates.catalogue[kind].mapped
        return named_by(mapped, self.draft(kind, slug) or {}, kind, relation)


def apply_plan(
    connection: Connection,
    catalogue: Catalogue,
    plan: Plan,
    now: datetime,
    progress: Progress | None = None,
    *,
    by: str | None = None,
) -> None:
    """Writes what the plan says. The caller's transaction makes it all or nothing.

    `by` is the name of the key that asked for it; None for a command.
    """
    for content_type in catalogue:
        retire(connection, content_type, _of_kind(plan.retired, content_type.kind), now, by)
    known = {key: entry.id for key, entry in plan.read.items() if entry}
    write(connection, catalogue, plan.changes, now, progress, known=known, by=by)
    for content_type in reversed(catalogue.types):
        remove(connection, content_type, _of_kind(plan.removed, content_type.kind))


def _of_kind(entries: Mapping[EntityKey, Entry], kind: str) -> list[Entry]:
    return [entry for (other, _slug), entry in entries.items() if other == kind]


def compare(before: Any, after: Any, pointer: str = "") -> Iterator[FieldChange]:
    """The fields in which two drafts differ, list entries by their place."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys((*before, *after)):
            yield from compare(before.get(key), after.get(key), f"{pointer}/{key}")
    elif isinstance(before, list) and isinstance(after, list):
        for index in range(max(len(before), len(after))):
            old, new = (entries[index] if index < len(entries) else None for entries in (before, after))
            yield from compare(old, new, f"{pointer}/{index}")
    elif before != after:
        yield FieldChange(pointer, before, after)
