import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.content.editing import Editor
from tests.content.samples import exercise
from tests.http.reading import ADDRESSES, PAGES, SERVICE, problem

pytestmark = pytest.mark.one_store

EVERYTHING = [*ADDRESSES, *PAGES, *SERVICE, "/docs/swagger-ui.css", "/static/docs.js"]
LONG = "/v1/exercises/chin-tuck"
CODINGS = ("identity", "gzip", "br", "zstd")


def tag(client: FlaskClient, path: str, coding: str = "identity") -> str:
    return client.get(path, headers={"Accept-Encoding": coding}).headers["ETag"]


class TestETag:
    @pytest.mark.parametrize("path", EVERYTHING)
    def test_every_200_has_a_strong_one(self, client: FlaskClient, path: str) -> None:
        found = tag(client, path)
        assert found.startswith('"')
        assert found.endswith('"')
        assert tag(client, path) == found

    def test_other_content_has_another(self, client: FlaskClient) -> None:
        addresses = [*ADDRESSES, "/v1/exercises?limit=2", "/v1/exercises/chin-tuck?fields=name"]
        assert len({tag(client, path) for path in addresses}) == len(addresses)

    def test_each_coding_has_its_own(self, client: FlaskClient) -> None:
        assert len({tag(client, LONG, coding) for coding in CODINGS}) == len(CODINGS)

    def test_errors_have_none(self, client: FlaskClient) -> None:
        for path in ("/v1/nonsense", "/v1/exercises?limit=0", "/v1/exercises?cursor=x"):
            assert "ETag" not in client.get(path).headers

    def test_it_changes_when_a_release_changes_the_content_and_not_before(self, app: Flask) -> None:
        editor, client = Editor(app.extensions["limber_database"]), app.test_client()
        editor.publish(exercises=[exercise("a"), exercise("b")])
        document, page = tag(client, "/v1/exercises/a"), tag(client, "/v1/exercises")
        editor.put(exercises=[exercise("a", name="Changed")])
        assert tag(client, "/v1/exercises/a") == document
        editor.release()
        assert tag(client, "/v1/exercises/a") != document
        assert tag(client, "/v1/exercises") != page

    def test_a_release_leaves_that_of_other_documents(self, app: Flask) -> None:
        editor, client = Editor(app.extensions["limber_database"]), app.test_client()
        editor.publish(exercises=[exercise("a"), exercise("b")])
        before = tag(client, "/v1/exercises/b")
        editor.publish(exercises=[exercise("a", name="Changed")])
        assert tag(client, "/v1/exercises/b") == before


class TestIfNoneMatch:
    @pytest.mark.parametrize("path", EVERYTHING)
    @pytest.mark.parametrize("form", ["{}", "W/{}", '"x", {}', 'W/"x" ,W/{},"y"', "*", '"",{}'])
    def test_the_present_version_is_304(self, client: FlaskClient, path: str, form: str) -> None:
        for method in ("GET", "HEAD"):
            response = client.open(path, method=method, headers={"If-None-Match": form.format(tag(client, path))})
            assert response.status_code == 304
            assert response.data == b""

    @pytest.mark.parametrize("given", ['"x"', 'W/"x"', '"x", "y"', "", '"', '"*"', "garbage", "W/", ",,,"])
    def test_anything_else_is_200(self, client: FlaskClient, given: str) -> None:
        assert client.get(LONG, headers={"If-None-Match": given}).status_code == 200

    @pytest.mark.parametrize("path", EVERYTHING)
    def test_a_304_repeats_what_a_cache_keeps_and_says_nothing_of_a_body(self, client: FlaskClient, path: str) -> None:
        whole = client.get(path)
        response = client.get(path, headers={"If-None-Match": whole.headers["ETag"]})
        for name in ("ETag", "Cache-Control", "Vary"):
            assert response.headers[name] == whole.headers[name]
        for name in ("Content-Type", "Content-Length", "Content-Encoding"):
            assert name not in response.headers

    @pytest.mark.parametrize("coding", CODINGS)
    def test_a_version_is_that_of_its_coding(self, client: FlaskClient, coding: str) -> None:
        for other in CODINGS:
            headers = {"Accept-Encoding": coding, "If-None-Match": tag(client, LONG, other)}
            assert client.get(LONG, headers=headers).status_code == (304 if coding == other else 200)

    def test_it_does_not_turn_an_error_into_a_304(self, client: FlaskClient) -> None:
        assert client.get("/v1/exercises/nonsense", headers={"If-None-Match": "*"}).status_code == 404
        assert client.get("/v1/exercises?limit=0", headers={"If-None-Match": "*"}).status_code == 422

    @pytest.mark.parametrize("path", EVERYTHING)
    def test_dates_and_ranges_change_nothing(self, client: FlaskClient, path: str) -> None:
        headers = {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT", "Range": "bytes=0-3"}
        response = client.get(path, headers=headers)
        assert response.status_code == 200
        assert response.data == client.get(path).data


class TestIfMatch:
    @pytest.mark.parametrize("form", ["{}", "*", '"x", {}'])
    def test_the_present_version_is_answered(self, client: FlaskClient, form: str) -> None:
        assert client.get(LONG, headers={"If-Match": form.format(tag(client, LONG))}).status_code == 200

    @pytest.mark.parametrize("form", ['"x"', "W/{}", '"x", W/{}'])
    @pytest.mark.parametrize("path", ADDRESSES)
    def test_another_version_or_a_weak_one_is_412(self, client: FlaskClient, path: str, form: str) -> None:
        response = client.get(path, headers={"If-Match": form.format(tag(client, path))})
        problem(response, 412, "precondition-failed")

    def test_it_comes_before_if_none_match(self, client: FlaskClient) -> None:
        headers = {"If-Match": '"x"', "If-None-Match": "*"}
        problem(client.get(LONG, headers=headers), 412, "precondition-failed")

    def test_it_comes_after_404_and_422(self, client: FlaskClient) -> None:
        headers = {"If-Match": '"x"'}
        problem(client.get("/v1/exercises/nonsense", headers=headers), 404, "not-found")
        problem(client.get("/v1/exercises?x=1", headers=headers), 422, "invalid-parameters")

    def test_no_cache_keeps_a_412(self, client: FlaskClient) -> None:
        assert client.get(LONG, headers={"If-Match": '"x"'}).headers["Cache-Control"] == "no-store"
