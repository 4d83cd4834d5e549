"""The response cache in front of the application: hits are what a miss sends, and no more than one revision old."""

import re
from collections.abc import Iterator
from typing import Any
from unittest.mock import Mock

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from app.edge.keys import MAX_PATH
from app.store.database import Database
from app.web.api import Blueprint
from tests.applications import application
from tests.clock import Clock
from tests.content.editing import Editor
from tests.content.samples import exercise
from tests.edge.caching import HIT, STORED, cache_of, how
from tests.http.reading import counted_queries, get, problem
from tests.settings import ORIGIN, settings_for

OWN = ("X-Request-Id", "Cache-Status", "Age", "RateLimit", "RateLimit-Policy")
PASSED_BY = ("/v1/snapshot", "/livez", "/readyz", "/version", "/v1/admin", "/.well-known/limber-signing-keys")
PAGES = (
    "/",
    "/exercises/chin-tuck",
    "/embed/routines/evening-wind-down",
    "/embed/v1/limber.js",
    "/docs",
    f"/oembed?url={ORIGIN}/exercises/chin-tuck",
)


def sent(response: TestResponse) -> Any:
    """All that a client gets, but for what tells requests apart."""
    headers = sorted((name, value) for name, value in response.headers if name not in OWN)
    return response.status_code, headers, response.data


@pytest.fixture
def client(seeded_app: Flask) -> FlaskClient:
    cache_of(seeded_app).clear()
    return seeded_app.test_client()


@pytest.fixture(scope="module")
def plain_client(seeded_app: Flask) -> Iterator[FlaskClient]:
    """The same catalogue without a cache."""
    url = seeded_app.extensions["limber_settings"].database_url
    plain = application(settings_for(url, response_cache_bytes=0))
    yield plain.test_client()
    plain.extensions["limber_database"].dispose()


def examples(app: Flask) -> list[str]:
    """The documented example request of every operation of the delivery face, and pages for people."""
    found = [
        request
        for blueprint in app.blueprints.values()
        if isinstance(blueprint, Blueprint)
        for request in blueprint.example_requests.values()
    ]
    return [*(each for each in found if not each.startswith(PASSED_BY)), *PAGES]


@pytest.mark.one_store
class TestParity:
    @pytest.mark.parametrize("coding", ["identity", "gzip", "br", "zstd"])
    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    def test_a_hit_is_what_a_miss_and_the_application_alone_send(
        self, seeded_app: Flask, client: FlaskClient, plain_client: FlaskClient, method: str, coding: str
    ) -> None:
        headers = {"Accept-Encoding": coding, "Accept-Language": "es"}
        for path in examples(seeded_app):
            miss, slow, fast = (client.open(path, method=method, headers=headers) for _ in range(3))
            assert sent(miss) == sent(slow) == sent(fast), path
            if miss.status_code == 200:
                assert how(miss).startswith("limber; fwd=uri-miss")
                assert how(slow) == how(fast) == HIT
            tag = miss.headers.get("ETag", '"x"')
            conditional = [client.open(path, method=method, headers={**headers, "If-None-Match": tag})] * 2
            if "?" in path:
                continue
            alone = plain_client.open(path, method=method, headers=headers)
            unmodified = plain_client.open(path, method=method, headers={**headers, "If-None-Match": tag})
            assert sent(miss) == sent(alone), path
            assert [sent(each) for each in conditional] == [sent(unmodified)] * 2, path

    def test_what_is_kept_costs_nothing_and_says_nothing_of_limits(self, client: FlaskClient) -> None:
        # An address of its own: what others searched for goes out of the window meanwhile.
        own = {"REMOTE_ADDR": "192.0.2.77"}
        words = ("neck", "neck", "chest")
        first, kept, other = (client.get(f"/v1/exercises?q={word}", environ_overrides=own) for word in words)
        left = [int(re.findall(r"r=(\d+)", each.headers["RateLimit"])[0]) for each in (first, other)]
        assert left[0] - left[1] == 1
        assert "RateLimit" not in kept.headers
        assert "RateLimit-Policy" not in kept.headers

    def test_kept_redirects_and_missing_documents_too(self, client: FlaskClient, plain_client: FlaskClient) -> None:
        for path in ("/v1/exercises/nonsense", "/nonsense", "/exercises/nonsense"):
            given = {"X-Request-Id": "mine", "Accept": "*/*"}
            miss, hit = (client.get(path, headers=given) for _ in range(2))
            assert sent(miss) == sent(hit) == sent(plain_client.get(path, headers=given))
            assert how(hit) == HIT

    def test_a_kept_problem_names_the_request_that_asks(self, client: FlaskClient) -> None:
        for given in ("one", "another-much-longer-one", "one"):
            answer = client.get("/v1/exercises/nonsense", headers={"X-Request-Id": given})
            assert answer.json is not None
            assert answer.json["request_id"] == answer.headers["X-Request-Id"] == given
            assert answer.headers["Content-Length"] == str(len(answer.data))
        ids = {problem(client.get("/v1/exercises/nonsense"), 404, "not-found")["request_id"] for _ in range(3)}
        assert len(ids) == 3


