"""Which entity a draft is: the ids of drafts that do not say, renames, and faults of ids and of slugs that had owners.

`content.identity` says what an id is. An id never changes, and a slug under which an entity was published is never
another entity's, so that whoever kept an address or an id finds the same entity, or none.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping

from app.content.content_type import ContentType, EntityKey
from app.content.identity import made_id
from app.content.mapping import Draft
from app.content.released_slugs import ids_of_slugs, slugs_of_ids
from app.editing.renaming import recognised_renames
from app.editing.stored import StoredDrafts
from app.errors import Fault

Renames = Mapping[EntityKey, EntityKey]
"""The stored keys of renamed entities by their wanted keys."""


def identify(
    stored: StoredDrafts,
    wanted: Mapping[EntityKey, Draft],
    renamed: Renames | None,
    leaves: Callable[[EntityKey], bool],
) -> tuple[dict[EntityKey, Draft], Renames]:
    """The wanted drafts, each with an id, and which of them are renamed.

    A draft without an id is the entity that is stored under its slug, or else the one that was published under it, or
    a new one. A retired entity, and one that `leaves` with this change, comes back under another slug of its own.
    Without `renamed`, the former slugs and the ids of the drafts tell which others are renamed.
    """
    found = dict(recognised_renames(stored, wanted) if renamed is None else renamed)
    stored.expect([*wanted, *found.values()])
    entries = {key: stored.entry(found.get(key, key)) for key in wanted}
    ids = {key: draft["id"] for key, draft in wanted.items() if "id" in draft}
    ids |= {key: entry.uuid for key, entry in entries.items() if entry and key not in ids}
    given = {key: identifier for key, identifier in ids.items() if entries[key] is None}
    slugs = {key: _slugs(key, draft) for key, draft in wanted.items() if key not in ids}
    released = ids_of_slugs(stored.connection, (slug for own in slugs.values() for slug in own))
    holders = stored.holders([*given.values(), *released.values()])

    def may_become(key: EntityKey, holder: EntityKey, *, active: bool) -> bool:
        entry = stored.entry(holder)
        free = holder[0] == key[0] and holder not in wanted and holder not in found.values()
        return free and (active or leaves(holder) or (entry is not None and entry.retired))

    for key, identifier in given.items():
        holder = holders.get(identifier)
        if holder and may_become(key, holder, active=renamed is None):
            found[key] = holder
    taken = set(ids.values())
    for key, own in slugs.items():
        for identifier in (released[slug] for slug in own if slug in released and released[slug] not in taken):
            holder = holders.get(identifier)
            if holder is None or may_become(key, holder, active=False):
                found |= {key: holder} if holder else {}
                ids[key] = identifier
                taken.add(identifier)
                break
    ids |= _made_ids(stored, {key: own[-1] for key, own in slugs.items() if key not in ids}, taken)
    return {key: _with(stored, key, draft, id=ids[key]) for key, draft in wanted.items()}, found


def _slugs(key: EntityKey, draft: Draft) -> list[EntityKey]:
    """The slugs of a draft, the present one first, the earliest last."""
    return [key, *((key[0], slug) for slug in reversed(draft.get("former_slugs", ())))]


def _made_ids(
    stored: StoredDrafts, first: Mapping[EntityKey, EntityKey], taken: Collection[str]
) -> dict[EntityKey, str]:
    """Ids for new entities, by the first slugs that they had; none of an entity that is or was there."""
    ids: dict[EntityKey, str] = {}
    busy, number = set(taken), 1
    while waiting := [key for key in first if key not in ids]:
        made = {key: made_id(*first[key], number) for key in waiting}
        busy |= stored.holders(made.values()).keys() | slugs_of_ids(stored.connection, made.values()).keys()
        for key, identifier in made.items():
            if identifier not in busy:
                ids[key] = identifier
                busy.add(identifier)
        number += 1
    return ids


def _with(stored: StoredDrafts, key: EntityKey, draft: Draft, **fields: object) -> Draft:
    """The draft with these fields, its keys in their order."""
    changed = {**draft, **fields}
    return {name: changed[name] for name in stored.catalogue[key[0]].mapped.keys if name in changed}


def with_released_slugs(stored: StoredDrafts, drafts: Mapping[EntityKey, Draft]) -> dict[EntityKey, Draft]:
    """The drafts, with every slug under which their entities were published among the former ones."""
    released = slugs_of_ids(stored.connection, (draft["id"] for draft in drafts.values()))
    completed = dict(drafts)
    for key, draft in drafts.items():
        former = draft.get("former_slugs", [])
        missing = [
            slug
            for kind, slug in released.get(draft["id"], ())
            if kind == key[0] and slug != key[1] and slug not in former
        ]
        if missing:
            completed[key] = _with(stored, key, draft, former_slugs=[*former, *missing])
    return completed


class IdentityRules:
    """The faults of ids, and of slugs that belong to other entities, in a change of the drafts `changed`."""

    def __init__(
        self,
        stored: StoredDrafts,
        changed: Mapping[EntityKey, Draft],
        renamed: Renames,
        checked: Mapping[EntityKey, Draft],
    ) -> None:
        self._stored, self._renamed = stored, renamed
        slugs = [slug for key, draft in checked.items() for slug in _slugs(key, draft)]
        self._released = ids_of_slugs(stored.connection, slugs)
        self._holders: dict[str, list[EntityKey]] = defaultdict(list)
        for key, draft in changed.items():
            self._holders[draft["id"]].append(key)
        ids = [*(draft["id"] for draft in checked.values()), *self._released.values()]
        moved = {*changed, *renamed.values()}
        for identifier, key in stored.holders(ids).items():
            if key not in moved:
                self._holders[identifier].append(key)

    def faults(self, content_type: ContentType, key: EntityKey, draft: Draft) -> Iterator[Fault]:
        """The faults of one draft."""
        noun, identifier = content_type.noun, draft["id"]
        entry = self._stored.entry(self._renamed.get(key, key))
        if entry and entry.uuid != identifier:
            detail = f"The {noun} '{entry.slug}' has the id {entry.uuid}, which never changes. Leave `id` out."
            yield Fault("/id", detail)
        elif others := self._others(key, identifier):
            detail = f"The {others[0][0]} '{others[0][1]}' has this id. Leave `id` out, and a new one is made."
            yield Fault("/id", detail)
        places = ["/slug", *(f"/former_slugs/{index}" for index in range(len(draft.get("former_slugs", ()))))]
        for place, slug in zip(places, [key, *reversed(_slugs(key, draft)[1:])], strict=True):
            owner = self._released.get(slug, identifier)
            if owner != identifier:
                now = self._others(key, owner)
                known = f", which is now '{now[0][1]}'" if now else f", with the id {owner}"
                yield Fault(place, f"'{slug[1]}' was published as another {noun}{known}. Choose a slug that was not.")

    def _others(self, key: EntityKey, identifier: str) -> list[EntityKey]:
        return [other for other in self._holders.get(identifier, ()) if other != key]
