"""What a release costs: statements by the batch, rows found by an index, nothing read back that is at hand."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, event

from app.config import ROOT
from app.content.published import was_published
from app.editing.plan import apply_plan, make_plan
from app.editing.stored import StoredDrafts
from app.kinds import CATALOGUE
from app.releasing.history import drafts_at
from app.releasing.release import release
from app.search.words import bag, forms, words
from app.seeding.files import read_folder
from app.store.database import Database
from tests.content.editing import UNFINISHED, Editor
from tests.content.samples import exercise, source, term

Statement = tuple[str, Any]


@contextmanager
def statements(database: Database) -> Iterator[list[Statement]]:
    """What is sent meanwhile, with the parameters of the first row."""
    sent: list[Statement] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        sent.append((statement, parameters[0] if isinstance(parameters, list) else parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def exercises(count: int, **fields: Any) -> list[dict[str, Any]]:
    """Exercises that name a term and a source."""
    return [
        exercise(f"e-{number}", equipment=["chair"], citations=[{"source": "book"}], **fields)
        for number in range(count)
    ]


def fill(editor: Editor, count: int, **fields: Any) -> None:
    """Brings exercises and what they name into the working copy."""
    editor.put(
        vocabularies=[term("chair", "equipment")], sources=[source("book")], exercises=exercises(count, **fields)
    )


class TestStatements:
    def test_a_first_release_of_20_takes_as_many_as_one_of_2(self, editor: Editor) -> None:
        counts = []
        for count in (2, 20):
            fill(editor, count)
            with statements(editor.database) as sent:
                editor.release()
            counts.append(len(sent))
            editor.put(prune=True)
            editor.release()
        assert counts[0] == counts[1]

    def test_nothing_is_deleted_of_what_is_published_for_the_first_time(self, editor: Editor) -> None:
        fill(editor, 2)
        with statements(editor.database) as sent:
            editor.release()
        deleting = {statement.split()[2] for statement, _ in sent if statement.startswith("DELETE")}
        # Somebody else may have borne the slug before.
        assert deleting == {"redirect"}

    def test_a_change_and_a_removal_scan_no_table_of_what_is_published(self, editor: Editor) -> None:
        if not editor.database.is_sqlite:
            pytest.skip("PostgreSQL scans what fits into a page, whatever the index")
        fill(editor, 5)
        editor.release()
        editor.put(exercises=exercises(2, summary="Another."))
        with statements(editor.database) as sent:
            editor.release()
        fill(editor, 3)
        editor.put(
            prune=True,
            vocabularies=[term("chair", "equipment")],
            sources=[source("book")],
            exercises=exercises(3, summary="Again."),
        )
        with statements(editor.database) as more:
            editor.release()
        tables = {"published_entity", "document", "document_version", "draft_version", "facet", "reference"}
        tables |= {"search_entry", "search_word"}
        with editor.database.reading() as connection:
            scanned = {
                table: statement
                for statement, parameters in (*sent, *more)
                if not statement.startswith("UPDATE revision_counter")
                for table in _scanned(connection, statement, parameters)
            }
        assert not tables & set(scanned), scanned

    def test_what_an_entity_was_is_looked_up(self, editor: Editor) -> None:
        if not editor.database.is_sqlite:
            pytest.skip("PostgreSQL scans what fits into a page, whatever the index")
        fill(editor, 5)
        editor.release()
        keys = [("exercise", "e-1"), ("source", "book")]
        with editor.database.reading() as connection:
            with statements(editor.database) as sent:
                assert set(drafts_at(connection, 1, keys)) == set(keys)
                assert was_published(connection, keys[0])
            assert not set().union(*(_scanned(connection, *each) for each in sent)) & {"draft_version"}


def _scanned(connection: Connection, statement: str, parameters: Any) -> set[str]:
    if statement.split(maxsplit=1)[0] not in ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH"):
        return set()
    steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    return {step[3].split()[1] for step in steps if step[3].startswith("SCAN ")}


class TestWrittenDrafts:
    def test_the_seed_is_read_back_as_it_was_written_byte_for_byte(self, database: Database) -> None:
        wanted = read_folder(ROOT / "seed_data", CATALOGUE).drafts
        with database.transaction(exclusive=True) as connection:
            plan, _ = make_plan(connection, CATALOGUE, wanted, prune=False)
            apply_plan(connection, CATALOGUE, plan, datetime.now(UTC))
            read = StoredDrafts(connection, CATALOGUE).everything()
        written = {(each.kind, each.draft["slug"]): json.dumps(each.draft) for each in plan.changes}
        assert {key: json.dumps(draft) for key, draft in read.items()} == written

    def test_a_release_that_is_given_them_does_not_read_them_back(self, editor: Editor) -> None:
        wanted = {("term", "chair"): term("chair", "equipment")}
        with editor.database.transaction(exclusive=True) as connection:
            plan, _ = make_plan(connection, CATALOGUE, wanted, prune=False)
            apply_plan(connection, CATALOGUE, plan, datetime.now(UTC))
            with statements(editor.database) as sent:
                release(connection, UNFINISHED, written=plan.changes)
        assert not any("FROM term_text" in statement for statement, _ in sent)
        assert not any(
            statement.startswith("SELECT") and "published_entity.draft " in statement for statement, _ in sent
        )
        assert editor.document("term", "chair")["name"] == "Chair"


class TestBags:
    @given(st.text())
    def test_a_text_has_the_words_of_its_pieces(self, text: str) -> None:
        assert bag([text], "en") == {form for word in words(text) for form in forms(word, "en")}
