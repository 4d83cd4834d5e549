"""The services that Limber is measured against answer what it answers: the same JSON, keys in the same order."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from benchmarks.peers import fastapi_service, smorest_service
from tests import coroutines
from tests.content.editing import Editor
from tests.content.samples import exercise, source, term

SLUGS = ("open-arm-upper-back-stretch", "cat-cow", "childs-pose")

Get = Callable[[str], tuple[int, bytes]]
"""The status and the body of an answer to a path."""
MakePeer = Callable[[Flask], tuple[Get, Engine]]


def asgi_get(app: FastAPI, path: str) -> tuple[int, bytes]:
    """One GET by the ASGI protocol itself."""
    route, _, query = path.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": route,
        "raw_path": quote(route).encode(),
        "query_string": query.encode(),
        "headers": [],
        "server": ("limber.example", 80),
    }
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    coroutines.run(lambda: app(scope, receive, send))
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


def flask_get(app: Flask, path: str) -> tuple[int, bytes]:
    answer = app.test_client().get(path)
    return answer.status_code, answer.data


@pytest.fixture(params=("fastapi", "smorest"))
def make_peer(request: pytest.FixtureRequest) -> Iterator[MakePeer]:
    """Makes a peer of an application, on its store: how to ask it, and its engine."""
    engines: list[Engine] = []

    def make(limber: Flask) -> tuple[Get, Engine]:
        settings = limber.extensions["limber_settings"]
        if request.param == "fastapi":
            asgi = fastapi_service.create_app(settings)
            engines.append(asgi.state.sessions.kw["bind"])
            return partial(asgi_get, asgi), engines[-1]
        wsgi = smorest_service.create_app(settings)
        engines.append(wsgi.extensions["sessions"].session_factory.kw["bind"])
        return partial(flask_get, wsgi), engines[-1]

    yield make
    for engine in engines:
        engine.dispose()


@pytest.fixture
def peer(make_peer: MakePeer, seeded_app: Flask) -> Get:
    """How to ask a peer of the seeded application."""
    return make_peer(seeded_app)[0]


def pairs(body: bytes) -> Any:
    """The JSON with its objects as lists of pairs, so that the order of keys counts."""
    return json.loads(body, object_pairs_hook=list)


def without_cursor(body: bytes) -> list[Any]:
    """A page but for the cursor, which is each service's own: only whether there is one."""
    page = json.loads(body)["page"]
    return list((dict(pairs(body)) | {"page": page | {"next": page["next"] is not None}}).items())


@pytest.mark.parametrize("slug", SLUGS)
def test_a_detail_is_limbers(peer: Get, client: FlaskClient, slug: str) -> None:
    status, body = peer(f"/v1/exercises/{slug}")
    assert status == 200
    assert pairs(body) == pairs(client.get(f"/v1/exercises/{slug}?lang=en").data)


def test_the_pages_of_a_list_are_limbers(peer: Get, client: FlaskClient) -> None:
    path = theirs = ours = "/v1/exercises?limit=20"
    for _ in range(2):
        status, body = peer(theirs)
        expected = client.get(f"{ours}&lang=en").data
        assert status == 200
        assert without_cursor(body) == without_cursor(expected)
        theirs = f"{path}&cursor={json.loads(body)['page']['next']}"
        ours = f"{path}&cursor={json.loads(expected)['page']['next']}"


def test_every_exercise_is_limbers(peer: Get, client: FlaskClient) -> None:
    status, body = peer("/v1/exercises?limit=100")
    assert status == 200
    assert without_cursor(body) == without_cursor(client.get("/v1/exercises?limit=100&lang=en").data)


def test_a_page_of_twenty_takes_as_many_statements_as_one_of_two(make_peer: MakePeer, seeded_app: Flask) -> None:
    get, engine = make_peer(seeded_app)
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    get("/v1/exercises?limit=2")
    of_two = len(statements)
    get("/v1/exercises?limit=20")
    assert len(statements) == 2 * of_two


def test_what_is_not_there_is_404(peer: Get) -> None:
    assert peer("/v1/exercises/no-such-exercise")[0] == 404


def test_what_the_seed_data_lack_is_limbers_too(make_peer: MakePeer, app: Flask) -> None:
    medium = {"type": "image", "alt": "A", "licence": "cc"}
    Editor(app.extensions["limber_database"]).publish(
        vocabularies=[
            term("back", "regions"), term("pain", "conditions"), term("sprain", "conditions"),
            term("cramp", "conditions"), term("cc", "licences"),
        ],
        sources=[source("s", "online")],
        exercises=[
            exercise(
                "b", summary={"en": "Short.", "es": "Corto."}, regions=["back"], position="side-lying",
                former_slugs=["once-b"], guidance={"professional": "recommended"},
                steps=[{"instruction": "Lie.", "part": "set-up"}, {"instruction": "Turn.", "part": "set-up"}],
                demands=[{"demand": "balance", "from_intensity": 3}, {"demand": "arms-wide"}],
                contraindications=[{"slug": "pain", "note": "No.", "from_intensity": 3}, {"slug": "sprain"}],
                safety={
                    "assessed": True, "assessed_on": "2026-01-02", "by": "clinician", "note": "Weighed.",
                    "conditions": ["cramp", "pain"], "exceptions": [{"slug": "cramp", "note": "Gently."}],
                },
                evidence={"level": "practice", "statement": "Known by use.", "citations": ["s"]},
                levels=[
                    {"intensity": 1, "dose": {"per_side": False}}, {"intensity": 2, "dose": {"times_per_day": 2}},
                    {"intensity": 3, "dose": {"hold_seconds": 20, "per_side": True}},
                    {"intensity": 4, "professional": "required"},
                    {
                        "intensity": 5,
                        "dose": {
                            "sets": 3, "repetitions": 8, "move_seconds": 2, "return_seconds": 3, "pause_seconds": 1,
                            "rest_seconds": 30, "per_side": True, "side_order": "alternate",
                        },
                    },
                ],
                tips=[{"text": "Tip", "condition": "pain", "source": "s"}, {"text": "Another"}],
                easier=["a", {"slug": "d", "why": "Both say why."}],
                media=[
                    {"url": "/m/a.png", "credit": "Me", "width": 10, "height": 20, **medium},
                    {"url": "https://media.example/a.png", **medium},
                ],
                licence={"slug": "cc", "attribution": "Us"},
                review={
                    "status": "editorial", "reviewed_on": "2026-01-02", "reviewer": "R", "next_review_on": "2028-01-02",
                },
            ),
            exercise(
                "breath", safety={"assessed": False}, evidence={"level": "textbook", "statement": "So it says."},
                levels=[
                    {"intensity": 1, "dose": {"breaths": {"in_seconds": 4, "out_seconds": 6}, "repetitions": 5}},
                    {"intensity": 2, "dose": {"breaths": {"in_seconds": 4, "hold_seconds": 1, "out_seconds": 6}}},
                ],
            ),
            exercise("a", harder=[{"slug": "b", "why": "Only this one says why."}]),
            exercise("d", harder=[{"slug": "b", "why": "In its own words."}]),
            exercise("c", harder=["b"], easier=["d"]),
            exercise("e", harder=["b"]),
            exercise("ca", harder=["b"]),
        ],
    )  # fmt: skip
    get, _ = make_peer(app)
    expected = app.test_client().get("/v1/exercises?lang=en").data
    assert json.loads(expected)["page"]["total"] == 7
    assert without_cursor(get("/v1/exercises")[1]) == without_cursor(expected)
