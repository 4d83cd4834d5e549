"""One line for each request that the application was asked for, found by the id that the client was told."""

import io
import json
import logging
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any
from unittest.mock import patch

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app import create_app
from app.access.counting import Counting
from app.config import ROOT
from app.edge.revision import RevisionWatch
from app.errors import StoreUnavailable
from app.store.circuit import Circuit
from app.store.database import Database
from app.store.state import State
from app.system.logs import LONGEST_TRACE, Lines
from app.webhooks.worker import Worker
from tests.admin.desk import Desk
from tests.content.editing import Editor
from tests.content.samples import exercise
from tests.settings import settings_for
from tests.stores import MakeStore
from tests.waiting import PATIENCE_SECONDS

REQUESTS = "app.system.requests"


class Log:
    """What is logged while a test runs."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    def lines(self, logger: str = "") -> list[dict[str, Any]]:
        """All lines, or those of a logger."""
        read = [json.loads(line) for line in self.text.splitlines()]
        return [line for line in read if line["logger"].startswith(logger)]

    def of(self, answer: TestResponse) -> dict[str, Any]:
        """The one line of a request."""
        wanted = answer.headers["X-Request-Id"]
        [line] = [line for line in self.lines(REQUESTS) if line["request_id"] == wanted]
        return line


def logging_to(log: Log, lines: Lines) -> Iterator[Log]:
    handler, logger = logging.StreamHandler(log.stream), logging.getLogger("app")
    handler.setFormatter(lines)
    logger.addHandler(handler)
    with patch.object(logger, "level", logging.INFO):
        logger.manager._clear_cache()  # type: ignore[attr-defined]  # loggers remember whether they are enabled
        yield log
    logger.removeHandler(handler)
    logger.manager._clear_cache()  # type: ignore[attr-defined]  # as above


@pytest.fixture
def log() -> Iterator[Log]:
    yield from logging_to(Log(), Lines(is_text=False))


@pytest.fixture
def terminal() -> Iterator[Log]:
    yield from logging_to(Log(), Lines(is_text=True))


class TestRequests:
    def test_a_miss_is_one_line(self, app: Flask, log: Log) -> None:
        answer = app.test_client().get("/v1/places/here")
        line = log.of(answer)
        page = (ROOT / "docs" / "observing.md").read_text(encoding="utf-8")
        fields = "".join(re.findall(r"^\| (`[^|]+) \|", page.partition("## Metrics")[0], re.MULTILINE))
        assert {*line, "query", "trace_id"} == set(re.findall("`([a-z_]+)`", fields))
        assert line.pop("time").endswith("Z")
        assert 0 <= line.pop("seconds") < 60
        assert line == {
            "level": "info",
            "event": "request",
            "logger": REQUESTS,
            "request_id": answer.headers["X-Request-Id"],
            "method": "GET",
            "path": "/v1/places/here",
            "route": "/v1/places/<slug:slug>",
            "status": 404,
            "bytes": len(answer.data),
            "cache": "miss",
            "key": None,
        }

    def test_a_hit_is_none(self, app: Flask, log: Log) -> None:
        for _ in range(3):
            assert app.test_client().get("/v1/places").status_code == 200
        assert len(log.lines(REQUESTS)) == 1

    def test_an_error_from_the_cache_is_found_by_its_own_id(self, app: Flask, log: Log) -> None:
        answers = [app.test_client().get("/v1/places/none") for _ in range(3)]
        assert [log.of(answer)["cache"] for answer in answers] == ["miss", "hit", "hit"]
        for answer in answers:
            assert answer.json is not None
            assert log.of(answer)["request_id"] == answer.json["request_id"]

    def test_a_stale_answer_says_so(self, app: Flask, log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
        database: Database = app.extensions["limber_database"]
        Editor(database).publish(exercises=[exercise("a")])
        client = app.test_client()
        client.get("/v1/exercises/a")
        Editor(database).publish(exercises=[exercise("b")])
        monkeypatch.setitem(app.view_functions, "exercises.getExercise", fail)
        app.extensions["limber_response_cache"]._watch.note_commit()
        line = log.of(client.get("/v1/exercises/a"))
        assert (line["cache"], line["status"], line["route"]) == ("stale", 200, "/v1/exercises/<slug:slug>")

    def test_the_name_of_the_key_is_there_and_the_key_is_not(self, app: Flask, log: Log) -> None:
        desk = Desk(app)
        answer = desk.send("GET", "/exercises")
        assert (log.of(answer)["key"], log.of(answer)["cache"]) == ("Editor", "pass")
        assert desk.key not in log.text

    @pytest.mark.parametrize("rest", ["", "\n", "x" * 9_000])
    def test_a_well_formed_trace_has_its_id_there(self, app: Flask, log: Log, rest: str) -> None:
        header = f"00-{'5f' * 16}-{'1a' * 8}-01{rest}"
        answer = app.test_client().get("/livez", environ_base={"HTTP_TRACEPARENT": header})
        assert log.of(answer).get("trace_id") == (None if rest else "5f" * 16)

    def test_words_of_a_query_are_not_there(self, app: Flask, log: Log) -> None:
        assert app.test_client().get("/v1/exercises?q=sciatica").status_code == 200
        assert "sciatica" not in log.text

    @pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
    def test_words_of_a_query_are_there_where_asked_for(self, store_url: str, log: Log) -> None:
        app = create_app(settings_for(store_url, log_queries=True))
        answer = app.test_client().get("/v1/exercises?q=sciatica")
        assert log.of(answer)["query"] == "q=sciatica"
        app.extensions["limber_database"].dispose()

    @pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
    def test_from_warning_on_only_failures_are_lines(self, store_url: str, log: Log) -> None:
        app = create_app(settings_for(store_url, log_level="warning"))
        app.test_client().get("/v1/places")
        app.view_functions["service.getLiveness"] = fail
        answer = app.test_client().get("/livez")
        assert [line["request_id"] for line in log.lines(REQUESTS)] == [answer.headers["X-Request-Id"]]
        app.extensions["limber_database"].dispose()

    def test_an_unexpected_error_has_its_id_and_trace(self, app: Flask, log: Log) -> None:
        app.view_functions["service.getLiveness"] = fail
        answer = app.test_client().get("/livez")
        assert answer.json is not None
        [error] = log.lines("app.web.api")
        assert (error["request_id"], error["level"]) == (answer.json["request_id"], "error")
        assert "ValueError: broken" in error["exception"]
        assert "in fail" in error["exception"]
        assert log.of(answer)["level"] == "error"

    def test_an_error_outside_of_the_application_is_logged_too(self, app: Flask, log: Log) -> None:
        cache = app.extensions["limber_response_cache"]
        with patch.object(cache, "_look_up", fail), pytest.raises(ValueError, match="broken"):
            app.test_client().get("/v1/places", headers={"X-Request-Id": "from-nginx"})
        [error] = log.lines(REQUESTS)
        assert (error["request_id"], error["path"]) == ("from-nginx", "/v1/places")
        assert "ValueError: broken" in error["exception"]


def fail(*_arguments: Any, **_options: Any) -> Any:
    raise ValueError("broken\n2026-01-01T00:00:00Z [info     ] forged \x1b[31m")


class TestInjection:
    PATHS = ("/v1/places/a%0A2026-01-01T00:00:00Z forged", "/\x1b[31mred", "/\u2028\u202etxt", "/" + "x" * 9_000)

    def test_json_is_one_bounded_line_of_ascii(self, app: Flask, log: Log) -> None:
        for path in self.PATHS:
            app.test_client().get(path)
        assert len(log.lines()) == len(log.text.splitlines()) == len(self.PATHS)
        assert log.text.replace("\n", "").isascii()
        assert log.text.replace("\n", "").isprintable()
        assert max(map(len, log.text.splitlines())) < 1_500

    def test_a_readable_line_is_one_bounded_line_too(self, app: Flask, terminal: Log) -> None:
        for path in self.PATHS:
            app.test_client().get(path)
        lines = terminal.text.splitlines()
        assert len(lines) == len(self.PATHS)
        assert all(line.isprintable() and len(line) < 1_500 for line in lines)
        assert not any("forged" in line.split() for line in lines)

    def test_a_trace_has_no_line_that_looks_like_one_of_the_log(self, app: Flask, terminal: Log) -> None:
        app.view_functions["service.getLiveness"] = fail
        app.test_client().get("/livez")
        assert "forged" in terminal.text
        assert "\x1b" not in terminal.text
        assert sum(line.startswith("20") for line in terminal.text.splitlines()) == 2

    def test_a_trace_is_bounded(self, log: Log) -> None:
        try:
            raise ValueError("x" * 10 * LONGEST_TRACE)
        except ValueError:
            logging.getLogger("app.tests").exception("y" * 10_000)
        assert len(log.text) < LONGEST_TRACE + 2_000


class TestWarningsAndRecovery:
    """What failed is told once, and so is that it works again; each with its time and level."""

    def told(self, log: Log, logger: str) -> list[str]:
        assert all(line["level"] == "warning" and line["time"] for line in log.lines(logger))
        return [line["event"] for line in log.lines(logger)]

    def test_a_circuit(self, log: Log) -> None:
        circuit = Circuit("replicas", lambda: None, rest_seconds=0)
        circuit.open(OSError("gone"))
        circuit._try()
        assert self.told(log, "app.store.circuit") == [
            "replicas: left alone until it answers. gone",
            "replicas: answers again.",
        ]

    def test_the_revision(self, log: Log) -> None:
        answers = [StoreUnavailable("gone"), StoreUnavailable("gone")]

        def ask() -> State:
            if answers:
                raise answers.pop()
            return State(1, "x")

        watch = RevisionWatch(ask, 0)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not watch.confirmed:
            watch.confirm()
            assert time.monotonic() < deadline
        failed, recovered = self.told(log, "app.edge.revision")
        assert "gone" in failed
        assert "again" in recovered

    def test_rate_limits(self, log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
        counting = Counting("memory://")
        monkeypatch.setattr("app.access.counting.VALKEY_REST_SECONDS", 0)
        failures: list[Exception] = [OSError()]
        counting._shared = counting._own

        def question(_limiter: object) -> int:
            if failures:
                raise failures.pop()
            return 1

        def own(limiter: object) -> int:
            return question(limiter) if limiter is not counting._own else 0

        with patch.object(counting, "_shared", object()):
            assert [counting._ask(own) for _ in range(3)] == [0, 1, 1]
        failed, recovered = self.told(log, "app.access.counting")
        assert "in this process" in failed
        assert "again" in recovered

    def test_the_webhook_worker(self, log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("app.webhooks.worker.POLL_SECONDS", 0)
        outcomes: list[Exception | None] = [StoreUnavailable("gone"), StoreUnavailable("gone"), None]

        def drain(worker: Worker) -> None:
            outcome = outcomes.pop(0)
            if not outcomes:
                worker.stop()
            if outcome:
                raise outcome

        monkeypatch.setattr(Worker, "drain", drain)
        Worker(None, None, "", keep=None).run()  # type: ignore[arg-type]  # it needs none of them
        failed, recovered = self.told(log, "app.webhooks.worker")
        assert "gone" in failed
        assert "again" in recovered


class TestSetUp:
    """In a process of its own, as `flask` and granian's workers set logging up."""

    ASK = """
import sys
from app import create_app
client = create_app().test_client()
assert "structlog" not in sys.modules
client.get("/livez", headers={"X-Request-Id": "mine"})
assert not {"rich", "prometheus_client"} & set(sys.modules)
create_app().test_client().get("/nowhere", headers={"X-Request-Id": "other"})
"""

    def run(self, make_sqlite: MakeStore, **settings: str) -> Sequence[str]:
        environment = {**os.environ, "DATABASE_URL": make_sqlite(), **settings}
        command = [sys.executable, "-c", self.ASK]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        assert done.stdout == ""
        return done.stderr.splitlines()

    def test_where_nobody_watches_lines_are_json(self, make_sqlite: MakeStore) -> None:
        ids = [json.loads(line)["request_id"] for line in self.run(make_sqlite)]
        assert ids == ["mine", "other"]

    def test_readable_lines_where_asked_for(self, make_sqlite: MakeStore) -> None:
        lines = self.run(make_sqlite, LOG_FORMAT="text")
        assert len(lines) == 2
        assert "request_id=mine" in lines[0]

    def test_a_level(self, make_sqlite: MakeStore) -> None:
        assert self.run(make_sqlite, LOG_LEVEL="warning") == []
