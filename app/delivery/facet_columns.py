"""The values that a kind's documents are filtered by, as columns of numbers, and which documents meet conditions.

`content_type.Filter` says when a document meets a condition.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import String, cast, func, select

from app.columns.ids import Columns, Mask, Numbers, ids_of, places_among
from app.columns.memory import StateReader
from app.content.content_type import Filter
from app.delivery.conditions import OF_THE_DOCUMENT, Condition
from app.delivery.orders import Rows, rows_of
from app.models.tables import facet

BYTES_OF_A_TEXT = 100

FEW = 4
"""Up to so many texts are looked for one by one; more of them at once, with `np.isin`."""


@dataclass(frozen=True)
class Texts(Columns):
    """A column of texts. `texts` has each text once, in ascending order; `numbers` has each row's text by its place."""

    texts: tuple[str, ...]
    numbers: NDArray[Any]

    def among(self, values: Sequence[object]) -> Mask:
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

    def at_least(self, value: object) -> Mask:
        """The rows whose text is this one or comes after it."""
        reached: Mask = self.numbers >= bisect_left(self.texts, str(value))
        return reached

    def at_most(self, value: object) -> Mask:
        """The rows whose text is this one or comes before it."""
        reached: Mask = self.numbers < bisect_right(self.texts, str(value))
        return reached


@dataclass(frozen=True)
class Values(Columns):
    """Values of a facet in three columns, as `models.publication.Facet` has them. A number that is missing is NaN."""

    value: Texts
    qualifier: Texts
    number: NDArray[np.float32]

    def met(self, conditions: Sequence[Condition]) -> Mask:
        """Which values meet every condition. Of `within`, these are the values that are not allowed: see `meeting`."""
        met: Mask = np.logical_and.reduce([self._met(condition) for condition in conditions])
        return met

    def _met(self, condition: Condition) -> Mask:
        operator, values = condition.filter.operator, condition.values
        if condition.filter.column == "number":
            reached: Mask = self.number >= values[0] if operator == ">=" else self.number <= values[0]
            return reached
        texts = self.value if condition.filter.column == "value" else self.qualifier
        if operator in (">=", "<="):
            return texts.at_least(values[0]) if operator == ">=" else texts.at_most(values[0])
        return ~texts.among(values) if operator == "within" else texts.among(values)

    def at(self, places: Numbers) -> tuple[Texts, Texts, NDArray[np.float32]]:
        """The columns of some of the values."""
        value, qualifier = (
            Texts(column.texts, _compact(column.numbers[places])) for column in (self.value, self.qualifier)
        )
        return value, qualifier, _compact(self.number[places])


@dataclass(frozen=True)
class _Layer(Values):
    """One value of each document, in the order of the documents. A document that has none is not `there`."""

    there: Mask


@dataclass(frozen=True)
class _Rows(Values):
    """Values in no particular order; `rows` has the number of the document that each belongs to."""

    rows: Numbers


@dataclass(frozen=True)
class FacetRows:
    """One facet of the documents of a kind, of which there are `size`.

    Each document's first values make the first layer, its second values the second one, and so on, as long as more
    than a fourth of the documents have one; `rest` has all further values. Example: of an exercise with the regions
    neck, shoulders and arms, neck lies in the first layer, shoulders in the second, and arms in the rest, if few
    exercises have three. A layer stands in the order of the documents, so that a condition is met by a few operations
    on whole columns, which is many times faster than looking up the document of each value.
    """

    layers: Sequence[_Layer]
    rest: _Rows
    size: int

    @property
    def nbytes(self) -> int:
        """Bytes held, about."""
        texts = len(self.rest.value.texts) + len(self.rest.qualifier.texts)
        return sum(values.nbytes for values in (*self.layers, self.rest)) + BYTES_OF_A_TEXT * texts

    def having(self, conditions: Sequence[Condition]) -> Mask:
        """Which documents have a value that meets every condition."""
        # `flatnonzero` and `take` need half the time that indexing by a mask does.
        has = np.zeros(self.size, np.bool_)
        has[self.rest.rows.take(np.flatnonzero(self.rest.met(conditions)))] = True
        for layer in self.layers:
            has |= layer.met(conditions) & layer.there
        return has

    def having_up_to(self, limits: NDArray[np.float32], conditions: Sequence[Condition]) -> Mask:
        """Which documents have a value that meets every condition and is no more than the document's limit."""
        has = np.zeros(self.size, np.bool_)
        for text in self.rest.value.texts:
            if (allowed := limits >= float(text)).any():
                has |= allowed & self.having([*conditions, Condition(Filter("", "", ""), (text,))])
        return has

    def rows(self) -> Numbers:
        """The document of each value, layer by layer."""
        layers = [np.flatnonzero(layer.there) for layer in self.layers]
        return np.concatenate([*layers, self.rest.rows]).astype(np.int32)

    def texts(self, column: str) -> Texts:
        """The texts of one column, `value` or `qualifier`, in the order of `rows`."""
        numbers = [getattr(layer, column).numbers[layer.there] for layer in self.layers]
        rest: Texts = getattr(self.rest, column)
        return Texts(rest.texts, np.concatenate([*numbers, rest.numbers]))

    def met(self, conditions: Sequence[Condition]) -> Mask:
        """Which values meet every condition, in the order of `rows`."""
        layers = [layer.met(conditions)[layer.there] for layer in self.layers]
        return np.concatenate([*layers, self.rest.met(conditions)])


