"""What the store has already, as a conversion needs it: terms, the catalogue's source, exercises imported before.

docs/decisions/0007-recognising-imported-exercises.md says how an imported exercise is recognised.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.content.content_type import EntityKey
from app.content.mapping import Draft
from app.search.words import words
from app.shapes.languages import DEFAULT_LANGUAGE, in_language


@dataclass(frozen=True)
class Origin:
    """Another catalogue, as the source that is cited for it. Its exercises' slugs begin with the source's slug."""

    source: Draft

    @property
    def slug(self) -> str:
        return str(self.source["slug"])

    @property
    def prefix(self) -> str:
        return f"{self.slug}-"


@dataclass(frozen=True)
class KnownTerm:
    """A term of the store, and whether it is active, that is, not retired."""

    slug: str
    vocabulary: str
    active: bool


@dataclass
class Known:
    """What the store has.

    `terms` and `sources` are by slug, former slugs included; `names` has the slugs of active terms by (vocabulary,
    name). `imported` has the exercises that came from the catalogue, by the identifier that it gives them; `adopted`
    has the slugs of the imported exercises that an editor has renamed since and so taken over. `taken` has the present
    slug for every slug of an exercise, former ones included. `named` has the slugs of active exercises by `name_key` of
    their names and other names.
    """

    terms: dict[str, KnownTerm] = field(default_factory=dict)
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    imported: dict[str, Draft] = field(default_factory=dict)
    adopted: dict[str, str] = field(default_factory=dict)
    taken: dict[str, str] = field(default_factory=dict)
    named: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, drafts: Mapping[EntityKey, Draft], active: Container[EntityKey], origin: Origin) -> "Known":
        """What a working copy has, by all its drafts, retired ones included, and by its active drafts."""
        known = cls()
        # The last one wins: present slugs over former slugs of others, active entities over retired ones.
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
            for text in (draft["name"], *draft.get("aliases", ())) if key in active and slug == key[1] else ():
                self.named.setdefault(name_key(in_language(text, DEFAULT_LANGUAGE)), []).append(key[1])

    def _recognise(self, key: EntityKey, draft: Draft, origin: Origin) -> None:
        identifier = identifier_of(draft, self.sources.get(origin.slug, origin.slug))
        if key[0] != "exercise" or identifier is None:
            return
        if key[1].startswith(origin.prefix):
            self.imported[identifier] = draft
        elif any(former.startswith(origin.prefix) for former in draft.get("former_slugs", ())):
            self.adopted[identifier] = key[1]

    def term_named(self, vocabulary: str, name: str) -> str | None:
        """The slug of the active term with this name in a vocabulary, in any case of letters, or None."""
        return self.names.get((vocabulary, name.casefold()))


def identifier_of(draft: Draft, source: str) -> str | None:
    """The catalogue's own identifier of an exercise: the locator of the first citation of the catalogue."""
    own = (citation.get("locator") for citation in draft.get("citations", ()) if citation["source"] == source)
    return next(own, None)


def _plain(name: Any) -> str:
    return in_language(name, DEFAULT_LANGUAGE).casefold()


def name_key(name: str) -> str:
    """A name without case, marks and the order of its words, so that doubles are seen: `Cat-Cow` and `cow, cat`."""
    return " ".join(sorted(words(name)))
