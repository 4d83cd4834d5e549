"""A renamed entity: its former addresses lead to the present one for ever."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.content.editing import Editor
from tests.content.samples import exercise, place, routine, source, term
from tests.http.reading import get, problem, slugs

KINDS = {
    "exercises": ("exercises", exercise),
    "routines": ("routines", routine),
    "sources": ("sources", source),
    "places": ("places", place),
    "vocabularies": ("vocabularies/muscles", term),
}


@pytest.fixture
def editor(app: Flask) -> Editor:
    return Editor(app.extensions["limber_database"])


@pytest.fixture
def reader(app: Flask) -> FlaskClient:
    return app.test_client()


def rename(editor: Editor, collection: str, *slugs: str, **fields: object) -> None:
    """Publishes one entity under one slug after the other."""
    make = KINDS[collection][1]
    for number, slug in enumerate(slugs):
        given: dict[str, Any] = {collection: [make(slug, former_slugs=list(slugs[:number]), **fields)]}
        editor.publish(**given)


class TestRenamed:
    @pytest.mark.parametrize("collection", list(KINDS))
    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    def test_the_former_slug_is_308_to_the_present_one(
        self, editor: Editor, reader: FlaskClient, collection: str, method: str
    ) -> None:
        rename(editor, collection, "before", "after")
        path = f"/v1/{KINDS[collection][0]}"
        response = reader.open(f"{path}/before", method=method)
        assert response.status_code == 308
        assert response.headers["Location"] == f"{path}/after"
        assert get(reader, response.headers["Location"])["slug"] == "after"
        assert slugs(get(reader, path)["items"]) == ["after"]

    @pytest.mark.parametrize("collection", list(KINDS))
    def test_every_former_slug_leads_there_in_one_step(
        self, editor: Editor, reader: FlaskClient, collection: str
    ) -> None:
        rename(editor, collection, "first", "second", "third")
        path = f"/v1/{KINDS[collection][0]}"
        for former in ("first", "second"):
            assert reader.get(f"{path}/{former}").headers["Location"] == f"{path}/third"

    def test_the_query_is_kept(self, editor: Editor, reader: FlaskClient) -> None:
        rename(editor, "exercises", "before", "after")
        response = reader.get("/v1/exercises/before?fields=name,steps&fields=tips")
        assert response.headers["Location"] == "/v1/exercises/after?fields=name,steps&fields=tips"

    def test_a_query_of_odd_characters_is_kept_as_an_address(self, editor: Editor, reader: FlaskClient) -> None:
        rename(editor, "exercises", "before", "after")
        response = reader.get("/v1/exercises/before", environ_overrides={"QUERY_STRING": "fields=name\xe3\x80\x80"})
        assert response.status_code == 308
        assert response.headers["Location"].isascii()

    @pytest.mark.parametrize("rest", ["steps", "levels", "levels/3", "citations", "steps?intensity=3"])
    def test_the_parts_of_an_exercise_move_with_it(self, editor: Editor, reader: FlaskClient, rest: str) -> None:
        rename(editor, "exercises", "before", "after")
        response = reader.get(f"/v1/exercises/before/{rest}")
        assert response.status_code == 308
        assert response.headers["Location"] == f"/v1/exercises/after/{rest}"
        assert reader.get(response.headers["Location"]).status_code == 200

    def test_stages_move_with_their_routine(self, editor: Editor, reader: FlaskClient) -> None:
        editor.publish(exercises=[exercise("a")])
        for slug, former in (("before", []), ("after", ["before"])):
            editor.publish(routines=[routine(slug, "a", former_slugs=former)])
        response = reader.get("/v1/routines/before/stages/1")
        assert (response.status_code, response.headers["Location"]) == (308, "/v1/routines/after/stages/1")

    def test_the_exercises_of_a_source_move_with_it(self, editor: Editor, reader: FlaskClient) -> None:
        rename(editor, "sources", "before", "after")
        response = reader.get("/v1/sources/before/exercises?limit=5")
        assert (response.status_code, response.headers["Location"]) == (308, "/v1/sources/after/exercises?limit=5")

    def test_a_slug_that_the_path_holds_twice_is_replaced_where_it_is_the_slug(
        self, editor: Editor, reader: FlaskClient
    ) -> None:
        rename(editor, "exercises", "exercises", "after")
        rename(editor, "vocabularies", "muscles", "later")
        assert reader.get("/v1/exercises/exercises").headers["Location"] == "/v1/exercises/after"
        assert reader.get("/v1/vocabularies/muscles/muscles").headers["Location"] == "/v1/vocabularies/muscles/later"

    def test_documents_name_it_by_its_present_slug(self, editor: Editor, reader: FlaskClient) -> None:
        editor.publish(vocabularies=[term("before", "regions")], exercises=[exercise("a", regions=["before"])])
        editor.publish(vocabularies=[term("after", "regions", former_slugs=["before"])])
        assert slugs(get(reader, "/v1/exercises/a")["regions"]) == ["after"]
        assert slugs(get(reader, "/v1/exercises?region=after")["items"]) == ["a"]


class TestNotRenamed:
    def test_a_slug_of_another_kind_does_not_redirect(self, editor: Editor, reader: FlaskClient) -> None:
        rename(editor, "exercises", "before", "after")
        problem(reader.get("/v1/routines/before"), 404, "not-found")

    def test_a_slug_that_is_in_use_again_is_answered(self, editor: Editor, reader: FlaskClient) -> None:
        rename(editor, "exercises", "before", "after")
        editor.publish(exercises=[exercise("before", name="Back", former_slugs=["after"])])
        assert get(reader, "/v1/exercises/before")["name"] == "Back"
        assert reader.get("/v1/exercises/after").headers["Location"] == "/v1/exercises/before"

    def test_the_former_slug_of_what_was_retired_is_404(self, editor: Editor, reader: FlaskClient) -> None:
        rename(editor, "exercises", "before", "after")
        editor.publish(exercises=[exercise("other")], prune=True)
        problem(reader.get("/v1/exercises/before"), 404, "not-found")
        problem(reader.get("/v1/exercises/after"), 404, "not-found")

    def test_a_term_moves_within_its_own_vocabulary_only(self, editor: Editor, reader: FlaskClient) -> None:
        rename(editor, "vocabularies", "before", "after")
        response = reader.get("/v1/vocabularies/regions/before", follow_redirects=True)
        problem(response, 404, "not-found")