@dataclass(frozen=True)
class FacetNumbers(Columns):
    """The numbers of one value of a facet, by document."""

    numbers: NDArray[np.float32]


def _layered(values: _Rows, size: int) -> FacetRows:
    order = np.argsort(values.rows, kind="stable").astype(np.int32)
    rows = values.rows[order]
    begins = np.flatnonzero(changes(rows))
    ordinals = np.arange(len(rows)) - np.repeat(begins, np.diff(begins, append=len(rows)))
    layers: list[_Layer] = []
    while np.count_nonzero(here := ordinals == len(layers)) > size // 4:
        places, there = np.zeros(size, np.int32), np.zeros(size, np.bool_)
        places[rows[here]], there[rows[here]] = order[here], True
        layers.append(_Layer(*values.at(places), _compact(there)))
    rest = order[ordinals >= len(layers)]
    return FacetRows(layers, _Rows(*values.at(rest), values.rows[rest]), size)


def _compact(column: NDArray[Any]) -> NDArray[Any]:
    """The column, held as one value where all are the same."""
    if not len(column):
        return column
    repeated = np.broadcast_to(column[:1].copy(), column.shape)
    return repeated if np.array_equal(column, repeated, equal_nan=column.dtype.kind == "f") else column


def changes(values: NDArray[Any]) -> Mask:
    """Where a value differs from the one before it. The first value counts as different."""
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
    values: list[tuple[Any, ...]] = []
    documents = [np.empty(0, np.int32)]
    for value, qualifier, number, ids in reader.connection.execute(statement):
        places, there = places_among(ids_of(ids), rows.entity_ids)
        values.append((value, qualifier, np.nan if number is None else number))
        documents.append(places[there])
    sizes = [len(of_value) for of_value in documents[1:]]
    value_texts, qualifier_texts = (_texts([row[column] for row in values], sizes) for column in (0, 1))
    numbers = np.repeat(np.array([row[2] for row in values], np.float32), sizes)
    return _layered(_Rows(value_texts, qualifier_texts, numbers, np.concatenate(documents)), len(rows))


def _texts(values: Sequence[str], sizes: Sequence[int]) -> Texts:
    texts = tuple(sorted(set(values)))
    place = {text: number for number, text in enumerate(texts)}
    numbers = np.array([place[value] for value in values], np.min_scalar_type(len(texts)))
    return Texts(texts, np.repeat(numbers, sizes))


def meeting(reader: StateReader, kind: str, *groups: Sequence[Condition]) -> Mask:
    """Which documents of a kind meet every condition.

    Conditions of one group that ask about the same facet must be met by one and the same value of a document: muscle
    `neck` with the role `stretched` is not met by a stretched shoulder and a strengthened neck.
    """
    meets = np.ones(len(rows_of(reader, kind)), np.bool_)
    for conditions in groups:
        by_facet: dict[str, list[Condition]] = {}
        for condition in conditions:
            facet_name = condition.filter.facet
            if condition.filter.operator not in OF_THE_DOCUMENT:
                by_facet.setdefault(facet_name, []).append(condition)
            elif condition.filter.operator == "within":
                meets &= ~facet_rows(reader, kind, facet_name).having([condition])
        limits = _limits(reader, kind, conditions)
        for name in dict.fromkeys((*by_facet, *limits)):
            values, on_facet = facet_rows(reader, kind, name), by_facet.get(name, [])
            meets &= values.having_up_to(limits[name], on_facet) if name in limits else values.having(on_facet)
    return meets


def _limits(reader: StateReader, kind: str, conditions: Sequence[Condition]) -> Mapping[str, NDArray[np.float32]]:
    """For each facet that conditions `each` limit, the highest value that a document's row may have; -1 for none."""
    limits: dict[str, NDArray[np.float32]] = {}
    for condition in conditions:
        if condition.filter.operator == "each":
            for value in condition.values:
                limit = _limit(reader, kind, condition.filter.facet, str(value))
                name = condition.filter.limits
                limits[name] = np.minimum(limits[name], limit) if name in limits else limit
    return limits


def _limit(reader: StateReader, kind: str, name: str, value: str) -> NDArray[np.float32]:
    """The numbers of one value of a facet, by document: -1 where a document lacks it, infinite where it has none."""

    def read() -> FacetNumbers:
        rows = rows_of(reader, kind)
        statement = select(facet.c.entity_id, facet.c.number).where(facet.c.name == name, facet.c.value == value)
        found = reader.connection.execute(statement).all()
        places, there = places_among(np.array([row.entity_id for row in found], np.int64), rows.entity_ids)
        numbers = np.full(len(rows), -1, np.float32)
        values = np.array([np.inf if row.number is None else row.number for row in found], np.float32)
        numbers[places[there]] = values[there]
        return FacetNumbers(numbers)

    return reader.remembered(("limit", kind, name, value), read).numbers
