"""Requests that want the same answer at once: one computes it, the others wait for it, but not all threads."""

import threading
import time
from typing import Any
from unittest.mock import Mock

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.edge import flights
from app.web.problems import CROWDED
from tests.applications import application
from tests.content.editing import Editor
from tests.content.samples import exercise
from tests.edge.caching import HIT, STORED, cache_of, how
from tests.http.reading import get, problem
from tests.settings import settings_for
from tests.waiting import PATIENCE_SECONDS, wait_for


@pytest.mark.usefixtures("editor")
def test_a_stampede_computes_once(app: Flask) -> None:
    cache, computed, begun = cache_of(app), [], threading.Barrier(16)
    inner = cache._inner

    def slow(environ: Any, start_response: Any) -> Any:
        computed.append(environ["PATH_INFO"])
        time.sleep(0.2)
        return inner(environ, start_response)

    cache._inner = slow
    answers: list[TestResponse] = []

    def ask() -> None:
        client = app.test_client()
        begun.wait()
        answers.append(client.get("/v1/exercises/a"))

    threads = [threading.Thread(target=ask) for _ in range(16)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert computed == ["/v1/exercises/a"]
    assert {each.status_code for each in answers} == {200}
    assert len({each.data for each in answers}) == 1
    assert sorted(map(how, answers)).count(STORED) == 1


def test_what_was_begun_before_a_release_is_not_given_to_who_asks_after_it(app: Flask, editor: Editor) -> None:
    cache, begun, go_on = cache_of(app), threading.Event(), threading.Event()
    inner = cache._inner

    def slow(environ: Any, start_response: Any) -> Any:
        answer = list(inner(environ, start_response))
        if not begun.is_set():
            begun.set()
            go_on.wait(PATIENCE_SECONDS)
        return answer

    cache._inner = slow
    before = threading.Thread(target=app.test_client().get, args=("/v1/exercises/a",))
    before.start()
    assert begun.wait(PATIENCE_SECONDS)
    editor.publish(exercises=[exercise("a", name="New")])
    threading.Timer(0.3, go_on.set).start()
    assert get(app.test_client(), "/v1/exercises/a")["name"] == "New"
    before.join()
    assert get(app.test_client(), "/v1/exercises/a")["name"] == "New"


@pytest.mark.usefixtures("editor")
def test_a_thread_that_could_not_start_is_started_later(app: Flask, monkeypatch: Any) -> None:
    client, watch = app.test_client(), cache_of(app)._watch
    client.get("/v1/exercises/a")
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", Mock(side_effect=RuntimeError("can't start new thread")))
        watch.note_commit()
        assert "stale" in how(client.get("/v1/exercises/a"))
    watch._next = 0
    client.get("/v1/exercises/a")
    wait_for(lambda: how(client.get("/v1/exercises/a")) == HIT)


def test_where_no_thread_is_left_to_wait_a_slow_answer_is_stale_or_503(store_url: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(flights, "CROWDED_SECONDS", 0.2)
    # One thread, of which none may wait.
    app = application(settings_for(store_url, database_pool_size=1))
    editor = Editor(app.extensions["limber_database"])
    editor.publish(exercises=[exercise("a"), exercise("b")])
    app.test_client().get("/v1/exercises/a")
    editor.publish(exercises=[exercise("a", name="New")])
    cache, go_on, under_way = cache_of(app), threading.Event(), threading.Semaphore(0)
    inner = cache._inner

    def slow(environ: Any, start_response: Any) -> Any:
        if CROWDED not in environ:
            under_way.release()
            go_on.wait(PATIENCE_SECONDS)
        return inner(environ, start_response)

    cache._inner = slow
    paths = ("/v1/exercises/a", "/v1/exercises/b")
    leaders = [threading.Thread(target=app.test_client().get, args=(path,)) for path in paths]
    for each in leaders:
        each.start()
        assert under_way.acquire(timeout=PATIENCE_SECONDS)
    # Both computations last until these are answered.
    stale, refused = (app.test_client().get(path) for path in paths)
    go_on.set()
    for each in leaders:
        each.join()
    assert (stale.status_code, how(stale).split("; ")[1::2]) == (200, ["fwd=stale", "detail=crowded"])
    assert refused.headers["Retry-After"] == "5"
    assert "takes long" in problem(refused, 503, "unavailable")["detail"]
    assert get(app.test_client(), paths[0])["name"] == "New"
    app.extensions["limber_database"].dispose()
