"""Reading many drafts of the working copy at once. Every function works on the caller's connection.

Reading takes a fixed number of queries for each batch, however many entities it holds.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import (
    BindParameter,
    Column,
    Connection,
    Select,
    Table,
    bindparam,
    literal,
    select,
)

from app.content.content_type import Catalogue, ContentType, EntityKey
from app.content.mapping import (
    Children,
    Draft,
    Field,
    Row,
    compact,
    from_row,
    named_columns,
    with_nested,
)

THOSE: BindParameter[Any] = bindparam("those", expanding=True)
"""The values of a statement that is made once and run with others each time."""

BATCH = 500
"""How many entities one statement names at most: below the parameter limits of both stores."""

T = TypeVar("T")

Progress = Callable[[str, int, int], None]
"""A function that is told of progress: what is done, how many so far, and of how many: `("Rendering", 300, 1000)`."""


@dataclass(frozen=True)
class Entry:
    """An entity without its content. `uuid` is its draft's `id`, `group` a term's vocabulary or a source's type."""

    id: int
    uuid: str
    slug: str
    version: int
    retired: bool
    draft_digest: str
    group: str | None = None


def batches(values: Sequence[T], size: int = BATCH) -> Iterator[Sequence[T]]:
    """The values in runs of at most `size`."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def batches_by_kind(keys: Iterable[EntityKey]) -> Iterator[tuple[str, Sequence[str]]]:
    """The keys as pairs of a kind and at most `BATCH` of its slugs, for one statement a pair.

    Both stores look up `kind = … AND slug IN (…)` in an index; for `(kind, slug) IN (VALUES …)` SQLite would read the
    whole table.
    """
    grouped: dict[str, dict[str, None]] = defaultdict(dict)
    for kind, slug in keys:
        grouped[kind][slug] = None
    for kind, slugs in grouped.items():
        for batch in batches(list(slugs)):
            yield kind, batch


def entries(connection: Connection, content_type: ContentType, slugs: Sequence[str] | None = None) -> dict[str, Entry]:
    """All entities of a kind by slug, retired ones included; or those of at most `BATCH` slugs."""
    statement = _entries(content_type, some=slugs is not None)
    return {row[2]: Entry(*row) for row in connection.execute(statement, {"those": slugs} if slugs is not None else {})}


@lru_cache(64)
def _entries(content_type: ContentType, *, some: bool) -> Select[Any]:
    table = content_type.mapped.table
    columns = (table.c.id, table.c.uuid, table.c.slug, table.c.version, table.c.retired, table.c.draft_digest)
    group = table.c[content_type.group_key] if content_type.group_key else literal(None)
    statement = select(*columns, group.label("group")).order_by(table.c.slug)
    return statement.where(table.c.slug.in_(THOSE)) if some else statement


def drafts(
    connection: Connection, catalogue: Catalogue, content_type: ContentType, ids: Sequence[int]
) -> Iterator[tuple[int, Draft]]:
    """The canonical drafts of the entities with these ids, in the order of the ids."""
    for batch in batches(ids):
        yield from _Batch(connection, catalogue, content_type, batch).drafts()


class _Batch:
    """The rows of some entities of one kind, and the slugs of the entities that they name."""

    def __init__(
        self, connection: Connection, catalogue: Catalogue, content_type: ContentType, ids: Sequence[int]
    ) -> None:
        self.ids, self.mapped = ids, content_type.mapped
        self.base = {row["id"]: row for row in _rows(connection, self.mapped.table, "id", ids)}
        self.extensions = {
            extension: {row[extension.owner]: row for row in _rows(connection, extension.table, extension.owner, ids)}
            for extension in self.mapped.extensions
        }
        self.lists = {child: _grouped(connection, child, ids) for child in with_nested(self.mapped.children)}
        self.slugs = _named_slugs(connection, catalogue, self._parts())

    def _parts(self) -> Iterator[tuple[Sequence[Field], Iterable[Row]]]:
        yield self.mapped.fields, self.base.values()
        for child, groups in self.lists.items():
            yield child.fields, (row for rows in groups.values() for row in rows)

    def drafts(self) -> Iterator[tuple[int, Draft]]:
        for identifier in self.ids:
            row = self.base[identifier]
            draft: Draft = {"slug": row["slug"], "id": row["uuid"], "former_slugs": row["former_slugs"]}
            draft |= from_row(row, self.mapped.fields, self.slugs)
            for extension, rows in self.extensions.items():
                if identifier in rows:
                    draft |= from_row(rows[identifier], extension.fields, self.slugs)
            for child in self.mapped.children:
                entries = self._list(child, (identifier,))
                if not child.inside:
                    draft[child.key] = entries
                elif entries:
                    draft[child.inside] = {**(draft[child.inside] or {}), child.key: entries}
            yield identifier, compact({key: draft.get(key) for key in self.mapped.keys})

    def _list(self, child: Children, owner: tuple[Any, ...]) -> list[Any]:
        entries = []
        for row in self.lists[child].get(owner, ()):
            if child.bare:
                entries.append(child.fields[0].from_row(row, self.slugs))
                continue
            entry = from_row(row, child.fields, self.slugs)
            for nested in child.children:
                entry[nested.key] = self._list(nested, (*owner, row[child.order]))
            entries.append(compact(entry))
        return entries


def _rows(connection: Connection, table: Table, column: str, ids: Sequence[int]) -> Iterator[Row]:
    return _plain(table, connection.execute(of_those(table.c[column], *table.c), {"those": ids}))


@lru_cache(256)
def of_those(column: Column[Any], *selected: Column[Any]) -> Select[Any]:
    """The statement for the rows with one of `THOSE` values in a column. To make it takes longer than to run it."""
    return select(*selected).where(column.in_(THOSE))


def _plain(table: Table, rows: Iterable[Sequence[Any]]) -> Iterator[Row]:
    """Rows of a whole table as dictionaries, made in a fraction of the time that `Result.mappings` takes."""
    names = table.c.keys()
    return (dict(zip(names, row, strict=True)) for row in rows)


def _grouped(connection: Connection, child: Children, ids: Sequence[int]) -> dict[tuple[Any, ...], list[Row]]:
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in _plain(child.table, connection.execute(_children(child), {"those": ids})):
        groups[tuple([row[column] for column in child.owner])].append(row)
    return groups


@lru_cache(256)
def _children(child: Children) -> Select[Any]:
    table = child.table
    statement = select(*table.c).where(table.c[child.owner[0]].in_(THOSE))
    for column, value in child.constants.items():
        statement = statement.where(table.c[column] == value)
    return statement.order_by(table.c[child.order])


def _named_slugs(
    connection: Connection, catalogue: Catalogue, parts: Iterable[tuple[Sequence[Field], Iterable[Row]]]
) -> dict[tuple[str, int], str]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for fields, rows in parts:
        named = list(named_columns(fields))
        for row in rows if named else ():
            for kind, column in named:
                if row[column] is not None:
                    wanted[kind].add(row[column])
    slugs: dict[tuple[str, int], str] = {}
    for kind, identifiers in wanted.items():
        table = catalogue[kind].mapped.table
        for batch in batches(sorted(identifiers)):
            found = connection.execute(of_those(table.c.id, table.c.id, table.c.slug), {"those": batch})
            slugs |= {(kind, row.id): row.slug for row in found}
    return slugs
