"""HEAD, OPTIONS and what browsers of other origins may do."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.http.reading import ADDRESSES, PAGES, SERVICE, get

pytestmark = pytest.mark.one_store

EVERYTHING = [*ADDRESSES, *PAGES, *SERVICE, "/docs/swagger-ui.css", "/static/docs.js"]
EXAMPLES: dict[str, str | dict[str, str]] = {
    "slug": {"exercises": "chin-tuck", "routines": "evening-wind-down", "sources": "light-on-yoga"}
    | {"places": "hcpc-register", "vocabularies": "upper-back-pain"},
    "vocabulary": "conditions",
    "intensity": "1",
    "number": "1",
    "identifier": "a-key",
    "partner": "a-partner",
    "delivery": "1",
    "revision": "1",
}
OF_ONE_REQUEST = {"Cache-Status", "RateLimit", "RateLimit-Policy"}


def filled(template: str) -> str:
    """A path of the OpenAPI document with something that exists in it."""

    def example(found: re.Match[str]) -> str:
        given = EXAMPLES[found[1]]
        return given if isinstance(given, str) else given[template.replace("/admin", "").split("/")[2]]

    return re.sub(r"\{(\w+)\}", example, template)


def of_the_answer(response: TestResponse) -> dict[str, str]:
    """The headers but for those that say how this very request was answered: the second is answered by the cache."""
    return {name: value for name, value in response.headers.items() if name not in OF_ONE_REQUEST}


class TestHead:
    @pytest.mark.parametrize(
        "path",
        [*EVERYTHING, "/v1/nonsense", "/v1/exercises/nonsense", "/v1/exercises?limit=0", "/v1/exercises?cursor=x"],
    )
    @pytest.mark.parametrize("coding", ["identity", "br"])
    def test_it_has_the_headers_of_get_and_no_body(self, client: FlaskClient, path: str, coding: str) -> None:
        headers = {"Accept-Encoding": coding, "X-Request-Id": "same"}
        whole, head = client.get(path, headers=headers), client.head(path, headers=headers)
        assert head.status_code == whole.status_code
        assert head.data == b""
        assert of_the_answer(head) == of_the_answer(whole)
        assert int(head.headers["Content-Length"]) == len(whole.data)


class TestOptions:
    def test_every_path_of_the_openapi_document_answers_with_its_methods(self, client: FlaskClient) -> None:
        paths = get(client, "/openapi.json")["paths"]
        assert len(paths) >= len(ADDRESSES)
        for template, operations in paths.items():
            described = {method.upper() for method in operations} - {"PARAMETERS"}
            response = client.options(filled(template))
            assert response.status_code == 204
            of_get = {"HEAD"} if "GET" in described else set()
            assert set(response.headers["Allow"].split(", ")) == described | of_get | {"OPTIONS"}

    @pytest.mark.parametrize("path", EVERYTHING)
    def test_it_has_no_body(self, client: FlaskClient, path: str) -> None:
        response = client.options(path)
        assert response.status_code == 204
        assert response.data == b""
        assert "Content-Type" not in response.headers

    def test_an_unknown_address_is_404(self, client: FlaskClient) -> None:
        assert client.options("/v1/nonsense").status_code == 404


class TestOtherOrigins:
    EXPOSED = {"ETag", "Link", "Content-Language", "RateLimit", "RateLimit-Policy", "Retry-After"}

    @pytest.mark.parametrize(
        ("path", "headers", "status"),
        [
            *((path, {}, 200) for path in ADDRESSES),
            ("/v1/exercises", {"If-None-Match": "*"}, 304),
            ("/v1/exercises", {"If-Match": '"x"'}, 412),
            ("/v1/exercises", {"Accept": "text/html"}, 406),
            ("/v1/exercises?limit=0", {}, 422),
            ("/v1/exercises?cursor=x", {}, 400),
            ("/v1/exercises/nonsense", {}, 404),
            ("/v1/nonsense", {}, 404),
            (f"/v1/exercises?x={'x' * 9000}", {}, 414),
        ],
    )
    def test_they_may_read_every_answer_and_the_headers_that_matter(
        self, client: FlaskClient, path: str, headers: dict[str, str], status: int
    ) -> None:
        response = client.get(path, headers={"Origin": "https://partner.example", **headers})
        assert response.status_code == status
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        exposed = response.headers["Access-Control-Expose-Headers"].split(", ")
        assert set(exposed) >= self.EXPOSED
        assert "Access-Control-Allow-Credentials" not in response.headers

    def test_a_wrong_method_may_be_read_too(self, client: FlaskClient) -> None:
        assert client.post("/v1/exercises").headers["Access-Control-Allow-Origin"] == "*"

    def test_a_preflight_allows_reading_with_conditions(self, client: FlaskClient) -> None:
        asked = {
            "Origin": "https://partner.example",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "if-none-match, x-request-id",
        }
        response = client.options("/v1/exercises/chin-tuck", headers=asked)
        assert response.status_code == 204
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "GET" in response.headers["Access-Control-Allow-Methods"]
        allowed = response.headers["Access-Control-Allow-Headers"].lower().split(", ")
        assert {"if-none-match", "if-match", "x-request-id", "accept", "accept-language"} <= set(allowed)
        assert int(response.headers["Access-Control-Max-Age"]) > 0
