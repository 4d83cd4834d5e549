import json

import pytest

from app.content.documents import ORIGIN_MARK, on_this_service, with_origin
from app.content.finding import sort_name
from tests.content.editing import Editor
from tests.content.samples import exercise, routine, source, term

ORIGIN = "https://limber.example"


class TestOrigin:
    def test_a_stored_document_has_none_and_a_served_one_has_the_given(self, editor: Editor) -> None:
        editor.publish(exercises=[exercise("a")])
        body = editor.documents()["exercise", "a"]
        assert b"http" not in body
        assert json.loads(with_origin(body, ORIGIN))["links"] == {
            "self": f"{ORIGIN}/v1/exercises/a",
            "html": f"{ORIGIN}/exercises/a",
            "embed": f"{ORIGIN}/embed/exercises/a",
            "oembed": f"{ORIGIN}/oembed?url={ORIGIN}/exercises/a",
            "report": f"{ORIGIN}/report?about=/v1/exercises/a",
        }

    def test_what_has_no_page_links_to_itself_and_to_where_faults_are_reported(self, editor: Editor) -> None:
        editor.publish(vocabularies=[term("neck", "regions")], sources=[source("s")])
        links = json.loads(with_origin(editor.documents()["term", "neck"], ORIGIN))["links"]
        assert links == {
            "self": f"{ORIGIN}/v1/vocabularies/regions/neck",
            "html": None,
            "embed": None,
            "oembed": None,
            "report": f"{ORIGIN}/report?about=/v1/vocabularies/regions/neck",
        }

    def test_a_path_becomes_a_link_and_an_address_stays(self) -> None:
        assert on_this_service("/media/a.png") == f"{ORIGIN_MARK}/media/a.png"
        assert on_this_service("https://example.org/a") == "https://example.org/a"


class TestShape:
    def test_kind_slug_and_language_come_first_and_links_last(self, editor: Editor) -> None:
        editor.publish(exercises=[exercise("a")], routines=[routine("r", "a")], sources=[source("s")])
        for body in editor.documents().values():
            names = list(json.loads(body))
            assert names[:5] == ["kind", "id", "slug", "former_slugs", "language"]
            assert names[-3:] == ["revision", "published_at", "links"]


class TestSortNames:
    @pytest.mark.parametrize(
        ("name", "key"),
        [("Élan", "elan"), ("STRASSE", "strasse"), ("Straße", "strasse"), ("ﬁn", "fin"), ("Ångström", "angstrom")],
    )
    def test_case_and_accents_do_not_count(self, name: str, key: str) -> None:
        assert sort_name(name) == key
