"""What is published, as a release reads it: drafts by name, who names whom, and the context of one rendering."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from app.content.content_type import Catalogue, ContentType, Document
from app.content.mapping import Draft, mentions
from app.content.working_copy import batches
from app.errors import Fault
from app.models.tables import published_entity, reference
from app.shapes.languages import in_language

Key = tuple[str, str]
"""(kind, slug)."""

EMBEDS = "embeds"
"""The relation of a document to an entity of which it shows something."""


class MissingReference(Exception):
    """A draft names something that is not published; caught and reported by the release."""

    def __init__(self, key: Key) -> None:
        super().__init__(f"{key[0]} '{key[1]}' is not published")
        self.key = key


class Published:
    """The published drafts, read in batches and kept for as long as a batch is rendered.

    Those `at_hand` are not read.
    """

    def __init__(self, connection: Connection, catalogue: Catalogue, at_hand: Mapping[Key, Draft] = {}) -> None:
        self._connection = connection
        self._catalogue = catalogue
        self._at_hand = at_hand
        self._drafts: dict[Key, Draft | None] = {}
        self._naming: dict[Key, dict[tuple[str, str], list[str]]] = {}

    def draft(self, key: Key) -> Draft:
        """The published draft of an entity.

        Raises `MissingReference` when it is not published.
        """
        draft = self.find(key)
        if draft is None:
            raise MissingReference(key)
        return draft

    def find(self, key: Key) -> Draft | None:
        """The published draft of an entity, or None."""
        if key not in self._drafts:
            self.read([key])
        return self._drafts[key]

    def naming(self, key: Key, kind: str, relation: str) -> Sequence[str]:
        """The slugs of the published entities of a kind that name `key` by a field, in order."""
        if key not in self._naming:
            self._read_naming([key])
        return self._naming[key].get((kind, relation), ())

    def prefetch(self, keys: Sequence[Key]) -> None:
        """Reads what rendering these entities will ask for: what they name, what that names, and who names them."""
        self.read(keys)
        named = self._named_by(keys)
        self.read(named)
        self.read(self._named_by(named))
        self._read_naming([key for key in keys if self._catalogue[key[0]].shows])
        self.read(
            [
                (naming[0], slug)
                for key in keys
                for naming, slugs in self._naming.get(key, {}).items()
                if naming not in self._catalogue[key[0]].counts
                for slug in slugs
            ]
        )

    def _named_by(self, keys: Iterable[Key]) -> list[Key]:
        named: dict[Key, None] = {}
        for key in keys:
            draft = self._drafts.get(key)
            for mention in mentions(self._catalogue[key[0]].mapped, draft) if draft else ():
                named[mention.kind, mention.slug] = None
        return list(named)

    def read(self, keys: Iterable[Key]) -> None:
        """Reads the drafts that are not known yet."""
        unknown = [key for key in keys if key not in self._drafts]
        self._drafts |= {key: self._at_hand[key] for key in unknown if key in self._at_hand}
        for kind, slugs in batches_by_kind(key for key in unknown if key not in self._at_hand):
            self._drafts |= {(kind, slug): None for slug in slugs}
            columns = (published_entity.c.slug, published_entity.c.draft)
            statement = select(*columns).where(published_entity.c.kind == kind, published_entity.c.slug.in_(slugs))
            for row in self._connection.execute(statement):
                self._drafts[kind, row.slug] = row.draft

    def _read_naming(self, keys: Iterable[Key]) -> None:
        for target, slugs in batches_by_kind(key for key in keys if key not in self._naming):
            self._naming |= {(target, slug): defaultdict(list) for slug in slugs}
            statement = (
                select(
                    reference.c.kind,
                    reference.c.slug,
                    reference.c.relation,
                    reference.c.target_slug,
                )
                .where(
                    reference.c.target_kind == target,
                    reference.c.target_slug.in_(slugs),
                    reference.c.relation.in_(sorted({relation for _, relation in self._catalogue[target].shows})),
                )
                .order_by(reference.c.kind, reference.c.slug)
            )
            for row in self._connection.execute(statement):
                self._naming[target, row.target_slug][row.kind, row.relation].append(row.slug)


def batches_by_kind(keys: Iterable[Key]) -> Iterator[tuple[str, Sequence[str]]]:
    """A kind and some of its slugs, each pair: what one statement names in a form that both stores look up in an index.

    For `(kind, slug) IN (VALUES …)` SQLite would read the whole table.
    """
    for kind, slugs in _by_kind(keys).items():
        for batch in batches(slugs):
            yield kind, batch


def _by_kind(keys: Iterable[Key]) -> dict[str, list[str]]:
    grouped: dict[str, dict[str, None]] = defaultdict(dict)
    for kind, slug in keys:
        grouped[kind][slug] = None
    return {kind: list(slugs) for kind, slugs in grouped.items()}


class RenderingContext:
    """The context of rendering one entity in one language. Remembers whatever it was asked for."""

    def __init__(self, published: Published, catalogue: Catalogue, key: Key, language: str) -> None:
        self._published, self._catalogue, self._key = published, catalogue, key
        self.language = language
        self.embedded: set[Key] = set()

    def text(self, value: Any) -> str | None:
        """The text in this language; None stays None."""
        return None if value is None else in_language(value, self.language)

    def draft(self, kind: str, slug: str) -> Draft:
        """The published draft of an entity that is named.

        Raises `MissingReference` when it is not published.
        """
        self.embedded.add((kind, slug))
        return self._published.draft((kind, slug))

    def named(self, kind: str, slug: str) -> Document:
        """`{slug, name}` of an entity that is named."""
        draft = self.draft(kind, slug)
        return {"slug": draft["slug"], "name": self.text(draft[self._catalogue[kind].title_key])}

    def naming(self, kind: str, relation: str) -> Sequence[str]:
        """The slugs of the published entities of a kind that name the one being rendered by a field, in order."""
        return self._published.naming(self._key, kind, relation)


def missing_faults(
    content_type: ContentType, published: Published, key: Key, error: MissingReference
) -> Iterator[Fault]:
    """What to tell an editor of a draft that names things that are not published: each of them, and where."""
    place, draft = f"/{content_type.collection}/{key[1]}", published.draft(key)
    missing = [each for each in mentions(content_type.mapped, draft) if published.find((each.kind, each.slug)) is None]
    for mention in missing:
        yield Fault(place + mention.pointer, f"{mention.kind} '{mention.slug}' is not published.")
    if not missing:
        # Something that it names shows it in turn.
        yield Fault(place, f"{error.key[0]} '{error.key[1]}' is not published.")


class _PublishedLookup:
    """What a kind's check may ask, answered with what is published."""

    def __init__(self, published: Published) -> None:
        self._published = published

    def draft(self, kind: str, slug: str) -> Draft | None:
        return self._published.find((kind, slug))

    def naming(self, kind: str, relation: str, slug: str) -> Sequence[str]:
        return self._published.naming((kind, slug), kind, relation)


def rule_faults(content_type: ContentType, published: Published, key: Key) -> Iterator[Fault]:
    """What a published entity breaks of its kind's rules."""
    for fault in content_type.check(published.draft(key), _PublishedLookup(published)):
        yield Fault(f"/{content_type.collection}/{key[1]}{fault.place}", fault.detail)
