import unicodedata
from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.releasing.release import release
from tests.content.editing import UNFINISHED, Editor
from tests.content.samples import exercise, term
from tests.http.reading import LISTS, Document, everything, get, refusals, slugs


def by_name(document: Document) -> str:
    """Names are ordered without case and accents."""
    name = document["title"] if document["kind"] == "source" else document["name"]
    return "".join(each for each in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(each))


KEYS: dict[str, Callable[[Document], str]] = {
    "name": by_name,
    "slug": lambda document: document["slug"],
    "published_at": lambda document: document["published_at"],
}


@pytest.fixture
def mixed(app: Flask) -> FlaskClient:
    """Exercises with equal names, names that differ in case and accents, and two times of publication."""
    editor = Editor(app.extensions["limber_database"])
    names = {
        "e": "Same",
        "b": "same",
        "d": "Éclair",
        "a": "eclaire",
        "c": "Zebra",
        "f": "Ångström",
        "g": "SAME",
        "h": "2",
    }
    editor.publish(exercises=[exercise(slug, name=name) for slug, name in names.items()])
    return app.test_client()


class TestSort:
    @pytest.mark.parametrize("collection", LISTS)
    @pytest.mark.parametrize("key", list(KEYS))
    @pytest.mark.parametrize("descending", [False, True])
    def test_every_key_orders_every_kind_and_the_slug_breaks_ties(
        self, client: FlaskClient, collection: str, key: str, *, descending: bool
    ) -> None:
        found = everything(client, f"/v1/{collection}?sort={'-' if descending else ''}{key}")
        # Python's reverse keeps equals in their order: the slug stays ascending, as the contract has it.
        expected = sorted(sorted(found, key=KEYS["slug"]), key=KEYS[key], reverse=descending)
        assert slugs(found) == slugs(expected)

    @pytest.mark.parametrize("collection", LISTS)
    def test_lists_are_by_name_where_nothing_is_said(self, client: FlaskClient, collection: str) -> None:
        assert everything(client, f"/v1/{collection}") == everything(client, f"/v1/{collection}?sort=name")

    def test_names_are_ordered_without_case_and_accents_and_ties_by_slug(self, mixed: FlaskClient) -> None:
        assert slugs(get(mixed, "/v1/exercises")["items"]) == ["h", "f", "d", "a", "b", "e", "g", "c"]

    def test_a_descending_name_keeps_ties_by_slug_ascending(self, mixed: FlaskClient) -> None:
        assert slugs(get(mixed, "/v1/exercises?sort=-name")["items"]) == ["c", "b", "e", "g", "a", "d", "f", "h"]

    def test_a_second_key_orders_what_the_first_leaves_equal(self, mixed: FlaskClient) -> None:
        assert slugs(get(mixed, "/v1/exercises?sort=name,-slug")["items"]) == ["h", "f", "d", "a", "g", "e", "b", "c"]

    def test_keys_may_be_repeated_parameters(self, mixed: FlaskClient) -> None:
        separate = get(mixed, "/v1/exercises?sort=name&sort=-slug")
        assert separate["items"] == get(mixed, "/v1/exercises?sort=name,-slug")["items"]

    def test_the_first_of_two_directions_of_one_key_counts(self, mixed: FlaskClient) -> None:
        assert get(mixed, "/v1/exercises?sort=-name,name") == get(mixed, "/v1/exercises?sort=-name")

    def test_published_at_orders_by_the_release_that_last_changed_a_document(self, app: Flask) -> None:
        editor = Editor(app.extensions["limber_database"])
        for slug in ("b", "c", "a"):
            editor.put(vocabularies=[term(slug)])
            release_at(editor, f"2026-01-0{'bca'.index(slug) + 1}T00:00:00+00:00")
        editor.put(vocabularies=[term("b", name="Changed")])
        release_at(editor, "2026-01-09T00:00:00+00:00")
        client = app.test_client()
        assert slugs(get(client, "/v1/vocabularies/muscles?sort=published_at")["items"]) == ["c", "a", "b"]
        assert slugs(get(client, "/v1/vocabularies/muscles?sort=-published_at")["items"]) == ["b", "a", "c"]

    @pytest.mark.one_store
    @pytest.mark.parametrize("collection", LISTS)
    @pytest.mark.parametrize("given", ["summary", "Name", "--name", "%2Bname", "", "name,", "name,regions", "%2Dnam"])
    def test_an_unknown_key_is_422_and_names_the_allowed_ones(
        self, client: FlaskClient, collection: str, given: str
    ) -> None:
        faults = refusals(client.get(f"/v1/{collection}?sort={given}"))
        assert list(faults) == ["sort"]
        assert "name, -name, published_at, -published_at, slug, -slug" in faults["sort"]


def release_at(editor: Editor, moment: str) -> None:
    with editor.database.transaction(exclusive=True) as connection:
        release(connection, UNFINISHED, now=datetime.fromisoformat(moment))
