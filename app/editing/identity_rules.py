"""The faults of ids, and of slugs that had owners.

An id never changes, and a slug under which an entity was published is never another entity's, so that whoever kept an
address or an id finds the same entity, or none.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from app.content.content_type import ContentType, EntityKey
from app.content.mapping import Draft
from app.content.released_slugs import ids_of_slugs
from app.editing.stored import StoredDrafts
from app.errors import Fault

Renames = Mapping[EntityKey, EntityKey]
"""The stored keys of renamed entities by their wanted keys."""


def own_slugs(key: EntityKey, draft: Draft) -> list[EntityKey]:
    """The slugs of a draft, the present one first, the earliest last."""
    return [key, *((key[0], slug) for slug in reversed(draft.get("former_slugs", ())))]


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
        slugs = [slug for key, draft in checked.items() for slug in own_slugs(key, draft)]
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
        for place, slug in zip(places, [key, *reversed(own_slugs(key, draft)[1:])], strict=True):
            owner = self._released.get(slug)
            if owner and owner != identifier:
                now = self._others(key, owner)
                known = f", which is now '{now[0][1]}'" if now else f", with the id {owner}"
                yield Fault(place, f"'{slug[1]}' was published as another {noun}{known}. Choose a slug that was not.")

    def _others(self, key: EntityKey, identifier: str) -> list[EntityKey]:
        return [other for other in self._holders.get(identifier, ()) if other != key]
