"""Languages of texts through the API: whatever tag was written, the canonical one is stored, patched and removed."""

from typing import Any

import pytest

from tests.admin.desk import Desk
from tests.admin.samples import LICENCE, exercise

NAME = {"en": "Lean", "zh-tw": "Qing", "iw": "Hit'akmut", "de-ch-1901": "Lehnen"}


@pytest.fixture
def lean(desk: Desk) -> str:
    """The path of an exercise with a name in four languages."""
    desk.post("/vocabularies", LICENCE)
    desk.post(
        "/exercises", exercise("lean", name=NAME, guidance={"professional": "none", "note": {"en": "A", "in": "B"}})
    )
    return "/exercises/lean"


class TestLanguages:
    def test_tags_are_stored_in_their_canonical_form(self, desk: Desk, lean: str) -> None:
        draft = desk.get(lean)["draft"]
        assert draft["name"] == {"en": "Lean", "zh-TW": "Qing", "he": "Hit'akmut", "de-CH-1901": "Lehnen"}
        assert draft["guidance"]["note"] == {"en": "A", "id": "B"}

    @pytest.mark.parametrize(("tag", "stored"), [("zh-TW", "zh-TW"), ("ZH-tw", "zh-TW"), ("iw", "he"), ("heb", "he")])
    def test_a_patch_changes_and_removes_a_text_by_any_spelling_of_its_tag(
        self, desk: Desk, lean: str, tag: str, stored: str
    ) -> None:
        assert desk.patch(lean, {"name": {tag: "Other"}})["draft"]["name"][stored] == "Other"
        names = desk.patch(lean, {"name": {tag: None}})["draft"]["name"]
        assert (stored in names, len(names)) == (False, 3)

    def test_a_patch_reaches_texts_within_objects(self, desk: Desk, lean: str) -> None:
        answer = desk.patch(lean, {"guidance": {"note": {"ind": None}}})
        assert answer["draft"]["guidance"]["note"] == "A"

    @pytest.mark.parametrize(
        ("patch", "pointer"),
        [
            ({"name": {"und": None}}, "/name/und"),
            ({"name": {"xx": "Other"}}, "/name/xx"),
            ({"name": {"he": "One", "iw": None}}, "/name/iw"),
            ({"guidance": {"note": {"a/b": None}}}, "/guidance/note/a~1b"),
        ],
    )
    def test_a_patch_with_a_tag_that_is_none_or_twice_there_is_422(
        self, desk: Desk, lean: str, patch: dict[str, Any], pointer: str
    ) -> None:
        before = desk.get(lean)
        answer = desk.patch(lean, patch, status=422)
        assert [error["pointer"] for error in answer["errors"]] == [pointer]
        assert desk.get(lean) == before

    def test_a_patch_of_a_source_is_read_by_its_type(self, desk: Desk) -> None:
        summary = {"en": "Book", "spa": "Libro"}
        desk.post("/sources", {"slug": "s", "type": "book", "title": "Book", "summary": summary})
        assert desk.patch("/sources/s", {"summary": {"spa": None}})["draft"]["summary"] == "Book"
