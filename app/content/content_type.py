"""What a kind of content declares. The engine serves every kind that is declared this way and knows no other.

A `Catalogue` is the list of kinds, in the order in which their drafts are written: a kind names only itself and kinds
before it, unless the store checks the naming row at the end of the transaction.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from marshmallow import Schema

from app.content.completeness import Parts
from app.content.mapping import Draft, Mapped
from app.errors import Fault
from app.search.index import Coordinates, SearchText

Document = dict[str, Any]

EntityKey = tuple[str, str]
"""An entity by its kind and slug: `("exercise", "chin-tuck")`."""


class FacetValue(NamedTuple):
    """One value by which a published entity can be filtered; see `models.publication.Facet`."""

    name: str
    value: str
    qualifier: str = ""
    number: int | None = None


class Rendered(NamedTuple):
    """What a release makes of a draft: its public JSON, facets, words to search for, and coordinates."""

    document: Document
    facets: Sequence[FacetValue]
    search: SearchText
    coordinates: Coordinates | None = None


class Context(Protocol):
    """What a renderer may ask for: published drafts, and texts in the language that is rendered."""

    language: str

    def text(self, value: Any) -> str | None:
        """The text in this language; None stays None."""

    def draft(self, kind: str, slug: str) -> Draft:
        """The published draft of an entity that the rendered one names."""

    def named(self, kind: str, slug: str) -> Document:
        """`{slug, name}` of an entity that the rendered one names."""

    def naming(self, kind: str, relation: str) -> Sequence[str]:
        """The slugs of the published entities of a kind that name the one being rendered by a field, in order."""


class Lookup(Protocol):
    """What a check may ask for: the drafts as they will be after the change or the release."""

    def draft(self, kind: str, slug: str) -> Draft | None:
        """The draft of an entity, or None."""

    def naming(self, kind: str, relation: str, slug: str) -> Sequence[str]:
        """The slugs of the entities of a kind that name `slug`, of the same kind, by a field."""

    def named(self, kind: str, relation: str, slug: str) -> Sequence[str]:
        """The slugs of the entities of a kind that `slug`, of the same kind, names by a field."""


@dataclass(frozen=True)
class Filter:
    """A query parameter that narrows a list.

    `facet` and `column` (value, qualifier or number) say what is compared, and `operator` how: `in` wants one of the
    values, `>=` and `<=` compare numbers, `within` wants entities that have no others, and `each` entities that have
    every one of the values. Filters on one facet must all be met by the same row of it. The number of an `each` row, if
    it has one, `limits` the value of another facet: an exercise that is safe with a condition up to level 2 must meet
    all that is asked of its levels at level 1 or 2.

    Lists answer notices about the named entities whose documents have signs to look out for in the field `warns`.

    Allowed values are `choices` and their `aliases` (a word that stands for several choices), the slugs of a `kind`,
    the numbers within `bounds`, or countries. With a `group`, only slugs of that kind with one value of a facet are
    allowed: `("vocabulary", "regions")` for the terms that are regions. `slugs_of` is what the documentation calls
    these slugs, where the kind does not say enough.
    """

    parameter: str
    description: str
    facet: str
    column: str = "value"
    operator: str = "in"
    limits: str = ""
    choices: tuple[str, ...] = ()
    aliases: tuple[tuple[str, tuple[str, ...]], ...] = ()
    kind: str | None = None
    group: tuple[str, str] | None = None
    slugs_of: str = ""
    bounds: tuple[int, int] | None = None
    country: bool = False
    warns: str = ""


@dataclass(frozen=True)
class Expansion:
    """A value of `expand`: the places in a document where `{slug, ...}` gives way to the whole document of a kind."""

    name: str
    kind: str
    paths: tuple[tuple[str, ...], ...]


class Examples(NamedTuple):
    """Examples in a kind's documentation: a document's slug, a list's query, and the smallest draft, without its slug.

    Slug and query fit the seed data, whose answers are shown in the OpenAPI document.
    """

    slug: str
    query: str
    draft: Draft


def camel_case(name: str) -> str:
    """The name of a kind or collection as names in code have it: `AnatomyArticles` for `anatomy-articles`."""
    return "".join(part.capitalize() for part in name.split("-"))


@dataclass(frozen=True, eq=False)
class ContentType:
    """One kind: all that the engine knows of it. Fields with a default may be left out.

    This declaration gives the kind its addresses and its part in the OpenAPI document, bundles, the change feed and
    `/v1/admin`. A name of two words has a hyphen: kind `anatomy-article`, collection `anatomy-articles`.

    - `collection`: the name in addresses and of the folder of seed files. It names the kind's list in bundles too,
      unless `plural` does: the collection `vocabularies` has a list of `terms`.
    - `description`: what the collection holds, for the API's documentation; `examples` for the same.
    - `draft_schema` and `document_schema`: named after the kind, `AnatomyArticleDraft` and `AnatomyArticleDocument`.
    - `group_key`: the draft's field that sorts entities of the kind (a term's vocabulary, a source's type).
    - `by_group`: the addresses of documents name the group (`/v1/vocabularies/regions/neck`), and a seed file holds one
      group. Such a kind declares the operations of its list and documents itself, in `routes`.
    - `title_key`: the draft's field that names the entity. `unique`: fields of which no two entities have one value.
    - `shows`: the (kind, field) pairs of other kinds' drafts that appear in this kind's documents. Example: an
      exercise's `harder` appears on the harder exercise as `easier`, so exercises show `("exercise", "harder")`.
    - `counts`: the pairs of `shows` of which only the slugs, or their number, appear.
    - `check`: the kind's own rule, and `checks`: the kinds whose drafts it looks at.
    - `gaps`: what a draft lacks that a release needs; it may be saved so. `parts`: what editors look for where it is
      missing (see `content.completeness`).
    - `located`: its documents have coordinates. `pages`: its entities have pages and cards (`app/pages`, `app/embed`).
    - `routes`: a function that adds the kind's other operations, beyond list and documents, to a blueprint.
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
    gaps: Callable[[Draft, Lookup], Iterator[Fault]] = lambda _draft, _lookup: iter(())
    parts: Parts = field(default_factory=dict)
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
        return {chosen.parameter: chosen for chosen in self.filters if chosen.operator == "in"}

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
    """The fields of a document schema; if it has several shapes, the fields of all of them."""
    shapes = getattr(schema, "type_schemas", None) or {"": schema}
    return tuple(dict.fromkeys(name for shape in shapes.values() for name in shape().fields))


class Catalogue:
    """The declared kinds, by kind and by collection.

    `members` finds a kind by the name of its list in a bundle: its plural, or its collection.
    """

    def __init__(self, types: Sequence[ContentType]) -> None:
        self.types = tuple(types)
        names = [name for kind in types for name in {kind.kind, kind.collection, kind.plural}]
        if repeated := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"More than one kind is named {' and '.join(sorted(repeated))}.")
        self._by_kind: Mapping[str, ContentType] = {kind.kind: kind for kind in types}
        self._by_collection = {kind.collection: kind for kind in types}
        self.members = {kind.plural: kind for kind in types} | self._by_collection
        self.migrations = tuple(kind.migrations for kind in types if kind.migrations)

    def __iter__(self) -> Iterator[ContentType]:
        return iter(self.types)

    def __getitem__(self, kind: str) -> ContentType:
        return self._by_kind[kind]

    def of_collection(self, collection: str) -> ContentType | None:
        """The kind whose collection this is, or None."""
        return self._by_collection.get(collection)