@pytest.mark.one_store
class TestKeys:
    @pytest.mark.parametrize("path", ["/", "/exercises/bird-dog", "/v1/exercises/bird-dog"])
    @pytest.mark.parametrize("ranges", ["es, en", "es-ES, en-US", "*, en;q=0.5", "en;q=0.5, es;q=0.5", "fr, es;q=0.1"])
    def test_an_answer_is_kept_by_the_language_it_is_in(self, client: FlaskClient, path: str, ranges: str) -> None:
        client.get(path, headers={"Accept-Language": ranges})
        for language in ("en", "es"):
            answer = client.get(path, headers={"Accept-Language": language})
            assert answer.headers["Content-Language"] == language

    @pytest.mark.parametrize(
        "other",
        ["/v1/exercises?type=yoga&limit=2", "/v1/exercises?limit=%32&type=yoga", "/v1/exercises?limit=2&type=%79oga"],
    )
    def test_one_query_however_it_is_written(self, client: FlaskClient, other: str) -> None:
        first = client.get("/v1/exercises?limit=2&type=yoga")
        again = client.get(other)
        assert how(again) == HIT
        assert sent(first) == sent(again)

    @pytest.mark.parametrize("path", ["/v1/exercises?limit=3", "/v1/routines?limit=2", "/v1/exercises?limit=2&limit=2"])
    def test_another_one_is_another(self, client: FlaskClient, path: str) -> None:
        client.get("/v1/exercises?limit=2")
        assert how(client.get(path)) != HIT

    def test_headers_count_by_what_they_choose(self, client: FlaskClient) -> None:
        path = "/v1/exercises/chin-tuck"
        client.get(path, headers={"Accept-Language": "es"})
        assert how(client.get(path, headers={"Accept-Language": "es-MX, en;q=0.1", "User-Agent": "x"})) == HIT
        assert how(client.get(path, headers={"Accept-Language": "en"})) != HIT
        assert how(client.get(path, headers={"Accept-Language": "de"})) == HIT
        assert how(client.get(path, headers={"Accept-Encoding": "br", "Host": "other.example"})) == HIT
        client.get(f"{path}?lang=en", headers={"Accept-Language": "en"})
        assert how(client.get(f"{path}?lang=en", headers={"Accept-Language": "es"})) == HIT

    @pytest.mark.parametrize("headers", [{"Authorization": "Bearer x"}, {"If-Match": "*"}, {"Accept": "text/html"}])
    def test_what_the_cache_does_not_answer(self, client: FlaskClient, headers: dict[str, str]) -> None:
        for _ in range(3):
            assert "Cache-Status" not in client.get("/v1/exercises", headers=headers).headers

    def test_long_addresses_are_answered_and_not_kept(self, seeded_app: Flask, client: FlaskClient) -> None:
        before = cache_of(seeded_app).counts().entries
        for number in range(3):
            for path in (f"/v1/{number}{'x' * MAX_PATH}", f"/{number}/{'%C3%B1' * MAX_PATH}"):
                answer = client.get(path)
                assert (answer.status_code, answer.headers.get("Cache-Status")) == (404, None)
        assert cache_of(seeded_app).counts().entries == before
        assert how(client.get("/v1/" + "x" * (MAX_PATH - 4))) == STORED

    @pytest.mark.parametrize(
        "path", ["/v1/exercises?limit=0", "/v1/exercises?cursor=x", "/v1/exercises?q=%00", "/v1/exercises?x=%FF"]
    )
    def test_errors_about_the_request_are_not_kept(self, client: FlaskClient, path: str) -> None:
        for _ in range(3):
            assert client.get(path).headers.get("Cache-Status", "limber; fwd=uri-miss") == "limber; fwd=uri-miss"

    def test_the_present_moment_is_not_kept(self, client: FlaskClient) -> None:
        for path in ("/livez", "/readyz", "/v1/snapshot.ndjson", "/v1/admin/exercises"):
            assert "Cache-Status" not in client.get(path).headers

    def test_a_partners_card_is_not_kept(self, client: FlaskClient) -> None:
        for _ in range(2):
            assert how(client.get("/embed/exercises/chin-tuck?partner=nobody")) == "limber; fwd=uri-miss"


