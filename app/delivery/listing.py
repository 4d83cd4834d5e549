"""The documents that a list holds, and the pages of it. Which they are is decided on what is remembered of the
released state; no cost but that of a few operations on whole columns grows with the catalogue.
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from app.columns.least import least
from app.columns.memory import StateReader
from app.delivery.conditions import Condition, SortKey
from app.delivery.facet_columns import Chosen, meeting
from app.delivery.orders import order_of, place_behind, rows_of, written_in
from app.delivery.rankings import Ranking

STEP = 1024
"""Documents among which a page is sought at first, twice as many each time after."""


class Listing:
    """The documents of a kind in a language that meet the conditions and are found by every ranking."""

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

    def under(self, conditions: Sequence[Condition]) -> Chosen:
        """Which documents the list would hold under other conditions."""
        return self._found & meeting(self.reader, self.kind, self._scope, conditions)

    @cached_property
    def _found(self) -> Chosen:
        found = written_in(self.reader, self.kind, self.language)
        for ranking in self._rankings:
            has = np.zeros(len(found), np.bool_)
            has[ranking.numbers] = True
            found = found & has
        return found

    @cached_property
    def total(self) -> int:
        """How many documents the list holds."""
        return int(np.count_nonzero(self.chosen))

    def page(
        self, keys: Sequence[SortKey], position: Sequence[str | int] | None, limit: int
    ) -> Sequence[tuple[int, int]]:
        """The first documents behind a position, at most `limit`, in order: their entity ids, and their ranks or 0."""
        ranking = next((each for each in self._rankings if each.key == keys[0]), None)
        if ranking:
            return self._ranked_page(ranking, keys[1:], position, limit)
        sequence = order_of(self.reader, self.kind, self.language, keys).sequence
        start, found = self._place_behind(keys, position), [np.empty(0, np.int32)]
        wanted, step = limit, STEP
        while wanted > 0 and start < len(sequence):
            here = sequence[start : start + step]
            found.append(here[self.chosen[here]][:wanted])
            wanted, start, step = wanted - len(found[-1]), start + step, 2 * step
        return [(entity_id, 0) for entity_id in self._rows.entity_ids[np.concatenate(found)].tolist()]

    def _ranked_page(
        self, ranking: Ranking, keys: Sequence[SortKey], position: Sequence[str | int] | None, limit: int
    ) -> Sequence[tuple[int, int]]:
        kept = np.flatnonzero(self.chosen.take(ranking.numbers))
        chosen, ranks = ranking.numbers.take(kept), ranking.ranks.take(kept).astype(np.int64)
        size, sign = len(self._rows), -1 if ranking.key.descending else 1
        # One whole number holds the order: the rank first, the place in the order of the other keys after it.
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
