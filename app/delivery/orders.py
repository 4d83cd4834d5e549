"""The documents of a kind, numbered alike in every language, and where each stands in an order."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import ColumnElement, and_, func, not_, select

from app.columns.ids import Columns, Ids, Mask, Numbers, numbers_of, places_among
from app.columns.memory import StateReader
from app.delivery.conditions import SORT_COLUMNS, SortKey, after, order
from app.models.tables import document
from app.search.entries import Entries
from app.shapes.languages import DEFAULT_LANGUAGE


@dataclass(frozen=True)
class Rows(Columns):
    """The documents of a kind by ascending entity id. A document's number is its place in this list."""

    entity_ids: Ids

    def __len__(self) -> int:
        return len(self.entity_ids)


@dataclass(frozen=True)
class Order(Columns):
    """An order of documents. `places` has the place of each document, from 0; `sequence` the document at each place."""

    places: Numbers
    sequence: Numbers


def rows_of(reader: StateReader, kind: str) -> Rows:
    """The documents of a kind."""

    def read() -> Rows:
        statement = select(document.c.entity_id).where(_of_kind(kind, DEFAULT_LANGUAGE))
        return Rows(np.sort(numbers_of(reader.connection, statement)))

    return reader.remembered(("rows", kind), read)


def written_in(reader: StateReader, kind: str, language: str) -> Mask:
    """Which documents of a kind are written in a language.

    All are, except after an upgrade that adds a language, until `catalogue rerender` has run.
    """
    rows = rows_of(reader, kind)

    def read() -> Mask:
        written = numbers_of(reader.connection, select(document.c.entity_id).where(_of_kind(kind, language)))
        return np.isin(rows.entity_ids, written)

    return reader.remembered(("written", kind, language), read)


def order_of(reader: StateReader, kind: str, language: str, keys: Sequence[SortKey]) -> Order:
    """The order of a kind's documents by sort keys. The keys must order totally: no two documents may be equal."""
    rows = rows_of(reader, kind)

    def read() -> Order:
        statement = select(document.c.entity_id).where(_of_kind(kind, language)).order_by(*order(keys))
        numbers, there = places_among(numbers_of(reader.connection, statement), rows.entity_ids)
        sequence = numbers[there]
        places = np.zeros(len(rows), np.int32)
        places[sequence] = np.arange(len(sequence), dtype=np.int32)
        return Order(places, sequence)

    return reader.remembered(("order", kind, language, tuple(keys)), read)


def row_numbers(reader: StateReader, kind: str, language: str, entries: Entries) -> Numbers:
    """The number of each index entry's document, -1 where it has none."""

    def read() -> Numbers:
        numbers, there = places_among(entries.entity_ids, rows_of(reader, kind).entity_ids)
        return np.where(there, numbers, np.int32(-1))

    return reader.remembered(("row numbers", kind, language), read)


def place_behind(
    reader: StateReader, kind: str, language: str, keys: Sequence[SortKey], position: Sequence[str | int]
) -> int:
    """How many documents of a kind stand at a position or before it in the order of the keys. One or two queries."""
    of_kind = _of_kind(kind, language)
    same = [SORT_COLUMNS[key.name] == value for key, value in zip(keys, position, strict=True)]
    at = reader.connection.execute(select(document.c.entity_id).where(of_kind, *same)).scalar()
    if at is not None:
        rows = rows_of(reader, kind)
        number = int(places_among(np.array([at]), rows.entity_ids)[0][0])
        return int(order_of(reader, kind, language, keys).places[number]) + 1
    # The document at the position has left since, or has another name now.
    count = select(func.count()).select_from(document).where(of_kind, not_(after(keys, position)))
    return int(reader.connection.execute(count).scalar_one())


def _of_kind(kind: str, language: str) -> ColumnElement[bool]:
    return and_(document.c.kind == kind, document.c.language == language)