@pytest.mark.one_store
class TestConditions:
    @pytest.mark.parametrize("form", ["{}", "W/{}", '"x", {}', "*"])
    def test_a_hit_is_a_304(self, client: FlaskClient, form: str) -> None:
        tag = client.get("/v1/exercises").headers["ETag"]
        for _ in range(3):
            answer = client.get("/v1/exercises", headers={"If-None-Match": form.format(tag)})
            assert (answer.status_code, how(answer), answer.data) == (304, HIT, b"")

    def test_of_a_cold_key_too(self, client: FlaskClient) -> None:
        answer = client.get("/v1/exercises", headers={"If-None-Match": "*"})
        assert (answer.status_code, how(answer)) == (304, STORED)

    def test_the_tag_of_another_version_or_coding_is_none(self, client: FlaskClient) -> None:
        tag = client.get("/v1/exercises", headers={"Accept-Encoding": "br"}).headers["ETag"]
        for given in (tag, '"x"'):
            for _ in range(3):
                assert client.get("/v1/exercises", headers={"If-None-Match": given}).status_code == 200


class TestRevisions:
    def test_a_release_through_this_process_shows_at_once(self, app: Flask, editor: Editor) -> None:
        client = app.test_client()
        for number in range(5):
            for _ in range(3):
                client.get("/v1/exercises/a")
            assert how(client.get("/v1/exercises/a")) == HIT
            editor.publish(exercises=[exercise("a", name=f"Name {number}")])
            answer = client.get("/v1/exercises/a")
            assert answer.json is not None
            assert (answer.json["name"], how(answer)) == (f"Name {number}", STORED)

    def test_through_another_within_the_second(self, clock: Clock, app: Flask, editor: Editor, store_url: str) -> None:
        client, other = app.test_client(), Database(settings_for(store_url))
        former = get(client, "/v1/exercises/a")
        Editor(other).publish(exercises=[exercise("a", name="New")])
        other.dispose()
        clock.turn(0.9)
        assert get(client, "/v1/exercises/a") == former
        clock.turn(0.1)
        assert get(client, "/v1/exercises/a")["name"] == "New"

    def test_the_revision_is_asked_for_once_an_interval(self, clock: Clock, app: Flask, editor: Editor) -> None:
        client = app.test_client()
        client.get("/v1/exercises/a")
        with counted_queries(app, also=app.extensions["limber_database"]._aside) as queries:
            for number in range(20):
                client.get(f"/v1/exercises/a?fields=name&lang={'en' if number % 2 else 'es'}")
        assert len(queries) <= 4

    def test_drafts_change_nothing(self, app: Flask, editor: Editor) -> None:
        client = app.test_client()
        client.get("/v1/exercises/a")
        editor.put(exercises=[exercise("a", name="Draft")])
        assert how(client.get("/v1/exercises/a")) == HIT


