"""Reading the delivery face in tests: whole lists, single answers, problems."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

from tests.settings import ORIGIN

Document = dict[str, Any]

LISTS = ("exercises", "routines", "sources", "places", "vocabularies/conditions")
"""One list of each kind."""

ADDRESSES = (
    "/v1/exercises",
    "/v1/exercises/chin-tuck",
    "/v1/exercises/chin-tuck/steps",
    "/v1/exercises/chin-tuck/levels",
    "/v1/exercises/chin-tuck/levels/1",
    "/v1/exercises/chin-tuck/citations",
    "/v1/routines",
    "/v1/routines/evening-wind-down",
    "/v1/routines/evening-wind-down/stages/1",
    "/v1/sources",
    "/v1/sources/light-on-yoga",
    "/v1/sources/light-on-yoga/exercises",
    "/v1/places",
    "/v1/places/hcpc-register",
    "/v1/vocabularies",
    "/v1/vocabularies/conditions",
    "/v1/vocabularies/conditions/upper-back-pain",
)
"""One address of every delivery operation."""

MOST_PAGES = 200
PAGES = ("/docs", "/problems", "/problems/not-found")
SERVICE = ("/livez", "/readyz", "/version", "/openapi.json", "/openapi.yaml", "/.well-known/api-catalog")


def get(client: FlaskClient, path: str) -> Any:
    """The JSON of an answer that must be 200."""
    response = client.get(path)
    assert response.status_code == 200, response.text
    return response.json


def pages(client: FlaskClient, path: str) -> Iterator[Any]:
    """Every page of a list, following `page.next`."""
    separator = "&" if "?" in path else "?"
    page = get(client, path)
    yield page
    for _ in range(MOST_PAGES):
        if page["page"]["next"] is None:
            return
        page = get(client, f"{path}{separator}cursor={page['page']['next']}")
        yield page
    raise AssertionError("The pages do not end.")


def everything(client: FlaskClient, path: str) -> list[Document]:
    """Every document of a list, in its order."""
    separator = "&" if "?" in path else "?"
    return [item for page in pages(client, f"{path}{separator}limit=100") for item in page["items"]]


def slugs(entries: list[Document]) -> list[str]:
    """The slugs of documents, or of what a document names."""
    return [entry["slug"] for entry in entries]


def problem(response: TestResponse, status: int, name: str) -> Any:
    """The body of an answer that must be this problem, complete as RFC 9457 and the contract have it."""
    assert response.status_code == status, response.text
    assert response.mimetype == "application/problem+json"
    body = response.json
    assert body is not None
    assert body["type"] == f"{ORIGIN}/problems/{name}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    assert body["request_id"] == response.headers["X-Request-Id"]
    return body


def refusals(response: TestResponse) -> dict[str, str]:
    """What a 422 says of each parameter."""
    return {fault["parameter"]: fault["detail"] for fault in problem(response, 422, "invalid-parameters")["errors"]}


@contextmanager
def counted_queries(app: Flask, *, also: Engine | None = None) -> Iterator[list[str]]:
    """The SELECT statements that are sent meanwhile, with an empty response cache to begin with."""
    app.extensions["limber_response_cache"].clear()
    engines = [each for each in (app.extensions["limber_database"].engine, also) if each is not None]
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            statements.append(statement)

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
