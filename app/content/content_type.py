"""What a kind of content declares. The engine serves every kind that is declared this way and knows no other.

A `Catalogue` is the list of kinds, in the order in which they may be applied: a kind names only kinds before it,
itself, or by rows that both stores check at the end of the transaction.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
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

    Allowed values are `choices`, the slugs of a `kind`, a range of numbers, or countries. A `group` allows only those
    of the kind that have one value of a facet: `("vocabulary", "regions")` for the terms that are regions. `slugs_of`
    is what the documentation calls them, where that is more than the kind.
    """

    parameter: str
    description: str
    facet: str
    column: str = "value"
    operator: str = "in"
    choices: tuple[str, ...] = ()
    kind: str | None = None
    group: tuple[str, str] | None = None
    slugs_of: str = ""
    bounds: tuple[int, int] | None = None
    country: bool = False


@dataclass(frozen=True)
class Expansion:
    """A value of `expand`: the places in a document where `{slug, ...}` gives way to the whole document of a kind."""

    name: str
    kind: str
    paths: tuple[tuple[str, ...], ...]


class Examples(NamedTuple):
    """What the documentation shows of a kind: a document's slug and a list's query, and the least that a draft needs.

    `draft` goes without its slug. Slug and query are of the seed data, whose answers are kept as examples.
    """

    slug: str
    query: str
    draft: Draft


def camel_case(name: str) -> str:
    """A kind or a collection as part of names in code: `anatomy-articles` is `AnatomyArticles`."""
    return "".join(part.capitalize() for part in name.split("-"))


@dataclass(frozen=True, eq=False)
class ContentType:
    """One kind: all that the engine knows of it. What has a default may be left out.

    From this declaration follow the kind's addresses, its part of the OpenAPI document, of bundles, of the change feed
    and of the management face. A name of two words has a hyphen: kind `anatomy-article`, collection `anatomy-articles`.

    - `collection`: the name in addresses and of the folder of seed files, and of the kind's list in bundles, unless
      `plural` says what several are called where the collection is named otherwise (`terms` of the `vocabularies`).
    - `description`: what the collection holds, for the API's documentation; `examples` for the same.
    - `draft_schema` and `document_schema`: named after the kind, `AnatomyArticleDraft` and `AnatomyArticleDocument`.
    - `group_key`: the draft's field that sorts entities of the kind (a term's vocabulary, a source's type).
    - `by_group`: the addresses of documents name the group (`/v1/vocabularies/regions/neck`), and a seed file holds one
      group. Such a kind gives its list and its documents itself, in `routes`.
    - `title_key`: the draft's field that names the entity. `unique`: fields of which no two entities have one value.
    - `shows`: the (kind, field) pairs of other kinds' drafts that appear in this kind's documents. Example: an
      exercise's `harder` appears on the harder exercise as `easier`, so exercises show `("exercise", "harder")`.
    - `counts`: those of `shows` of which nothing but the slugs, or their number, appears.
    - `check`: the kind's own rule, and `checks`: the kinds whose drafts it looks at.
    - `located`: its documents have coordinates. `pages`: people have a page and a card of each (`app/embed`).
    - `routes`: declares what the kind answers beyond its list and its documents, on the blueprint that it is given.
    - `migrations`: a folder of Alembic migrations of the kind's own, beside those in `migrations/versions`.
    """

    kind: str
    collection: str
    description: str
    examples: Examples
    draft_schema: type[Schema]
    document_schema: type[Schema]
    mapped: Mapped
    render: Callable[[Draft, Context], Rendered]
    filters: tuple[Filter, ...] = ()
    plural: str = ""
    group_key: str | None = None
    by_group: bool = False
    title_key: str = "name"
    unique: tuple[str, ...] = ()
    shows: frozenset[tuple[str, str]] = frozenset()
    counts: frozenset[tuple[str, str]] = frozenset()
    check: Callable[[Draft, Lookup], Iterator[Fault]] = lambda _draft, _lookup: iter(())
    checks: frozenset[str] = frozenset()
    expansions: tuple[Expansion, ...] = ()
    located: bool = False
    pages: bool = False
    routes: Callable[[Any, "ContentType"], None] | None = None
    migrations: Path | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "plural", self.plural or self.collection)
        if self.by_group and not (self.group_key and self.routes):
            raise ValueError(f"Addresses of the kind {self.kind} name a group: declare group_key and routes.")
        for schema, ending in ((self.draft_schema, "Draft"), (self.document_schema, "Document")):
            if schema.__name__ != self.type_name + ending:
                raise ValueError(f"{schema.__name__} of the kind {self.kind} must be named {self.type_name}{ending}.")

    @property
    def type_name(self) -> str:
        """The kind in names of schemas and operations: `AnatomyArticle`."""
        return camel_case(self.kind)

    @property
    def noun(self) -> str:
        """The kind in sentences: `anatomy article`."""
        return self.kind.replace("-", " ")

    @property
    def nouns(self) -> str:
        """The collection in sentences: `anatomy articles`."""
        return self.collection.replace("-", " ")

    @property
    def facets(self) -> Mapping[str, Filter]:
        """The filters whose values can be counted, by parameter."""
        return {each.parameter: each for each in self.filters if each.operator == "in"}

    @property
    def document_fields(self) -> tuple[str, ...]:
        """The top-level fields of a document, in order."""
        return document_fields(self.document_schema)

    @property
    def slug_place(self) -> int:
        """Which part of a document's path is its slug: 3 in `/v1/places/clinic`, whose part 0 is empty."""
        return 4 if self.by_group else 3

    def group(self, draft: Draft) -> str:
        """The draft's group; empty for a kind without groups."""
        return str(draft[self.group_key]) if self.group_key else ""

    def path(self, draft: Draft) -> str:
        """The path of the entity's document."""
        group = f"/{self.group(draft)}" if self.by_group else ""
        return f"/v1/{self.collection}{group}/{draft['slug']}"


def document_fields(schema: type[Schema]) -> tuple[str, ...]:
    """The fields of a document schema, those of all its shapes where it has several."""
    shapes = getattr(schema, "type_schemas", None) or {"": schema}
    return tuple(dict.fromkeys(name for shape in shapes.values() for name in shape().fields))


class Catalogue:
    """The declared kinds, by kind and by collection.

    `members` are the names of their lists in a bundle: the plural, and the collection where it has another name.
    """

    def __init__(self, types: Sequence[ContentType]) -> None:
        self.types = tuple(types)
        names = [name for each in types for name in {each.kind, each.collection, each.plural}]
        if repeated := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"More than one kind is named {' and '.join(sorted(repeated))}.")
        self._by_kind: Mapping[str, ContentType] = {each.kind: each for each in types}
        self._by_collection = {each.collection: each for each in types}
        self.members = {each.plural: each for each in types} | self._by_collection
        self.migrations = tuple(each.migrations for each in types if each.migrations)

    def __iter__(self) -> Iterator[ContentType]:
        return iter(self.types)

    def __getitem__(self, kind: str) -> ContentType:
        return self._by_kind[kind]

    def of_collection(self, collection: str) -> ContentType | None:
        """The kind whose collection this is, or None."""
        return self._by_collection.get(collection)
