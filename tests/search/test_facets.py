from collections import Counter
from typing import Any

import pytest
from flask.testing import FlaskClient

VALUES = {
    "region": lambda document: {each["slug"] for each in document["regions"]},
    "equipment": lambda document: {each["slug"] for each in document["equipment"]},
    "condition": lambda document: {each["slug"] for each in document["conditions"]},
    "purpose": lambda document: {each["purpose"] for each in document["conditions"]},
    "type": lambda document: {document["type"]},
    "professional": lambda document: {document["guidance"]["professional"]},
}


def get(client: FlaskClient, path: str) -> Any:
    response = client.get(path)
    assert response.status_code == 200, response.text
    return response.json


@pytest.mark.parametrize("facet", VALUES)
@pytest.mark.parametrize("others", ["", "q=shoulder", "safe_for=osteoporosis&max_intensity=2", "q=neck"])
def test_counts_are_those_of_the_list_under_the_other_filters(client: FlaskClient, facet: str, others: str) -> None:
    listed = get(client, f"/v1/exercises?limit=100&{others}")
    expected = Counter(value for document in listed["items"] for value in VALUES[facet](document))
    counted = get(client, f"/v1/exercises?limit=1&facets={facet}&{others}")["facets"][facet]
    assert {each["slug"]: each["count"] for each in counted} == dict(expected)
    own = counted[0]["slug"]
    under_its_own = get(client, f"/v1/exercises?limit=1&facets={facet}&{facet}={own}&{others}")
    assert under_its_own["facets"][facet] == counted
    assert under_its_own["page"]["total"] == counted[0]["count"]


def test_a_condition_counts_with_its_purpose(client: FlaskClient) -> None:
    counted = get(client, "/v1/exercises?limit=1&facets=condition&purpose=prevent")["facets"]["condition"]
    for each in counted:
        total = get(client, f"/v1/exercises?limit=1&purpose=prevent&condition={each['slug']}")["page"]["total"]
        assert total == each["count"]


@pytest.mark.parametrize("path", ["/v1/routines?facets=condition,goal", "/v1/places?facets=country,service,type"])
def test_other_kinds_have_facets_with_names(client: FlaskClient, path: str) -> None:
    for values in get(client, path)["facets"].values():
        assert values
        assert all(each["name"] and each["count"] > 0 for each in values)


def test_an_unknown_facet_is_422_and_names_the_allowed_ones(client: FlaskClient) -> None:
    answer = client.get("/v1/exercises?facets=colour")
    assert answer.status_code == 422
    assert answer.json is not None
    assert "region" in answer.json["errors"][0]["detail"]


class TestSafety:
    def test_safe_for_leaves_out_what_is_contraindicated(self, client: FlaskClient) -> None:
        everything = get(client, "/v1/exercises?limit=100")["items"]
        conditions = {each["slug"] for document in everything for each in document["contraindications"]}
        assert len(conditions) > 12
        for condition in sorted(conditions)[:12]:
            safe = {each["slug"] for each in get(client, f"/v1/exercises?limit=100&safe_for={condition}")["items"]}
            unsafe = {
                document["slug"]
                for document in everything
                if all(condition in level["contraindications"] for level in document["levels"])
            }
            assert safe == {document["slug"] for document in everything} - unsafe

    @pytest.mark.parametrize("things", ["", "chair", "chair,wall", "mat"])
    def test_can_do_with_needs_nothing_beyond(self, client: FlaskClient, things: str) -> None:
        everything = get(client, "/v1/exercises?limit=100")["items"]
        found = {each["slug"] for each in get(client, f"/v1/exercises?limit=100&can_do_with={things}")["items"]}
        allowed = set(things.split(","))
        assert found == {
            document["slug"] for document in everything if {each["slug"] for each in document["equipment"]} <= allowed
        }

    def test_unknown_values_are_422(self, client: FlaskClient) -> None:
        assert client.get("/v1/exercises?safe_for=bogus").status_code == 422
        assert client.get("/v1/routines?can_do_with=bogus").status_code == 422


class TestExpand:
    def test_a_routine_shows_its_exercises_whole(self, client: FlaskClient) -> None:
        for path in (
            "/v1/routines/desk-break-five-minutes?expand=exercises",
            "/v1/routines?expand=exercises&limit=100",
        ):
            answer = get(client, path)
            for routine in answer.get("items", [answer]):
                for stage in routine["stages"]:
                    for item in stage["items"]:
                        slug = item["exercise"]["slug"]
                        assert item["exercise"] == get(client, f"/v1/exercises/{slug}")

    def test_an_exercise_shows_its_sources_whole_and_trimmed(self, client: FlaskClient) -> None:
        answer = get(client, "/v1/exercises/wall-angel?expand=sources&fields=citations&lang=es")
        assert set(answer) == {"kind", "id", "slug", "citations"}
        for each in answer["citations"]:
            assert each["source"] == get(client, f"/v1/sources/{each['source']['slug']}?lang=es")

    def test_unknown_expansions_are_422(self, client: FlaskClient) -> None:
        assert client.get("/v1/exercises?expand=exercises").status_code == 422
        assert client.get("/v1/places?expand=sources").status_code == 422
