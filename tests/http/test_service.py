"""What the service says of itself."""

import json

import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient

from app.config import ROOT, VERSION
from app.look.assets import address as asset
from tests.content.editing import Editor
from tests.content.samples import exercise
from tests.http.reading import get, refusals
from tests.settings import ORIGIN


class TestHealth:
    def test_livez_says_that_the_process_answers(self, client: FlaskClient) -> None:
        assert get(client, "/livez") == {"status": "alive"}

    def test_version_says_what_the_package_and_the_document_say(self, client: FlaskClient) -> None:
        assert get(client, "/version") == {"version": VERSION}
        assert client.get("/openapi.json").json["info"]["version"] == VERSION  # type: ignore[index]  # it is JSON

    def test_readyz_says_the_newest_revision(self, app: Flask) -> None:
        editor, client = Editor(app.extensions["limber_database"]), app.test_client()

        def told() -> tuple[str, int]:
            answer = get(client, "/readyz")
            return answer["status"], answer["revision"]

        assert told() == ("ready", 0)
        editor.publish(exercises=[exercise("a")])
        assert told() == ("ready", 1)
        editor.put(exercises=[exercise("b")])
        assert told() == ("ready", 1)

    def test_they_answer_whatever_a_probe_accepts(self, client: FlaskClient) -> None:
        for path in ("/livez", "/readyz", "/version"):
            assert client.get(path, headers={"Accept": "text/plain"}).status_code == 200

    def test_they_take_no_parameters(self, client: FlaskClient) -> None:
        for path in ("/livez", "/readyz", "/version"):
            assert refusals(client.get(f"{path}?x=1")) == {"x": "Unknown parameter. Allowed: none."}


@pytest.mark.one_store
class TestOpenApi:
    def test_json_and_yaml_say_the_same(self, client: FlaskClient) -> None:
        response = client.get("/openapi.yaml")
        assert response.mimetype == "application/yaml"
        assert yaml.safe_load(response.text) == get(client, "/openapi.json")

    def test_it_is_the_file_in_the_repository(self, client: FlaskClient) -> None:
        assert client.get("/openapi.yaml").text == (ROOT / "openapi.yaml").read_text(encoding="utf-8")

    def test_it_is_version_3_1_and_names_every_delivery_path(self, client: FlaskClient) -> None:
        described = get(client, "/openapi.json")
        assert described["openapi"].startswith("3.1")
        assert {
            "/v1/exercises",
            "/v1/exercises/{slug}",
            "/v1/exercises/{slug}/steps",
            "/v1/exercises/{slug}/levels",
            "/v1/exercises/{slug}/levels/{intensity}",
            "/v1/exercises/{slug}/citations",
            "/v1/routines",
            "/v1/routines/{slug}",
            "/v1/routines/{slug}/stages/{number}",
            "/v1/sources",
            "/v1/sources/{slug}",
            "/v1/sources/{slug}/exercises",
            "/v1/places",
            "/v1/places/{slug}",
            "/v1/vocabularies",
            "/v1/vocabularies/{vocabulary}",
            "/v1/vocabularies/{vocabulary}/{slug}",
        } <= set(described["paths"])


@pytest.mark.one_store
class TestDocs:
    def test_the_explorer_is_a_page_of_local_files_that_all_answer(self, client: FlaskClient) -> None:
        page = client.get("/docs")
        assert page.mimetype == "text/html"
        for path, mimetype in (
            ("/docs/swagger-ui.css", "text/css"),
            ("/docs/swagger-ui-bundle.js", "text/javascript"),
            ("/static/docs.js", "text/javascript"),
            (asset("site.css"), "text/css"),
        ):
            assert path in page.text
            response = client.get(path)
            assert (response.status_code, response.mimetype) == (200, mimetype)
            assert response.data

    def test_it_explores_the_openapi_document_of_this_service(self, client: FlaskClient) -> None:
        assert '"/openapi.json"' in client.get("/static/docs.js").text

    def test_nothing_else_of_the_package_is_served(self, client: FlaskClient) -> None:
        for path in ("/docs/index.html", "/docs/swagger-ui.js", "/static/../system.py", "/static/"):
            assert client.get(path).status_code == 404

    def test_the_root_leads_there(self, client: FlaskClient) -> None:
        page = client.get("/")
        assert (page.status_code, page.mimetype) == (200, "text/html")
        assert 'href="/docs"' in page.text


@pytest.mark.one_store
class TestApiCatalog:
    def test_it_is_a_linkset_of_addresses_that_answer(self, client: FlaskClient) -> None:
        response = client.get("/.well-known/api-catalog")
        assert response.mimetype == "application/linkset+json"
        (entry,) = json.loads(response.data)["linkset"]
        assert set(entry) >= {"anchor", "service-desc", "service-doc", "status"}
        links = [entry["anchor"], *(link["href"] for key in entry if key != "anchor" for link in entry[key])]
        assert len(links) == 5
        for url in links:
            assert url.startswith(ORIGIN)
            assert client.get(url.removeprefix(ORIGIN)).status_code == 200

    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    def test_it_names_itself_as_rfc_9727_asks(self, client: FlaskClient, method: str) -> None:
        response = client.open("/.well-known/api-catalog", method=method)
        assert 'rel="api-catalog"' in response.headers["Link"]
