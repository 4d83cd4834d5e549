"""What reads the whole catalogue: one thread does it, and the others are not held up for as long as it takes."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.errors import Crowded
from app.sync import long_work, snapshots
from app.sync.long_work import LongWork
from app.sync.state_digests import StateDigests
from tests.http.reading import problem
from tests.sync.world import World, exercise


@pytest.fixture
def filled(sqlite_world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(long_work, "WAIT_SECONDS", 0.2)
    sqlite_world.put("exercise", exercise("a"))
    sqlite_world.release()
    return sqlite_world


@contextmanager
def held_up(world: World, path: str, begun: threading.Event, go_on: threading.Event) -> Iterator[list[TestResponse]]:
    """Meanwhile a request is at its long work; its answer is in the list afterwards."""
    answers: list[TestResponse] = []
    thread = threading.Thread(target=lambda: answers.append(world.app.test_client().get(path)))
    thread.start()
    assert begun.wait(20)
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
        assert events[1].wait(20)
        return whole(*arguments)

    monkeypatch.setattr(StateDigests, "_whole", slow)
    with held_up(filled, "/v1/sync?lang=es", *events) as answers:
        began = time.monotonic()
        refused = [client.get(f"/v1/sync?lang=es&limit={limit}") for limit in range(1, 6)]
        known = client.get("/v1/sync?limit=7")
        seconds = time.monotonic() - began
    assert seconds < 2
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
        assert events[1].wait(20)
        write(*arguments)

    monkeypatch.setattr(snapshots, "WRITERS", {"ndjson": slow})
    with held_up(filled, "/v1/snapshot.ndjson", *events) as answers:
        began = time.monotonic()
        for _ in range(5):
            problem(client.get("/v1/snapshot.ndjson"), 503, "unavailable")
        assert time.monotonic() - began < 2
    assert answers[0].status_code == client.get("/v1/snapshot.ndjson").status_code == 200


def test_short_work_is_waited_for_however_many_want_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_work, "WAIT_SECONDS", 0.2)
    work, done, refused = LongWork("Something is done"), [], []

    def short(number: int) -> None:
        try:
            with work.alone():
                time.sleep(0.04)
                done.append(number)
        except Crowded as error:
            refused.append(error)

    threads = [threading.Thread(target=short, args=(number,)) for number in range(25)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert (len(done), refused) == (25, [])
