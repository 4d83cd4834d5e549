"""Filters, order and position of a list as SQL conditions on documents and their facets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from app.content.content_type import Filter
from app.content.tables import table_of
from app.models.publication import Document, Facet

document = table_of(Document)
facet = table_of(Facet)

Columns = Mapping[str, ColumnElement[Any]]

SORT_COLUMNS: Columns = {
    "name": document.c.sort_name,
    "published_at": document.c.published_at,
    "slug": document.c.slug,
}
"""What a list may be sorted by."""


EXCLUDING = ("without", "within")
"""Operators of filters that leave out whatever has a row, in place of what has none."""


@dataclass(frozen=True)
class Condition:
    """A filter with the values it was given."""

    filter: Filter
    values: tuple[Any, ...]


@dataclass(frozen=True)
class SortKey:
    """One key of an order."""

    name: str
    descending: bool = False


def conditions_of(filters: Sequence[Filter], given: Mapping[str, Any]) -> tuple[Condition, ...]:
    """The conditions of the parameters that are given, in the order of their declaration."""
    return tuple(
        Condition(each, tuple(sorted(set(value))) if isinstance(value, list) else (value,))
        for each in filters
        if (value := given.get(each.parameter)) is not None
    )


def sort_keys(given: Sequence[str] | None) -> tuple[SortKey, ...]:
    """`["name", "-published_at"]` as keys, by name where nothing is given, with the slug to make the order total."""
    return with_slug([SortKey(each.removeprefix("-"), each.startswith("-")) for each in given or ("name",)])


def with_slug(keys: Sequence[SortKey]) -> tuple[SortKey, ...]:
    """The keys, each once, with the slug to make the order total."""
    unique = {key.name: key for key in reversed(keys)}
    ordered = [key for key in keys if unique[key.name] is key]
    return tuple(ordered) if "slug" in unique else (*ordered, SortKey("slug"))


def where(kind: str, language: str, *groups: Sequence[Condition]) -> ColumnElement[bool]:
    """The documents of a kind that meet all conditions. Those of one group on one facet are met by one row of it."""
    parts = [part for conditions in groups for part in _parts(conditions)]
    return and_(document.c.kind == kind, document.c.language == language, *parts)


def _parts(conditions: Sequence[Condition]) -> list[ColumnElement[bool]]:
    parts: list[ColumnElement[bool]] = []
    parts += [
        document.c.entity_id.not_in(_entities([_row(each)], each.filter.facet))
        for each in conditions
        if each.filter.operator in EXCLUDING
    ]
    rest = [each for each in conditions if each.filter.operator not in EXCLUDING]
    for name, group in groupby(sorted(rest, key=lambda each: each.filter.facet), lambda each: each.filter.facet):
        parts.append(document.c.entity_id.in_(_entities([_row(each) for each in group], name)))
    return parts


def _entities(rows: Sequence[ColumnElement[bool]], name: str) -> Any:
    return select(facet.c.entity_id).where(facet.c.name == name, *rows)


def _row(condition: Condition) -> ColumnElement[bool]:
    """What a facet row must be; for `within`, what a row that stands in the way is."""
    column, operator = facet.c[condition.filter.column], condition.filter.operator
    values = [str(each) for each in condition.values] if condition.filter.column != "number" else condition.values
    if operator == ">=":
        return column >= values[0]
    if operator == "<=":
        return column <= values[0]
    return column.not_in(values) if operator == "within" else column.in_(values)


def after(
    keys: Sequence[SortKey], position: Sequence[str | int], columns: Columns = SORT_COLUMNS
) -> ColumnElement[bool]:
    """The rows behind a position: equal in the first keys and beyond it in the next."""
    alternatives = []
    for index, key in enumerate(keys):
        column = columns[key.name]
        equal = [columns[each.name] == value for each, value in zip(keys[:index], position, strict=False)]
        beyond = column < position[index] if key.descending else column > position[index]
        alternatives.append(and_(*equal, beyond))
    return or_(*alternatives)


def order(keys: Sequence[SortKey], columns: Columns = SORT_COLUMNS) -> list[ColumnElement[Any]]:
    """The ORDER BY of the keys."""
    return [columns[key.name].desc() if key.descending else columns[key.name].asc() for key in keys]
