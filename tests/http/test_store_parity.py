"""SQLite and PostgreSQL answer every address with the same bytes, the same tag and the same headers.

The files that are marked `one_store` rest on this: what they find on SQLite holds for PostgreSQL.
"""

from collections.abc import Iterator
from itertools import combinations, product
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.web.api import Blueprint
from tests.conftest import SeededApp
from tests.http.reading import ADDRESSES, LISTS, PAGES, SERVICE, slugs
from tests.http.test_filters import KINDS

OF_THE_REQUEST = {"X-Request-Id", "Cache-Status", "Age", "RateLimit", "RateLimit-Policy"}
HEADERS: tuple[dict[str, str], ...] = (
    {},
    {"Accept-Language": "es"},
    {"Accept-Encoding": "br"},
    {"Accept-Encoding": "gzip", "If-None-Match": "*"},
    {"If-Match": '"x"'},
    {"Accept": "text/html"},
)
METHODS = ("GET", "HEAD", "OPTIONS", "POST")
QUERIES = (
    *("lang=es", "fields=name", "expand=sources", "sort=-name", "limit=3", "q=neck"),
    *("nonsense=1", "cursor=x", "limit=0", "q=%00"),
)
OTHERS = (
    *("/", "/exercises", "/exercises/chin-tuck", "/routines", "/routines/evening-wind-down", "/sitemap.xml"),
    *("/embed/exercises/chin-tuck", "/embed/routines/evening-wind-down", "/nonsense", "/v1/nonsense"),
    *("/v1/exercises/nonsense", "/v1/sources/nonsense/exercises", "/v1/vocabularies/regions/nonsense"),
)
BY_STORE = ("/v1/snapshot.sqlite", "/v1/admin", "/readyz")
"""A file of SQLite is not the same bytes twice; the management face asks for a key; readiness counts what is cached."""


@pytest.fixture
def both(seeded_apps: SeededApp) -> tuple[FlaskClient, FlaskClient]:
    """Clients of the seeded catalogue on either store."""
    return seeded_apps("sqlite").test_client(), seeded_apps("postgresql").test_client()


def sent(response: TestResponse) -> Any:
    """All that a client gets, but for what tells requests apart."""
    headers = sorted((name, value) for name, value in response.headers if name not in OF_THE_REQUEST)
    return response.status_code, headers, response.data


def is_equal(both: tuple[FlaskClient, FlaskClient], path: str, **options: Any) -> int:
    """Holds the answers of both stores against each other; the status of both."""
    options["headers"] = {"X-Request-Id": "same", **options.get("headers", {})}
    sqlite, postgresql = (client.open(path, **options) for client in both)
    assert sent(sqlite) == sent(postgresql), f"{options} {path}"
    return sqlite.status_code


def documented(app: Flask) -> Iterator[str]:
    """The example request of every documented operation."""
    blueprints = (each for each in app.blueprints.values() if isinstance(each, Blueprint))
    return (request for blueprint in blueprints for request in blueprint.example_requests.values())


def everywhere(app: Flask) -> list[str]:
    """Every address that is read without a key."""
    paths = {*ADDRESSES, *PAGES, *SERVICE, *OTHERS, *documented(app)}
    return sorted(each for each in paths if not each.startswith(BY_STORE))


class TestEveryAddress:
    @pytest.mark.parametrize("headers", HEADERS, ids=str)
    def test_by_any_method_and_under_any_condition(
        self, both: tuple[FlaskClient, FlaskClient], headers: dict[str, str]
    ) -> None:
        paths = everywhere(both[0].application)
        statuses = {is_equal(both, path, method=method, headers=headers) for path, method in product(paths, METHODS)}
        assert len(statuses) > 1

    def test_with_its_own_tag(self, both: tuple[FlaskClient, FlaskClient]) -> None:
        for path in ADDRESSES:
            tag = both[0].get(path).headers["ETag"]
            assert is_equal(both, path, headers={"If-None-Match": tag}) == 304
            assert is_equal(both, path, headers={"If-Match": tag}) == 200

    def test_with_parameters_that_are_right_and_wrong(self, both: tuple[FlaskClient, FlaskClient]) -> None:
        statuses = {is_equal(both, f"{path}?{query}") for path, query in product(ADDRESSES, QUERIES)}
        assert {200, 422, 400} <= statuses


def walk(both: tuple[FlaskClient, FlaskClient], path: str) -> Iterator[str]:
    """Every page of a list, on both stores alike; the slugs of its documents."""
    cursor: str | None = ""
    while cursor is not None:
        page = f"{path}&cursor={cursor}" if cursor else path
        is_equal(both, page)
        answer = both[0].get(page).json
        assert answer is not None
        yield from slugs(answer["items"])
        cursor = answer["page"]["next"]


class TestEveryDocument:
    @pytest.mark.parametrize("language", ["en", "es"])
    @pytest.mark.parametrize("collection", LISTS)
    def test_on_every_page_and_by_itself(
        self, both: tuple[FlaskClient, FlaskClient], collection: str, language: str
    ) -> None:
        found = list(walk(both, f"/v1/{collection}?limit=7&lang={language}"))
        assert len(found) > 7
        for slug in found:
            assert is_equal(both, f"/v1/{collection}/{slug}?lang={language}") == 200


class TestEveryFilter:
    @pytest.mark.parametrize("collection", KINDS)
    def test_with_each_value_and_with_what_it_counts(
        self, both: tuple[FlaskClient, FlaskClient], collection: str
    ) -> None:
        for parameter, (values, _) in KINDS[collection].items():
            for value in values(both[0]):
                assert is_equal(both, f"/v1/{collection}?limit=100&{parameter}={value}") == 200
                assert is_equal(both, f"/v1/{collection}?limit=1&fields=slug&sort=-slug&{parameter}={value}") == 200
            assert is_equal(both, f"/v1/{collection}?{parameter}=nonsense") == 422

    @pytest.mark.parametrize("collection", KINDS)
    def test_with_two_at_once(self, both: tuple[FlaskClient, FlaskClient], collection: str) -> None:
        some = {name: values(both[0])[:2] for name, (values, _) in KINDS[collection].items()}
        for (one, values), (other, others) in combinations(some.items(), 2):
            for value, second in product(values, others):
                assert is_equal(both, f"/v1/{collection}?limit=100&{one}={value}&{other}={second}") == 200
