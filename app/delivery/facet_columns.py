"""The values that a kind's documents are filtered by, as columns of numbers, and which documents meet conditions.

The rules are those of `content_type.Filter`.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import String, cast, func, select

from app.columns.ids import Numbers, ids_of, places_among
from app.columns.memory import StateReader
from app.delivery.conditions import EXCLUDING, Condition
from app.delivery.orders import Rows, rows_of
from app.models.tables import facet

Chosen = NDArray[np.bool_]
"""Which of some rows."""

BYTES_OF_A_VALUE = 100

FEW = 4
"""Texts that are looked for one by one."""


@dataclass(frozen=True)
class Texts:
    """A column of texts: for each row the number of its text among all in ascending order."""

    texts: tuple[str, ...]
    numbers: NDArray[Any]

    def among(self, values: Sequence[object]) -> Chosen:
        """The rows that have one of some texts."""
        wanted = [place for value in values if (place := self._place(str(value))) is not None]
        if len(wanted) > FEW:
            return np.isin(self.numbers, wanted)
        among = np.zeros(len(self.numbers), np.bool_)
        for place in wanted:
            among |= self.numbers == place
        return among

    def _place(self, text: str) -> int | None:
        place = bisect_left(self.texts, text)
        return place if place < len(self.texts) and self.texts[place] == text else None

    def at_least(self, value: object) -> Chosen:
        """The rows whose text is this one or comes after it."""
        reached: Chosen = self.numbers >= bisect_left(self.texts, str(value))
        return reached

    def at_most(self, value: object) -> Chosen:
        """The rows whose text is this one or comes before it."""
        reached: Chosen = self.numbers < bisect_right(self.texts, str(value))
        return reached


@dataclass(frozen=True)
class Values:
    """Values of a facet. A number that is not given is NaN."""

    value: Texts
    qualifier: Texts
    number: NDArray[np.float32]

    @property
    def nbytes(self) -> int:
        """Bytes held, but for the texts."""
        return sum(_held(each) for each in (self.value.numbers, self.qualifier.numbers, self.number))

    def met(self, conditions: Sequence[Condition]) -> Chosen:
        """The values that meet all of some conditions; for `within`, those that stand in the way."""
        met: Chosen = np.logical_and.reduce([self._met(each) for each in conditions])
        return met

    def _met(self, condition: Condition) -> Chosen:
        operator, values = condition.filter.operator, condition.values
        if condition.filter.column == "number":
            reached: Chosen = self.number >= values[0] if operator == ">=" else self.number <= values[0]
            return reached
        texts = self.value if condition.filter.column == "value" else self.qualifier
        if operator in (">=", "<="):
            return texts.at_least(values[0]) if operator == ">=" else texts.at_most(values[0])
        return ~texts.among(values) if operator == "within" else texts.among(values)

    def at(self, places: Numbers) -> tuple[Texts, Texts, NDArray[np.float32]]:
        """The columns of some of the values."""
        value, qualifier = (Texts(each.texts, _compact(each.numbers[places])) for each in (self.value, self.qualifier))
        return value, qualifier, _compact(self.number[places])


@dataclass(frozen=True)
class _Layer(Values):
    """A value of each document, in the order of these, but for those that are not `there`."""

    there: Chosen


@dataclass(frozen=True)
class _Rows(Values):
    """Values, and the documents that have them."""

    rows: Numbers


@dataclass(frozen=True)
class FacetRows:
    """One facet of the documents of a kind, of which there are `size`.

    The first value of each document, the second and so on are layers, while a fourth of the documents has one; what
    stands in the order of the documents is chosen by whole columns, many times faster than by places. Then the rest.
    """

    layers: Sequence[_Layer]
    rest: _Rows
    size: int

    @property
    def nbytes(self) -> int:
        """Bytes held, about."""
        columns = (
            sum(each.nbytes + _held(each.there) for each in self.layers) + self.rest.nbytes + self.rest.rows.nbytes
        )
        return columns + BYTES_OF_A_VALUE * (len(self.rest.value.texts) + len(self.rest.qualifier.texts))

    def having(self, conditions: Sequence[Condition]) -> Chosen:
        """The documents with a value that meets all of some conditions."""
        # Places and `take` take half the time of a selection by truths.
        has = np.zeros(self.size, np.bool_)
        has[self.rest.rows.take(np.flatnonzero(self.rest.met(conditions)))] = True
        for layer in self.layers:
            has |= layer.met(conditions) & layer.there
        return has

    def rows(self) -> Numbers:
        """The document of each value, layer by layer."""
        return np.concatenate([*(np.flatnonzero(each.there) for each in self.layers), self.rest.rows]).astype(np.int32)

    def texts(self, column: str) -> Texts:
        """The texts of one column, `value` or `qualifier`, in the order of `rows`."""
        numbers = [getattr(each, column).numbers[each.there] for each in self.layers]
        rest: Texts = getattr(self.rest, column)
        return Texts(rest.texts, np.concatenate([*numbers, rest.numbers]))

    def met(self, conditions: Sequence[Condition]) -> Chosen:
        """Which values meet all of some conditions, in the order of `rows`."""
        layers = [each.met(conditions)[each.there] for each in self.layers]
        return np.concatenate([*layers, self.rest.met(conditions)])


def _layered(found: _Rows, size: int) -> FacetRows:
    order = np.argsort(found.rows, kind="stable").astype(np.int32)
    rows = found.rows[order]
    begins = np.flatnonzero(changes(rows))
    ordinals = np.arange(len(rows)) - np.repeat(begins, np.diff(begins, append=len(rows)))
    layers: list[_Layer] = []
    while np.count_nonzero(ordinals == len(layers)) > size // 4:
        its = ordinals == len(layers)
        places, there = np.zeros(size, np.int32), np.zeros(size, np.bool_)
        places[rows[its]], there[rows[its]] = order[its], True
        layers.append(_Layer(*found.at(places), _compact(there)))
    left = order[ordinals >= len(layers)]
    return FacetRows(layers, _Rows(*found.at(left), found.rows[left]), size)


def _compact(column: NDArray[Any]) -> NDArray[Any]:
    """The column, held as one value where all are the same."""
    if not len(column):
        return column
    one = np.broadcast_to(column[:1].copy(), column.shape)
    return one if np.array_equal(column, one, equal_nan=column.dtype.kind == "f") else column


def _held(column: NDArray[Any]) -> int:
    return column.nbytes if all(column.strides) else column.itemsize


def changes(values: NDArray[Any]) -> Chosen:
    """Where a value is another than the one before; the first is."""
    changes = np.ones(len(values), np.bool_)
    changes[1:] = values[1:] != values[:-1]
    return changes


def facet_rows(reader: StateReader, kind: str, name: str) -> FacetRows:
    """A facet of the documents of a kind."""
    rows = rows_of(reader, kind)
    return reader.remembered(("facet", kind, name), lambda: _read(reader, rows, name))


def _read(reader: StateReader, rows: Rows, name: str) -> FacetRows:
    columns = (facet.c.value, facet.c.qualifier, facet.c.number)
    entity_ids = func.aggregate_strings(cast(facet.c.entity_id, String), ",")
    statement = select(*columns, entity_ids).where(facet.c.name == name).group_by(*columns)
    found = [(*row[:3], *places_among(ids_of(row[3]), rows.entity_ids)) for row in reader.connection.execute(statement)]
    sizes = [int(there.sum()) for *_, there in found]
    numbers = np.array([np.nan if row[2] is None else row[2] for row in found], np.float32)
    those = np.concatenate([np.empty(0, np.int32), *(places[there] for *_, places, there in found)])
    value, qualifier = (_texts([row[column] for row in found], sizes) for column in (0, 1))
    return _layered(_Rows(value, qualifier, np.repeat(numbers, sizes), those), len(rows))


def _texts(values: Sequence[str], sizes: Sequence[int]) -> Texts:
    texts = tuple(sorted(set(values)))
    place = {text: number for number, text in enumerate(texts)}
    numbers = np.array([place[value] for value in values], np.min_scalar_type(len(texts)))
    return Texts(texts, np.repeat(numbers, sizes))


def meeting(reader: StateReader, kind: str, *groups: Sequence[Condition]) -> Chosen:
    """The documents of a kind that meet all conditions. Those of one group on one facet are met by one row of it."""
    chosen = np.ones(len(rows_of(reader, kind)), np.bool_)
    for conditions in groups:
        for each in conditions:
            if each.filter.operator in EXCLUDING:
                chosen &= ~facet_rows(reader, kind, each.filter.facet).having([each])
        rest = sorted((each for each in conditions if each.filter.operator not in EXCLUDING), key=_facet)
        for name, group in groupby(rest, key=_facet):
            chosen &= facet_rows(reader, kind, name).having(list(group))
    return chosen


def _facet(condition: Condition) -> str:
    return condition.filter.facet
