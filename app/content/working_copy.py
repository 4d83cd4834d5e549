"""Reading and writing many drafts of the working copy at once. Every function works on the caller's connection.

Reading takes a fixed number of queries for each batch, however many entities it holds.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, bindparam, delete, insert, literal, select, update

from app.content.content_type import Catalogue, ContentType, EntityKey
from app.content.identity import draft_digest
from app.content.mapping import (
    Children,
    Draft,
    Field,
    Row,
    child_rows,
    compact,
    from_row,
    mentions,
    named_columns,
    to_row,
    with_nested,
)

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


@dataclass(frozen=True)
class Change:
    """A draft to write: as a new entity, or in place of the entity `over`."""

    kind: str
    draft: Draft
    over: Entry | None = None


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
    table = content_type.mapped.table
    columns = (table.c.id, table.c.uuid, table.c.slug, table.c.version, table.c.retired, table.c.draft_digest)
    group = table.c[content_type.group_key] if content_type.group_key else literal(None)
    statement = select(*columns, group.label("group")).order_by(table.c.slug)
    if slugs is not None:
        statement = statement.where(table.c.slug.in_(slugs))
    return {row.slug: Entry(*row) for row in connection.execute(statement)}


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
    return _plain(table, connection.execute(select(*table.c).where(table.c[column].in_(ids))))


def _plain(table: Table, rows: Iterable[Sequence[Any]]) -> Iterator[Row]:
    """Rows of a whole table as dictionaries, made in a fraction of the time that `Result.mappings` takes."""
    names = table.c.keys()
    return (dict(zip(names, row, strict=True)) for row in rows)


def _grouped(connection: Connection, child: Children, ids: Sequence[int]) -> dict[tuple[Any, ...], list[Row]]:
    table = child.table
    statement = select(*table.c).where(table.c[child.owner[0]].in_(ids))
    for column, value in child.constants.items():
        statement = statement.where(table.c[column] == value)
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in _plain(table, connection.execute(statement.order_by(table.c[child.order]))):
        groups[tuple([row[column] for column in child.owner])].append(row)
    return groups


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
            statement = select(table.c.id, table.c.slug).where(table.c.id.in_(batch))
            slugs |= {(kind, row.id): row.slug for row in connection.execute(statement)}
    return slugs


def write(
    connection: Connection,
    catalogue: Catalogue,
    changes: Sequence[Change],
    now: datetime,
    progress: Progress | None = None,
) -> None:
    """Writes the drafts: first the rows of the entities, then the lists that may name any of them.

    The drafts must be valid and canonical, and the entities that they name must be among them or stored already.
    """
    ids, done = _identifiers(connection, catalogue, changes), 0
    by_kind = {kind.kind: [change for change in changes if change.kind == kind.kind] for kind in catalogue}
    for content_type in catalogue:
        for batch in batches(by_kind[content_type.kind]):
            _write_entities(connection, content_type, batch, ids, now)
    for content_type in catalogue:
        for batch in batches(by_kind[content_type.kind]):
            _write_lists(connection, content_type, batch, ids)
            done += len(batch)
            if progress:
                progress("Writing the working copy", done, len(changes))


def _identifiers(connection: Connection, catalogue: Catalogue, changes: Sequence[Change]) -> dict[EntityKey, int]:
    """The ids of the stored entities that the drafts name. `_write_entities` adds those of the entities it writes."""
    named = (
        (mention.kind, mention.slug)
        for change in changes
        for mention in mentions(catalogue[change.kind].mapped, change.draft)
    )
    identifiers: dict[EntityKey, int] = {}
    for kind, slugs in batches_by_kind(named):
        table = catalogue[kind].mapped.table
        rows = connection.execute(select(table.c.slug, table.c.id).where(table.c.slug.in_(slugs)))
        identifiers |= {(kind, row.slug): row.id for row in rows}
    return identifiers


def _write_entities(
    connection: Connection,
    content_type: ContentType,
    changes: Sequence[Change],
    ids: dict[EntityKey, int],
    now: datetime,
) -> None:
    table = content_type.mapped.table
    fresh: list[Row] = []
    kept: list[Row] = []
    for change in changes:
        row: Row = {
            "slug": change.draft["slug"],
            "uuid": change.draft["id"],
            "former_slugs": change.draft.get("former_slugs", []),
            "draft_digest": draft_digest(change.draft),
            "retired": False,
            "updated_at": now,
            **to_row(change.draft, content_type.mapped.fields, ids),
        }
        if change.over is None:
            fresh.append(row | {"version": 1, "created_at": now})
        else:
            kept.append(row | {"version": change.over.version + 1, "entity_id": change.over.id})
    if kept:
        values: dict[str, Any] = {column: bindparam(column) for column in kept[0] if column != "entity_id"}
        connection.execute(update(table).where(table.c.id == bindparam("entity_id")).values(values), kept)
        ids.update({(content_type.kind, row["slug"]): row["entity_id"] for row in kept})
    if fresh:
        inserted = connection.execute(insert(table).returning(table.c.slug, table.c.id), fresh)
        ids.update({(content_type.kind, row.slug): row.id for row in inserted})


def _write_lists(
    connection: Connection, content_type: ContentType, changes: Sequence[Change], ids: dict[EntityKey, int]
) -> None:
    mapped = content_type.mapped
    rows: dict[Table, list[Row]] = defaultdict(list)
    owners = [ids[content_type.kind, change.draft["slug"]] for change in changes]
    for owner, change in zip(owners, changes, strict=True):
        for extension in mapped.extensions:
            if change.draft[extension.key] == extension.value:
                rows[extension.table].append({extension.owner: owner, **to_row(change.draft, extension.fields, ids)})
        for child in mapped.children:
            for table, row in child_rows(child, change.draft, (owner,), ids):
                rows[table].append(row)
    existing = [owner for owner, change in zip(owners, changes, strict=True) if change.over]
    owned = [(extension.table, extension.owner) for extension in mapped.extensions]
    owned += [(child.table, child.owner[0]) for child in with_nested(mapped.children)]
    for table, column in dict.fromkeys(reversed(owned)) if existing else ():
        connection.execute(delete(table).where(table.c[column].in_(existing)))
    for table, _column in dict.fromkeys(owned):
        if rows[table]:
            connection.execute(insert(table), rows[table])


def retire(connection: Connection, content_type: ContentType, retired: Sequence[Entry], now: datetime) -> None:
    """Retires entities: the next release unpublishes them. Their rows stay, and with them the slug's history."""
    table = content_type.mapped.table
    for batch in batches(retired):
        connection.execute(
            update(table)
            .where(table.c.id.in_([entry.id for entry in batch]))
            .values(retired=True, version=table.c.version + 1, updated_at=now)
        )


def remove(connection: Connection, content_type: ContentType, removed: Sequence[Entry]) -> None:
    """Deletes entities that were never published, with their rows."""
    table = content_type.mapped.table
    for batch in batches(removed):
        connection.execute(delete(table).where(table.c.id.in_([entry.id for entry in batch])))
