"""However much is wrong, an answer has a bound."""

import json
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app.seeding.yaml_reader import MAX_NAME
from app.web.problems import MOST_ERRORS
from tests.admin.desk import MERGE_PATCH, Desk
from tests.admin.samples import minimal
from tests.http.reading import problem

LARGEST_ANSWER = 100_000
"""Bytes of a problem. A hundred errors that list what is allowed take some 40,000."""


def bounded(response: Any, status: int, name: str) -> Any:
    """The body of a problem with more errors than it lists."""
    body = problem(response, status, name)
    assert len(response.data) < LARGEST_ANSWER
    assert len(body["errors"]) <= MOST_ERRORS
    return body


class TestParameters:
    def test_800_unknown_parameters_are_100_errors_and_the_number_of_the_rest(self, client: FlaskClient) -> None:
        query = "&".join(f"a{number}=1" for number in range(800))
        for path in ("/v1/exercises", "/v1/exercises/chin-tuck", "/v1/suggestions", "/v1/sync"):
            body = bounded(client.get(f"{path}?{query}"), 422, "invalid-parameters")
            assert body["errors_omitted"] >= 800 - MOST_ERRORS
        for path in ("/", "/oembed", "/embed/exercises/chin-tuck"):
            assert len(client.get(f"{path}?{query}").data) < LARGEST_ANSWER

    def test_a_hundred_are_all_listed(self, client: FlaskClient) -> None:
        query = "&".join(f"a{number}=1" for number in range(MOST_ERRORS))
        body = bounded(client.get(f"/v1/exercises?{query}"), 422, "invalid-parameters")
        assert len(body["errors"]) == MOST_ERRORS
        assert "errors_omitted" not in body

    def test_a_list_of_thousands_is_one_error(self, client: FlaskClient) -> None:
        for name in ("region", "type", "fields", "facets", "expand", "sort", "can_do_with"):
            body = bounded(client.get(f"/v1/exercises?{name}={'a,' * 4000}"), 422, "invalid-parameters")
            assert len(body["errors"]) == 1
            assert len(body["errors"][0]["detail"]) < 200

    def test_a_parameters_name_is_cut(self, client: FlaskClient) -> None:
        body = bounded(client.get(f"/v1/exercises?{'a' * 8000}=1"), 422, "invalid-parameters")
        assert len(body["errors"][0]["parameter"]) < 400


class TestBodies:
    def test_an_import_of_zeros_is_100_errors_and_the_number_of_the_rest(self, app: Flask) -> None:
        desk = Desk(app)
        zeros = {"exercises": [0] * 50_000, "places": [0] * 50_000}
        for options in ({"json": zeros}, {"data": json.dumps(zeros), "content_type": "application/yaml"}):
            body = bounded(desk.send("POST", "/imports", **options), 422, "invalid-draft")
            assert body["errors_omitted"] == 900
            assert "1000 errors" in body["detail"]

    def test_a_draft_of_zeros(self, app: Flask) -> None:
        desk = Desk(app)
        for name in ("steps", "levels", "regions", "tips", "media"):
            draft = {**minimal("exercises"), name: [0] * 100_000}
            bounded(desk.send("POST", "/exercises", json=draft), 422, "invalid-draft")

    def test_names_of_fields_are_cut(self, app: Flask) -> None:
        desk = Desk(app)
        for body in ({"a" * 500_000: 0}, {str(number): 0 for number in range(50_000)}):
            for path in ("/exercises", "/imports", "/keys", "/releases", "/webhooks", "/partners"):
                response = desk.send("POST", path, json=body)
                if response.status_code != 405:
                    bounded(response, 422, "invalid-draft")

    def test_translations_of_zeros(self, app: Flask) -> None:
        desk = Desk(app)
        texts = {f"a{number}": 0 for number in range(50_000)}
        assert bounded(desk.send("POST", "/places", json={**minimal("places"), "name": texts}), 422, "invalid-draft")[
            "errors_omitted"
        ]

    def test_a_patch_of_zeros(self, app: Flask) -> None:
        desk = Desk(app)
        desk.post("/places", minimal("places"))
        patch = {str(number): 0 for number in range(50_000)}
        headers = {"If-Match": desk.etag("/places/new-one")}
        response = desk.send("PATCH", "/places/new-one", json=patch, headers=headers, content_type=MERGE_PATCH)
        assert bounded(response, 422, "invalid-draft")["errors_omitted"]

    def test_yaml_whose_names_would_be_kept_with_each_value_is_refused(self, app: Flask) -> None:
        desk = Desk(app)
        text = f"? {'a' * (MAX_NAME + 1)}\n: [{'0,' * 100_000}]\n"
        response = desk.send("POST", "/imports", data=text, content_type="application/yaml")
        problem(response, 400, "malformed-body")
