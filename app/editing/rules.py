"""Rules that span entities: a named entity must exist, in the right kind and group. Kinds add rules of their own."""

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from typing import Any

from app.content.content_type import ContentType, EntityKey
from app.content.mapping import Draft, Mention, mentions
from app.editing.identity_rules import IdentityRules, Renames
from app.editing.stored import StoredDrafts
from app.errors import Fault
from app.shapes.nearest import did_you_mean

SHOWN = 40
"""How many allowed slugs an error lists."""


class Candidates:
    """The drafts as they will be after a change: the stored ones, with those of `changed` in their place.

    `gone` are the stored entities that are deleted or renamed, `renamed` the stored keys of the latter.
    """

    def __init__(
        self,
        stored: StoredDrafts,
        changed: Mapping[EntityKey, Draft],
        gone: Collection[EntityKey],
        renamed: Renames,
    ) -> None:
        self.stored, self.changed, self.gone, self.renamed = stored, changed, gone, renamed
        self.catalogue = stored.catalogue
        self._former: dict[str, Mapping[str, list[str]]] = {}
        self._named: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        self._naming: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        for (kind, slug), draft in changed.items():
            for mention in mentions(self.catalogue[kind].mapped, draft):
                if mention.kind == kind:
                    self._named[kind, mention.relation, slug].append(mention.slug)
                    self._naming[kind, mention.relation, mention.slug].append(slug)

    def draft(self, kind: str, slug: str) -> Draft | None:
        """The draft of an entity, or None."""
        key = (kind, slug)
        if key in self.changed:
            return self.changed[key]
        return self.stored.draft(key) if self._stays(key) and self.stored.is_active(key) else None

    def naming(self, kind: str, relation: str, slug: str) -> Sequence[str]:
        """The slugs of the entities of a kind that name `slug`, of the same kind, by a field."""
        _named, naming = self.stored.pairs(kind, relation)
        stored = [owner for owner in naming.get(slug, ()) if self._stays((kind, owner))]
        return [*self._naming.get((kind, relation, slug), ()), *stored]

    def named(self, kind: str, relation: str, slug: str) -> Sequence[str]:
        """The slugs of the entities of a kind that `slug`, of the same kind, names by a field."""
        if self._stays((kind, slug)):
            return self.stored.pairs(kind, relation)[0].get(slug, ())
        return self._named.get((kind, relation, slug), ())

    def check(self, keys: Iterable[EntityKey]) -> Iterator[tuple[EntityKey, Fault]]:
        """The faults of these entities, with pointers into their drafts."""
        wanted = list(dict.fromkeys(keys))
        self.stored.expect(wanted)
        checked = {key: draft for key in wanted if (draft := self.draft(*key)) is not None}
        named = {key: list(mentions(self.catalogue[key[0]].mapped, draft)) for key, draft in checked.items()}
        self.stored.expect((mention.kind, mention.slug) for mentioned in named.values() for mention in mentioned)
        sharing = self._sharing(checked)
        former = {kind: self._former_slugs(kind) for kind in {kind for kind, _ in checked}}
        identities = IdentityRules(self.stored, self.changed, self.renamed, checked)
        for key, draft in checked.items():
            content_type = self.catalogue[key[0]]
            slug_faults = list(_slug_faults(key, draft, self, former[key[0]], checked))
            told = {fault.place for fault in slug_faults}
            faults = [
                *slug_faults,
                *(fault for fault in identities.faults(content_type, key, draft) if fault.place not in told),
                *_unique_faults(content_type, key, draft, sharing),
                *(fault for mention in named[key] if (fault := self._check_mention(mention))),
                *content_type.check(draft, self),
            ]
            yield from ((key, fault) for fault in faults)

    def gaps(self, keys: Iterable[EntityKey]) -> dict[EntityKey, list[Fault]]:
        """What those of these entities lack that could not be released, by key."""
        drafts = {key: draft for key in keys if (draft := self.draft(*key)) is not None}
        gaps = {key: list(self.catalogue[key[0]].gaps(draft, self)) for key, draft in drafts.items()}
        return {key: faults for key, faults in gaps.items() if faults}

    def is_there(self, key: EntityKey) -> bool:
        """Whether an entity will exist."""
        return key in self.changed or (self._stays(key) and self.stored.is_active(key))

    def _stays(self, key: EntityKey) -> bool:
        """Whether a stored entity is neither changed nor gone."""
        return key not in self.changed and key not in self.gone

    def _slugs(self, kind: str, group: str | None) -> list[str]:
        """Every slug of a kind, or of one vocabulary or type of it."""
        group_key = self.catalogue[kind].group_key
        stored = [slug for slug in self.stored.slugs(kind, group) if self._stays((kind, slug))]
        changed = [
            slug
            for (other, slug), draft in self.changed.items()
            if other == kind and (group is None or group_key is None or draft[group_key] == group)
        ]
        return sorted([*stored, *changed])

    def _former_slugs(self, kind: str) -> Mapping[str, list[str]]:
        """The present slugs by each former slug of a kind."""
        if kind in self._former:
            return self._former[kind]
        former: dict[str, list[str]] = defaultdict(list)
        for (other, slug), draft in self.changed.items():
            for name in draft.get("former_slugs", ()) if other == kind else ():
                former[name].append(slug)
        for name, slug in self.stored.former_slugs(kind).items():
            if self._stays((kind, slug)):
                former[name].append(slug)
        self._former[kind] = former
        return former

    def _sharing(self, checked: Mapping[EntityKey, Draft]) -> Mapping[tuple[str, str, Any], list[str]]:
        """The slugs of the entities that have a value of a unique field, by kind, field and value."""
        sharing: dict[tuple[str, str, Any], list[str]] = defaultdict(list)
        for content_type in self.catalogue:
            kind = content_type.kind
            for name in content_type.unique:
                values = dict.fromkeys(
                    draft[name] for key, draft in checked.items() if key[0] == kind and name in draft
                )
                for key, draft in self.changed.items():
                    if key[0] == kind and draft.get(name) in values:
                        sharing[kind, name, draft[name]].append(key[1])
                for value, slug in self.stored.having(content_type, name, list(values)):
                    if self._stays((kind, slug)):
                        sharing[kind, name, value].append(slug)
        return sharing

    def _check_mention(self, mention: Mention) -> Fault | None:
        key = (mention.kind, mention.slug)
        group_key = self.catalogue[mention.kind].group_key
        there, group = self.is_there(key), None
        if there and group_key:
            entry = self.stored.entry(key)
            group = self.changed[key][group_key] if key in self.changed else entry and entry.group
        if there and mention.group in (None, group):
            return None
        sort = f"{mention.kind} of {mention.group}" if mention.group else mention.kind
        detail = f"No {sort} has the slug '{mention.slug}'."
        if there and group_key:
            detail = f"'{mention.slug}' is a {mention.kind} of {group}, not of {mention.group}."
        allowed = self._slugs(mention.kind, mention.group)
        present = self._former_slugs(mention.kind).get(mention.slug, ())
        detail += f" It was renamed to '{present[0]}'." if present else did_you_mean(mention.slug, allowed)
        if len(allowed) <= SHOWN:
            detail += f" Allowed: {', '.join(allowed) or 'none yet'}."
        return Fault(mention.pointer, detail)


