"""How many documents have each value of a facet. Values are put in order once, so that equal ones stand together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.columns.ids import Columns, Mask, Numbers
from app.columns.memory import StateReader
from app.delivery.conditions import Condition
from app.delivery.facet_columns import FacetRows, changes, facet_rows


@dataclass(frozen=True)
class Counted:
    """What is counted: the texts of one column, `value` or `qualifier`, of a facet of a kind."""

    kind: str
    facet: str
    column: str


def counts(reader: StateReader, of: Counted, listed: Mask, conditions: Sequence[Condition]) -> dict[str, int]:
    """How many of the listed documents have each text in a value that meets the conditions. Zeros are left out."""
    values = facet_rows(reader, of.kind, of.facet)
    if not conditions:
        order = reader.remembered(("counted", of), lambda: _order(values, of.column).once())
        return dict(order.counts(listed.take(order.rows)))
    order = reader.remembered(("counted where", of), lambda: _order(values, of.column))
    return dict(order.counts(listed.take(order.rows) & values.met(conditions).take(order.places)))


@dataclass(frozen=True)
class _Order(Columns):
    """The values of a facet in the order of their texts, and of their documents where the texts are equal.

    `places` has the place of each value among the facet's, `rows` its document. `numbers` are the texts that occur,
    `starts` says where the values of each begin. Where a document has one text in several values (a muscle that it
    both stretches and strengthens), it counts once: `pairs` then says where each pair of text and document begins, and
    `starts` are places among the pairs.
    """

    texts: tuple[str, ...]
    places: Numbers
    rows: Numbers
    pairs: Numbers | None
    numbers: Numbers
    starts: Numbers

    def once(self) -> "_Order":
        """The same order with each text of a document once, for counts without conditions on the values."""
        rows = self.rows if self.pairs is None else self.rows[self.pairs]
        return replace(self, places=np.empty(0, np.int32), rows=rows, pairs=None)

    def counts(self, counted: Mask) -> Iterator[tuple[str, int]]:
        """Each text that any value to be counted has, and how many documents have it in such a value."""
        if not len(counted):
            return
        if self.pairs is not None:
            counted = np.logical_or.reduceat(counted, self.pairs)
        totals = np.add.reduceat(counted, self.starts, dtype=np.int32)
        for number, count in zip(self.numbers.tolist(), totals.tolist(), strict=True):
            if count:
                yield self.texts[number], count


def _order(values: FacetRows, column: str) -> _Order:
    texts, rows = values.texts(column), values.rows()
    places = np.lexsort((rows, texts.numbers)).astype(np.int32)
    rows, numbers = rows[places], texts.numbers[places]
    pairs = np.flatnonzero(changes(rows) | changes(numbers)).astype(np.int32)
    of_pairs = numbers[pairs]
    starts = np.flatnonzero(changes(of_pairs)).astype(np.int32)
    several = len(pairs) < len(rows)
    return _Order(texts.texts, places, rows, pairs if several else None, of_pairs[starts].astype(np.int32), starts)
