"""How a draft lies in tables. Each kind declares it once, for reading, for writing and for checking references.

A draft is canonical JSON: keys in the order of the declaration, without nulls and empty lists. Nothing here runs a
query; `content.working_copy` does, by these declarations.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import Table

from app.shapes.languages import from_translations, to_translations

Draft = dict[str, Any]
Row = dict[str, Any]


@dataclass(frozen=True)
class Plain:
    """A value that the column holds as it is; `column` defaults to the key."""

    key: str
    column: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "column", self.column or self.key)

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column,)

    def fill(self, row: Row, value: Any, _ids: "Identifiers") -> None:
        row[self.column] = value

    def from_row(self, row: Row, _slugs: "Slugs") -> Any:
        return row[self.column]


@dataclass(frozen=True)
class Text(Plain):
    """A text that may be translated."""

    def fill(self, row: Row, value: Any, _ids: "Identifiers") -> None:
        row[self.column] = None if value is None else to_translations(value)

    def from_row(self, row: Row, _slugs: "Slugs") -> Any:
        value = row[self.column]
        return None if value is None else from_translations(value)


@dataclass(frozen=True)
class Named(Plain):
    """The slug of another entity of one kind. `group` demands one vocabulary, or one type."""

    kind: str = ""
    group: str | None = None

    def fill(self, row: Row, value: Any, ids: "Identifiers") -> None:
        row[self.column] = None if value is None else ids[self.kind, value]

    def from_row(self, row: Row, slugs: "Slugs") -> Any:
        identifier = row[self.column]
        return None if identifier is None else slugs[self.kind, identifier]


@dataclass(frozen=True)
class Group:
    """A nested object whose fields are columns of the same row. It is left out if all of them are null."""

    key: str
    fields: "tuple[Field, ...]"

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(column for part in self.fields for column in part.columns)

    def fill(self, row: Row, value: Any, ids: "Identifiers") -> None:
        group = value or {}
        for part in self.fields:
            part.fill(row, group.get(part.key), ids)

    def from_row(self, row: Row, slugs: "Slugs") -> Any:
        return compact({part.key: part.from_row(row, slugs) for part in self.fields}) or None


Field = Plain | Group
Identifiers = Mapping[tuple[str, str], int]
Slugs = Mapping[tuple[str, int], str]


@dataclass(frozen=True, eq=False)
class Children:
    """A list of the draft, stored as rows of another table.

    The single field key `""` means that the list holds bare values. A list `inside` an object of the draft lies in its
    group: `conditions` inside `safety`. `numbered` rows have their place in the list, from
    1, in the column `order`; in other rows a field of the draft is there. Lists in one table differ in `constants`.
    """

    key: str
    table: Table
    owner: tuple[str, ...]
    fields: tuple[Field, ...]
    order: str = "position"
    numbered: bool = True
    constants: Mapping[str, str] = field(default_factory=dict)
    children: "tuple[Children, ...]" = ()
    inside: str = ""

    def entries(self, draft: Mapping[str, Any]) -> Sequence[Any]:
        """The list in a draft, or in one entry of the list that it belongs to."""
        holder = draft.get(self.inside) if self.inside else draft
        return (holder or {}).get(self.key) or ()

    @property
    def relation(self) -> str:
        """The draft's top-level field that the list is, or lies in."""
        return self.inside or self.key

    @cached_property
    def bare(self) -> bool:
        return len(self.fields) == 1 and self.fields[0].key == ""

    @cached_property
    def naming(self) -> "tuple[Field, ...]":
        return naming(self.fields)

    @cached_property
    def names(self) -> bool:
        """Whether an entry, or a list within it, can name another entity."""
        return bool(self.naming) or any(child.names for child in self.children)


@dataclass(frozen=True, eq=False)
class Extension:
    """Fields in a table of their own, which only drafts with `value` in the field `key` have."""

    key: str
    value: str
    table: Table
    owner: str
    fields: tuple[Field, ...]

    @cached_property
    def naming(self) -> tuple[Field, ...]:
        return naming(self.fields)


@dataclass(frozen=True)
class Mapped:
    """How the drafts of one kind lie in tables. `order` sets the order of the draft's keys."""

    table: Table
    fields: tuple[Field, ...]
    children: tuple[Children, ...] = ()
    extensions: tuple[Extension, ...] = ()
    order: tuple[str, ...] = ()

    @cached_property
    def naming(self) -> tuple[Field, ...]:
        return naming(self.fields)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The draft's keys, in the order in which they are written."""
        declared = [*(part.key for part in self.fields), *(child.relation for child in self.children)]
        declared += [part.key for extension in self.extensions for part in extension.fields]
        return self.order or ("slug", "id", "former_slugs", *dict.fromkeys(declared))


