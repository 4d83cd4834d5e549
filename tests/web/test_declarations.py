"""The cache, the limiter, the body limit and the negotiation follow what an operation declares, wherever it lies."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient
from marshmallow import Schema, fields

from app import create_app
from app.access import limiting
from app.admin.operations import AdminBlueprint
from app.edge import finishing, installing
from app.store.database import Database
from app.web import converters, declarations, installed, openapi
from app.web.api import Api, Blueprint
from app.web.declarations import Declaration, addresses, declare
from tests.edge.caching import HIT, STORED
from tests.settings import settings_for
from tests.stores import MakeStore

LEAF_BYTES = 10


class Leaf(Schema):
    """What these operations take and give."""

    text = fields.String()


class AnyQuery(Schema):
    """A query that may search."""

    q = fields.String()


def answer(_query: Mapping[str, Any], **_path: Any) -> Response:
    return Response('{"text": "leaf"}', mimetype="text/csv" if request.path.endswith(".csv") else "application/json")


def garden() -> Iterator[Blueprint]:
    """Operations at addresses that nothing in the application knows."""
    blueprint = Blueprint("garden", __name__, url_prefix="/garden", description="Leaves.")
    told: dict[str, Any] = {"summary": "A leaf", "description": "A leaf.", "schema": Leaf, "query": AnyQuery}
    told["problems"] = ("not-acceptable", "too-many-requests")
    declared: dict[str, dict[str, Any]] = {
        "/kept": {},
        "/dew": {"kept": False},
        "/<slug:slug>/dew": {"kept": False},
        "/hunt": {"counts_as_search": True, "kept": False},
        "/leaves.csv": {"content_type": "text/csv"},
    }
    for number, (rule, options) in enumerate(declared.items()):
        blueprint.operation(rule, operation_id=f"get{number}", example=rule, **told, **options)(answer)
    yield blueprint
    shed = AdminBlueprint("shed", __name__, url_prefix="/shed/private", description="Tools.")
    guarded: dict[str, Any] = {"method": "POST", "summary": "A tool", "description": "A tool.", "scopes": ("x",)}
    shed.admin("/small", operation_id="small", body=Leaf, body_bytes=LEAF_BYTES, **guarded)(answer)
    shed.admin("/usual", operation_id="usual", body=Leaf, **guarded)(answer)
    yield shed


@pytest.fixture
def small_app(make_sqlite: MakeStore) -> Iterator[Flask]:
    """An application of these operations and two pages, one of which declares that it is not kept."""
    app, settings = Flask(__name__), settings_for(make_sqlite(), searches_per_minute=2)
    app.config.update(openapi.settings())
    installed.settings.install(app, settings)
    database = installed.database.install(app, Database(settings))
    converters.install(app)
    finishing.install(app)
    limiting.install(app, storage_url=settings.rate_limit_storage_url, writes=9, failures=9, searches=2)
    api = Api(app)
    for blueprint in garden():
        api.register_blueprint(blueprint)
    app.add_url_rule("/page", "page", lambda: "page")
    app.add_url_rule("/clock", "clock", declare(lambda: "now", Declaration(kept=False)))
    declarations.install(app)
    installing.install(app, settings, database, limiting.counting_searches(app))
    yield app
    database.dispose()


@pytest.fixture
def client(small_app: Flask) -> FlaskClient:
    return small_app.test_client()


def how_often_asked(client: FlaskClient, path: str) -> list[str | None]:
    return [client.get(path).headers.get("Cache-Status") for _ in range(2)]


class TestKept:
    @pytest.mark.parametrize("path", ["/garden/kept", "/page", "/garden/nothing", "/nothing"])
    def test_what_says_nothing_is_kept_and_what_does_not_exist(self, client: FlaskClient, path: str) -> None:
        assert how_often_asked(client, path) == [STORED, HIT]

    @pytest.mark.parametrize("path", ["/garden/dew", "/clock", "/shed/private/nothing"])
    def test_what_is_not_kept_is_not_looked_up(self, client: FlaskClient, path: str) -> None:
        assert how_often_asked(client, path) == [None, None]

    def test_nor_kept_where_its_address_begins_like_others(self, client: FlaskClient) -> None:
        assert how_often_asked(client, "/garden/rose/dew") == ["limber; fwd=uri-miss"] * 2

    def test_the_addresses_that_are_not_looked_up_are_the_shortest_that_hold_nothing_else(
        self, small_app: Flask
    ) -> None:
        found = addresses.of(small_app)
        assert found.private == ("/shed/",)
        assert found.not_kept == ("/clock", "/garden/dew", "/garden/hunt", "/shed/")
        assert found.api == ("/garden/", "/shed/")


class TestSearches:
    def test_each_request_counts_where_it_is_declared_and_elsewhere_those_with_words(self, client: FlaskClient) -> None:
        assert "RateLimit" not in client.get("/garden/dew").headers
        assert "r=1;" in client.get("/garden/hunt").headers["RateLimit"]
        assert "r=0;" in client.get("/garden/dew?q=rose").headers["RateLimit"]
        assert client.get("/garden/hunt").status_code == 429
        assert client.get("/garden/dew").status_code == 200

    def test_private_operations_never_count(self, client: FlaskClient) -> None:
        assert {client.get("/shed/private/small?q=spade").status_code for _ in range(4)} == {405}


class TestBodies:
    def test_the_largest_is_the_declared_one(self, client: FlaskClient) -> None:
        sizes = {
            path: [client.post(path, data=b"x" * size).status_code for size in (LEAF_BYTES, LEAF_BYTES + 1)]
            for path in ("/shed/private/small", "/shed/private/usual")
        }
        assert sizes == {"/shed/private/small": [401, 413], "/shed/private/usual": [401, 401]}

    def test_it_holds_for_methods_that_the_address_does_not_have(self, client: FlaskClient) -> None:
        sent = [client.put("/shed/private/small", data=b"x" * size) for size in (LEAF_BYTES, LEAF_BYTES + 1)]
        assert [response.status_code for response in sent] == [405, 413]


class TestGives:
    @pytest.mark.parametrize(
        ("path", "accepted", "status"),
        [
            ("/garden/kept", "application/json", 200),
            ("/garden/kept", "text/csv", 406),
            ("/garden/leaves.csv", "text/csv", 200),
            ("/garden/leaves.csv", "application/json", 406),
            ("/garden/nothing", "application/json", 404),
            ("/garden/nothing", "text/csv", 406),
            ("/page", "text/csv", 200),
            ("/nothing", "text/csv", 404),
        ],
    )
    def test_another_type_is_406(self, client: FlaskClient, path: str, accepted: str, status: int) -> None:
        assert client.get(path, headers={"Accept": accepted}).status_code == status


class TestPrivate:
    def test_requests_in_one_context_are_told_apart(self, small_app: Flask, client: FlaskClient) -> None:
        with small_app.app_context():
            ages = [client.get(path).headers["Cache-Control"] for path in ("/shed/nothing", "/clock", "/shed/nothing")]
        assert [age == "no-store" for age in ages] == [True, False, True]

    @pytest.mark.parametrize("path", ["/shed/private/small", "/shed/nothing"])
    def test_no_cache_stores_it_and_no_other_site_reads_it(self, client: FlaskClient, path: str) -> None:
        headers = client.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert "Access-Control-Allow-Origin" not in headers

    @pytest.mark.parametrize("path", ["/garden/kept", "/nothing"])
    def test_anything_else_may_be_stored_and_read(self, client: FlaskClient, path: str) -> None:
        headers = client.get(path).headers
        assert headers["Cache-Control"].startswith("public")
        assert headers["Access-Control-Allow-Origin"] == "*"


def declaration_of(app: Flask, endpoint: str) -> Declaration:
    found: Declaration = getattr(app.view_functions[endpoint], "limber_declaration", Declaration())
    return found


class TestEveryOperation:
    def test_those_that_are_never_kept_are_never_looked_up(self, make_sqlite: MakeStore) -> None:
        app = create_app(settings_for(make_sqlite()))
        around = addresses.of(app)
        for rule in app.url_map.iter_rules():
            declaration = declaration_of(app, rule.endpoint)
            assert rule.rule.startswith(around.not_kept) is not declaration.kept, rule
            assert rule.rule.startswith(around.private) is declaration.private, rule
            assert rule.rule.startswith(around.api) is (declaration.gives is not None), rule
        installed.database.of(app).dispose()
