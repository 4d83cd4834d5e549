import threading

from app.edge.counter import Counter


def test_a_counter_tells_how_often_it_was_ticked_however_often_it_is_asked() -> None:
    counter = Counter()
    assert [counter.value(), counter.value()] == [0, 0]
    counter.tick()
    counter.tick()
    assert [counter.value(), counter.value()] == [2, 2]


def test_no_tick_of_many_threads_is_lost_while_others_ask() -> None:
    counter = Counter()
    told: list[int] = []

    def tick() -> None:
        for _ in range(20_000):
            counter.tick()

    def ask() -> None:
        told.extend(counter.value() for _ in range(5_000))

    threads = [threading.Thread(target=work) for work in (tick, ask, tick, ask, tick)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter.value() == 60_000
    assert max(told) <= 60_000