class Mention(NamedTuple):
    """One place where a draft names another entity. `relation` is the draft's top-level field."""

    pointer: str
    relation: str
    kind: str
    slug: str
    group: str | None


def compact(value: dict[str, Any]) -> dict[str, Any]:
    """The object without its nulls, empty lists and empty objects."""
    return {key: item for key, item in value.items() if item is not None and item not in ([], {})}


def canonical(value: Any) -> Any:
    """The draft without nulls, empty lists and empty objects, at every depth."""
    if isinstance(value, dict):
        return compact({key: canonical(item) for key, item in value.items()})
    if isinstance(value, list):
        return [canonical(item) for item in value]
    return value


def to_row(draft: Mapping[str, Any], fields: Sequence[Field], ids: Identifiers) -> Row:
    """The values of the columns of `fields`, from a draft or from one entry of its lists."""
    row: Row = {}
    for part in fields:
        part.fill(row, draft.get(part.key), ids)
    return row


def from_row(row: Row, fields: Sequence[Field], slugs: Slugs) -> dict[str, Any]:
    """The part of a draft that `fields` read from a row."""
    return {part.key: part.from_row(row, slugs) for part in fields}


def child_rows(
    child: Children, draft: Mapping[str, Any], owner: tuple[Any, ...], ids: Identifiers
) -> Iterator[tuple[Table, Row]]:
    """Every row of one list of a draft, and of the lists within it, parents first."""
    same = {**dict(zip(child.owner, owner, strict=True)), **child.constants}
    for number, entry in enumerate(child.entries(draft), start=1):
        row: Row = same.copy()
        for part in child.fields:
            part.fill(row, entry if child.bare else entry.get(part.key), ids)
        if child.numbered:
            row[child.order] = number
        yield child.table, row
        for nested in child.children:
            yield from child_rows(nested, entry, (*owner, row[child.order]), ids)


def named_columns(fields: Sequence[Field]) -> Iterator[tuple[str, str]]:
    """The (kind, column) of every field that names another entity."""
    for part in fields:
        if isinstance(part, Group):
            yield from named_columns(part.fields)
        elif isinstance(part, Named):
            yield part.kind, part.columns[0]


def with_nested(children: Sequence[Children]) -> Iterator[Children]:
    """The lists and the lists within them, parents first."""
    for child in children:
        yield child
        yield from with_nested(child.children)


def naming(fields: Sequence[Field]) -> tuple[Field, ...]:
    """The fields that name another entity."""
    return tuple(part for part in fields if any(named_columns([part])))


def mentions(mapped: Mapped, draft: Mapping[str, Any]) -> Iterator[Mention]:
    """Every entity that a draft names, with its JSON pointer."""
    yield from _field_mentions(mapped.naming, draft, "", None)
    for extension in mapped.extensions:
        if extension.naming and draft.get(extension.key) == extension.value:
            yield from _field_mentions(extension.naming, draft, "", None)
    for child in mapped.children:
        if child.names and child.relation in draft:
            place = f"/{child.inside}" if child.inside else ""
            yield from _child_mentions(child, draft, place, child.relation)


def named_by(mapped: Mapped, draft: Mapping[str, Any], kind: str, relation: str) -> list[str]:
    """The slugs of the entities of a kind that a draft names by one of its fields."""
    return [mention.slug for mention in mentions(mapped, draft) if (mention.kind, mention.relation) == (kind, relation)]


def _child_mentions(child: Children, draft: Mapping[str, Any], pointer: str, relation: str) -> Iterator[Mention]:
    for index, entry in enumerate(child.entries(draft)):
        place = f"{pointer}/{child.key}/{index}"
        yield from _field_mentions(child.naming, {"": entry} if child.bare else entry, place, relation)
        for nested in child.children:
            yield from _child_mentions(nested, entry, place, relation)


def _field_mentions(
    fields: Sequence[Field], draft: Mapping[str, Any], pointer: str, relation: str | None
) -> Iterator[Mention]:
    for part in fields:
        place = f"{pointer}/{part.key}" if part.key else pointer
        value = draft.get(part.key)
        if isinstance(part, Group) and value:
            yield from _field_mentions(part.fields, value, place, relation or part.key)
        elif isinstance(part, Named) and value is not None:
            yield Mention(place, relation or part.key, part.kind, value, part.group)
