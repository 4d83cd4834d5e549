"""What the store knows already, as a conversion needs it: terms, the catalogue's source, what came from it before.

How an imported exercise is recognised stands in docs/decisions/0007-recognising-imported-exercises.md.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.content.content_type import EntityKey
from app.content.mapping import Draft
from app.shapes.languages import DEFAULT_LANGUAGE, in_language


@dataclass(frozen=True)
class Origin:
    """Another catalogue: the source that stands for it, by whose slug its exercises' slugs begin."""

    source: Draft

    @property
    def slug(self) -> str:
        return str(self.source["slug"])

    @property
    def prefix(self) -> str:
        return f"{self.slug}-"


@dataclass(frozen=True)
class KnownTerm:
    """A term of the store."""

    slug: str
    vocabulary: str
    active: bool


@dataclass
class Known:
    """What the store has.

    `terms` and `sources` are by slug, former slugs included. `imported` are the exercises that came from the
    catalogue, by the identifier that it gives them; `adopted` those that an editor has renamed since and so taken
    over. `taken` are all slugs of exercises, former ones included.
    """

    terms: dict[str, KnownTerm] = field(default_factory=dict)
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    imported: dict[str, Draft] = field(default_factory=dict)
    adopted: dict[str, str] = field(default_factory=dict)
    taken: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, drafts: Mapping[EntityKey, Draft], active: Container[EntityKey], origin: Origin) -> "Known":
        """What is known by all drafts of a working copy, retired ones included, and by its active ones."""
        known = cls()
        # Present slugs come last and win over another's former ones, active entities over retired ones.
        ordered = sorted(drafts, key=lambda key: key in active)
        for key in ordered:
            for former in drafts[key].get("former_slugs", ()) if key in active else ():
                known._add(former, key, drafts[key], active)
        for key in ordered:
            known._add(key[1], key, drafts[key], active)
        for key in ordered:
            known._recognise(key, drafts[key], origin)
        return known

    def _add(self, slug: str, key: EntityKey, draft: Draft, active: Container[EntityKey]) -> None:
        if key[0] == "term":
            self.terms[slug] = KnownTerm(key[1], draft["vocabulary"], key in active)
            if key in active:
                self.names[draft["vocabulary"], _plain(draft["name"])] = key[1]
        elif key[0] == "source" and key in active:
            self.sources[slug] = key[1]
        elif key[0] == "exercise":
            self.taken[slug] = key[1]

    def _recognise(self, key: EntityKey, draft: Draft, origin: Origin) -> None:
        identifier = identifier_of(draft, self.sources.get(origin.slug, origin.slug))
        if key[0] != "exercise" or identifier is None:
            return
        if key[1].startswith(origin.prefix):
            self.imported[identifier] = draft
        elif any(former.startswith(origin.prefix) for former in draft.get("former_slugs", ())):
            self.adopted[identifier] = key[1]

    def term_named(self, vocabulary: str, name: str) -> str | None:
        """The slug of the active term of a vocabulary that has this name."""
        return self.names.get((vocabulary, name.casefold()))


def identifier_of(draft: Draft, source: str) -> str | None:
    """The catalogue's own identifier of an exercise: the locator of the first citation of the catalogue."""
    locators: list[str | None] = [
        each.get("locator") for each in draft.get("citations", ()) if each["source"] == source
    ]
    return locators[0] if locators else None


def _plain(name: Any) -> str:
    return in_language(name, DEFAULT_LANGUAGE).casefold()
