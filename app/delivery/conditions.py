"""What a list is asked for: conditions and keys of an order, and the order and a position in it as SQL."""

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


def after(keys: Sequence[SortKey], position: Sequence[str | int]) -> ColumnElement[bool]:
    """The rows behind a position: equal in the first keys and beyond it in the next."""
    alternatives = []
    for index, key in enumerate(keys):
        column = SORT_COLUMNS[key.name]
        equal = [SORT_COLUMNS[each.name] == value for each, value in zip(keys[:index], position, strict=False)]
        beyond = column < position[index] if key.descending else column > position[index]
        alternatives.append(and_(*equal, beyond))
    return or_(*alternatives)


def order(keys: Sequence[SortKey]) -> list[ColumnElement[Any]]:
    """The ORDER BY of the keys."""
    return [SORT_COLUMNS[key.name].desc() if key.descending else SORT_COLUMNS[key.name].asc() for key in keys]
