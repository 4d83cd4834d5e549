import hashlib
import json

import pytest
from sqlalchemy import select

from app.errors import NothingToRelease
from app.models.tables import draft_version, facet
from app.shapes.languages import DEFAULT_LANGUAGE, LANGUAGES
from tests.content.editing import UNFINISHED, Editor
from tests.content.samples import exercise, place, routine, source, term


def chained(editor: Editor) -> list[str]:
    """The digests that the releases should have, computed from the change log as the documentation says."""
    digests, previous = [], "0" * 64
    for release in editor.releases():
        text = f"{previous}\n{release.revision}\n"
        rows = [row for row in editor.versions() if row.revision == release.revision]
        for row in sorted(rows, key=lambda row: (row.kind, row.slug, row.language)):
            content = "deleted" if row.deleted else hashlib.sha256(row.body).hexdigest()
            text += f"{row.kind}\n{row.slug}\n{row.language}\n{content}\n"
        previous = hashlib.sha256(text.encode()).hexdigest()
        digests.append(previous)
    return digests


class TestRevisions:
    def test_revisions_count_from_one_without_gaps(self, editor: Editor) -> None:
        for number in range(1, 5):
            editor.put(exercises=[exercise("a", summary=str(number))])
            assert editor.release(f"Note {number}").revision == number
        assert [(row.revision, row.note) for row in editor.releases()] == [(n, f"Note {n}") for n in range(1, 5)]
        assert editor.revision() == 4

    def test_nothing_pending_is_refused_and_takes_no_revision(self, editor: Editor) -> None:
        with pytest.raises(NothingToRelease):
            editor.release()
        editor.publish(exercises=[exercise("a")])
        with pytest.raises(NothingToRelease):
            editor.release()
        assert editor.publish(exercises=[exercise("b")]).revision == 2

    def test_an_edit_that_is_taken_back_leaves_nothing_pending(self, editor: Editor) -> None:
        editor.publish(exercises=[exercise("a")])
        editor.put(exercises=[exercise("a", summary="Other")])
        editor.put(exercises=[exercise("a")])
        with pytest.raises(NothingToRelease):
            editor.release()

    def test_a_release_that_fails_leaves_no_trace(self, editor: Editor) -> None:
        editor.put(exercises=[exercise("a")])

        class Interrupted(Exception):
            pass

        from app.releasing.release import release

        def release_and_fail() -> None:
            with editor.database.transaction(exclusive=True) as connection:
                release(connection, UNFINISHED)
                raise Interrupted

        with pytest.raises(Interrupted):
            release_and_fail()
        assert (editor.revision(), editor.documents(), list(editor.versions())) == (0, {}, [])
        assert editor.release().revision == 1


class TestDigests:
    def test_each_digest_chains_the_one_before(self, editor: Editor) -> None:
        editor.publish(vocabularies=[term("neck", "regions")], exercises=[exercise("a", regions=["neck"])])
        editor.publish(exercises=[exercise("b", summary="é 💪")])
        editor.publish(prune=True, vocabularies=[term("neck", "regions")], exercises=[exercise("b")])
        editor.publish(exercises=[exercise("a")])
        assert [row.digest for row in editor.releases()] == chained(editor)
        assert len({row.digest for row in editor.releases()}) == 4

    def test_the_answer_of_a_release_is_what_is_kept_of_it(self, editor: Editor) -> None:
        editor.publish(exercises=[exercise("a"), exercise("b")])
        released = editor.publish(prune=True, exercises=[exercise("b", summary="New")])
        row = editor.releases()[-1]
        each = len(LANGUAGES)
        assert (row.revision, row.digest, row.changed, row.deleted) == (2, released.digest, each, each)
        assert (released.documents, released.deleted) == (each, each)


