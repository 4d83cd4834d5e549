"""Rules that span entities: everything named exists and is of the right sort, and what each kind checks besides."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from app.content.content_type import Catalogue, EntityKey
from app.content.mapping import Draft, Mention, mentions
from app.errors import Fault

SHOWN = 40
"""How many allowed slugs an error lists."""


class Candidates:
    """The working copy's drafts as they will stand after a change."""

    def __init__(self, catalogue: Catalogue, drafts: Mapping[EntityKey, Draft]) -> None:
        self.catalogue, self.drafts = catalogue, drafts
        self._naming: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        self._slugs: dict[tuple[str, str | None], list[str]] = defaultdict(list)
        for (kind, slug), draft in drafts.items():
            group_key = catalogue[kind].group_key
            self._slugs[kind, None].append(slug)
            if group_key:
                self._slugs[kind, draft[group_key]].append(slug)
            for mention in mentions(catalogue[kind].mapped, draft):
                if mention.kind == kind:
                    self._naming[kind, mention.relation, mention.slug].append(slug)

    def draft(self, kind: str, slug: str) -> Draft | None:
        """The draft of an entity, or None."""
        return self.drafts.get((kind, slug))

    def naming(self, kind: str, relation: str, slug: str) -> Sequence[str]:
        """The slugs of the entities of a kind that name `slug`, of the same kind, by a field."""
        return self._naming.get((kind, relation, slug), ())

    def slugs(self, kind: str, group: str | None) -> list[str]:
        """Every slug of a kind, or of one vocabulary or type of it."""
        return self._slugs.get((kind, group), [])

    def check(self, keys: Iterable[EntityKey]) -> Iterator[tuple[EntityKey, Fault]]:
        """The faults of these entities, with pointers into their drafts."""
        former, sharing = self._former_slugs(), self._sharing()
        checked = dict.fromkeys(keys)
        for key in checked:
            content_type, draft = self.catalogue[key[0]], self.drafts[key]
            for mention in mentions(content_type.mapped, draft):
                if fault := self._check_mention(mention):
                    yield key, fault
            yield from ((key, fault) for fault in self._check_slugs(key, former, checked))
            for name in content_type.unique:
                others = [other for other in sharing.get((key[0], name, draft.get(name)), ()) if other != key[1]]
                if others:
                    yield key, Fault(f"/{name}", f"The {key[0]} '{others[0]}' has the same {name}.")
            for fault in content_type.check(draft, self):
                yield key, fault

    def _check_slugs(
        self, key: EntityKey, former: Mapping[EntityKey, list[str]], checked: Container[EntityKey]
    ) -> Iterator[Fault]:
        """Whether a slug is somebody's present one and somebody else's former one, or the former one of two."""
        kind, present = key
        for index, slug in enumerate(self.drafts[key].get("former_slugs", ())):
            others = [other for other in former[kind, slug] if other != present]
            if (kind, slug) in self.drafts:
                yield Fault(f"/former_slugs/{index}", f"'{slug}' is in use as a present slug.")
            elif others:
                yield Fault(f"/former_slugs/{index}", f"'{slug}' is a former slug of '{others[0]}' already.")
        # A holder that is checked too has the fault at its own place.
        for holder in [other for other in former.get(key, ()) if other != present and (kind, other) not in checked]:
            yield Fault("/slug", f"'{present}' is a former slug of '{holder}' and leads there.")

    def _former_slugs(self) -> dict[EntityKey, list[str]]:
        former: dict[EntityKey, list[str]] = defaultdict(list)
        for (kind, slug), draft in self.drafts.items():
            for each in draft.get("former_slugs", ()):
                former[kind, each].append(slug)
        return former

    def _sharing(self) -> dict[tuple[str, str, Any], list[str]]:
        sharing: dict[tuple[str, str, Any], list[str]] = defaultdict(list)
        for (kind, slug), draft in self.drafts.items():
            for name in self.catalogue[kind].unique:
                if name in draft:
                    sharing[kind, name, draft[name]].append(slug)
        return sharing

    def _check_mention(self, mention: Mention) -> Fault | None:
        draft = self.draft(mention.kind, mention.slug)
        group_key = self.catalogue[mention.kind].group_key
        if draft is not None and (mention.group is None or (group_key and draft[group_key] == mention.group)):
            return None
        allowed = self.slugs(mention.kind, mention.group)
        sort = f"{mention.kind} of {mention.group}" if mention.group else mention.kind
        detail = f"No {sort} has the slug '{mention.slug}'."
        if draft is not None and group_key:
            detail = f"'{mention.slug}' is a {mention.kind} of {draft[group_key]}, not of {mention.group}."
        if close := get_close_matches(mention.slug, allowed, n=1):
            detail += f" Did you mean '{close[0]}'?"
        if len(allowed) <= SHOWN:
            detail += f" Allowed: {', '.join(sorted(allowed)) or 'none yet'}."
        return Fault(mention.pointer, detail)
