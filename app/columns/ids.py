"""Whole columns of ids and numbers: read quickly from a store, and found among each other."""

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Select

Ids = NDArray[np.int64]
Numbers = NDArray[np.int32]
Mask = NDArray[np.bool_]
"""Which of some rows: one truth for each."""


class Columns:
    """The base of dataclasses whose fields are arrays: it knows how many bytes they hold."""

    @property
    def nbytes(self) -> int:
        """Bytes held by the arrays, those in fields that are `Columns` themselves included."""
        return sum(_held(column) for column in vars(self).values())


def _held(column: object) -> int:
    if isinstance(column, np.ndarray):
        # An array of one value that is repeated (`np.broadcast_to`) holds that value once.
        return column.nbytes if all(column.strides) else column.itemsize
    return column.nbytes if isinstance(column, Columns) else 0


def ids_of(text: str | None) -> Ids:
    """Ids that a store answers as one text, such as `"3,17,20"`: reading a row for each takes many times as long."""
    return np.fromstring(text, dtype=np.int64, sep=",") if text else np.empty(0, np.int64)


@contextmanager
def plain_rows(connection: Connection, statement: Select[Any]) -> Iterator[Iterable[tuple[Any, ...]]]:
    """Rows as the driver gives them, one by one. Where there are very many, this takes a third of SQLAlchemy's time."""
    with closing(connection.execute(statement)) as result:
        # PEP 249 leaves it open whether a cursor is iterable.
        yield iter(result.cursor.fetchone, None)


def numbers_of(connection: Connection, statement: Select[Any]) -> Ids:
    """The whole numbers of a statement that selects one column."""
    with plain_rows(connection, statement) as rows:
        return np.fromiter((row[0] for row in rows), np.int64)


def places_among(wanted: Ids | Numbers, ordered: Ids | Numbers) -> tuple[Numbers, Mask]:
    """The place of each wanted id in an ascending list of ids, and which of them stand in the list at all.

    Example: 20 and 4 among [3, 17, 20] are at the places [2, 1], and of these only the first is right: [True, False].
    """
    if not len(ordered):
        return np.zeros(len(wanted), np.int32), np.zeros(len(wanted), np.bool_)
    places = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
    return places.astype(np.int32), ordered[places] == wanted