class TestWhatIsWritten:
    def test_only_documents_that_came_out_different_get_versions(self, editor: Editor) -> None:
        editor.publish(
            vocabularies=[term("neck", "regions")],
            sources=[source("s")],
            exercises=[exercise("a", regions=["neck"]), exercise("b")],
            routines=[routine("r", "b")],
        )
        editor.publish(exercises=[exercise("a", regions=["neck"], summary="New")])
        assert set(editor.changed_by(2)) == {("exercise", "a")}
        assert {key[1]: json.loads(body)["revision"] for key, body in editor.documents().items()} == {
            "neck": 1,
            "s": 1,
            "a": 2,
            "b": 1,
            "r": 1,
        }

    def test_an_edit_that_no_document_shows_is_released_without_a_version(self, editor: Editor) -> None:
        editor.publish(exercises=[exercise("a", summary="Hi")])
        released = editor.publish(exercises=[exercise("a", summary={"en": "Hi", "fr": "Salut"})])
        assert (released.revision, released.documents) == (2, 0)
        assert editor.changed_by(2) == {}
        assert editor.document("exercise", "a")["revision"] == 1
        with pytest.raises(NothingToRelease):
            editor.release()

    def test_current_documents_are_the_newest_of_the_change_log(self, editor: Editor) -> None:
        editor.publish(exercises=[exercise("a"), exercise("b"), exercise("c")])
        editor.publish(exercises=[exercise("a", summary="New")])
        editor.publish(prune=True, exercises=[exercise("a"), exercise("b")])
        english = (row for row in editor.versions() if row.language == DEFAULT_LANGUAGE)
        newest = {(row.kind, row.slug): row.body for row in english}
        assert editor.documents() == {key: body for key, body in newest.items() if body is not None}

    def test_a_document_has_the_time_and_revision_of_the_release_that_last_changed_it(self, editor: Editor) -> None:
        first = editor.publish(exercises=[exercise("a"), exercise("b")])
        editor.publish(exercises=[exercise("b", summary="New")])
        document = editor.document("exercise", "a")
        assert document["revision"] == 1
        assert document["published_at"] == first.released_at.strftime("%Y-%m-%dT%H:%M:%SZ")

    def test_the_drafts_of_each_revision_are_kept(self, editor: Editor) -> None:
        editor.publish(exercises=[exercise("a")])
        editor.publish(exercises=[exercise("a", summary="New")])
        editor.publish(prune=True)
        with editor.database.reading() as connection:
            rows = connection.execute(select(draft_version).order_by(draft_version.c.revision)).all()
        assert [(row.revision, row.draft and row.draft.get("summary")) for row in rows] == [
            (1, None),
            (2, "New"),
            (3, None),
        ]
        assert [row.draft is None for row in rows] == [False, False, True]

    def test_facets_are_those_of_the_published_draft(self, editor: Editor) -> None:
        def values() -> set[tuple[str, str]]:
            with editor.database.reading() as connection:
                return {(row.name, row.value) for row in connection.execute(select(facet))}

        editor.publish(exercises=[exercise("a", type="yoga", levels=[{"intensity": 2}])])
        assert values() == {("type", "yoga"), ("level", "2"), ("professional", "recommended")}
        editor.put(exercises=[exercise("a", type="posture", levels=[{"intensity": 4}])])
        assert ("type", "yoga") in values()
        editor.release()
        assert values() == {("type", "posture"), ("level", "4"), ("professional", "recommended")}
        editor.publish(prune=True)
        assert values() == set()


class TestHalfEditedContent:
    def test_an_unreleased_edit_shows_in_no_document(self, editor: Editor) -> None:
        editor.publish(
            vocabularies=[term("neck", "regions")],
            sources=[source("s")],
            exercises=[exercise("a", regions=["neck"], citations=[{"source": "s"}])],
            routines=[routine("r", "a")],
        )
        before = editor.documents()
        editor.put(
            vocabularies=[term("neck", "regions", name="SECRET")],
            sources=[source("s", title="SECRET")],
            exercises=[exercise("a", name="SECRET"), exercise("b", easier=["a"])],
            places=[place("p", name="SECRET")],
        )
        assert editor.documents() == before

    def test_a_retired_entity_is_still_served_and_still_named_until_the_release(self, editor: Editor) -> None:
        editor.publish(exercises=[exercise("a"), exercise("b", easier=["a"])])
        editor.put(prune=True, exercises=[exercise("b")])
        assert editor.document("exercise", "a")["harder"][0]["slug"] == "b"
        assert editor.document("exercise", "b")["easier"][0]["slug"] == "a"
        editor.release()
        assert editor.document("exercise", "a") is None
        assert editor.document("exercise", "b")["easier"] == []
