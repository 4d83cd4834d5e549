"""Plans: what bringing the working copy to given drafts would change, and making it so.

A plan is made and checked as a whole before anything is written; applying it is one transaction of the caller's.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from app.content import canonical_json
from app.content.content_type import Catalogue, EntityKey
from app.content.mapping import Draft, mentions
from app.content.published import published_digests
from app.content.working_copy import Change, Entry, Progress, drafts, entries, remove, retire, write
from app.editing.rules import Candidates
from app.errors import Fault


@dataclass(frozen=True)
class FieldChange:
    """One field that would change; `before` or `after` is None where it is added or taken away."""

    pointer: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Update:
    """An entity that would change. `former` is its slug now, where that would change; `restored`: it was retired."""

    key: EntityKey
    fields: Sequence[FieldChange]
    former: str | None = None
    restored: bool = False


@dataclass
class Plan:
    """What would change. `kept` are entities that the drafts do not have and that stay, as pruning was not asked."""

    created: list[EntityKey] = field(default_factory=list)
    updated: list[Update] = field(default_factory=list)
    deleted: list[EntityKey] = field(default_factory=list)
    unchanged: list[EntityKey] = field(default_factory=list)
    kept: list[EntityKey] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    retired: dict[str, list[Entry]] = field(default_factory=dict)
    removed: dict[str, list[Entry]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.created or self.updated or self.deleted)


class WorkingCopy:
    """The whole working copy in memory, as a plan is made against."""

    def __init__(self, connection: Connection, catalogue: Catalogue) -> None:
        self.connection, self.catalogue = connection, catalogue
        self.entries: dict[EntityKey, Entry] = {}
        self.drafts: dict[EntityKey, Draft] = {}
        for content_type in catalogue:
            found = entries(connection, content_type)
            self.entries |= {(content_type.kind, slug): entry for slug, entry in found.items()}
            ids = {entry.id: slug for slug, entry in found.items()}
            for identifier, draft in drafts(connection, catalogue, content_type, list(ids)):
                self.drafts[content_type.kind, ids[identifier]] = draft

    def active(self) -> dict[EntityKey, Draft]:
        """The drafts of what is not retired."""
        return {key: draft for key, draft in self.drafts.items() if not self.entries[key].retired}


def make_plan(
    connection: Connection,
    catalogue: Catalogue,
    wanted: Mapping[EntityKey, Draft],
    *,
    prune: bool,
    within: Container[EntityKey] | None = None,
    working: WorkingCopy | None = None,
) -> tuple[Plan, list[tuple[EntityKey, Fault]]]:
    """The plan that brings the working copy to `wanted`, and every fault that stands against it.

    `within` are the entities that the drafts speak for: what lies outside is neither missing nor pruned.
    """
    working = working or WorkingCopy(connection, catalogue)
    plan = Plan()
    renamed = _renamed(working, wanted)
    wanted = {**({} if prune and within is None else _following(working, wanted, renamed)), **wanted}
    for key, draft in wanted.items():
        _plan_entity(plan, working, key, draft, renamed.get(key))
    missing = [key for key in working.active() if key not in wanted and key not in renamed.values()]
    missing = [key for key in missing if within is None or key in within]
    if prune:
        _plan_removals(plan, working, missing)
    else:
        plan.kept = missing
    gone = {*plan.deleted, *renamed.values()}
    after = {key: draft for key, draft in working.active().items() if key not in gone} | dict(wanted)
    _drop_what_broke(plan, working, {**after, **{former: after[key] for key, former in renamed.items()}})
    touched = set(plan.created) | {each.key for each in plan.updated} | set(plan.deleted) | set(renamed.values())
    candidates = Candidates(catalogue, after)
    return plan, list(candidates.check(_to_check(catalogue, after, wanted, touched)))


def _renamed(working: WorkingCopy, wanted: Mapping[EntityKey, Draft]) -> dict[EntityKey, EntityKey]:
    """Which wanted entity is which present one under a new slug."""
    renamed: dict[EntityKey, EntityKey] = {}
    for key, draft in wanted.items():
        for former in () if key in working.entries else draft.get("former_slugs", ()):
            if (key[0], former) in working.entries and (key[0], former) not in wanted:
                renamed[key] = (key[0], former)
    return renamed


def _following(
    working: WorkingCopy, wanted: Mapping[EntityKey, Draft], renamed: Mapping[EntityKey, EntityKey]
) -> dict[EntityKey, Draft]:
    """The drafts that are not given but name an entity under the slug that it had."""
    present = {former: key for key, former in renamed.items()}
    following: dict[EntityKey, Draft] = {}
    for key, draft in working.active().items() if present else ():
        found = [
            mention
            for mention in mentions(working.catalogue[key[0]].mapped, draft)
            if (mention.kind, mention.slug) in present
        ]
        if found and key not in wanted and key not in present:
            following[key] = deepcopy(draft)
            for mention in found:
                set_at(following[key], mention.pointer, present[mention.kind, mention.slug][1])
    return following


def set_at(draft: Draft, pointer: str, value: Any) -> None:
    """Puts a value where a JSON pointer (without escapes) leads in a draft."""
    *steps, last = pointer.strip("/").split("/")
    place: Any = draft
    for step in steps:
        place = place[int(step)] if isinstance(place, list) else place[step]
    place[int(last) if isinstance(place, list) else last] = value


def _to_check(
    catalogue: Catalogue, after: Mapping[EntityKey, Draft], wanted: Mapping[EntityKey, Draft], touched: set[EntityKey]
) -> Iterator[EntityKey]:
    """The given drafts, and those in the working copy that name something that would change."""
    for key, draft in after.items():
        named = ((mention.kind, mention.slug) for mention in mentions(catalogue[key[0]].mapped, draft))
        if key in wanted or any(each in touched for each in named):
            yield key


def _plan_entity(plan: Plan, working: WorkingCopy, key: EntityKey, draft: Draft, former: EntityKey | None) -> None:
    place = former or key
    entry = working.entries.get(place)
    if entry is None:
        plan.created.append(key)
        plan.changes.append(Change(key[0], draft))
        return
    before = working.drafts[place]
    if canonical_json.digest(draft) == entry.draft_digest and before == draft and not entry.retired:
        plan.unchanged.append(key)
        return
    changes = list(compare(before, draft))
    plan.updated.append(Update(key, changes, former[1] if former else None, entry.retired))
    plan.changes.append(Change(key[0], draft, entry))


def _plan_removals(plan: Plan, working: WorkingCopy, missing: Sequence[EntityKey]) -> None:
    for content_type in working.catalogue:
        slugs = [slug for kind, slug in missing if kind == content_type.kind]
        published = published_digests(working.connection, content_type) if slugs else {}
        plan.deleted += [(content_type.kind, slug) for slug in slugs]
        kept, gone = plan.retired.setdefault(content_type.kind, []), plan.removed.setdefault(content_type.kind, [])
        for slug in slugs:
            entry = working.entries[content_type.kind, slug]
            (kept if slug in published else gone).append(entry)
    _keep_what_retired_rows_name(plan, working)


def _keep_what_retired_rows_name(plan: Plan, working: WorkingCopy) -> None:
    """What a retired entity names is retired with it, not deleted: its rows still point there."""
    retired = [(kind, entry.slug) for kind, entries in plan.retired.items() for entry in entries]
    retired += [key for key, entry in working.entries.items() if entry.retired]
    while retired:
        kind, slug = retired.pop()
        for mention in mentions(working.catalogue[kind].mapped, working.drafts[kind, slug]):
            for entry in [each for each in plan.removed.get(mention.kind, ()) if each.slug == mention.slug]:
                plan.removed[mention.kind].remove(entry)
                plan.retired[mention.kind].append(entry)
                retired.append((mention.kind, mention.slug))


def _drop_what_broke(plan: Plan, working: WorkingCopy, after: Mapping[EntityKey, Draft]) -> None:
    """A retired entity that breaks its kind's rule after the change is deleted: nobody could mend it.

    Such is a routine with an item at a level that its exercise gives up. What was published of it stays in the log.
    """
    leaving = {(kind, entry.slug) for kind, entries in plan.retired.items() for entry in entries}
    retired = {
        key: working.drafts[key]
        for key, entry in working.entries.items()
        if (entry.retired or key in leaving) and key not in after
    }
    if not retired:
        return
    catalogue = working.catalogue
    named = {
        (each.kind, each.slug) for key, draft in retired.items() for each in mentions(catalogue[key[0]].mapped, draft)
    }
    candidates = Candidates(catalogue, {**retired, **after})
    for key, draft in retired.items():
        if key not in named and any(catalogue[key[0]].check(draft, candidates)):
            entry = working.entries[key]
            plan.removed.setdefault(key[0], []).append(entry)
            if key in leaving:
                plan.retired[key[0]].remove(entry)


def apply_plan(
    connection: Connection, catalogue: Catalogue, plan: Plan, now: datetime, progress: Progress | None = None
) -> None:
    """Writes what the plan says. The caller's transaction makes it all or nothing."""
    for content_type in catalogue:
        retire(connection, content_type, plan.retired.get(content_type.kind, ()), now)
    write(connection, catalogue, plan.changes, now, progress)
    for content_type in reversed(catalogue.types):
        remove(connection, content_type, plan.removed.get(content_type.kind, ()))


def compare(before: Any, after: Any, pointer: str = "") -> Iterator[FieldChange]:
    """The fields in which two drafts differ, list entries by their place."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys((*before, *after)):
            yield from compare(before.get(key), after.get(key), f"{pointer}/{key}")
    elif isinstance(before, list) and isinstance(after, list):
        for index in range(max(len(before), len(after))):
            old, new = (each[index] if index < len(each) else None for each in (before, after))
            yield from compare(old, new, f"{pointer}/{index}")
    elif before != after:
        yield FieldChange(pointer, before, after)
