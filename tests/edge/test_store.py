"""The bound of the response cache, and who leaves first."""

import gc
from weakref import ref

from app.edge.answers import OVERHEAD, Answer
from app.edge.revision import Confirmed
from app.edge.store import MOST_RAW_KEYS, Store
from app.store.state import State

CONFIRMED = Confirmed(State(1, "digest"), 0.0)
HEADERS = [("Content-Type", "application/json"), ("Cache-Control", "public"), ("Vary", "Accept-Encoding")]


def answer(size: int = 1000) -> Answer:
    return Answer(CONFIRMED, "200 OK", HEADERS, b"x" * size)


def ask(store: Store, name: str, raw: str = "") -> bool:
    """Whether the store has it; remembers the way of asking."""
    found = store.find((name,))
    if found is None:
        return False
    found.use.lately = True
    store.remember((name,), ("GET", name, raw), found, found.ready(None, tags=None, head=False))
    return True


class TestBound:
    def test_it_holds_with_every_key_another(self) -> None:
        store = Store(1_000_000)
        for number in range(5000):
            store.put((str(number),), answer())
            ask(store, str(number))
            assert store.held().bytes <= 1_000_000
        assert len(store.ready) <= store.held().entries < 5000
        assert store.held().evicted == 5000 - store.held().entries

    def test_what_is_let_go_leaves_memory_at_once(self) -> None:
        store = Store(1_000_000)
        store.put(("a",), answer())
        ask(store, "a")
        gone = ref(store.find(("a",)))
        gc.disable()
        try:
            store.put(("a",), answer())
            assert gone() is None
        finally:
            gc.enable()

    def test_it_counts_the_texts_of_keys(self) -> None:
        store = Store(1_000_000)
        for number in range(200):
            store.put((f"/v1/{number}", "x" * 50_000), answer())
            assert store.held().bytes <= 1_000_000
        assert store.held().entries < 20

    def test_a_key_that_takes_too_much_is_not_kept(self) -> None:
        store = Store(1_000_000)
        assert not store.put(("x" * 200_000,), answer())
        assert store.held().bytes == 0

    def test_it_counts_codings_and_ways_of_asking(self) -> None:
        store = Store(1_000_000)
        store.put(("a",), answer(10_000))
        before = store.held().bytes
        found = store.find(("a",))
        assert found is not None
        coded = found.ready("gzip", tags=None, head=False)
        store.remember(("a",), ("GET", "a", "gzip"), found, coded)
        assert store.held().bytes > before + len(coded.body[0]) + 100

    def test_a_coding_counts_before_it_is_asked_for_again(self) -> None:
        store = Store(1_000_000)
        store.put(("a",), answer(100_000))
        found = store.find(("a",))
        assert found is not None
        before = store.held().bytes
        coded = found.ready("gzip", tags=None, head=False)
        store.settle(("a",), found)
        assert store.held().bytes == before + len(coded.body[0])

    def test_ways_of_asking_for_one_thing_are_bounded(self) -> None:
        store = Store(1_000_000)
        store.put(("a",), answer())
        for number in range(10_000):
            ask(store, "a", str(number))
        assert len(store.ready) == MOST_RAW_KEYS
        assert store.held().bytes < OVERHEAD + 1000 + MOST_RAW_KEYS * 1000

    def test_what_is_replaced_or_cleared_leaves_nothing(self) -> None:
        store = Store(1_000_000)
        for _ in range(100):
            store.put(("a",), answer())
            ask(store, "a")
        assert store.held().entries == len(store.ready) == 1
        assert store.held().bytes < 5000
        store.clear()
        assert (store.held().entries, store.held().bytes, len(store.ready)) == (0, 0, 0)

    def test_one_answer_may_not_take_it_all(self) -> None:
        store = Store(1_000_000)
        assert not store.put(("a",), answer(200_000))
        assert store.held().bytes == 0


class TestOrder:
    def test_the_oldest_leaves_first(self) -> None:
        store = Store(50_000)
        for number in range(40):
            store.put((str(number),), answer())
        kept = [number for number in range(40) if store.find((str(number),))]
        assert kept == list(range(kept[0], 40))

    def test_what_is_asked_for_outlives_any_number_of_others(self) -> None:
        store = Store(100_000)
        store.put(("hot",), answer())
        for number in range(2000):
            store.put((str(number),), answer())
            assert ask(store, "hot"), number
