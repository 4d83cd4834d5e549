"""Every answer of the seeded catalogue is one that the OpenAPI document describes."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from app.content.content_type import camel_case
from app.kinds import CATALOGUE
from app.web.problems import MEDIA_TYPE
from tests.contract.live_document import COLLECTIONS, items_of, published_slugs
from tests.contract.specification import Operation, operations, validator, whole
from tests.settings import ORIGIN

pytestmark = pytest.mark.one_store

PAGE = 100
"""More than a page holds: what is published must be read on several."""


@pytest.fixture(scope="module")
def described(document: Any, bare_app: Flask) -> dict[str, Operation]:
    """The documented operations of the delivery face that give JSON, by id."""
    return {each.id: each for each in operations(document, bare_app) if each.gives_json and not each.is_management}


@pytest.fixture(scope="module")
def answers(document: Any, described: dict[str, Operation]) -> dict[str, Draft202012Validator]:
    """A validator of each operation's whole answer, by id."""
    return {name: validator(document, whole(each.answer["schema"])) for name, each in described.items()}


def get(client: FlaskClient, path: str) -> Any:
    response = client.get(path)
    assert response.status_code == 200, f"{path}: {response.text}"
    assert response.mimetype == "application/json"
    return response.json


def validators_of_documents(document: Any) -> dict[str, Draft202012Validator]:
    """A validator of the documents of each kind."""
    names = {each.kind: {"$ref": f"#/components/schemas/{each.type_name}"} for each in CATALOGUE}
    return {kind: validator(document, schema) for kind, schema in names.items()}


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

    def test_an_answer_has_the_headers_that_are_documented(
        self, client: FlaskClient, document: Any, bare_app: Flask
    ) -> None:
        for each in (each for each in operations(document, bare_app) if not each.is_management):
            for status, documented in each.successes.items():
                response = client.get(each.example_request, headers={"Range": "bytes=0-9"} if status == "206" else {})
                response.close()
                assert (str(response.status_code), response.mimetype) == (status, each.media_type)
                assert {*documented["headers"], "Vary"} <= {*response.headers.keys(), "Vary"}, each.id

    @pytest.mark.parametrize("content_type", CATALOGUE.types, ids=lambda each: each.collection)
    def test_every_page_and_document_is_valid_and_both_show_the_same(
        self, client: FlaskClient, answers: dict[str, Draft202012Validator], content_type: Any
    ) -> None:
        lists = [f"/v1/{content_type.collection}"]
        if content_type.by_group:
            lists = [f"{lists[0]}/{each['slug']}" for each in get(client, lists[0])["items"]]
        list_id = f"list{camel_case(content_type.plural)}"
        for path in lists:
            page = get(client, f"{path}?limit=100")
            assert faults(answers[list_id], page, path) == []
            assert page["items"]
            assert page["page"]["next"] is None
            for item in page["items"]:
                document = get(client, f"{path}/{item['slug']}")
                assert document == item
                assert faults(answers[f"get{content_type.type_name}"], document, item["slug"]) == []

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


class TestSearches:
    @pytest.mark.parametrize("path", ["/v1/exercises", "/v1/routines", "/v1/sources", "/v1/places"])
    def test_a_page_with_facets_and_words_is_valid(
        self,
        client: FlaskClient,
        described: dict[str, Operation],
        answers: dict[str, Draft202012Validator],
        path: str,
    ) -> None:
        operation = described[f"list{camel_case(path.rpartition('/')[2])}"]
        names = operation.query["facets"]["schema"]["items"]["enum"]
        for query in (f"facets={','.join(names)}", "q=sholder%20blad&sort=-published_at", "lang=es&limit=2"):
            page = get(client, f"{path}?{query}")
            assert faults(answers[operation.id], page, query) == []
            assert ("facets" in page) == query.startswith("facets=")
        assert list(get(client, f"{path}?facets={','.join([*names, names[0]])}")["facets"]) == names

    def test_a_page_of_what_is_near_is_valid(
        self, client: FlaskClient, answers: dict[str, Draft202012Validator]
    ) -> None:
        for path in ("/v1/places?near=51.5,-0.12", "/v1/places?near=51.5,-0.12&radius_km=20000"):
            assert faults(answers["listPlaces"], get(client, path), path) == []

    @pytest.mark.parametrize("query", ["minutes=5", "minutes=20&safe_for=neck-pain&can_do_with=chair,wall&lang=es"])
    def test_a_composed_routine_is_valid(
        self, client: FlaskClient, answers: dict[str, Draft202012Validator], query: str
    ) -> None:
        path = f"/v1/routines/compose?{query}"
        assert faults(answers["composeRoutine"], get(client, path), path) == []


