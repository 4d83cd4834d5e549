from dataclasses import dataclass
from functools import partial
from threading import Barrier, Thread

import pytest

from app.columns.memory import BYTES_OF_A_CHARACTER, OVERHEAD, Memory
from app.store.state import State

FIRST, SECOND = State(1, "a"), State(2, "b")
ONE = 100 + OVERHEAD + BYTES_OF_A_CHARACTER * len("('x',)")
"""Bytes that a thing of 100 with a name of one letter is counted for."""


@dataclass(frozen=True)
class Thing:
    name: str
    nbytes: int = 100


class TestMemory:
    def test_a_thing_is_read_once_in_a_state(self) -> None:
        memory = Memory()
        for state in (FIRST, FIRST, SECOND, SECOND):
            assert memory.get(state, ("x",), partial(Thing, state.digest)).name == state.digest

    def test_a_restored_store_is_not_taken_for_another_of_the_same_number(self) -> None:
        memory = Memory()
        assert memory.get(State(1, "a"), ("x",), lambda: Thing("before")).name == "before"
        assert memory.get(State(1, "b"), ("x",), lambda: Thing("after")).name == "after"

    def test_a_new_state_forgets_the_one_before(self) -> None:
        memory = Memory()
        memory.get(FIRST, ("x",), lambda: Thing("old"))
        memory.get(SECOND, ("y",), lambda: Thing("new"))
        assert memory.held == ONE
        assert memory.get(FIRST, ("x",), lambda: Thing("read again")).name == "read again"

    def test_it_never_holds_more_than_its_limit_and_drops_what_was_used_least_lately(self) -> None:
        memory = Memory(limit=3 * ONE)
        for name in ("a", "b", "c"):
            memory.get(FIRST, (name,), lambda: Thing("kept"))
        memory.get(FIRST, ("a",), lambda: Thing("read again"))
        memory.get(FIRST, ("d",), lambda: Thing("kept"))
        assert memory.held == memory.limit
        assert memory.get(FIRST, ("a",), lambda: Thing("read again")).name == "kept"
        assert memory.get(FIRST, ("b",), lambda: Thing("read again")).name == "read again"

    def test_things_without_bytes_are_bounded_too(self) -> None:
        memory = Memory(limit=10 * OVERHEAD)
        for number in range(100):
            memory.get(FIRST, (number,), lambda: Thing("empty", 0))
        assert memory.held <= memory.limit

    def test_long_names_are_bounded_too(self) -> None:
        memory = Memory(limit=10 * OVERHEAD)
        for number in range(100):
            memory.get(FIRST, (str(number) * 1000,), lambda: Thing("empty", 0))
        assert len(memory._things) <= 3

    def test_what_is_too_large_is_given_and_not_kept(self) -> None:
        memory = Memory(limit=50)
        assert memory.get(FIRST, ("x",), lambda: Thing("large")).name == "large"
        assert memory.held == 0

    def test_threads_that_want_the_same_wait_for_one_to_read_it(self) -> None:
        memory, together, read = Memory(), Barrier(8), []

        def reading() -> Thing:
            read.append(1)
            return Thing("x")

        def want() -> None:
            together.wait()
            memory.get(FIRST, ("x",), reading)

        threads = [Thread(target=want) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert read == [1]

    def test_what_could_not_be_read_is_read_by_the_next(self) -> None:
        memory = Memory()

        def fail() -> Thing:
            raise RuntimeError("the store is away")

        with pytest.raises(RuntimeError, match="away"):
            memory.get(FIRST, ("x",), fail)
        assert memory.get(FIRST, ("x",), lambda: Thing("x")).name == "x"

    def test_what_two_read_at_once_counts_once(self) -> None:
        memory = Memory()
        # The place is given up by a read that failed, while another one waits for it.
        memory._keep((FIRST, ("x",)), Thing("one"))
        memory._keep((FIRST, ("x",)), Thing("the other"))
        assert memory.held == ONE
