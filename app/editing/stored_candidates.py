"""The drafts as they will stand after a change of a few entities, read from the store as checks ask for them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Connection, select

from app.content.content_type import Catalogue, ContentType, EntityKey
from app.content.mapping import Children, Draft, Field, Group, Named, mentions, with_nested
from app.content.working_copy import drafts
from app.editing.renaming import holder_of_former_slug
from app.editing.rules import Candidates
from app.errors import Fault


class StoredCandidates(Candidates):
    """Like `Candidates`, for changes too small to read the whole working copy for."""

    def __init__(
        self,
        connection: Connection,
        catalogue: Catalogue,
        changed: Mapping[EntityKey, Draft],
        gone: Iterable[EntityKey] = (),
    ) -> None:
        super().__init__(catalogue, changed)
        self._connection, self._gone = connection, set(gone)
        self._read: dict[EntityKey, Draft | None] = {}
        self._stored_naming: dict[tuple[str, str], dict[str, list[str]]] = {}

    def draft(self, kind: str, slug: str) -> Draft | None:
        """The draft of an entity, or None."""
        key = (kind, slug)
        if key in self.drafts or key in self._gone:
            return self.drafts.get(key)
        if key not in self._read:
            self._read[key] = read_active(self._connection, self.catalogue, key)
        return self._read[key]

    def check_draft(self, kind: str, draft: Draft) -> Iterator[Fault]:
        """The faults of one draft, with pointers into it."""
        content_type = self.catalogue[kind]
        yield from self._check_former_slugs(content_type, draft)
        yield from self._check_unique(content_type, draft)
        for mention in mentions(content_type.mapped, draft):
            if fault := self._check_mention(mention):
                yield fault
        yield from content_type.check(draft, self)

    def _check_former_slugs(self, content_type: ContentType, draft: Draft) -> Iterator[Fault]:
        for index, slug in enumerate(draft.get("former_slugs", ())):
            if self.draft(content_type.kind, slug) is not None:
                yield Fault(f"/former_slugs/{index}", f"'{slug}' is in use as a present slug.")
            other = holder_of_former_slug(self._connection, content_type, slug)
            if other is not None and self._is_other(content_type.kind, other, draft):
                yield Fault(f"/former_slugs/{index}", f"'{slug}' is a former slug of '{other}' already.")

    def _check_unique(self, content_type: ContentType, draft: Draft) -> Iterator[Fault]:
        for name in content_type.unique:
            for slug in self._having(content_type, name, draft[name]) if name in draft else ():
                if self._is_other(content_type.kind, slug, draft):
                    yield Fault(f"/{name}", f"The {content_type.kind} '{slug}' has the same {name}.")

    def _is_other(self, kind: str, slug: str, draft: Draft) -> bool:
        return slug != draft["slug"] and (kind, slug) not in self._gone

    def _having(self, content_type: ContentType, name: str, value: object) -> Sequence[str]:
        """The active entities that have a value in a field of which no two have the same."""
        table, column = content_type.mapped.table, _column(content_type, name)
        statement = select(table.c.slug).where(table.c.retired.is_(False), column == value)
        if column.table is not table:
            owner = next(each.owner for each in content_type.mapped.extensions if each.table is column.table)
            statement = statement.where(column.table.c[owner] == table.c.id)
        return list(self._connection.execute(statement.order_by(table.c.slug)).scalars())

    def slugs(self, kind: str, group: str | None) -> list[str]:
        """Every slug of a kind, or of one vocabulary or type of it."""
        content_type = self.catalogue[kind]
        table = content_type.mapped.table
        statement = select(table.c.slug).where(table.c.retired.is_(False)).order_by(table.c.slug)
        if group and content_type.group_key:
            statement = statement.where(table.c[content_type.group_key] == group)
        stored = [slug for slug in self._connection.execute(statement).scalars() if (kind, slug) not in self._gone]
        return sorted({*stored, *super().slugs(kind, group)})

    def naming(self, kind: str, relation: str, slug: str) -> Sequence[str]:
        """The slugs of the entities of a kind that name `slug`, of the same kind, by a field."""
        if (kind, relation) not in self._stored_naming:
            self._stored_naming[kind, relation] = self._read_naming(self.catalogue[kind], relation)
        stored = self._stored_naming[kind, relation].get(slug, [])
        return [*super().naming(kind, relation, slug), *stored]

    def _read_naming(self, content_type: ContentType, relation: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for owner, named in naming_rows(self._connection, self.catalogue, content_type, content_type.kind, relation):
            key = (content_type.kind, owner)
            if key not in self.drafts and key not in self._gone:
                found[named].append(owner)
        return found


def _column(content_type: ContentType, name: str) -> Column[Any]:
    """The column of a field, in the kind's table or in that of one of its types."""
    mapped = content_type.mapped
    places = [(mapped.table, mapped.fields), *((each.table, each.fields) for each in mapped.extensions)]
    return next(table.c[part.columns[0]] for table, fields in places for part in fields if part.key == name)


def read_active(connection: Connection, catalogue: Catalogue, key: EntityKey) -> Draft | None:
    """The draft of an entity that is not retired, or None."""
    table = catalogue[key[0]].mapped.table
    statement = select(table.c.id).where(table.c.slug == key[1], table.c.retired.is_(False))
    identifier = connection.execute(statement).scalar()
    if identifier is None:
        return None
    return next(draft for _, draft in drafts(connection, catalogue, catalogue[key[0]], [identifier]))


def naming_rows(
    connection: Connection,
    catalogue: Catalogue,
    content_type: ContentType,
    kind: str,
    relation: str | None = None,
    *,
    slug: str | None = None,
    retired: bool = False,
) -> Iterator[tuple[str, str]]:
    """(owner's slug, named slug) of every active (or every retired) entity of a kind that names one of another kind.

    `relation` is the owner's field, None for all of them; `slug` that of the named entity, None for any.
    """
    owners, named = content_type.mapped.table, catalogue[kind].mapped.table.alias("named")
    for field, table, owner in _naming_columns(content_type, kind, relation):
        statement = select(owners.c.slug, named.c.slug.label("named")).where(owners.c.retired.is_(retired))
        if slug is not None:
            statement = statement.where(named.c.slug == slug)
        if table is None:
            statement = statement.where(owners.c[field.columns[0]] == named.c.id)
        else:
            statement = statement.where(
                table.table.c[owner] == owners.c.id,
                table.table.c[field.columns[0]] == named.c.id,
                *(table.table.c[column] == value for column, value in table.constants.items()),
            )
        for row in connection.execute(statement.order_by(owners.c.slug)):
            yield row.slug, row.named


def _naming_columns(
    content_type: ContentType, kind: str, relation: str | None
) -> Iterator[tuple[Named, Children | None, str]]:
    for part in content_type.mapped.fields:
        if relation in (None, part.key):
            for field in _named(part, kind):
                yield field, None, ""
    for top in content_type.mapped.children:
        for child in with_nested([top]) if relation in (None, top.key) else ():
            for part in child.fields:
                for field in _named(part, kind):
                    yield field, child, child.owner[0]


def _named(part: Field, kind: str) -> Iterator[Named]:
    for field in part.fields if isinstance(part, Group) else (part,):
        if isinstance(field, Named) and field.kind == kind:
            yield field