class TestSync:
    def test_every_page_is_valid_and_its_items_are_documents(
        self, client: FlaskClient, document: Any, answers: dict[str, Draft202012Validator]
    ) -> None:
        kinds = validators_of_documents(document)
        path, count = "/v1/sync?limit=50", 0
        while path:
            page = get(client, path)
            assert faults(answers["sync"], {**page, "items": page["items"][:3]}, path) == []
            assert ("next" in page) != ("token" in page)
            for item in page["items"]:
                assert faults(kinds[item["kind"]], item, item["slug"]) == []
            count += len(page["items"])
            path = page.get("next", "").removeprefix(ORIGIN)
        assert count > PAGE

    def test_each_line_of_a_snapshot_but_the_last_is_a_document(self, client: FlaskClient, document: Any) -> None:
        kinds = validators_of_documents(document)
        *lines, last = client.get("/v1/snapshot.ndjson").text.splitlines()
        for item in map(json.loads, lines):
            assert faults(kinds[item["kind"]], item, item["slug"]) == []
        assert len(lines) > PAGE
        assert json.loads(last).keys() == {"revision", "token", "digest", "signature"}


class TestExpansions:
    @pytest.mark.parametrize(
        "content_type", [each for each in CATALOGUE.types if each.expansions], ids=lambda x: x.kind
    )
    def test_an_expanded_answer_is_the_plain_one_with_whole_documents_where_references_stood(
        self, client: FlaskClient, document: Any, content_type: Any
    ) -> None:
        plain = get(client, f"/v1/{content_type.collection}?limit=100")["items"]
        for expansion in content_type.expansions:
            published = validator(document, {"$ref": f"#/components/schemas/{CATALOGUE[expansion.kind].type_name}"})
            expanded = get(client, f"/v1/{content_type.collection}?limit=100&expand={expansion.name}")["items"]
            replaced = [swap for pair in zip(plain, expanded, strict=True) for swap in differences(*pair)]
            assert replaced
            for reference, whole_document in replaced:
                assert faults(published, whole_document, reference["slug"]) == []
                assert reference.items() <= whole_document.items()

    def test_the_open_schemas_take_an_expanded_document(
        self, client: FlaskClient, document: Any, described: dict[str, Operation]
    ) -> None:
        for name, path in (
            ("listExercises", "/v1/exercises?expand=sources"),
            ("listRoutines", "/v1/routines?expand=exercises"),
        ):
            served = Draft202012Validator({**described[name].answer["schema"], "components": document["components"]})
            assert faults(served, get(client, path), path) == []


def differences(plain: Any, other: Any) -> Iterator[tuple[Any, Any]]:
    """What stands in the one where something else stands in the other: references and what they gave way to."""
    if isinstance(plain, dict) and isinstance(other, dict) and plain.keys() == other.keys():
        for key in plain:
            yield from differences(plain[key], other[key])
    elif isinstance(plain, list) and isinstance(other, list) and len(plain) == len(other):
        for first, second in zip(plain, other, strict=True):
            yield from differences(first, second)
    elif plain != other:
        yield plain, other


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
        operation = described[f"list{camel_case(collection)}"]
        trimmed = validator(document, operation.answer["schema"])
        names = next(each for each in operation.declared["parameters"] if each["name"] == "fields")
        for field in names["schema"]["items"]["enum"]:
            path = f"/v1/{collection}?limit=2&fields={field}"
            page = get(client, path)
            assert faults(trimmed, page, path) == []
            assert faults(answers[operation.id], page, path) != []
            assert all(item.keys() <= {"kind", "id", "slug", field} for item in page["items"])


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
        yield "/v1/exercises", {"Accept": "a" * 2000}, 431
        yield "/v1/sync?token=nonsense", {}, 400
        yield "/v1/snapshot.sqlite", {"Range": "bytes=999999999-"}, 416
        yield "/v1/places?radius_km=2", {}, 422
        yield "/v1/exercises?lang=tlh&facets=nothing&expand=nothing", {}, 422
        yield "/v1/admin/exercises", {}, 401

    def test_every_problem_is_valid(self, client: FlaskClient, document: Any) -> None:
        problem = validator(document, {"$ref": "#/components/schemas/Problem"})
        for path, headers, status in self.requests():
            response = client.get(path, headers=headers)
            assert (response.status_code, response.mimetype) == (status, MEDIA_TYPE)
            assert faults(problem, response.json, path) == []
            assert response.json is not None
            assert response.json["status"] == status
