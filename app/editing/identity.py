"""Which entity a draft is: the ids of drafts that do not say, and renames. `content.identity` says what an id is."""

from collections.abc import Callable, Collection, Mapping

from app.content.content_type import EntityKey
from app.content.identity import made_id
from app.content.mapping import Draft
from app.content.released_slugs import ids_of_slugs, slugs_of_ids
from app.editing.identity_rules import Renames, own_slugs
from app.editing.renaming import recognised_renames
from app.editing.stored import StoredDrafts


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
    slugs = {key: own_slugs(key, draft) for key, draft in wanted.items() if key not in ids}
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
