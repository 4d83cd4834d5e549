"""What a client may ask of a list, conditions and an order; the order, and the rows after a position in it, as SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from app.content.content_type import Filter
from app.models.tables import document

SORT_COLUMNS: Mapping[str, ColumnElement[Any]] = {
    "name": document.c.sort_name,
    "published_at": document.c.published_at,
    "slug": document.c.slug,
}
"""What a list may be sorted by."""

OF_THE_DOCUMENT = ("within", "each")
"""Operators of filters that all values of a document decide; the others ask whether one value meets all of them."""


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


def conditions_of(filters: Sequence[Filter], parameters: Mapping[str, Any]) -> tuple[Condition, ...]:
    """The conditions of the query parameters that a request has, in the order in which their filters are declared."""
    return tuple(
        Condition(filter_, values_of(filter_, value) if isinstance(value, list) else (value,))
        for filter_ in filters
        if (value := parameters.get(filter_.parameter)) is not None
    )


def values_of(filter_: Filter, values: Sequence[Any]) -> tuple[Any, ...]:
    """The values of a filter in ascending order, each once, with what an alias stands for in its place."""
    aliases = dict(filter_.aliases)
    return tuple(sorted({one for value in values for one in aliases.get(value, (value,))}))


def sort_keys(sort: Sequence[str] | None) -> tuple[SortKey, ...]:
    """Sort keys from the form `["name", "-published_at"]`; by name where there are none. The slug makes them total."""
    return with_slug([SortKey(key.removeprefix("-"), key.startswith("-")) for key in sort or ("name",)])


def with_slug(keys: Sequence[SortKey]) -> tuple[SortKey, ...]:
    """The keys, each once, and the slug at the end, so that no two documents of a kind are equal in the order."""
    unique = {key.name: key for key in reversed(keys)}
    ordered = [key for key in keys if unique[key.name] is key]
    return tuple(ordered) if "slug" in unique else (*ordered, SortKey("slug"))


def after(keys: Sequence[SortKey], position: Sequence[str | int]) -> ColumnElement[bool]:
    """The condition for rows after a position: equal to it in the first keys, and beyond it in the next one."""
    alternatives = []
    for index, key in enumerate(keys):
        column = SORT_COLUMNS[key.name]
        equal = [SORT_COLUMNS[before.name] == value for before, value in zip(keys[:index], position, strict=False)]
        beyond = column < position[index] if key.descending else column > position[index]
        alternatives.append(and_(*equal, beyond))
    return or_(*alternatives)


def order(keys: Sequence[SortKey]) -> list[ColumnElement[Any]]:
    """The keys as expressions for ORDER BY."""
    return [SORT_COLUMNS[key.name].desc() if key.descending else SORT_COLUMNS[key.name].asc() for key in keys]
