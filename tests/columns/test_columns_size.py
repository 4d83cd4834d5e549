"""How many bytes dataclasses of arrays say that they hold: the memory of released states is bounded by it."""

from dataclasses import dataclass

import numpy as np

from app.columns.ids import Columns, Ids, Numbers


@dataclass(frozen=True)
class Pair(Columns):
    """An array, or none, and a text."""

    numbers: Numbers | None
    text: str = "a text that is not counted"


@dataclass(frozen=True)
class Outer(Columns):
    """An array beside columns of its own."""

    ids: Ids
    inner: Pair


class TestColumns:
    def test_its_arrays_are_counted_and_nothing_else(self) -> None:
        assert Pair(np.zeros(10, np.int32)).nbytes == 40
        assert Pair(None).nbytes == 0

    def test_columns_within_are_counted_too(self) -> None:
        assert Outer(np.zeros(3, np.int64), Pair(np.zeros(10, np.int32))).nbytes == 24 + 40

    def test_an_array_of_one_repeated_value_holds_that_value_once(self) -> None:
        assert Pair(np.broadcast_to(np.array([7], np.int32), (1000,))).nbytes == 4
