"""The stored drafts for the checks of a change: read when they are asked for, many at once, and remembered."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, String, cast, literal, select, union_all

from app.content.content_type import Catalogue, ContentType, EntityKey
from app.content.mapping import Draft
from app.content.working_copy import Entry, batches, batches_by_kind, drafts, entries
from app.editing import references
from app.editing.references import Reference


class StoredDrafts:
    """The working copy before a change, in a transaction in which nobody else changes it.

    `expect` reads the entries of many entities at once. Asking for the draft of one entity then reads the drafts of all
    expected entities of that kind. So the number of queries does not grow with the number of entities.
    """

    def __init__(
        self, connection: Connection, catalogue: Catalogue, known: Mapping[EntityKey, Draft] | None = None
    ) -> None:
        """`known` are drafts that the same transaction has read already."""
        self.connection, self.catalogue = connection, catalogue
        self._entries: dict[EntityKey, Entry | None] = {}
        self._drafts: dict[EntityKey, Draft] = dict(known or {})
        self.former_slugs = cache(self._read_former_slugs)
        self.pairs = cache(self._read_pairs)

    def expect(self, keys: Iterable[EntityKey]) -> None:
        """Reads the entries of these entities, in one query for each kind."""
        for kind, slugs in batches_by_kind(key for key in keys if key not in self._entries):
            self._entries |= {(kind, slug): None for slug in slugs}
            stored = entries(self.connection, self.catalogue[kind], slugs)
            self._entries |= {(kind, slug): entry for slug, entry in stored.items()}

    def expect_everything(self) -> list[EntityKey]:
        """Reads every entry; answers the keys of those that are not retired, in the order of kinds and slugs."""
        active: list[EntityKey] = []
        for content_type in self.catalogue:
            stored = entries(self.connection, content_type)
            self._entries |= {(content_type.kind, slug): entry for slug, entry in stored.items()}
            active += [(content_type.kind, slug) for slug, entry in stored.items() if not entry.retired]
        return active

    def everything(self) -> dict[EntityKey, Draft]:
        """Every draft, retired ones included."""
        self.expect_everything()
        return {key: draft for key, entry in self._entries.items() if entry and (draft := self.draft(key))}

    def entry(self, key: EntityKey) -> Entry | None:
        """The entry of an entity, retired or not."""
        self.expect([key])
        return self._entries[key]

    @property
    def read(self) -> Mapping[EntityKey, Entry | None]:
        """The entries that were read so far; None for an entity that is not there."""
        return self._entries

    def is_active(self, key: EntityKey) -> bool:
        """Whether an entity is there and not retired."""
        entry = self.entry(key)
        return entry is not None and not entry.retired

    def draft(self, key: EntityKey) -> Draft | None:
        """The draft of an entity, retired or not."""
        if self.entry(key) is None:
            return None
        if key not in self._drafts:
            slugs = {
                entry.id: slug
                for (kind, slug), entry in self._entries.items()
                if entry and kind == key[0] and (kind, slug) not in self._drafts
            }
            for identifier, draft in drafts(self.connection, self.catalogue, self.catalogue[key[0]], list(slugs)):
                self._drafts[key[0], slugs[identifier]] = draft
        return self._drafts[key]

    def references_to(self, keys: Iterable[EntityKey]) -> list[Reference]:
        """Every reference to one of these entities."""
        return references.references_to(self.connection, self.catalogue, list(keys))

    def _read_pairs(self, kind: str, relation: str) -> tuple[Mapping[str, list[str]], Mapping[str, list[str]]]:
        """Active entities that name others of their kind in a field: named slugs by the naming one, and the reverse."""
        named: dict[str, list[str]] = defaultdict(list)
        naming: dict[str, list[str]] = defaultdict(list)
        for owner, other in references.pairs(self.connection, self.catalogue, kind, relation):
            named[owner].append(other)
            naming[other].append(owner)
        return named, naming

    def slugs(self, kind: str, group: str | None) -> list[str]:
        """Every active slug of a kind, or of one vocabulary or type of it."""
        content_type = self.catalogue[kind]
        table = content_type.mapped.table
        statement = select(table.c.slug).where(table.c.retired.is_(False)).order_by(table.c.slug)
        if group and content_type.group_key:
            statement = statement.where(table.c[content_type.group_key] == group)
        return list(self.connection.execute(statement).scalars())

    def _read_former_slugs(self, kind: str) -> Mapping[str, str]:
        """The present slugs of active entities of a kind by their former slugs."""
        table = self.catalogue[kind].mapped.table
        statement = select(table.c.slug, table.c.former_slugs).where(
            table.c.retired.is_(False), cast(table.c.former_slugs, String) != "[]"
        )
        return {former: row.slug for row in self.connection.execute(statement) for former in row.former_slugs}

    def holders(self, ids: Iterable[str]) -> dict[str, EntityKey]:
        """The stored entities that have one of these ids, retired ones included."""
        holders: dict[str, EntityKey] = {}
        for batch in batches(list(dict.fromkeys(ids))):
            tables = [(content_type.kind, content_type.mapped.table.c) for content_type in self.catalogue]
            statements = [
                select(literal(kind).label("kind"), column.uuid, column.slug).where(column.uuid.in_(batch))
                for kind, column in tables
            ]
            rows = self.connection.execute(union_all(*statements))
            holders |= {row.uuid: (row.kind, row.slug) for row in rows}
        return holders

    def having(self, content_type: ContentType, name: str, values: Sequence[Any]) -> list[tuple[Any, str]]:
        """(value, slug) of the active entities that have one of these values in a field, in the order of slugs."""
        table, column, owner = _column(content_type, name)
        base = content_type.mapped.table
        having: list[tuple[Any, str]] = []
        for batch in batches(values):
            statement = select(column, base.c.slug).where(base.c.retired.is_(False), column.in_(batch))
            if table is not base:
                statement = statement.where(table.c[owner] == base.c.id)
            having += [(row[0], row[1]) for row in self.connection.execute(statement.order_by(base.c.slug))]
        return having


def _column(content_type: ContentType, name: str) -> tuple[Any, Column[Any], str]:
    """Where a field is stored: its table, its column, and the column of that table with the entity's id."""
    mapped = content_type.mapped
    places = [
        (mapped.table, mapped.fields, "id"),
        *((extension.table, extension.fields, extension.owner) for extension in mapped.extensions),
    ]
    return next(
        (table, table.c[field.columns[0]], owner)
        for table, fields, owner in places
        for field in fields
        if field.key == name
    )
