"""What reads the whole catalogue: one thread does it, and the others are not held up for as long as it takes."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.errors import Crowded
from app.sync import long_work, snapshots
from app.sync.long_work import LongWork
from app.sync.state_digests import StateDigests
from tests.clock import give_clock
from tests.http.reading import problem
from tests.sync.world import World, exercise
from tests.waiting import PATIENCE_SECONDS


@pytest.fixture
def filled(sqlite_world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(long_work, "WAIT_SECONDS", 0.2)
    sqlite_world.put("exercise", exercise("a"))
    sqlite_world.release()
    return sqlite_world


@contextmanager
def held_up(world: World, path: str, begun: threading.Event, go_on: threading.Event) -> Iterator[list[TestResponse]]:
    """Meanwhile a request is at its long work; its answer is in the list afterwards.

    It ends with the block and no earlier: what is answered within the block did not wait for it.
    """
    answers: list[TestResponse] = []
    thread = threading.Thread(target=lambda: answers.append(world.app.test_client().get(path)))
    thread.start()
    assert begun.wait(PATIENCE_SECONDS)
    try:
        yield answers
    finally:
        go_on.set()
        thread.join()


@pytest.fixture
def events() -> tuple[threading.Event, threading.Event]:
    return threading.Event(), threading.Event()


Events = tuple[threading.Event, threading.Event]


def test_requests_that_need_the_digest_of_everything_are_not_held_up(
    filled: World, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, whole = filled.app.test_client(), StateDigests._whole
    assert client.get("/v1/sync").status_code == 200

    def slow(*arguments: Any) -> Any:
        events[0].set()
        assert events[1].wait(PATIENCE_SECONDS)
        return whole(*arguments)

    monkeypatch.setattr(StateDigests, "_whole", slow)
    with held_up(filled, "/v1/sync?lang=es", *events) as answers:
        refused = [client.get(f"/v1/sync?lang=es&limit={limit}") for limit in range(1, 6)]
        known = client.get("/v1/sync?limit=7")
    assert known.status_code == 200
    for each in refused:
        assert each.headers["Retry-After"] == "5"
        assert "takes long" in problem(each, 503, "unavailable")["detail"]
    assert answers[0].status_code == client.get("/v1/sync?lang=es&limit=1").status_code == 200


def test_nor_are_those_that_want_a_first_snapshot(
    filled: World, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, write = filled.app.test_client(), snapshots.WRITERS["ndjson"]

    def slow(*arguments: Any) -> None:
        events[0].set()
        assert events[1].wait(PATIENCE_SECONDS)
        write(*arguments)

    monkeypatch.setattr(snapshots, "WRITERS", {"ndjson": slow})
    with held_up(filled, "/v1/snapshot.ndjson", *events) as answers:
        for _ in range(5):
            problem(client.get("/v1/snapshot.ndjson"), 503, "unavailable")
    assert answers[0].status_code == client.get("/v1/snapshot.ndjson").status_code == 200


def test_short_work_is_waited_for_however_many_want_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_work, "WAIT_SECONDS", 0.2)
    clock = give_clock(monkeypatch, "app.sync.long_work")
    work, done, refused = LongWork("Something is done"), [], []

    def short(number: int) -> None:
        try:
            with work.alone():
                clock.turn(0.04)
                done.append(number)
        except Crowded as error:
            refused.append(error)

    threads = [threading.Thread(target=short, args=(number,)) for number in range(25)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert (len(done), refused) == (25, [])
