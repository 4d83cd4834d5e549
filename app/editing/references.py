"""Which drafts of the working copy name which, read from the columns that hold the references."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, Table, literal, select, union_all

from app.content.content_type import Catalogue, ContentType, EntityKey
from app.content.mapping import Field, Group, Named, with_nested
from app.content.working_copy import batches_by_kind


class Reference(NamedTuple):
    """One draft names another. `relation` is the field of the draft that does, such as `harder` or `citations`."""

    by: EntityKey
    is_retired: bool
    relation: str
    named: EntityKey


def references_to(connection: Connection, catalogue: Catalogue, keys: Sequence[EntityKey]) -> list[Reference]:
    """Every reference to one of these entities, from active and retired drafts, in one query for each kind."""
    references: list[Reference] = []
    for kind, slugs in batches_by_kind(keys):
        statements = [
            statement.where(statement.selected_columns.named.in_(slugs))
            for *_, statement in _references(catalogue, kind)
        ]
        rows = _all_rows(connection, statements)
        references += [Reference((row.kind, row.slug), row.retired, row.relation, (kind, row.named)) for row in rows]
    return references


def pairs(connection: Connection, catalogue: Catalogue, kind: str, relation: str) -> list[tuple[str, str]]:
    """Sorted (slug, named slug) of the active drafts of a kind that name others of it in the field `relation`."""
    statements = [
        statement.where(statement.selected_columns.retired.is_(False))
        for owner, field, statement in _references(catalogue, kind)
        if (owner, field) == (kind, relation)
    ]
    return sorted((row.slug, row.named) for row in _all_rows(connection, statements))


def _all_rows(connection: Connection, statements: Sequence[Select[Any]]) -> Sequence[Row[Any]]:
    return connection.execute(union_all(*statements)).all() if statements else []


@lru_cache(64)
def _references(catalogue: Catalogue, kind: str) -> tuple[tuple[str, str, Select[Any]], ...]:
    """(kind, field, statement) for every column of the catalogue's tables that names an entity of a kind."""
    named = catalogue[kind].mapped.table.alias("named")
    return tuple(
        (
            owner.kind,
            relation,
            select(
                literal(owner.kind).label("kind"),
                owner.mapped.table.c.slug,
                owner.mapped.table.c.retired,
                literal(relation).label("relation"),
                named.c.slug.label("named"),
            )
            .where(table.c[column] == named.c.id)
            .where(*([] if table is owner.mapped.table else [table.c[owner_column] == owner.mapped.table.c.id]))
            .where(*(table.c[name] == value for name, value in constants.items())),
        )
        for owner in catalogue
        for relation, table, owner_column, constants, column in _naming_columns(owner, kind)
    )


def _naming_columns(owner: ContentType, kind: str) -> Iterator[tuple[str, Table, str, Any, str]]:
    """(field, table, column of the owner, constants, column) of every column of `owner` that names `kind`."""
    mapped = owner.mapped
    for field in mapped.fields:
        yield from ((field.key, mapped.table, "id", {}, column) for column in _columns(field, kind))
    for extension in mapped.extensions:
        for field in extension.fields:
            columns = _columns(field, kind)
            yield from ((field.key, extension.table, extension.owner, {}, column) for column in columns)
    for top in mapped.children:
        for child in with_nested([top]):
            for field in child.fields:
                columns = _columns(field, kind)
                yield from ((top.relation, child.table, child.owner[0], child.constants, column) for column in columns)


def _columns(field: Field, kind: str) -> Iterator[str]:
    for part in field.fields if isinstance(field, Group) else (field,):
        if isinstance(part, Named) and part.kind == kind:
            yield part.column
