"""`/metrics`: who gets it, and that it tells what was done."""

import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from flask import Flask
from sqlalchemy.exc import DatabaseError
from werkzeug.test import TestResponse

from app import create_app
from app.system import metrics
from app.web import openapi
from tests.admin.desk import database_of
from tests.content.editing import Editor
from tests.content.samples import exercise
from tests.deploy.rules import Scrape
from tests.settings import settings_for
from tests.stores import MakeStore

SQLITE = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


@contextmanager
def opened(url: str, **options: Any) -> Iterator[Flask]:
    app = create_app(settings_for(url, revision_check_seconds=0, **options))
    yield app
    database_of(app).dispose()


def ask(app: Flask, address: str = "127.0.0.1", **headers: str) -> TestResponse:
    named: Mapping[str, str] = {name.replace("_", "-"): value for name, value in headers.items()}
    return app.test_client().get("/metrics", environ_base={"REMOTE_ADDR": address}, headers=named)


def scrape(app: Flask) -> Scrape:
    return Scrape.of(ask(app).text)


@SQLITE
class TestWhoGetsIt:
    def test_nobody_by_default(self, store_url: str) -> None:
        with opened(store_url) as app:
            assert ask(app).status_code == 404

    @pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
    def test_a_process_of_the_same_machine(self, store_url: str, address: str) -> None:
        with opened(store_url, metrics="local") as app:
            answer = ask(app, address)
            assert answer.status_code == 200
            assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
            assert answer.headers["Cache-Control"] == "no-store"
            assert "Access-Control-Allow-Origin" not in answer.headers

    @pytest.mark.parametrize("address", ["10.0.0.9", "2001:db8::1", "::ffff:10.0.0.9", "", "unix:"])
    def test_no_other_machine(self, store_url: str, address: str) -> None:
        with opened(store_url, metrics="local") as app:
            assert ask(app, address).status_code == 404

    @pytest.mark.parametrize("header", metrics.FORWARDED)
    @pytest.mark.parametrize("trusted_proxies", [0, 1])
    def test_nobody_through_a_proxy_of_the_same_machine(
        self, store_url: str, header: str, trusted_proxies: int
    ) -> None:
        with opened(store_url, metrics="local", trusted_proxies=trusted_proxies) as app:
            assert ask(app).status_code == 200
            assert ask(app, **{header: "127.0.0.1"}).status_code == 404
            assert ask(app, "10.0.0.9", **{header: "127.0.0.1"}).status_code == 404

    def test_everybody_where_it_is_on(self, store_url: str) -> None:
        with opened(store_url, metrics="on") as app:
            assert ask(app, "10.0.0.9", X_Forwarded_For="10.0.0.8").status_code == 200

    def test_it_is_no_operation_of_the_api(self, store_url: str) -> None:
        with opened(store_url, metrics="on") as app:
            assert "/metrics" not in openapi.document(app.extensions["limber_api"].spec)["paths"]


class TestWhatItTells:
    @pytest.fixture
    def app(self, store_url: str) -> Iterator[Flask]:
        with opened(store_url, metrics="on") as app:
            yield app

    def test_requests_and_hits(self, app: Flask) -> None:
        client = app.test_client()
        for _ in range(3):
            client.get("/v1/places")
        for method in ("GET", "PURGE", "BREW"):
            client.open("/v1/places/none", method=method)
        told = scrape(app)
        assert told.value("limber_requests_total", route="/v1/places", method="GET", status="200") == 1
        assert told.value("limber_requests_total", route="/v1/places/<slug:slug>", method="GET", status="404") == 1
        assert told.value("limber_requests_total", method="other", status="405") == 2
        assert told.value("limber_request_seconds_count", route="/v1/places") == 1
        assert told.value("limber_answers_total", status_class="4xx") == 3
        assert told.value("limber_cache_hits_total") == 2
        assert told.value("limber_cache_misses_total") == 2
        assert told.value("limber_cache_entries") == 2
        assert told.value("limber_cache_bytes") > 1_000

    def test_addresses_that_lead_nowhere_are_one_series(self, app: Flask) -> None:
        for number in range(5):
            app.test_client().get(f"/v1/nothing/{number}")
        assert scrape(app).value("limber_requests_total", route="none", method="GET", status="404") == 5

    def test_scraping_twice_counts_nothing_twice(self, app: Flask) -> None:
        for _ in range(3):
            app.test_client().get("/v1/places")
        assert [scrape(app).value("limber_cache_hits_total") for _ in range(3)] == [2, 2, 2]

    def test_releases(self, app: Flask) -> None:
        before = scrape(app)
        assert before.value("limber_revision") == 0
        Editor(database_of(app)).publish(exercises=[exercise("a")])
        told = scrape(app)
        assert told.value("limber_revision") == 1
        assert 0 <= told.value("limber_revision_age_seconds") < 600
        assert told.value("limber_release_seconds_count") == told.value("limber_render_seconds_count") == 1
        assert 0 < told.value("limber_render_seconds_sum") < told.value("limber_release_seconds_sum")
        # The edit and the release, each by itself.
        assert told.value("limber_lock_wait_seconds_count") == 2
        assert told.value("limber_memory_bytes") > 20e6
        assert told.value("limber_workers") == 1

    def test_a_writer_that_waits_in_vain_is_measured(self, store_url: str) -> None:
        with opened(store_url, metrics="on", database_timeout_seconds=1) as app:
            database = database_of(app)
            with (
                database.transaction(exclusive=True),
                pytest.raises(Exception, match="Another change"),
                database.transaction(exclusive=True),
            ):
                pass
            told = scrape(app)
            assert told.value("limber_lock_wait_seconds_count") == 2
            assert told.value("limber_lock_wait_seconds_sum") > 0.5

    def test_a_corrupt_store_is_told_as_one_that_is_away(self, app: Flask) -> None:
        corrupt = DatabaseError("SELECT 1", None, Exception("database disk image is malformed"))
        with patch("app.system.store_metrics.current_state", side_effect=corrupt):
            told = scrape(app)
        assert told.value("limber_store_up") == 0
        assert told.value("limber_workers") == 1


class TestFolder:
    """Where several workers count: a folder of this server's own, empty at its start."""

    @pytest.fixture
    def environment(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, str]]:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        return lambda **options: metrics.environment(settings_for("sqlite:///x.db", **options))

    def test_it_is_fresh_and_of_this_user_alone(self, environment: Callable[..., dict[str, str]]) -> None:
        first = Path(environment(metrics="on", workers=2)[metrics.FOLDER])
        (first / "counter_1.db").touch()
        other = Path(environment(metrics="on", workers=2, port=8001)[metrics.FOLDER])
        second = Path(environment(metrics="on", workers=2)[metrics.FOLDER])
        assert not first.exists()
        assert list(second.iterdir()) == []
        assert other.exists()
        assert stat.S_IMODE(second.stat().st_mode) == 0o700

    def test_there_is_none_where_one_worker_or_nobody_counts(self, environment: Callable[..., dict[str, str]]) -> None:
        assert environment(metrics="on", workers=1) == {}
        assert environment(metrics="off", workers=2) == {}


@SQLITE
def test_an_application_without_metrics_measures_nothing(store_url: str, make_sqlite: MakeStore) -> None:
    with opened(store_url) as app, opened(make_sqlite(), metrics="on") as measuring:
        Editor(database_of(app)).publish(exercises=[exercise("a")])
        assert scrape(measuring).value("limber_lock_wait_seconds_count") == 0
