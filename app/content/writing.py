"""Writing many drafts of the working copy at once. Every function works on the caller's connection."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, update

from app.content.content_type import Catalogue, ContentType, EntityKey
from app.content.finding import found_by
from app.content.identity import draft_digest
from app.content.mapping import Draft, Field, Mapped, Row, child_rows, mentions, to_row, with_nested
from app.content.working_copy import Entry, Progress, batches, batches_by_kind, of_those


@dataclass(frozen=True)
class Change:
    """A draft to write: as a new entity, or in place of the entity `over`.

    `before` is the draft of `over` where that is known: what it has in common with the new one need not be written.
    """

    kind: str
    draft: Draft
    over: Entry | None = None
    before: Draft | None = None


def write(
    connection: Connection,
    catalogue: Catalogue,
    changes: Sequence[Change],
    now: datetime,
    progress: Progress | None = None,
    *,
    known: Mapping[EntityKey, int] = {},
    by: str | None = None,
) -> None:
    """Writes the drafts: first the rows of the entities, then the lists that may name any of them.

    The drafts must be valid and canonical, and the entities that they name must be among them or stored already.
    `known` are ids of stored entities that the same transaction has read already. `by` is the name of the key that
    asked for it; None for a command.
    """
    ids, done, edited = _identifiers(connection, catalogue, changes, known), 0, {"updated_at": now, "changed_by": by}
    by_kind = {kind.kind: [change for change in changes if change.kind == kind.kind] for kind in catalogue}
    for content_type in catalogue:
        for batch in batches(by_kind[content_type.kind]):
            _write_entities(connection, content_type, batch, ids, edited)
    for content_type in catalogue:
        for batch in batches(by_kind[content_type.kind]):
            _write_lists(connection, content_type, batch, ids)
            done += len(batch)
            if progress:
                progress("Writing the working copy", done, len(changes))


def _identifiers(
    connection: Connection, catalogue: Catalogue, changes: Sequence[Change], known: Mapping[EntityKey, int]
) -> dict[EntityKey, int]:
    """The ids of the stored entities that the drafts name. `_write_entities` adds those of the entities it writes."""
    named = (
        (mention.kind, mention.slug)
        for change in changes
        for mention in mentions(catalogue[change.kind].mapped, change.draft)
        if (mention.kind, mention.slug) not in known
    )
    identifiers = dict(known)
    for kind, slugs in batches_by_kind(named):
        table = catalogue[kind].mapped.table
        rows = connection.execute(of_those(table.c.slug, table.c.slug, table.c.id), {"those": slugs})
        identifiers |= {(kind, row.slug): row.id for row in rows}
    return identifiers


def _write_entities(
    connection: Connection, content_type: ContentType, changes: Sequence[Change], ids: dict[EntityKey, int], edited: Row
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
            **edited,
            **found_by(content_type, change.draft),
            **to_row(change.draft, content_type.mapped.fields, ids),
        }
        if change.over is None:
            fresh.append(row | {"version": 1, "created_at": edited["updated_at"]})
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
    existing: dict[Table, list[int]] = defaultdict(list)
    for change in changes:
        owner, tables = ids[content_type.kind, change.draft["slug"]], _differing(mapped, change)
        for table, row in _list_rows(mapped, change.draft, owner, ids):
            if table in tables:
                rows[table].append(row)
        for table in tables if change.over else ():
            existing[table].append(owner)
    owned = [(extension.table, extension.owner) for extension in mapped.extensions]
    owned += [(child.table, child.owner[0]) for child in with_nested(mapped.children)]
    for table, column in dict.fromkeys(reversed(owned)):
        if existing[table]:
            connection.execute(delete(table).where(table.c[column].in_(existing[table])))
    for table, _column in dict.fromkeys(owned):
        if rows[table]:
            connection.execute(insert(table), rows[table])


def _list_rows(mapped: Mapped, draft: Draft, owner: int, ids: Mapping[EntityKey, int]) -> Iterator[tuple[Table, Row]]:
    """The rows of a draft in all tables but the kind's own."""
    for extension in mapped.extensions:
        if draft[extension.key] == extension.value:
            yield extension.table, {extension.owner: owner, **to_row(draft, extension.fields, ids)}
    for child in mapped.children:
        yield from child_rows(child, draft, (owner,), ids)


def _differing(mapped: Mapped, change: Change) -> set[Table]:
    """The tables of a kind that hold other rows after a change; all of them where the draft before is not known."""
    parts = [((extension.key, *_keys(extension.fields)), {extension.table}) for extension in mapped.extensions]
    parts += [((child.relation,), {part.table for part in with_nested([child])}) for child in mapped.children]
    before = change.before
    if before is None:
        return {table for _, owned in parts for table in owned}
    tables: set[Table] = set()
    changed = [owned for keys, owned in parts if any(change.draft.get(key) != before.get(key) for key in keys)]
    while changed:
        tables.update(*changed)
        # Lists that share a table are written together.
        changed = [owned for _, owned in parts if owned & tables and not owned <= tables]
    return tables


def _keys(fields: Sequence[Field]) -> list[str]:
    return [part.key for part in fields]


def retire(
    connection: Connection, content_type: ContentType, retired: Sequence[Entry], now: datetime, by: str | None = None
) -> None:
    """Retires entities: the next release unpublishes them. Their rows stay, and with them the slug's history."""
    table = content_type.mapped.table
    for batch in batches(retired):
        connection.execute(
            update(table)
            .where(table.c.id.in_([entry.id for entry in batch]))
            .values(retired=True, version=table.c.version + 1, updated_at=now, changed_by=by)
        )


def remove(connection: Connection, content_type: ContentType, removed: Sequence[Entry]) -> None:
    """Deletes entities that were never published, with their rows."""
    table = content_type.mapped.table
    for batch in batches(removed):
        connection.execute(delete(table).where(table.c.id.in_([entry.id for entry in batch])))