def _slug_faults(
    key: EntityKey, draft: Draft, candidates: Candidates, former: Mapping[str, list[str]], checked: Container[EntityKey]
) -> Iterator[Fault]:
    """The faults of slugs that are another entity's former slug, and of former slugs that are taken."""
    kind, present = key
    for index, slug in enumerate(draft.get("former_slugs", ())):
        if candidates.is_there((kind, slug)):
            yield Fault(f"/former_slugs/{index}", f"'{slug}' is in use as a present slug.")
        if others := [other for other in former.get(slug, ()) if other != present]:
            yield Fault(f"/former_slugs/{index}", f"'{slug}' is a former slug of '{others[0]}' already.")
    # If the holder is checked too, the fault stands in its draft.
    for holder in [other for other in former.get(present, ()) if other != present and (kind, other) not in checked]:
        yield Fault("/slug", f"'{present}' is a former slug of '{holder}' and leads there.")


def _unique_faults(
    content_type: ContentType, key: EntityKey, draft: Draft, sharing: Mapping[tuple[str, str, Any], list[str]]
) -> Iterator[Fault]:
    for name in content_type.unique:
        others = [slug for slug in sharing.get((key[0], name, draft.get(name)), ()) if slug != key[1]]
        if others:
            yield Fault(f"/{name}", f"The {key[0]} '{others[0]}' has the same {name}.")
