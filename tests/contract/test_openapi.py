"""The OpenAPI document says everything that a stranger needs, and nothing that is not so."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from app.web.problems import MEDIA_TYPE, PROBLEMS
from tests.contract.specification import Operation, operations, response_of

LIST_PARAMETERS = {"sort", "limit", "cursor", "fields", "lang", "q"}
SAFETY = {"safe_for", "can_do_with"}
EXERCISE_FILTERS = {
    *("region", "muscle", "equipment", "condition", "purpose", "benefit", "type", "position"),
    *("source", "source_type", "professional", "min_intensity", "max_intensity", "max_seconds"),
    *(*SAFETY, "facets", "expand"),
}
FILTERS = {
    "/v1/exercises": EXERCISE_FILTERS,
    "/v1/sources/{slug}/exercises": EXERCISE_FILTERS,
    "/v1/routines": SAFETY
    | {"condition", "region", "goal", "exercise", "max_intensity", "max_seconds", "facets", "expand"},
    "/v1/sources": {"type", "exercise", "facets"},
    "/v1/places": {"type", "service", "country", "facets", "near", "radius_km"},
    "/v1/vocabularies/{vocabulary}": set(),
}
VOCABULARIES = {
    "region": "regions",
    "muscle": "muscles",
    "equipment": "equipment",
    "condition": "conditions",
    "benefit": "benefits",
    "service": "services",
    "safe_for": "conditions",
    "can_do_with": "equipment",
}
KINDS = ("source", "exercise")
ASSIGNED_COUNTRY_CODES = 249
"""How many alpha-2 codes ISO 3166-1 assigns."""

SLUGS = "[a-z0-9]"
NOT_BY_A_REQUEST = {"200", "308", "503"}
"""What depends on the catalogue or on the store, not on what the client sends."""


@pytest.fixture(scope="module")
def every_operation(document: Any, bare_app: Flask) -> list[Operation]:
    return list(operations(document, bare_app))


def query_parameters(operation: Operation) -> dict[str, Any]:
    return {each["name"]: each for each in operation.declared.get("parameters", ())}


class TestTheDocument:
    def test_is_valid_openapi_3_1(self, document: Any) -> None:
        assert document["openapi"].startswith("3.1.")
        validate(document, cls=OpenAPIV31SpecValidator)

    def test_is_served_as_it_is_checked_in(self, document: Any, bare_app: Flask) -> None:
        assert bare_app.test_client().get("/openapi.json").get_json() == document

    def test_has_no_schema_or_response_that_nothing_uses(self, document: Any) -> None:
        used = set(re.findall(r"#/components/(\w+/[\w-]+)", str(document)))
        declared = {f"{group}/{name}" for group, parts in document["components"].items() for name in parts}
        assert declared == used

    def test_leaves_answers_open_so_that_they_may_gain_fields(self, document: Any) -> None:
        closed = [name for name, each in document["components"]["schemas"].items() if "additionalProperties" in each]
        assert closed == []

    def test_describes_each_tag_that_operations_have(self, document: Any, every_operation: list[Operation]) -> None:
        described = {tag["name"] for tag in document["tags"] if tag["description"]}
        assert {tag for each in every_operation for tag in each.declared["tags"]} == described


class TestOperations:
    def test_every_route_of_v1_is_documented_and_nothing_else_is(
        self, bare_app: Flask, every_operation: list[Operation]
    ) -> None:
        routes = {
            (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
            for rule in bare_app.url_map.iter_rules()
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        }
        documented = {(each.path, each.method) for each in every_operation}
        assert {each for each in routes if each[0].startswith("/v1")} <= documented <= routes

    def test_each_has_an_id_of_its_own(self, every_operation: list[Operation]) -> None:
        ids = [each.id for each in every_operation]
        assert len(ids) == len(set(ids))
        assert all(re.fullmatch("[a-z]+([A-Z][a-z]+)*", each) for each in ids)

    def test_each_has_a_summary_and_a_description_that_says_more(self, every_operation: list[Operation]) -> None:
        for each in every_operation:
            summary, description = each.declared["summary"], each.declared["description"]
            assert 10 < len(summary) < 60, each.id
            assert description.endswith("."), each.id
            assert len(description) > len(summary), each.id

    def test_each_has_an_example_of_its_200_and_its_headers(self, every_operation: list[Operation]) -> None:
        for each in every_operation:
            assert each.answer["example"], each.id
            headers = each.declared["responses"]["200"]["headers"]
            assert {"ETag", "Cache-Control", "Vary", "X-Request-Id"} <= set(headers), each.id
            assert all(header["description"] for header in headers.values())
            assert ("Link" in headers) == ("cursor" in query_parameters(each)), each.id

    def test_each_that_is_addressed_by_a_slug_may_answer_308(
        self, document: Any, every_operation: list[Operation]
    ) -> None:
        for each in every_operation:
            assert ("308" in each.declared["responses"]) == ("{slug}" in each.path), each.id
            if "{slug}" in each.path:
                assert response_of(document, each, "308")["headers"]["Location"]["description"]


class TestErrors:
    def test_each_documented_error_is_a_problem_with_an_example_and_a_page(
        self, document: Any, every_operation: list[Operation]
    ) -> None:
        for each in every_operation:
            for status in (status for status in each.declared["responses"] if status >= "400"):
                response = response_of(document, each, status)
                example = response["content"][MEDIA_TYPE]["example"]
                name = example["type"].rpartition("/problems/")[2]
                assert response["description"]
                assert example["status"] == int(status) == PROBLEMS[name].status

    def test_each_operation_gives_the_errors_that_it_documents_and_no_others(
        self, client: FlaskClient, every_operation: list[Operation]
    ) -> None:
        for each in every_operation:
            given = {str(status) for status in self.provoked(client, each)} - {"200"}
            assert given == set(each.declared["responses"]) - NOT_BY_A_REQUEST, each.id

    def provoked(self, client: FlaskClient, operation: Operation) -> set[int]:
        path = operation.example_request
        joint = "&" if "?" in path else "?"
        first = client.get(path)
        answers = [
            first,
            client.get(path, headers={"If-None-Match": first.headers["ETag"]}),
            client.get(path, headers={"If-Match": '"another"'}),
            client.get(path, headers={"Accept": "text/html"}),
            client.get(path, data=b" " * (1024 * 1024 + 1)),
            client.get(f"{path}{joint}name=%00"),
            client.get(f"{path}{joint}name={'a' * 9000}"),
            client.get(f"{path}{joint}unheard-of=1"),
        ]
        names = re.findall(r"\{(\w+)\}", operation.path)
        if names:
            missing = {"intensity": "5", "number": "999999"}
            values = {name: missing.get(name, "nothing-is-called-this") for name in names}
            answers.append(client.get(operation.path.format(**values)))
        return {answer.status_code for answer in answers}


class TestParameters:
    @pytest.mark.parametrize("path", FILTERS)
    def test_a_list_has_the_filters_of_the_contract(self, document: Any, path: str) -> None:
        names = {each["name"] for each in document["paths"][path]["get"]["parameters"]}
        assert names == FILTERS[path] | LIST_PARAMETERS

    def test_each_is_described(self, document: Any, every_operation: list[Operation]) -> None:
        for each in every_operation:
            in_path = document["paths"][each.path].get("parameters", [])
            for parameter in (*query_parameters(each).values(), *in_path):
                assert len(parameter["description"]) > 15, (each.id, parameter["name"])
                assert parameter["description"].endswith("."), (each.id, parameter["name"])

    def test_each_says_which_values_are_allowed(self, every_operation: list[Operation]) -> None:
        for each in every_operation:
            for name, parameter in query_parameters(each).items():
                schema = parameter["schema"]
                value = schema.get("items", schema)
                bounded = {"minimum", "maximum"} <= set(value) or "maxLength" in value
                assert "enum" in value or bounded, (each.id, name)

    def test_those_whose_values_are_published_content_say_where_to_find_them(
        self, every_operation: list[Operation]
    ) -> None:
        for each in every_operation:
            for name, parameter in query_parameters(each).items():
                schema = parameter["schema"]
                if schema.get("items", {}).get("pattern", "").find(SLUGS) < 0:
                    assert not {"x-vocabulary", "x-kind"} & set(schema), (each.id, name)
                elif name in KINDS:
                    assert schema["x-kind"] == name
                else:
                    assert schema["x-vocabulary"] == VOCABULARIES[name]
                    assert f"`/v1/vocabularies/{VOCABULARIES[name]}`" in parameter["description"]

    def test_the_documented_countries_are_those_that_are_taken(self, client: FlaskClient, document: Any) -> None:
        parameters = {each["name"]: each for each in document["paths"]["/v1/places"]["get"]["parameters"]}
        schema = parameters["country"]["schema"]
        codes, most = schema["items"]["enum"], schema["maxItems"]
        assert len(codes) == ASSIGNED_COUNTRY_CODES
        for start in range(0, len(codes), most):
            assert client.get(f"/v1/places?country={','.join(codes[start : start + most])}").status_code == 200
        for reserved in ("EU", "UN", "UK", "XK", "ZZ"):
            assert client.get(f"/v1/places?country={reserved}").status_code == 422

    def test_slugs_in_addresses_have_the_form_of_a_slug(self, document: Any) -> None:
        for item in document["paths"].values():
            for parameter in item.get("parameters", ()):
                if parameter["name"] in ("slug", "vocabulary"):
                    assert parameter["schema"]["pattern"] == "^[a-z0-9]+(-[a-z0-9]+)*$"
