import json

from sqlalchemy import select

from app.models.tables import reference
from app.shapes.languages import DEFAULT_LANGUAGE, LANGUAGES
from tests.content.editing import Editor
from tests.content.samples import exercise, routine, term


class TestTombstones:
    def test_what_left_has_a_tombstone_and_no_document(self, editor: Editor) -> None:
        editor.publish(exercises=[exercise("a"), exercise("b")])
        released = editor.publish(prune=True, exercises=[exercise("b")])
        assert (released.documents, released.deleted) == (0, len(LANGUAGES))
        assert editor.changed_by(2) == {("exercise", "a"): None}
        assert set(editor.documents()) == {("exercise", "b")}

    def test_a_tombstone_is_written_once(self, editor: Editor) -> None:
        editor.publish(exercises=[exercise("a"), exercise("b")])
        editor.publish(prune=True, exercises=[exercise("b")])
        editor.publish(prune=True, exercises=[exercise("b", summary="New")])
        assert set(editor.changed_by(3)) == {("exercise", "b")}

    def test_what_was_never_published_leaves_none(self, editor: Editor) -> None:
        editor.publish(exercises=[exercise("b")])
        editor.put(exercises=[exercise("a")])
        editor.publish(prune=True, exercises=[exercise("b", summary="New")])
        assert set(editor.changed_by(2)) == {("exercise", "b")}

    def test_what_is_created_again_has_a_document_after_its_tombstone(self, editor: Editor) -> None:
        editor.publish(exercises=[exercise("a")])
        editor.publish(prune=True)
        editor.publish(exercises=[exercise("a", summary="Back")])
        log = [(row.revision, row.deleted) for row in editor.versions() if row.language == DEFAULT_LANGUAGE]
        assert log == [(1, False), (2, True), (3, False)]
        assert editor.document("exercise", "a")["summary"] == "Back"

    def test_what_comes_back_unchanged_is_published_as_it_was(self, editor: Editor) -> None:
        editor.publish(exercises=[exercise("a")])
        before = editor.document("exercise", "a")
        editor.publish(prune=True)
        editor.publish(exercises=[exercise("a")])
        after = editor.document("exercise", "a")
        assert after["revision"] == 3
        assert after | {"revision": 1, "published_at": before["published_at"]} == before

    def test_what_comes_back_before_the_release_never_left(self, editor: Editor) -> None:
        editor.publish(exercises=[exercise("a"), exercise("b")])
        editor.put(prune=True, exercises=[exercise("b")])
        editor.publish(exercises=[exercise("a"), exercise("b", summary="New")])
        assert set(editor.changed_by(2)) == {("exercise", "b")}

    def test_nothing_refers_to_or_from_what_left(self, editor: Editor) -> None:
        editor.publish(
            vocabularies=[term("neck", "regions")],
            exercises=[exercise("a", regions=["neck"], harder=["b"]), exercise("b")],
            routines=[routine("r", "a")],
        )
        editor.publish(prune=True, exercises=[exercise("b")])
        with editor.database.reading() as connection:
            assert connection.execute(select(reference)).all() == []


class TestRenamedSlug:
    def test_the_old_slug_is_redirected_and_tombstoned(self, editor: Editor) -> None:
        editor.publish(exercises=[exercise("old", name="Name")])
        editor.put(exercises=[exercise("new", name="Name", former_slugs=["old"])])
        assert editor.redirects() == {}
        assert set(editor.documents()) == {("exercise", "old")}

        editor.release()
        assert editor.redirects() == {("exercise", "old"): "new"}
        assert set(editor.documents()) == {("exercise", "new")}
        changed = editor.changed_by(2)
        assert changed["exercise", "old"] is None
        assert json.loads(changed["exercise", "new"] or b"")["slug"] == "new"

    def test_what_named_it_follows(self, editor: Editor) -> None:
        editor.publish(
            vocabularies=[term("old-muscle")],
            exercises=[
                exercise("old", muscles=[{"slug": "old-muscle", "role": "stretched"}]),
                exercise("b", easier=["old"]),
            ],
            routines=[routine("r", "old")],
        )
        editor.publish(
            vocabularies=[term("new-muscle", former_slugs=["old-muscle"])],
            exercises=[exercise("new", former_slugs=["old"], muscles=[{"slug": "new-muscle", "role": "stretched"}])],
        )
        assert editor.document("exercise", "new")["muscles"][0]["slug"] == "new-muscle"
        assert editor.document("exercise", "new")["harder"][0]["slug"] == "b"
        assert editor.document("exercise", "b")["easier"][0]["slug"] == "new"
        item = editor.document("routine", "r")["stages"][0]["items"][0]
        assert item["exercise"] == {"slug": "new", "name": "New"}
        assert editor.redirects() == {("exercise", "old"): "new", ("term", "old-muscle"): "new-muscle"}

    def test_a_slug_that_was_renamed_twice_leads_to_the_newest(self, editor: Editor) -> None:
        editor.publish(exercises=[exercise("first")])
        editor.publish(exercises=[exercise("second", former_slugs=["first"])])
        editor.publish(exercises=[exercise("third", former_slugs=["first", "second"])])
        assert editor.redirects() == {("exercise", "first"): "third", ("exercise", "second"): "third"}

    def test_a_former_slug_that_it_has_again_is_redirected_no_more(self, editor: Editor) -> None:
        editor.publish(exercises=[exercise("old")])
        editor.publish(exercises=[exercise("new", former_slugs=["old"])])
        editor.publish(exercises=[exercise("old", name="Back", former_slugs=["new"])])
        assert editor.redirects() == {("exercise", "new"): "old"}
        assert editor.document("exercise", "old")["name"] == "Back"

    def test_a_redirect_leaves_with_what_it_leads_to(self, editor: Editor) -> None:
        editor.publish(exercises=[exercise("a", former_slugs=["old"])])
        editor.publish(prune=True)
        assert editor.redirects() == {}

    def test_a_former_slug_that_was_never_published_may_move_to_another_entity(self, editor: Editor) -> None:
        editor.publish(exercises=[exercise("a", former_slugs=["old"]), exercise("b")])
        editor.publish(exercises=[exercise("a"), exercise("b", former_slugs=["old"])])
        assert editor.redirects() == {("exercise", "old"): "b"}

    def test_a_renamed_draft_that_was_never_published_leaves_no_tombstone(self, editor: Editor) -> None:
        editor.put(exercises=[exercise("old")])
        editor.publish(exercises=[exercise("new", former_slugs=["old"])])
        assert set(editor.changed_by(1)) == {("exercise", "new")}
