"""An answer shows one released state, also where a release comes while it is read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from app.store.database import Database
from tests.content.editing import Editor
from tests.content.samples import exercise, source, term
from tests.contract.specification import operations
from tests.http.reading import get, slugs

EXERCISE, ROUTINE = "/exercises/open-arm-upper-back-stretch", "/routines/four-week-upper-back-progression"
PAGES = (
    *("/", "/?region=shoulders&q=back", EXERCISE, ROUTINE, "/embed", "/embed?show=exercise:chin-tuck"),
    *(f"/embed{EXERCISE}", f"/embed{ROUTINE}", f"/embed{EXERCISE}?partner=a-clinic"),
    *(f"/oembed?url=https://limber.example{EXERCISE}", "/sitemap.xml", "/sitemap-1.xml"),
)


@contextmanager
def connections(app: Flask) -> Iterator[list[object]]:
    """The connections that are taken meanwhile, with an empty response cache to begin with."""
    engine = app.extensions["limber_database"].engine
    app.extensions["limber_response_cache"].clear()
    taken: list[object] = []

    def note(connection: object, *_rest: object) -> None:
        taken.append(connection)

    event.listen(engine, "checkout", note)
    try:
        yield taken
    finally:
        event.remove(engine, "checkout", note)


@contextmanager
def released_meanwhile(app: Flask, release: Callable[[], object]) -> Iterator[None]:
    """Another process releases as soon as a request has looked for its first document."""
    engine, releases = app.extensions["limber_database"].engine, [release]

    def notice(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "document.body" in statement and releases:
            releases.pop()()

    event.listen(engine, "after_cursor_execute", notice)
    try:
        yield
    finally:
        event.remove(engine, "after_cursor_execute", notice)
    assert not releases, "No document was looked for."


class TestConnections:
    def test_every_operation_that_reads_takes_one(self, seeded_app: Flask) -> None:
        client, taken_by = seeded_app.test_client(), {}
        for operation in operations(get(client, "/openapi.json"), seeded_app):
            if operation.method == "get" and not operation.is_management:
                # The first time, a snapshot is built: that may take a while, after which it shows the newest state.
                client.get(operation.example_request)
                with connections(seeded_app) as taken:
                    assert client.get(operation.example_request).status_code == 200
                taken_by[operation.id] = len(taken)
        assert len(taken_by) > 20
        assert taken_by == dict.fromkeys(taken_by, 1) | {"getLiveness": 0, "getVersion": 0}

    @pytest.mark.parametrize("path", PAGES)
    def test_so_does_every_page(self, seeded_app: Flask, path: str) -> None:
        client = seeded_app.test_client()
        with connections(seeded_app) as taken:
            assert client.get(path).status_code in (200, 422)
        assert len(taken) == 1


class TestReleasedMeanwhile:
    @pytest.fixture
    def editor(self, database: Database) -> Editor:
        """An editor of another process on the application's store."""
        return Editor(database)

    def test_the_exercises_of_a_source_are_those_that_cited_it_when_it_was_there(
        self, app: Flask, editor: Editor
    ) -> None:
        editor.publish(sources=[source("book")], exercises=[exercise("a", citations=[{"source": "book"}])])
        with released_meanwhile(app, lambda: editor.publish(exercises=[exercise("b")], prune=True)):
            assert slugs(get(app.test_client(), "/v1/sources/book/exercises")["items"]) == ["a"]

    def test_a_term_that_moved_is_not_answered_with_what_moves_back_meanwhile(self, app: Flask, editor: Editor) -> None:
        editor.publish(vocabularies=[term("before")])
        editor.publish(vocabularies=[term("after", former_slugs=["before"])])

        def reuse() -> None:
            editor.publish(vocabularies=[term("before", former_slugs=["after"])])

        with released_meanwhile(app, reuse):
            response = app.test_client().get("/v1/vocabularies/muscles/before")
        assert (response.status_code, response.headers.get("Location")) == (308, "/v1/vocabularies/muscles/after")

    def test_nor_is_a_source_that_moved(self, app: Flask, editor: Editor) -> None:
        editor.publish(sources=[source("before")])
        editor.publish(sources=[source("after", former_slugs=["before"])])
        with released_meanwhile(app, lambda: editor.publish(sources=[source("before", former_slugs=["after"])])):
            response = app.test_client().get("/v1/sources/before/exercises?limit=5")
        assert (response.status_code, response.headers.get("Location")) == (308, "/v1/sources/after/exercises?limit=5")
