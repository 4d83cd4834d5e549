"""What finds and ranks documents besides filters: a search text, and the distance from a point."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.columns.ids import Numbers, places_among
from app.columns.memory import StateReader
from app.delivery.conditions import SortKey
from app.delivery.orders import row_numbers, rows_of
from app.errors import MalformedCursor
from app.search.distance import Near, nearest
from app.search.matching import matches
from app.search.queries import Understood, understand

RANK_LENGTH = 12
"""Digits of a rank in a cursor, at most."""


@dataclass(frozen=True)
class Ranking:
    """The numbers of the documents that were found (see `orders.Rows`), their ranks, and the sort key of the rank."""

    key: SortKey
    numbers: Numbers
    ranks: Numbers


RELEVANCE = SortKey("relevance", descending=True)
DISTANCE = SortKey("distance")


def default_order(query: str | None, near: Near | None) -> tuple[SortKey, ...]:
    """The order where none is asked for: the nearest first, else the most relevant first, else by name."""
    name = SortKey("name")
    return (DISTANCE, name) if near else (RELEVANCE, name) if query is not None else (name,)


def rankings(
    reader: StateReader, understood: Understood | None, near: Near | None, *, kind: str, language: str
) -> Sequence[Ranking]:
    """One ranking for the query and one for the point, where they are asked for."""
    asked = []
    if understood is not None:
        matched = matches(reader, understood, language)
        numbers = row_numbers(reader, kind, language, matched.entries)
        enough = np.flatnonzero(matched.at_least(understood.least) & (numbers >= 0))
        asked.append(Ranking(RELEVANCE, numbers.take(enough), matched.scores.take(enough)))
    if near is not None:
        distances = nearest(reader.connection, near)
        numbers, there = places_among(distances.entity_ids, rows_of(reader, kind).entity_ids)
        asked.append(Ranking(DISTANCE, numbers[there], distances.metres[there]))
    return asked


def understood_query(reader: StateReader, query: str | None, language: str, carried: str | None) -> Understood | None:
    """The query as the first page understood it, which a cursor carries; without a cursor, as it is understood now."""
    if query is None:
        return None
    return understand(reader, query, language) if carried is None else Understood.load(carried)


def rank_of(value: str) -> int:
    """The rank that a cursor holds.

    Raises `MalformedCursor`.
    """
    if not value.isascii() or not value.isdigit() or len(value) > RANK_LENGTH:
        raise MalformedCursor("The cursor is not one that this service made.")
    return int(value)
