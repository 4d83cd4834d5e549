"""The context in which one entity is rendered, and the faults of one that cannot be rendered or breaks a rule."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from app.content.content_type import Catalogue, ContentType, Document, EntityKey
from app.content.mapping import Draft, mentions, named_by
from app.content.published import MissingReference, Published
from app.errors import Fault
from app.shapes.languages import in_language


class RenderingContext:
    """The context of rendering one entity in one language. `embedded` collects the entities that were asked for."""

    def __init__(self, published: Published, catalogue: Catalogue, key: EntityKey, language: str) -> None:
        self._published, self._catalogue, self._key = published, catalogue, key
        self.language = language
        self.embedded: set[EntityKey] = set()

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
    content_type: ContentType, published: Published, key: EntityKey, error: MissingReference
) -> Iterator[Fault]:
    """One fault for each unpublished entity that a draft names, at the field that names it."""
    place, draft = f"/{content_type.collection}/{key[1]}", published.draft(key)
    named = mentions(content_type.mapped, draft)
    missing = [mention for mention in named if published.find((mention.kind, mention.slug)) is None]
    for mention in missing:
        yield Fault(place + mention.pointer, f"{mention.kind} '{mention.slug}' is not published.")
    if not missing:
        # Something that the draft names has an unpublished reference of its own.
        yield Fault(place, f"{error.key[0]} '{error.key[1]}' is not published.")


class _PublishedLookup:
    """Answers the questions of a kind's check from the published drafts."""

    def __init__(self, published: Published) -> None:
        self._published = published

    def draft(self, kind: str, slug: str) -> Draft | None:
        return self._published.find((kind, slug))

    def naming(self, kind: str, relation: str, slug: str) -> Sequence[str]:
        return self._published.naming((kind, slug), kind, relation)

    def named(self, kind: str, relation: str, slug: str) -> Sequence[str]:
        draft = self._published.find((kind, slug)) or {}
        return named_by(self._published.catalogue[kind].mapped, draft, kind, relation)


def gap_faults(content_type: ContentType, published: Published, key: EntityKey) -> Iterator[Fault]:
    """What an entity that would be published lacks."""
    for fault in content_type.gaps(published.draft(key), _PublishedLookup(published)):
        yield replace(fault, place=f"/{content_type.collection}/{key[1]}{fault.place}")


def rule_faults(content_type: ContentType, published: Published, key: EntityKey) -> Iterator[Fault]:
    """The rules of its kind that a published entity breaks."""
    for fault in content_type.check(published.draft(key), _PublishedLookup(published)):
        yield replace(fault, place=f"/{content_type.collection}/{key[1]}{fault.place}")
