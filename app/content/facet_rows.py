"""The values that a kind's documents are filtered by, as columns of numbers, and which documents meet conditions.

The same rules as `selection.where` has in SQL; a test holds the two together.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import String, cast, func, select

from app.content.rows import Rows, rows_of
from app.content.selection import EXCLUDING, Condition, facet
from app.search.entries import Numbers, ids_of, places_among
from app.search.memory import Snapshot

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

    @property
    def nbytes(self) -> int:
        """Bytes held, about."""
        return self.numbers.nbytes + BYTES_OF_A_VALUE * len(self.texts)

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


@dataclass(frozen=True)
class _OneOfEach(Values):
    """A value of each document, in the order of these, but for those that are not `there`."""

    there: Chosen


@dataclass(frozen=True)
class FacetRows(Values):
    """One facet of the documents of a kind, of which there are `size`: `rows` says whose each value is."""

    rows: Numbers
    size: int

    @property
    def nbytes(self) -> int:
        """Bytes held, with the order that one of its columns is counted in and the layers that are chosen by."""
        return 3 * self.rows.nbytes + 3 * (self.value.nbytes + self.qualifier.nbytes + self.number.nbytes)

    def having(self, conditions: Sequence[Condition]) -> Chosen:
        """The documents with a value that meets all of some conditions."""
        layers, rest = self._layers
        # Places and `take` take half the time of a selection by truths.
        has = np.zeros(self.size, np.bool_)
        has[rest.rows.take(np.flatnonzero(rest.met(conditions)))] = True
        for layer in layers:
            has |= layer.met(conditions) & layer.there
        return has

    @cached_property
    def _layers(self) -> tuple[Sequence[_OneOfEach], "FacetRows"]:
        """The first value of each document, the second and so on, while a fourth of them has one; and the rest.

        What stands in the order of the documents is chosen by whole columns, many times faster than by places.
        """
        order = np.argsort(self.rows, kind="stable").astype(np.int32)
        rows = self.rows[order]
        begins = np.flatnonzero(_changes(rows))
        ordinals = np.arange(len(rows)) - np.repeat(begins, np.diff(begins, append=len(rows)))
        layers: list[_OneOfEach] = []
        while np.count_nonzero(ordinals == len(layers)) > self.size // 4:
            its = ordinals == len(layers)
            places, there = np.zeros(self.size, np.int32), np.zeros(self.size, np.bool_)
            places[rows[its]], there[rows[its]] = order[its], True
            layers.append(_OneOfEach(*self._at(places), there))
        left = order[ordinals >= len(layers)]
        return layers, FacetRows(*self._at(left), self.rows[left], self.size)

    def _at(self, places: Numbers) -> tuple[Texts, Texts, NDArray[np.float32]]:
        value, qualifier = (Texts(each.texts, each.numbers[places]) for each in (self.value, self.qualifier))
        return value, qualifier, self.number[places]

    def counts(self, column: str, listed: Chosen, conditions: Sequence[Condition]) -> dict[str, int]:
        """How many of the documents listed have each text of a column, in a value that meets the conditions."""
        texts, order = (self.value, self._by_value) if column == "value" else (self.qualifier, self._by_qualifier)
        chosen = listed[order.rows]
        if conditions:
            chosen &= self.met(conditions)[order.places]
        return {texts.texts[number]: count for number, count in order.counts(chosen)}

    @cached_property
    def _by_value(self) -> "_Order":
        return _order(self.rows, self.value.numbers)

    @cached_property
    def _by_qualifier(self) -> "_Order":
        return _order(self.rows, self.qualifier.numbers)


@dataclass(frozen=True)
class _Order:
    """Values by their texts, those of one text by their documents: their places, and whose they are.

    `numbers` are the texts that there are, `starts` where each begins. A document may have one text in several values,
    and counts once: where any has, `pairs` says where each pair of text and document begins, and `starts` is of pairs.
    """

    places: Numbers
    rows: Numbers
    pairs: Numbers | None
    numbers: Numbers
    starts: Numbers

    def counts(self, chosen: Chosen) -> Iterator[tuple[int, int]]:
        """Each text that has any, and how many documents have it in a value that is chosen."""
        if not len(chosen):
            return
        if self.pairs is not None:
            chosen = np.logical_or.reduceat(chosen, self.pairs)
        counted = np.add.reduceat(chosen, self.starts, dtype=np.int32)
        for number, count in zip(self.numbers.tolist(), counted.tolist(), strict=True):
            if count:
                yield number, count


def _order(rows: Numbers, numbers: NDArray[Any]) -> _Order:
    places = np.lexsort((rows, numbers)).astype(np.int32)
    rows, numbers = rows[places], numbers[places]
    pairs = np.flatnonzero(_changes(rows) | _changes(numbers)).astype(np.int32)
    of_pairs = numbers[pairs]
    starts = np.flatnonzero(_changes(of_pairs)).astype(np.int32)
    several = len(pairs) < len(rows)
    return _Order(places, rows, pairs if several else None, of_pairs[starts].astype(np.int32), starts)


def _changes(values: NDArray[Any]) -> Chosen:
    """Where a value is another than the one before; the first is."""
    changes = np.ones(len(values), np.bool_)
    changes[1:] = values[1:] != values[:-1]
    return changes


def facet_rows(snapshot: Snapshot, kind: str, language: str, name: str) -> FacetRows:
    """A facet of the documents of a kind in a language."""
    rows = rows_of(snapshot, kind, language)
    return snapshot.remembered(("facet", kind, language, name), lambda: _read(snapshot, rows, name))


def _read(snapshot: Snapshot, rows: Rows, name: str) -> FacetRows:
    columns = (facet.c.value, facet.c.qualifier, facet.c.number)
    entity_ids = func.aggregate_strings(cast(facet.c.entity_id, String), ",")
    statement = select(*columns, entity_ids).where(facet.c.name == name).group_by(*columns)
    found = [
        (*row[:3], *places_among(ids_of(row[3]), rows.entity_ids)) for row in snapshot.connection.execute(statement)
    ]
    sizes = [int(there.sum()) for *_, there in found]
    return FacetRows(
        _texts([row[0] for row in found], sizes),
        _texts([row[1] for row in found], sizes),
        np.repeat(np.array([np.nan if row[2] is None else row[2] for row in found], np.float32), sizes),
        np.concatenate([np.empty(0, np.int32), *(places[there] for *_, places, there in found)]),
        len(rows),
    )


def _texts(values: Sequence[str], sizes: Sequence[int]) -> Texts:
    texts = tuple(sorted(set(values)))
    place = {text: number for number, text in enumerate(texts)}
    numbers = np.array([place[value] for value in values], np.min_scalar_type(len(texts)))
    return Texts(texts, np.repeat(numbers, sizes))


def meeting(snapshot: Snapshot, kind: str, language: str, *groups: Sequence[Condition]) -> Chosen:
    """The documents of a kind that meet all conditions. Those of one group on one facet are met by one row of it."""
    chosen = np.ones(len(rows_of(snapshot, kind, language)), np.bool_)
    for conditions in groups:
        for each in conditions:
            if each.filter.operator in EXCLUDING:
                chosen &= ~facet_rows(snapshot, kind, language, each.filter.facet).having([each])
        rest = sorted((each for each in conditions if each.filter.operator not in EXCLUDING), key=_facet)
        for name, group in groupby(rest, key=_facet):
            chosen &= facet_rows(snapshot, kind, language, name).having(list(group))
    return chosen


def _facet(condition: Condition) -> str:
    return condition.filter.facet