class TestAway:
    @pytest.fixture
    def away(self, app: Flask, editor: Editor) -> Iterator[FlaskClient]:
        """A store whose tables have gone, and that is asked for them at every request."""
        database: Database = app.extensions["limber_database"]
        client = app.test_client()
        client.get("/v1/exercises/a", headers={"X-Request-Id": "first"})
        client.get("/v1/exercises/nonsense")
        self.rename(database, "document", "hidden")
        self.rename(database, "revision_counter", "hidden_counter")
        yield client
        self.rename(database, "hidden", "document")
        self.rename(database, "hidden_counter", "revision_counter")
        database.after_commit[0](None)
        assert how(client.get("/v1/exercises/a")) == HIT
        assert client.get("/v1/exercises/b").status_code == 200

    @staticmethod
    def rename(database: Database, former: str, name: str) -> None:
        with database.transaction() as connection:
            connection.execute(text(f"ALTER TABLE {former} RENAME TO {name}"))

    def test_what_is_kept_is_served_and_marked(self, away: FlaskClient) -> None:
        for path, status in (("/v1/exercises/a", 200), ("/v1/exercises/nonsense", 404)):
            for _ in range(3):
                answer = away.get(path)
                assert answer.status_code == status
                assert how(answer).startswith("limber; fwd=stale; ttl=-")
                assert int(answer.headers["Age"]) >= 0
        unmodified = away.get("/v1/exercises/a", headers={"If-None-Match": "*"})
        assert unmodified.status_code == 304

    def test_what_is_not_kept_is_503(self, away: FlaskClient) -> None:
        answer = away.get("/v1/exercises/b")
        assert (answer.status_code, how(answer)) == (503, "limber; fwd=uri-miss")
        assert answer.headers["Retry-After"]

    def test_and_not_for_longer_than_the_bound(self, app: Flask, away: FlaskClient) -> None:
        cache_of(app)._stale_seconds = -1
        assert away.get("/v1/exercises/a").status_code == 503

    def test_what_a_release_replaced_stands_in_as_well(self, app: Flask, editor: Editor) -> None:
        database: Database = app.extensions["limber_database"]
        client = app.test_client()
        client.get("/v1/exercises/a")
        editor.publish(exercises=[exercise("a", name="New")])
        self.rename(database, "document", "hidden")
        answer = client.get("/v1/exercises/a")
        self.rename(database, "hidden", "document")
        assert answer.status_code == 200
        assert re.fullmatch(r"limber; fwd=stale; ttl=-\d+; detail=store-unavailable", how(answer))
        assert get(client, "/v1/exercises/a")["name"] == "New"


def test_a_stale_answer_says_so_where_the_service_failed(
    app: Flask, editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.test_client().get("/v1/exercises/a")
    editor.publish(exercises=[exercise("a", name="New")])
    monkeypatch.setattr("app.delivery.routes.read_document", Mock(side_effect=RuntimeError))
    assert "fwd=stale" in how(answer := app.test_client().get("/v1/exercises/a"))
    assert (answer.status_code, how(answer).split("; ")[-1]) == (200, "detail=internal-error")


@pytest.mark.usefixtures("editor")
def test_it_counts(app: Flask) -> None:
    client = app.test_client()
    for _ in range(5):
        client.get("/v1/exercises/a")
    client.head("/v1/exercises/b")
    answer = client.get("/readyz").json
    assert answer is not None
    counts = answer["cache"]
    assert (counts["hits"], counts["misses"], counts["stale"], counts["evicted"], counts["entries"]) == (4, 2, 0, 0, 2)
    assert 4000 < counts["bytes"] < 20_000
