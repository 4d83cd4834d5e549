"""The OpenAPI document says everything that a stranger needs, and nothing that is not so."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from app.access.keys import SCOPES
from app.sync import tokens
from app.web.problem_table import PROBLEMS
from app.web.problems import MEDIA_TYPE
from tests.contract.specification import JSON, Operation, operations, response_of

LIST_PARAMETERS = {"q", "lang", "sort", "limit", "cursor", "fields"}
FOR_SOMEBODY = {"safe_for", "can_do_with"}
EXERCISE_FILTERS = {
    *("region", "muscle", "equipment", "condition", "purpose", "benefit", "type", "position"),
    *("source", "source_type", "professional", "min_intensity", "max_intensity", "max_seconds"),
    *FOR_SOMEBODY,
}
PARAMETERS = {
    "/v1/exercises": {*EXERCISE_FILTERS, *LIST_PARAMETERS, "facets", "expand"},
    "/v1/sources/{slug}/exercises": {*EXERCISE_FILTERS, *LIST_PARAMETERS, "facets", "expand"},
    "/v1/routines": {
        *("condition", "region", "goal", "exercise", "max_intensity", "max_seconds"),
        *FOR_SOMEBODY,
        *LIST_PARAMETERS,
        *("facets", "expand"),
    },
    "/v1/sources": {"type", "exercise", "facets", *LIST_PARAMETERS},
    "/v1/places": {"type", "service", "country", "near", "radius_km", "facets", *LIST_PARAMETERS},
    "/v1/vocabularies/{vocabulary}": LIST_PARAMETERS,
    "/v1/exercises/{slug}": {"lang", "fields", "expand"},
    "/v1/routines/{slug}": {"lang", "fields", "expand"},
    "/v1/sources/{slug}": {"lang", "fields"},
    "/v1/suggestions": {"q", "lang", "limit"},
    "/v1/routines/compose": {
        *("condition", "region", "minutes", "max_intensity", "position", "professional", "seed", "lang"),
        *FOR_SOMEBODY,
    },
    "/v1/sync": {"token", "page", "kinds", "lang", "limit"},
    "/v1/snapshot.ndjson": {"lang"},
    "/v1/snapshot.sqlite": {"lang"},
    "/v1/admin/exercises": {"q", "state", "changed_by", "missing", "sort", "limit", "cursor"},
    "/v1/admin/releases": {"limit", "cursor"},
}
EXPANSIONS = {"/v1/exercises": ["sources"], "/v1/routines": ["exercises"]}
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
FILES = {"/v1/snapshot.ndjson": "application/x-ndjson", "/v1/snapshot.sqlite": "application/vnd.sqlite3"}
ASSIGNED_COUNTRY_CODES = 249
"""How many alpha-2 codes ISO 3166-1 assigns."""

SLUGS = "[a-z0-9]"
NOT_BY_A_REQUEST = {"200", "308", "429", "503"}
"""What depends on the catalogue or on the store, not on what the client sends."""

ANY_TEXT = "q"
"""The parameter that takes whatever somebody types."""


@pytest.fixture(scope="module")
def every_operation(document: Any, bare_app: Flask) -> list[Operation]:
    return list(operations(document, bare_app))


@pytest.fixture(scope="module")
def delivery(every_operation: list[Operation]) -> list[Operation]:
    return [each for each in every_operation if not each.is_management]


@pytest.fixture(scope="module")
def management(every_operation: list[Operation]) -> list[Operation]:
    return [each for each in every_operation if each.is_management]


def written_schemas(document: Any) -> set[str]:
    """The names of the schemas that bodies of requests are made of."""
    found: set[str] = set()
    operations_of = (each for item in document["paths"].values() for each in item.values() if isinstance(each, dict))
    waiting: list[Any] = [each.get("requestBody") for each in operations_of]
    while waiting:
        names = set(re.findall(r"#/components/schemas/(\w+)", str(waiting.pop()))) - found
        found |= names
        waiting += [document["components"]["schemas"][name] for name in names]
    return found


class TestTheDocument:
    def test_is_valid_openapi_3_1(self, document: Any) -> None:
        assert document["openapi"].startswith("3.1.")
        validate(document, cls=OpenAPIV31SpecValidator)

    def test_is_served_as_it_is_checked_in(self, document: Any, bare_app: Flask) -> None:
        assert bare_app.test_client().get("/openapi.json").get_json() == document

    def test_has_no_schema_or_response_that_nothing_uses(self, document: Any) -> None:
        used = set(re.findall(r"#/components/(\w+/[\w-]+)", str(document)))
        named = (each for item in document["paths"].values() for each in item.values() if isinstance(each, dict))
        used |= {f"securitySchemes/{name}" for each in named for needed in each.get("security", ()) for name in needed}
        declared = {f"{group}/{name}" for group, parts in document["components"].items() for name in parts}
        assert declared == used

    def test_leaves_answers_open_so_that_they_may_gain_fields_and_says_that_bodies_are_strict(
        self, document: Any
    ) -> None:
        schemas = document["components"]["schemas"]
        closed = {name for name, each in schemas.items() if each.get("additionalProperties") is False}
        assert closed == {name for name in written_schemas(document) if "properties" in schemas[name]}
        assert {"ExerciseDraft", "StepDraft", "ReleaseRequest", "Bundle"} <= closed
        assert not {"Exercise", "ExercisePage", "ExerciseItem", "Release"} & closed

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

    def test_each_has_an_example_of_its_json(self, every_operation: list[Operation]) -> None:
        for each in every_operation:
            for status, answer in each.successes.items():
                content = answer.get("content", {})
                assert (content == {}) == (status == "204"), each.id
                assert JSON not in content or content[JSON]["example"], each.id
        others = {each.path: each.media_type for each in every_operation if not each.gives_json}
        assert {path: name for path, name in others.items() if name} == FILES

    def test_each_has_the_headers_of_its_answers(self, every_operation: list[Operation]) -> None:
        for each in every_operation:
            for status, answer in each.successes.items():
                headers = answer["headers"]
                assert all(header["description"] for header in headers.values())
                assert {"Cache-Control", "X-Request-Id"} <= set(headers), each.id
                assert each.method != "get" or {"ETag", "Vary"} <= set(headers), each.id
                assert ("Link" in headers) == ("cursor" in each.query), each.id
                assert ("Location" in headers) == (status == "201"), each.id
                assert ("Content-Range" in headers) == (status == "206"), each.id
                assert ("Content-Language" in headers) == (each.path.startswith("/v1/") and not each.is_management)

    def test_delivery_only_reads(self, delivery: list[Operation]) -> None:
        assert {each.method for each in delivery} == {"get"}
        assert not [each.id for each in delivery if "requestBody" in each.declared or "security" in each.declared]

    def test_management_says_which_scope_a_key_needs(self, management: list[Operation]) -> None:
        for each in management:
            scopes = [scope for needed in each.declared["security"] for scope in needed["key"]]
            assert scopes, each.id
            assert set(scopes) <= set(SCOPES), each.id
            assert all(f"`{scope}`" in each.declared["description"] for scope in scopes), each.id

    def test_a_write_that_takes_a_body_has_its_schema(self, management: list[Operation]) -> None:
        for each in management:
            content = each.declared.get("requestBody", {}).get("content", {})
            assert bool(content) == (each.method in ("post", "put", "patch")), each.id
            assert all(body["schema"] for body in content.values()), each.id

    def test_a_merge_patch_need_not_be_a_whole_draft(self, management: list[Operation]) -> None:
        patches = [each for each in management if each.method == "patch"]
        assert patches
        for each in patches:
            ((name, body),) = each.declared["requestBody"]["content"].items()
            assert name == "application/merge-patch+json"
            assert body["schema"]["type"] == "object"
            assert "required" not in body["schema"]

    def test_creating_answers_201(self, management: list[Operation]) -> None:
        for each in management:
            creates = each.id.startswith(("create", "put", "rotate", "ping", "replay")) and each.id != "createImport"
            assert ("201" in each.successes) == creates, each.id

    def test_each_of_delivery_that_is_addressed_by_a_slug_may_answer_308(
        self, document: Any, delivery: list[Operation]
    ) -> None:
        for each in delivery:
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

    def test_each_operation_gives_the_answers_that_it_documents_and_no_others(
        self, client: FlaskClient, delivery: list[Operation]
    ) -> None:
        mine: Any = client.get("/v1/sync?kinds=place").json
        foreign = tokens.encode(tokens.decode_token(mine["token"]).content, "another history")
        for each in delivery:
            given = {str(status) for status in self.provoked(client, each, foreign)} - {"200"}
            assert given == set(each.declared["responses"]) - NOT_BY_A_REQUEST, each.id

    def provoked(self, client: FlaskClient, operation: Operation, foreign_token: str) -> set[int]:
        path = operation.example_request
        joint = "&" if "?" in path else "?"
        first = client.get(path)
        answers = [
            first,
            client.get(path, headers={"If-None-Match": first.headers["ETag"]}),
            client.get(path, headers={"If-Match": '"another"'}),
            client.get(path, headers={"Accept-Language": "a" * 2000}),
            client.get(path, headers={"Accept": "text/html"}),
            client.get(path, data=b" " * (1024 * 1024 + 1)),
            client.get(f"{path}{joint}name=%00"),
            client.get(f"{path}{joint}name={'a' * 9000}"),
            client.get(f"{path}{joint}unheard-of=1"),
        ]
        if "token" in operation.query:
            answers.append(client.get(operation.path, query_string={"token": foreign_token}))
        if not operation.gives_json:
            answers += [client.get(path, headers={"Range": each}) for each in ("bytes=0-9", "bytes=999999999-")]
        names = re.findall(r"\{(\w+)\}", operation.path)
        if names:
            missing = {"intensity": "5", "number": "999999"}
            values = {name: missing.get(name, "nothing-is-called-this") for name in names}
            answers.append(client.get(operation.path.format(**values)))
        for answer in answers:
            answer.close()
        return {answer.status_code for answer in answers}


class TestParameters:
    @pytest.mark.parametrize("path", PARAMETERS)
    def test_an_operation_has_the_parameters_of_the_contract(self, document: Any, path: str) -> None:
        names = {each["name"] for each in document["paths"][path]["get"]["parameters"]}
        assert names == PARAMETERS[path]

    def test_facets_are_the_filters_whose_values_are_names(self, delivery: list[Operation]) -> None:
        for each in delivery:
            if "facets" in each.query:
                asked = each.query["facets"]["schema"]["items"]["enum"]
                listed = {name for name, one in each.query.items() if one["schema"]["type"] == "array"}
                assert set(asked) == listed - {"facets", "expand", "sort", "fields", "safe_for", "can_do_with"}, each.id

    @pytest.mark.parametrize("path", EXPANSIONS)
    def test_expansions_are_those_of_the_contract(self, document: Any, path: str) -> None:
        for item in (document["paths"][path], document["paths"][f"{path}/{{slug}}"]):
            (expand,) = (each for each in item["get"]["parameters"] if each["name"] == "expand")
            assert expand["schema"]["items"]["enum"] == EXPANSIONS[path]

    def test_each_is_described(self, document: Any, every_operation: list[Operation]) -> None:
        for each in every_operation:
            in_path = document["paths"][each.path].get("parameters", [])
            for parameter in (*each.declared.get("parameters", ()), *in_path):
                assert len(parameter["description"]) > 15, (each.id, parameter["name"])
                assert parameter["description"].endswith("."), (each.id, parameter["name"])

    def test_each_says_which_values_are_allowed(self, every_operation: list[Operation]) -> None:
        for each in every_operation:
            for name, parameter in each.query.items():
                schema = parameter["schema"]
                value = schema.get("items", schema)
                if name == ANY_TEXT:
                    assert re.search("[Aa]ny text", parameter["description"])
                    assert set(value) <= {"type", "description"}
                elif value["type"] in ("integer", "number"):
                    assert "maximum" in value, (each.id, name)
                    assert {"minimum", "exclusiveMinimum"} & set(value), (each.id, name)
                elif value["type"] != "boolean":
                    assert {"enum", "maxLength", "pattern"} & set(value), (each.id, name)

    def test_those_whose_values_are_published_content_say_where_to_find_them(
        self, every_operation: list[Operation]
    ) -> None:
        for each in every_operation:
            for name, parameter in each.query.items():
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
