"""What every answer carries: how long it may be kept, a request's id, what browsers are to do with it."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.applications import application
from tests.http.reading import ADDRESSES, PAGES, SERVICE
from tests.settings import settings_for
from tests.stores import MakeStore

pytestmark = pytest.mark.one_store

KEPT = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
FILES = ("/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js", "/static/docs.js")
HEALTH = ("/livez", "/readyz", "/version")
ERRORS = (
    "/v1/nonsense",
    "/v1/exercises/nonsense",
    "/v1/exercises?limit=0",
    "/v1/exercises?cursor=x",
    "/v1/exercises?x=%00",
    "/nonsense",
    f"/v1/exercises?x={'x' * 9000}",
)


def all_kinds(client: FlaskClient) -> list[TestResponse]:
    """An answer of every kind: successes, redirects, 304, errors."""
    paths = [*ADDRESSES, *PAGES, *SERVICE, *FILES, *ERRORS, "/"]
    return [
        *(client.get(path) for path in paths),
        client.get("/v1/exercises", headers={"If-None-Match": "*"}),
        client.get("/v1/exercises", headers={"If-Match": '"x"'}),
        client.get("/v1/exercises", headers={"Accept": "text/html"}),
        client.post("/v1/exercises"),
        client.options("/v1/exercises"),
        client.head("/v1/exercises"),
    ]


class TestCacheControl:
    @pytest.mark.parametrize("path", [*ADDRESSES, *PAGES, *FILES, "/openapi.json", "/.well-known/api-catalog"])
    def test_what_is_published_may_be_kept_a_minute_and_longer_when_we_fail(
        self, client: FlaskClient, path: str
    ) -> None:
        assert client.get(path).headers["Cache-Control"] == KEPT

    @pytest.mark.parametrize("path", ERRORS)
    def test_errors_may_be_kept_for_a_few_seconds(self, client: FlaskClient, path: str) -> None:
        found = re.fullmatch(r"public, max-age=([0-9]+)", client.get(path).headers["Cache-Control"])
        assert found
        assert 0 < int(found[1]) < 60

    @pytest.mark.parametrize("path", HEALTH)
    def test_health_is_never_kept(self, client: FlaskClient, path: str) -> None:
        assert client.get(path).headers["Cache-Control"] == "no-store"

    def test_the_ages_are_settings(self, make_sqlite: MakeStore) -> None:
        ages = {"delivery_max_age_seconds": 7, "stale_while_revalidate_seconds": 8, "stale_if_error_seconds": 9}
        app = application(settings_for(make_sqlite(), **ages, error_max_age_seconds=3))
        client = app.test_client()
        said = client.get("/v1/exercises").headers["Cache-Control"]
        assert said == "public, max-age=7, stale-while-revalidate=8, stale-if-error=9"
        assert client.get("/v1/exercises/a").headers["Cache-Control"] == "public, max-age=3"
        app.extensions["limber_database"].dispose()


class TestVary:
    def test_it_names_what_was_negotiated_and_no_more(self, client: FlaskClient) -> None:
        for path in (*ADDRESSES, *PAGES, *SERVICE, *FILES, *ERRORS):
            answer = client.get(path, headers={"Origin": "https://partner.example"})
            expected = "Accept-Language, Accept-Encoding" if "Content-Language" in answer.headers else "Accept-Encoding"
            # Outside the API an error is a page for browsers, problem details for others.
            expected = "Accept, Accept-Encoding" if path == "/nonsense" else expected
            assert answer.headers["Vary"] == expected

    def test_what_an_address_names_is_not_negotiated(self, client: FlaskClient) -> None:
        assert client.get("/v1/exercises?lang=es").headers["Vary"] == "Accept-Encoding"


class TestRequestId:
    @pytest.mark.parametrize("given", ["a", "0af7651916cd43dd8448eb211c80319c", "A.b_c-1", "x" * 100])
    @pytest.mark.parametrize("path", ["/v1/exercises", "/v1/nonsense", "/v1/exercises?x=%00", "/docs"])
    def test_a_well_formed_one_is_taken(self, client: FlaskClient, path: str, given: str) -> None:
        assert client.get(path, headers={"X-Request-Id": given}).headers["X-Request-Id"] == given

    @pytest.mark.parametrize("given", ["", " ", "a b", "x" * 101, "<script>", "é", 'a"b', "a,b", "a/b", "a;b"])
    def test_another_is_replaced(self, client: FlaskClient, given: str) -> None:
        made = client.get("/v1/exercises", headers={"X-Request-Id": given}).headers["X-Request-Id"]
        assert made != given
        assert re.fullmatch("[0-9a-f]{32}", made)

    def test_each_request_gets_its_own(self, client: FlaskClient) -> None:
        ids = [response.headers["X-Request-Id"] for response in all_kinds(client)]
        assert len(set(ids)) == len(ids)

    def test_an_error_says_it_in_its_body(self, client: FlaskClient) -> None:
        body = client.get("/v1/nonsense", headers={"X-Request-Id": "mine"}).json
        assert body is not None
        assert body["request_id"] == "mine"


class TestSecurity:
    def test_no_type_is_guessed_and_no_path_is_told_to_others(self, client: FlaskClient) -> None:
        for response in all_kinds(client):
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"

    def test_no_answer_may_be_framed_or_run_what_is_not_ours(self, client: FlaskClient) -> None:
        for response in all_kinds(client):
            policy = response.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            scripts = re.search(r"script-src ([^;]*)", policy)
            assert scripts is None or scripts[1] == "'self'"

    @pytest.mark.parametrize("path", PAGES)
    def test_pages_keep_to_their_policy(self, client: FlaskClient, path: str) -> None:
        text = client.get(path).text
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), "inline script"
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text), "inline style or handler"
        assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text), "from another origin"

    def test_no_cookie_is_set_or_looked_at(self, client: FlaskClient) -> None:
        for response in all_kinds(client):
            assert "Set-Cookie" not in response.headers
            assert "Cookie" not in response.headers.get("Vary", "")
        plain = client.get("/v1/exercises")
        assert client.get("/v1/exercises", headers={"Cookie": "session=x"}).data == plain.data

    def test_nothing_says_what_the_server_is_made_of(self, client: FlaskClient) -> None:
        for response in all_kinds(client):
            assert "X-Powered-By" not in response.headers
            assert "Traceback" not in response.text
