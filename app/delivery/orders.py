"""The documents of a kind, numbered alike in every language, and where each stands in an order."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, and_, func, not_, select

from app.columns.ids import Ids, Numbers, numbers_of, places_among
from app.columns.memory import StateReader
from app.delivery.conditions import SORT_COLUMNS, SortKey, after, order
from app.models.tables import document
from app.search.entries import Entries
from app.shapes.languages import DEFAULT_LANGUAGE


@dataclass(frozen=True)
class Rows:
    """Documents by ascending entity id; their numbers are their places here."""

    entity_ids: Ids

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.entity_ids.nbytes

    def __len__(self) -> int:
        return len(self.entity_ids)


@dataclass(frozen=True)
class Order:
    """Where each document stands in an order, from 0, and which document stands at each place."""

    places: Numbers
    sequence: Numbers

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.places.nbytes + self.sequence.nbytes


def rows_of(reader: StateReader, kind: str) -> Rows:
    """The documents of a kind."""

    def read() -> Rows:
        statement = select(document.c.entity_id).where(_those(kind, DEFAULT_LANGUAGE))
        return Rows(np.sort(numbers_of(reader.connection, statement)))

    return reader.remembered(("rows", kind), read)


def written_in(reader: StateReader, kind: str, language: str) -> NDArray[np.bool_]:
    """Which documents of a kind there are in a language.

    All of them, but between an upgrade that adds a language and `catalogue rerender`.
    """
    rows = rows_of(reader, kind)

    def read() -> NDArray[np.bool_]:
        found = numbers_of(reader.connection, select(document.c.entity_id).where(_those(kind, language)))
        return np.isin(rows.entity_ids, found)

    return reader.remembered(("written", kind, language), read)


def order_of(reader: StateReader, kind: str, language: str, keys: Sequence[SortKey]) -> Order:
    """The documents of a kind in the order of the keys, which must be total."""
    rows = rows_of(reader, kind)

    def read() -> Order:
        statement = select(document.c.entity_id).where(_those(kind, language)).order_by(*order(keys))
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
    """How many documents of a kind stand at or before a position in the order of the keys, in one or two queries."""
    those = _those(kind, language)
    same = [SORT_COLUMNS[key.name] == value for key, value in zip(keys, position, strict=True)]
    at = reader.connection.execute(select(document.c.entity_id).where(those, *same)).scalar()
    if at is not None:
        rows = rows_of(reader, kind)
        number = int(places_among(np.array([at]), rows.entity_ids)[0][0])
        return int(order_of(reader, kind, language, keys).places[number]) + 1
    # What was there has left since, or bears another name.
    count = select(func.count()).select_from(document).where(those, not_(after(keys, position)))
    return int(reader.connection.execute(count).scalar_one())


def _those(kind: str, language: str) -> ColumnElement[bool]:
    return and_(document.c.kind == kind, document.c.language == language)
