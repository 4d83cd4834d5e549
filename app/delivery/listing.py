"""The documents that a list holds, and its pages.

Both are computed from remembered columns (`columns.memory`), so that a larger catalogue costs only a few longer
operations on whole columns.
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from app.columns.ids import Mask
from app.columns.least import least
from app.columns.memory import StateReader
from app.delivery.conditions import Condition, SortKey
from app.delivery.facet_columns import meeting
from app.delivery.orders import order_of, place_behind, rows_of, written_in
from app.delivery.rankings import Ranking

STEP = 1024
"""How many documents of an order are looked through for a page at first; each further step takes twice as many."""


class Listing:
    """The documents of a kind, in a language, that meet every condition and that every ranking found.

    `scope` are the conditions of the address (`/v1/sources/{slug}/exercises`), `conditions` those of the query.
    """

    def __init__(
        self,
        reader: StateReader,
        kind: str,
        language: str,
        *,
        scope: Sequence[Condition],
        conditions: Sequence[Condition],
        rankings: Sequence[Ranking],
    ) -> None:
        self.reader, self.kind, self.language = reader, kind, language
        self._scope, self._rankings = scope, rankings
        self._rows = rows_of(reader, kind)
        self.chosen = self.under(conditions)

    def under(self, conditions: Sequence[Condition]) -> Mask:
        """Which documents the list would hold under other conditions."""
        return self._ranked & meeting(self.reader, self.kind, self._scope, conditions)

    @cached_property
    def _ranked(self) -> Mask:
        """The documents of the language that every ranking found."""
        mask = written_in(self.reader, self.kind, self.language)
        for ranking in self._rankings:
            found = np.zeros(len(mask), np.bool_)
            found[ranking.numbers] = True
            mask = mask & found
        return mask

    @cached_property
    def total(self) -> int:
        """How many documents the list holds."""
        return int(np.count_nonzero(self.chosen))

    def page(
        self, keys: Sequence[SortKey], position: Sequence[str | int] | None, limit: int
    ) -> Sequence[tuple[int, int]]:
        """The first documents after a position, at most `limit`, as (entity id, rank); 0 is no rank."""
        ranking = next((ranking for ranking in self._rankings if ranking.key == keys[0]), None)
        if ranking:
            return self._ranked_page(ranking, keys[1:], position, limit)
        sequence = order_of(self.reader, self.kind, self.language, keys).sequence
        start, step = self._place_behind(keys, position), STEP
        numbers = np.empty(0, np.int32)
        while len(numbers) < limit and start < len(sequence):
            here = sequence[start : start + step]
            numbers = np.concatenate([numbers, here[self.chosen[here]]])[:limit]
            start, step = start + step, 2 * step
        return [(entity_id, 0) for entity_id in self._rows.entity_ids[numbers].tolist()]

    def _ranked_page(
        self, ranking: Ranking, keys: Sequence[SortKey], position: Sequence[str | int] | None, limit: int
    ) -> Sequence[tuple[int, int]]:
        kept = np.flatnonzero(self.chosen.take(ranking.numbers))
        chosen, ranks = ranking.numbers.take(kept), ranking.ranks.take(kept).astype(np.int64)
        size, sign = len(self._rows), -1 if ranking.key.descending else 1
        # One whole number orders a document: by its rank, then by its place in the order of the other keys.
        order = sign * ranks * size + order_of(self.reader, self.kind, self.language, keys).places.take(chosen)
        first = np.arange(len(order))
        if position is not None:
            start = sign * int(position[0]) * size + self._place_behind(keys, position[1:])
            first = np.flatnonzero(order >= start)
        first = least(order, first, limit)
        ids = self._rows.entity_ids.take(chosen.take(first))
        return list(zip(ids.tolist(), ranks.take(first).tolist(), strict=True))

    def _place_behind(self, keys: Sequence[SortKey], position: Sequence[str | int] | None) -> int:
        return 0 if position is None else place_behind(self.reader, self.kind, self.language, keys, position)
