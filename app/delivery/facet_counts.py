"""How many documents have each value of a facet, counted along an order of its values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.columns.ids import Numbers
from app.columns.memory import StateReader
from app.delivery.conditions import Condition
from app.delivery.facet_columns import Chosen, FacetRows, changes, facet_rows


@dataclass(frozen=True)
class Counted:
    """What is counted: the texts of one column, `value` or `qualifier`, of a facet of a kind."""

    kind: str
    facet: str
    column: str


def counts(reader: StateReader, of: Counted, listed: Chosen, conditions: Sequence[Condition]) -> dict[str, int]:
    """How many of the documents listed have each text, in a value that meets the conditions."""
    found = facet_rows(reader, of.kind, of.facet)
    if not conditions:
        order = reader.remembered(("counted", of), lambda: _order(found, of.column).once())
        return dict(order.counts(listed.take(order.rows)))
    order = reader.remembered(("counted where", of), lambda: _order(found, of.column))
    return dict(order.counts(listed.take(order.rows) & found.met(conditions).take(order.places)))


@dataclass(frozen=True)
class _Order:
    """Values by their texts, those of one text by their documents: their places, and whose they are.

    `numbers` are the texts that there are, `starts` where each begins. A document may have one text in several values,
    and counts once: where any has, `pairs` says where each pair of text and document begins, and `starts` is of pairs.
    """

    texts: tuple[str, ...]
    places: Numbers
    rows: Numbers
    pairs: Numbers | None
    numbers: Numbers
    starts: Numbers

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        pairs = 0 if self.pairs is None else self.pairs.nbytes
        return self.places.nbytes + self.rows.nbytes + pairs + self.numbers.nbytes + self.starts.nbytes

    def once(self) -> "_Order":
        """The same with each text of a document once, where it does not matter in which of its values it stands."""
        rows = self.rows if self.pairs is None else self.rows[self.pairs]
        return replace(self, places=np.empty(0, np.int32), rows=rows, pairs=None)

    def counts(self, chosen: Chosen) -> Iterator[tuple[str, int]]:
        """Each text that has any, and how many documents have it in a value that is chosen."""
        if not len(chosen):
            return
        if self.pairs is not None:
            chosen = np.logical_or.reduceat(chosen, self.pairs)
        counted = np.add.reduceat(chosen, self.starts, dtype=np.int32)
        for number, count in zip(self.numbers.tolist(), counted.tolist(), strict=True):
            if count:
                yield self.texts[number], count


def _order(found: FacetRows, column: str) -> _Order:
    texts, rows = found.texts(column), found.rows()
    places = np.lexsort((rows, texts.numbers)).astype(np.int32)
    rows, numbers = rows[places], texts.numbers[places]
    pairs = np.flatnonzero(changes(rows) | changes(numbers)).astype(np.int32)
    of_pairs = numbers[pairs]
    starts = np.flatnonzero(changes(of_pairs)).astype(np.int32)
    several = len(pairs) < len(rows)
    return _Order(texts.texts, places, rows, pairs if several else None, of_pairs[starts].astype(np.int32), starts)
