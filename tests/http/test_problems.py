from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import make_url

from app.web.problem_table import PROBLEMS
from tests.applications import application
from tests.http.reading import ADDRESSES, PAGES, SERVICE, get, problem
from tests.settings import ORIGIN, settings_for

pytestmark = pytest.mark.one_store


class TestUnknownAddresses:
    @pytest.mark.parametrize(
        "path",
        [
            "/nonsense",
            "/v1",
            "/v1/",
            "/v2/exercises",
            "/v1/nonsense",
            "/v1/exercises/",
            "/v1//exercises",
            "//v1/exercises",
            "/v1/exercises/nonsense",
            "/v1/exercises/Chin-Tuck",
            "/v1/exercises/chin_tuck",
            "/v1/exercises/-",
            "/v1/exercises/chin--tuck",
            "/v1/exercises/chin-tuck/",
            "/v1/exercises/chin-tuck/nonsense",
            "/v1/exercises/../exercises",
            "/v1/exercises/" + "a" * 121,
            "/v1/exercises/" + "a" * 20_000,
            "/v1/routines/chin-tuck",
            "/v1/sources/nonsense/exercises",
            "/v1/vocabularies/regions/chair",
            "/v1/vocabularies/regions/nonsense",
            "/problems/nonsense",
            "/docs/nonsense.js",
            "/docs/../openapi.py",
            "/static/nonsense.css",
            "/static/..%2f..%2fconfig.py",
            "/humans.txt",
        ],
    )
    def test_each_is_a_404_problem(self, client: FlaskClient, path: str) -> None:
        problem(client.get(path), 404, "not-found")

    def test_the_detail_of_a_missing_document_names_kind_and_slug(self, client: FlaskClient) -> None:
        detail = problem(client.get("/v1/exercises/nonsense"), 404, "not-found")["detail"]
        assert "exercise" in detail
        assert "'nonsense'" in detail

    def test_no_redirect_is_made_of_the_host_that_a_client_names(self, client: FlaskClient) -> None:
        response = client.get("/v1//exercises", headers={"Host": "evil.example"})
        assert "Location" not in response.headers
        assert "evil.example" not in response.text


class TestMethods:
    @pytest.mark.parametrize("path", [*ADDRESSES, *PAGES, *SERVICE, "/", "/docs/swagger-ui.css", "/static/docs.js"])
    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "NONSENSE"])
    def test_what_an_address_does_not_answer_is_405_with_allow(
        self, client: FlaskClient, path: str, method: str
    ) -> None:
        response = client.open(path, method=method)
        body = problem(response, 405, "method-not-allowed")
        assert response.headers["Allow"] == "GET, HEAD, OPTIONS"
        assert "GET, HEAD, OPTIONS" in body["detail"]

    def test_an_unknown_address_is_404_by_any_method(self, client: FlaskClient) -> None:
        problem(client.post("/v1/nonsense"), 404, "not-found")


class TestNotAcceptable:
    @pytest.mark.parametrize(
        "accept", ["text/html", "image/*", "application/xml", "application/json;q=0", "*/*, application/json;q=0", "x"]
    )
    @pytest.mark.parametrize("path", ["/v1/exercises", "/v1/exercises/chin-tuck/levels/1", "/v1/vocabularies"])
    def test_what_rules_json_out_is_406(self, client: FlaskClient, path: str, accept: str) -> None:
        body = problem(client.get(path, headers={"Accept": accept}), 406, "not-acceptable")
        assert "application/json" in body["detail"]

    @pytest.mark.parametrize(
        "accept",
        [
            "",
            "*/*",
            "*",
            "application/*",
            "application/json",
            "APPLICATION/JSON",
            "application/json; charset=utf-8",
            "application/json;q=0.1, text/html",
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "application/problem+json, application/json",
            "image/*;q=0, */*",
        ],
    )
    def test_what_leaves_json_open_is_answered(self, client: FlaskClient, accept: str) -> None:
        response = client.get("/v1/exercises/chin-tuck", headers={"Accept": accept})
        assert response.status_code == 200
        assert response.content_type == "application/json"

    def test_a_cache_may_not_give_it_to_who_accepts_json(self, client: FlaskClient) -> None:
        response = client.get("/v1/exercises", headers={"Accept": "text/html"})
        assert "Accept" in response.vary


class TestTooLarge:
    @pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
    def test_a_body_over_a_mebibyte_is_413(self, client: FlaskClient, method: str) -> None:
        response = client.open("/v1/exercises", method=method, data=b" " * (1024 * 1024 + 1))
        problem(response, 413, "content-too-large")
        assert response.headers["Cache-Control"] == "no-store"

    def test_a_body_of_a_mebibyte_is_read_past(self, client: FlaskClient) -> None:
        assert client.get("/v1/exercises", data=b" " * 1024 * 1024).status_code == 200

    def test_a_query_over_8_kibibytes_is_414(self, client: FlaskClient) -> None:
        for path in ("/v1/exercises", "/v1/exercises/chin-tuck", "/nonsense", "/openapi.json"):
            problem(client.get(f"{path}?x={'a' * 8192}"), 414, "uri-too-long")
        problem(client.get(f"/v1/exercises?x={'a' * 8190}"), 422, "invalid-parameters")


class TestPages:
    @pytest.mark.parametrize("name", list(PROBLEMS))
    def test_every_type_is_a_page_that_explains_it(self, client: FlaskClient, name: str) -> None:
        response = client.get(f"/problems/{name}")
        assert response.status_code == 200
        assert response.mimetype == "text/html"
        assert PROBLEMS[name].title in response.text
        assert str(PROBLEMS[name].status) in response.text

    def test_the_page_of_all_leads_to_each(self, client: FlaskClient) -> None:
        text = client.get("/problems").text
        assert all(f'href="/problems/{name}"' in text for name in PROBLEMS)

    def test_the_type_of_an_answer_is_the_address_of_its_page(self, client: FlaskClient) -> None:
        body = problem(client.get("/v1/nonsense"), 404, "not-found")
        assert client.get(body["type"].removeprefix(ORIGIN)).status_code == 200


class TestUnavailable:
    @pytest.fixture(params=["sqlite", "postgresql"])
    def unmigrated(self, request: pytest.FixtureRequest, tmp_path: Path) -> Flask:
        """An application on a store without tables."""
        if request.param == "sqlite":
            return application(settings_for(f"sqlite:///{tmp_path / 'empty.db'}"))
        server: str = request.getfixturevalue("postgresql_server")
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS without_tables")
            connection.execute("CREATE DATABASE without_tables")
        url = make_url(server).set(database="without_tables").render_as_string(hide_password=False)
        return application(settings_for(url))

    def test_a_store_without_tables_is_503_with_retry_after(self, unmigrated: Flask) -> None:
        client = unmigrated.test_client()
        for path in ("/readyz", "/v1/exercises", "/v1/exercises/chin-tuck", "/v1/vocabularies"):
            response = client.get(path)
            problem(response, 503, "unavailable")
            assert int(response.headers["Retry-After"]) > 0
        assert get(client, "/livez") == {"status": "alive"}
        unmigrated.extensions["limber_database"].dispose()
