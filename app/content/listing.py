"""The documents that a list holds, and the pages of it. Which they are is decided on what is remembered of the
released state; no cost but that of a few operations on whole columns grows with the catalogue.
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from app.content.facet_rows import Chosen, meeting
from app.content.rankings import Ranking
from app.content.rows import place_behind, places_of, rows_of
from app.content.selection import Condition, SortKey
from app.search.entries import Ids, places_among
from app.search.memory import Snapshot


class Listing:
    """The documents of a kind in a language that meet the conditions and are found by every ranking."""

    def __init__(
        self,
        snapshot: Snapshot,
        kind: str,
        language: str,
        *,
        scope: Sequence[Condition],
        conditions: Sequence[Condition],
        rankings: Sequence[Ranking],
    ) -> None:
        self.snapshot, self.kind, self.language = snapshot, kind, language
        self._scope, self._rankings = scope, rankings
        self._rows = rows_of(snapshot, kind, language)
        self._numbered = [places_among(each.entity_ids, self._rows.entity_ids) for each in rankings]
        self.chosen = self.under(conditions)

    def under(self, conditions: Sequence[Condition]) -> Chosen:
        """Which documents the list would hold under other conditions."""
        return self._found & meeting(self.snapshot, self.kind, self.language, self._scope, conditions)

    @cached_property
    def _found(self) -> Chosen:
        found = np.ones(len(self._rows), np.bool_)
        for numbers, there in self._numbered:
            has = np.zeros(len(found), np.bool_)
            has[numbers[there]] = True
            found &= has
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
        column_keys = keys[1:] if ranking else keys
        chosen = np.flatnonzero(self.chosen)
        ranks = self._ranks(ranking)[chosen] if ranking else np.zeros(len(chosen), np.int64)
        # One whole number holds the order: the rank first, the place in the order of the other keys after it.
        ranked = -ranks if ranking and ranking.key.descending else ranks
        order = ranked * len(self._rows) + places_of(self.snapshot, self.kind, self.language, column_keys)[chosen]
        if position is not None:
            rest = position[1:] if ranking else position
            rank = int(position[0]) if ranking else 0
            start = (-rank if ranking and ranking.key.descending else rank) * len(self._rows)
            behind = order >= start + place_behind(self.snapshot, self.kind, self.language, column_keys, rest)
            chosen, order, ranks = chosen[behind], order[behind], ranks[behind]
        if len(chosen) > limit:
            first = np.argpartition(order, limit)[:limit]
            chosen, order, ranks = chosen[first], order[first], ranks[first]
        sequence = np.argsort(order)
        ids = self._rows.entity_ids[chosen[sequence]]
        return list(zip(ids.tolist(), ranks[sequence].tolist(), strict=True))

    def _ranks(self, ranking: Ranking) -> Ids:
        numbers, there = self._numbered[self._rankings.index(ranking)]
        ranks = np.zeros(len(self._rows), np.int64)
        ranks[numbers[there]] = ranking.ranks[there]
        return ranks
