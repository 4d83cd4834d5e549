"""What a kind of content declares. The engine serves every kind that is declared this way and knows no other.

A `Catalogue` is the list of kinds, in the order in which they may be applied: a kind names only kinds before it,
itself, or by rows that both stores check at the end of the transaction.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from marshmallow import Schema

from app.content.mapping import Draft, Mapped
from app.errors import Fault
from app.search.index import Coordinates, SearchText

Document = dict[str, Any]

EntityKey = tuple[str, str]
"""An entity by its kind and slug: `("exercise", "chin-tuck")`."""


class FacetValue(NamedTuple):
    """One value that a published entity is filtered by; see `models.publication.Facet`."""

    name: str
    value: str
    qualifier: str = ""
    number: int | None = None


class Rendered(NamedTuple):
    """What a release makes of a draft: its public JSON, its facets, what it is found by, and where it is."""

    document: Document
    facets: Sequence[FacetValue]
    search: SearchText
    coordinates: Coordinates | None = None


class Context(Protocol):
    """What a renderer may ask: published drafts and texts in the language that is rendered."""

    language: str

    def text(self, value: Any) -> str | None:
        """The text in this language; None stays None."""

    def draft(self, kind: str, slug: str) -> Draft:
        """The published draft of an entity that is named."""

    def named(self, kind: str, slug: str) -> Document:
        """`{slug, name}` of an entity that is named."""

    def naming(self, kind: str, relation: str) -> Sequence[str]:
        """The slugs of the published entities of a kind that name the one being rendered by a field, in order."""


class Lookup(Protocol):
    """What a check may ask: the drafts as they will stand after the change."""

    def draft(self, kind: str, slug: str) -> Draft | None:
        """The draft of an entity, or None."""

    def naming(self, kind: str, relation: str, slug: str) -> Sequence[str]:
        """The slugs of the entities of a kind that name `slug`, of the same kind, by a field."""

    def named(self, kind: str, relation: str, slug: str) -> Sequence[str]:
        """The slugs of the entities of a kind that `slug`, of the same kind, names by a field."""


@dataclass(frozen=True)
class Filter:
    """A query parameter that narrows a list.

    `facet` and `column` (value, qualifier or number) say what is compared and `operator` how: `in` is met by one of
    the values, `>=` and `<=` compare, `without` is met by entities that have none of the values, and `within` by
    those that have nothing but the values. Filters on one facet must be met by one and the same row.

    Allowed values are `choices`, the slugs of a `vocabulary`, those of a `kind`, a range of numbers, or countries.
    """

    parameter: str
    description: str
    facet: str
    column: str = "value"
    operator: str = "in"
    choices: tuple[str, ...] = ()
    vocabulary: str | None = None
    kind: str | None = None
    bounds: tuple[int, int] | None = None
    country: bool = False


@dataclass(frozen=True)
class Expansion:
    """A value of `expand`: the places in a document where `{slug, ...}` gives way to the whole document of a kind."""

    name: str
    kind: str
    paths: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, eq=False)
class ContentType:
    """One kind.

    `collection` is the name in addresses and of the folder of its seed files. `group_key` is the draft's field that
    sorts entities of the kind (a term's vocabulary, a source's type). `unique` lists fields of whose values no two
    entities have the same. `shows` lists the (kind, field) pairs by which other drafts name an entity of this kind in a
    way that its own document shows, `counts` those among them of which it shows slugs or their number and nothing else.
    `located` kinds have coordinates.
    """

    kind: str
    collection: str
    draft_schema: type[Schema]
    document_schema: type[Schema]
    mapped: Mapped
    render: Callable[[Draft, Context], Rendered]
    filters: tuple[Filter, ...] = ()
    group_key: str | None = None
    title_key: str = "name"
    unique: tuple[str, ...] = ()
    shows: frozenset[tuple[str, str]] = frozenset()
    counts: frozenset[tuple[str, str]] = frozenset()
    check: Callable[[Draft, Lookup], Iterator[Fault]] = lambda _draft, _lookup: iter(())
    expansions: tuple[Expansion, ...] = ()
    located: bool = False

    @property
    def facets(self) -> Mapping[str, Filter]:
        """The filters whose values can be counted, by parameter."""
        return {each.parameter: each for each in self.filters if each.operator == "in"}

    @property
    def document_fields(self) -> tuple[str, ...]:
        """The top-level fields of a document, in order."""
        return document_fields(self.document_schema)

    def path(self, draft: Draft) -> str:
        """The path of the entity's document."""
        group = f"/{draft[self.group_key]}" if self.kind == "term" and self.group_key else ""
        return f"/v1/{self.collection}{group}/{draft['slug']}"


def document_fields(schema: type[Schema]) -> tuple[str, ...]:
    """The fields of a document schema, those of all its shapes where it has several."""
    shapes = getattr(schema, "type_schemas", None) or {"": schema}
    return tuple(dict.fromkeys(name for shape in shapes.values() for name in shape().fields))


class Catalogue:
    """The declared kinds, by kind and by collection."""

    def __init__(self, types: Sequence[ContentType]) -> None:
        self.types = tuple(types)
        self._by_kind: Mapping[str, ContentType] = {each.kind: each for each in types}
        self._by_collection: Mapping[str, ContentType] = {each.collection: each for each in types}

    def __iter__(self) -> Iterator[ContentType]:
        return iter(self.types)

    def __getitem__(self, kind: str) -> ContentType:
        return self._by_kind[kind]

    def of_collection(self, collection: str) -> ContentType | None:
        """The kind whose collection this is, or None."""
        return self._by_collection.get(collection)
