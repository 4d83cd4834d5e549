"""Every answer of the seeded catalogue is one that the OpenAPI document describes."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from app.kinds import CATALOGUE
from app.web.problems import MEDIA_TYPE
from tests.contract.live_document import COLLECTIONS, items_of, published_slugs
from tests.contract.specification import Operation, operations, validator, whole


@pytest.fixture(scope="module")
def described(document: Any, bare_app: Flask) -> dict[str, Operation]:
    """The documented operations, by id."""
    return {each.id: each for each in operations(document, bare_app)}


@pytest.fixture(scope="module")
def answers(document: Any, described: dict[str, Operation]) -> dict[str, Draft202012Validator]:
    """A validator of each operation's whole answer, by id."""
    return {name: validator(document, whole(each.answer["schema"])) for name, each in described.items()}


def get(client: FlaskClient, path: str) -> Any:
    response = client.get(path)
    assert response.status_code == 200, f"{path}: {response.text}"
    assert response.mimetype == "application/json"
    return response.json


def faults(schema: Draft202012Validator, answer: Any, path: str) -> list[str]:
    return [f"{path} {error.json_path}: {error.message[:200]}" for error in schema.iter_errors(answer)]


class TestAnswers:
    def test_examples_are_valid(
        self, described: dict[str, Operation], answers: dict[str, Draft202012Validator]
    ) -> None:
        for name, each in described.items():
            assert faults(answers[name], each.answer["example"], name) == []

    def test_the_example_request_gives_what_the_example_shows(
        self, client: FlaskClient, described: dict[str, Operation], answers: dict[str, Draft202012Validator]
    ) -> None:
        for name, each in described.items():
            answer = get(client, each.example_request)
            assert faults(answers[name], answer, each.example_request) == []
            assert answer.keys() == each.answer["example"].keys()

    @pytest.mark.parametrize("content_type", CATALOGUE.types, ids=lambda each: each.collection)
    def test_every_page_and_document_is_valid_and_both_show_the_same(
        self, client: FlaskClient, answers: dict[str, Draft202012Validator], content_type: Any
    ) -> None:
        lists = [f"/v1/{content_type.collection}"]
        if content_type.kind == "term":
            lists = [f"/v1/vocabularies/{each['slug']}" for each in get(client, "/v1/vocabularies")["items"]]
        list_id = "listTerms" if content_type.kind == "term" else f"list{content_type.collection.title()}"
        for path in lists:
            page = get(client, f"{path}?limit=100")
            assert faults(answers[list_id], page, path) == []
            assert page["items"]
            assert page["page"]["next"] is None
            for item in page["items"]:
                document = get(client, f"{path}/{item['slug']}")
                assert document == item
                assert faults(answers[f"get{content_type.kind.title()}"], document, item["slug"]) == []

    def test_every_part_of_an_exercise_is_valid_and_is_what_its_document_has(
        self, client: FlaskClient, answers: dict[str, Draft202012Validator]
    ) -> None:
        for exercise in items_of(lambda path: get(client, path), "/v1/exercises?limit=100"):
            path = f"/v1/exercises/{exercise['slug']}"
            named = {"slug": exercise["slug"], "name": exercise["name"]}
            for part, operation in (("levels", "listExerciseLevels"), ("citations", "listExerciseCitations")):
                answer = get(client, f"{path}/{part}")
                assert faults(answers[operation], answer, f"{path}/{part}") == []
                assert answer == {"exercise": named, "items": exercise[part]}
            for level in (None, *exercise["levels"]):
                query = f"?intensity={level['intensity']}" if level else ""
                answer = get(client, f"{path}/steps{query}")
                assert faults(answers["getExerciseSteps"], answer, f"{path}/steps{query}") == []
                assert answer == {"exercise": named, "level": level, "items": exercise["steps"]}
            for level in exercise["levels"]:
                answer = get(client, f"{path}/levels/{level['intensity']}")
                assert faults(answers["getExerciseLevel"], answer, path) == []
                assert answer == level

    def test_every_stage_of_a_routine_is_valid_and_is_what_its_document_has(
        self, client: FlaskClient, answers: dict[str, Draft202012Validator]
    ) -> None:
        for routine in items_of(lambda path: get(client, path), "/v1/routines?limit=100"):
            for stage in routine["stages"]:
                path = f"/v1/routines/{routine['slug']}/stages/{stage['number']}"
                assert get(client, path) == stage
                assert faults(answers["getRoutineStage"], stage, path) == []

    def test_every_list_of_the_exercises_of_a_source_is_valid(
        self, client: FlaskClient, answers: dict[str, Draft202012Validator]
    ) -> None:
        for slug in published_slugs(lambda path: get(client, path))["sources"]:
            path = f"/v1/sources/{slug}/exercises"
            assert faults(answers["listSourceExercises"], get(client, path), path) == []


class TestTrimmedAnswers:
    @pytest.mark.parametrize("collection", COLLECTIONS)
    def test_any_one_field_is_a_valid_answer_but_no_whole_one(
        self,
        client: FlaskClient,
        document: Any,
        described: dict[str, Operation],
        answers: dict[str, Draft202012Validator],
        collection: str,
    ) -> None:
        operation = described[f"list{collection.title()}"]
        trimmed = validator(document, operation.answer["schema"])
        names = next(each for each in operation.declared["parameters"] if each["name"] == "fields")
        for field in names["schema"]["items"]["enum"]:
            path = f"/v1/{collection}?limit=2&fields={field}"
            page = get(client, path)
            assert faults(trimmed, page, path) == []
            assert faults(answers[operation.id], page, path) != []
            assert all(item.keys() <= {"kind", "slug", field} for item in page["items"])


class TestErrors:
    @staticmethod
    def requests() -> Iterator[tuple[str, dict[str, str], int]]:
        yield "/v1/exercises/nothing-is-called-this", {}, 404
        yield "/v1/nothing", {}, 404
        yield "/v1/exercises?region=nowhere&type=nothing&limit=0", {}, 422
        yield "/v1/exercises?cursor=nonsense", {}, 400
        yield "/v1/exercises?region=%00", {}, 400
        yield "/v1/exercises", {"Accept": "text/html"}, 406
        yield "/v1/exercises", {"If-Match": '"another"'}, 412
        yield "/v1/exercises?" + "a" * 9000, {}, 414

    def test_every_problem_is_valid(self, client: FlaskClient, document: Any) -> None:
        problem = validator(document, {"$ref": "#/components/schemas/Problem"})
        for path, headers, status in self.requests():
            response = client.get(path, headers=headers)
            assert (response.status_code, response.mimetype) == (status, MEDIA_TYPE)
            assert faults(problem, response.json, path) == []
            assert response.json is not None
            assert response.json["status"] == status
