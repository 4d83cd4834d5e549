"""Pages of lists that are neither searched nor counted by facet: one prepared statement each.

What is known of a catalogue's state is kept by its digest, which no two states have in common: how many documents meet
a set of filters, and which filters name only what is published. A page of known filters takes one query.

A page is read in one of two ways. Where few documents meet the filters, they are looked up and sorted. Where many do,
the documents are gone through in the order of the list, from the cursor on, until the page is full.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from threading import Lock
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    func,
    select,
    tuple_,
)

from app.content.selection import SORT_COLUMNS, Condition, SortKey, after, document, facet, order
from app.content.tables import table_of
from app.models.publication import Release, RevisionCounter

KNOWN = 4_096
"""Sets of filters of which something is known; the one that was not asked for longest is forgotten for another."""

counter = table_of(RevisionCounter)
release = table_of(Release)

_PRESENT = (
    select(release.c.digest)
    .where(release.c.revision == select(counter.c.revision).scalar_subquery())
    .scalar_subquery()
    .label("state")
)


@dataclass(frozen=True)
class Part:
    """Conditions that one facet row must meet: (column, operator) of each, the values aside. `excludes`: none may."""

    facet: str
    tests: tuple[tuple[str, str], ...]
    excludes: bool


class Known:
    """What is known by the digest of a state and a key."""

    def __init__(self) -> None:
        self._values: OrderedDict[Any, Any] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Any) -> Any:
        """What is known, or None."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def set(self, key: Any, value: Any) -> None:
        """Knows it from now on."""
        with self._lock:
            self._values[key] = value
            while len(self._values) > KNOWN:
                self._values.popitem(last=False)

    def clear(self) -> None:
        """Forgets everything."""
        with self._lock:
            self._values.clear()


totals = Known()
"""How many documents meet a set of filters."""

checked = Known()
"""Filters whose values are all published."""


def parts_of(groups: Sequence[Sequence[Condition]]) -> tuple[tuple[Part, ...], list[Any]]:
    """The parts of groups of conditions, and their values in the order of the parts' tests.

    Conditions of one group on one facet must be met by one row (see `selection`).
    """
    parts: list[Part] = []
    values: list[Any] = []
    for conditions in groups:
        for excluded in (True, False):
            chosen = [each for each in conditions if (each.filter.operator in ("without", "within")) == excluded]
            together = groupby(sorted(chosen, key=_facet_of), _facet_of)
            found = [[each] for each in chosen] if excluded else [list(rows) for _, rows in together]
            for group in found:
                tests = tuple((each.filter.column, each.filter.operator) for each in group)
                parts.append(Part(group[0].filter.facet, tests, excludes=excluded))
                values += map(_value, group)
    return tuple(parts), values


def _facet_of(condition: Condition) -> str:
    return condition.filter.facet


def _value(condition: Condition) -> Any:
    values = condition.values if condition.filter.column == "number" else [str(each) for each in condition.values]
    return values[0] if condition.filter.operator in (">=", "<=") else list(values)


def read_rows(
    connection: Connection,
    kind: str,
    language: str,
    groups: Sequence[Sequence[Condition]],
    keys: Sequence[SortKey],
    *,
    position: Sequence[Any] | None,
    limit: int,
    in_order: bool,
) -> Sequence[Row[Any]]:
    """The rows of a page: the body, each sort key as `sort_…`, and the digest of the state as `state`.

    `in_order` goes through the list in its order.
    """
    parts, values = parts_of(groups)
    statement = _page(parts, tuple(keys), position is not None, in_order)
    given = {"kind": kind, "language": language, "limit": limit}
    given |= {f"v{number}": value for number, value in enumerate(values)}
    given |= {f"p{number}": value for number, value in enumerate(position or ())}
    return connection.execute(statement, given).all()


def is_better_in_order(limit: int, total: int, everything: int) -> bool:
    """Whether going through the list meets fewer documents until the page is full than all that are to be sorted."""
    return total > 0 and limit * everything / total < total


def count_rows(connection: Connection, kind: str, language: str, groups: Sequence[Sequence[Condition]]) -> int:
    """How many documents meet the conditions."""
    parts, values = parts_of(groups)
    given = {"kind": kind, "language": language, **{f"v{number}": value for number, value in enumerate(values)}}
    return int(connection.execute(_count(parts), given).scalar_one())


@lru_cache(512)
def _page(parts: tuple[Part, ...], keys: tuple[SortKey, ...], continued: bool, in_order: bool) -> Select[Any]:  # noqa: FBT001  # cached by position
    columns = SORT_COLUMNS
    shown = [columns[key.name].label(f"sort_{key.name}") for key in keys]
    statement = select(document.c.body, *shown, _PRESENT).where(*_where(parts, in_order=in_order))
    if continued:
        statement = statement.where(_beyond(keys))
    return statement.order_by(*order(keys, columns)).limit(bindparam("limit"))


@lru_cache(512)
def _count(parts: tuple[Part, ...]) -> Select[Any]:
    return select(func.count()).select_from(document).where(*_where(parts, in_order=False))


def _where(parts: Sequence[Part], *, in_order: bool) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        document.c.kind == bindparam("kind"),
        document.c.language == bindparam("language"),
    ]
    number = 0
    for part in parts:
        rows: list[ColumnElement[bool]] = [facet.c.name == part.facet]
        for column, operator in part.tests:
            rows.append(_test(facet.c[column], operator, f"v{number}"))
            number += 1
        if in_order:
            # By the primary key of the facets, whose first column is the entity.
            found: ColumnElement[bool] = exists().where(facet.c.entity_id == document.c.entity_id, *rows)
            conditions.append(~found if part.excludes else found)
        else:
            entities = select(facet.c.entity_id).where(*rows)
            column_ = document.c.entity_id
            conditions.append(column_.not_in(entities) if part.excludes else column_.in_(entities))
    return conditions


def _test(column: ColumnElement[Any], operator: str, name: str) -> ColumnElement[bool]:
    if operator == ">=":
        return column >= bindparam(name)
    if operator == "<=":
        return column <= bindparam(name)
    values: BindParameter[Any] = bindparam(name, expanding=True)
    return column.not_in(values) if operator == "within" else column.in_(values)


def _beyond(keys: Sequence[SortKey]) -> ColumnElement[bool]:
    """The rows behind a position, as a range of an index: a comparison of rows, where all keys run the same way."""
    columns = [SORT_COLUMNS[key.name] for key in keys]
    position: list[BindParameter[Any]] = [bindparam(f"p{number}") for number in range(len(keys))]
    if len({key.descending for key in keys}) == 1:
        left, right = tuple_(*columns), tuple_(*position)
        return left < right if keys[0].descending else left > right
    first = columns[0] <= position[0] if keys[0].descending else columns[0] >= position[0]
    return and_(first, after(keys, position))  # type: ignore[arg-type]  # parameters stand for values
