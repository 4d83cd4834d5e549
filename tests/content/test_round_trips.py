"""draft → tables → draft and draft → YAML → draft lose nothing and change nothing, whatever a draft holds."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from app.content.content_type import ContentType, EntityKey
from app.content.identity import made_id
from app.content.mapping import Draft
from app.editing.bundle import load_draft
from app.editing.plan import apply_plan, make_plan
from app.editing.stored import StoredDrafts
from app.kinds import CATALOGUE
from app.seeding.export import export_folder
from app.seeding.files import read_folder
from app.store.database import Database
from tests.content.editing import Drafts, loaded
from tests.content.generated import NASTY, TEXTS, catalogues
from tests.content.samples import term
from tests.settings import settings_for
from tests.stores import MakeStore

CHECKS = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]


@contextmanager
def undone(database: Database) -> Iterator[Connection]:
    """A transaction that is checked as a commit would, and then rolled back."""

    class Undo(Exception):
        pass

    try:
        with database.transaction(exclusive=True) as connection:
            yield connection
            if database.is_sqlite:
                assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
            else:
                connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
            raise Undo
    except Undo:
        pass


def with_ids(drafts: Drafts) -> Drafts:
    """The drafts with ids that no others have."""
    return {
        collection: [{**draft, "id": made_id(collection, f"given/{draft['slug']}")} for draft in written]
        for collection, written in drafts.items()
    }


def write(connection: Connection, wanted: dict[EntityKey, Draft]) -> None:
    plan, faults = make_plan(connection, CATALOGUE, wanted, prune=False)
    assert not faults
    apply_plan(connection, CATALOGUE, plan, datetime.now(UTC))


def check_tables(database: Database, drafts: Drafts) -> None:
    wanted = loaded(with_ids(drafts))
    with undone(database) as connection:
        write(connection, wanted)
        assert StoredDrafts(connection, CATALOGUE).everything() == wanted
        plan, _ = make_plan(connection, CATALOGUE, wanted, prune=True)
        assert not plan


@pytest.fixture
def sqlite(make_sqlite: MakeStore) -> Iterator[Database]:
    database = Database(settings_for(make_sqlite()))
    yield database
    database.dispose()


@pytest.fixture
def postgresql(make_postgresql: MakeStore) -> Iterator[Database]:
    database = Database(settings_for(make_postgresql()))
    yield database
    database.dispose()


class TestTables:
    @settings(max_examples=25, deadline=None, suppress_health_check=CHECKS)
    @given(drafts=catalogues())
    def test_what_is_written_to_sqlite_is_read_again(self, sqlite: Database, drafts: Drafts) -> None:
        check_tables(sqlite, drafts)

    @settings(max_examples=6, deadline=None, suppress_health_check=CHECKS)
    @given(drafts=catalogues())
    def test_what_is_written_to_postgresql_is_read_again(self, postgresql: Database, drafts: Drafts) -> None:
        check_tables(postgresql, drafts)

    def test_every_nasty_text_is_kept_by_both_stores(self, database: Database) -> None:
        texts = [nasty.strip() for nasty in NASTY]
        for start in range(0, len(texts), 60):
            check_tables(database, {"vocabularies": [term("t", aliases=texts[start : start + 60])]})


class TestFiles:
    @settings(max_examples=12, deadline=None, suppress_health_check=CHECKS)
    @given(drafts=catalogues())
    def test_what_is_exported_is_read_again_and_changes_nothing(self, sqlite: Database, drafts: Drafts) -> None:
        wanted = loaded(with_ids(drafts))
        with undone(sqlite) as connection, tempfile.TemporaryDirectory() as folder:
            write(connection, wanted)
            export_folder(connection, CATALOGUE, Path(folder))
            again = read_folder(Path(folder), CATALOGUE).drafts
            assert again == wanted
            plan, _ = make_plan(connection, CATALOGUE, again, prune=True)
            assert not plan

    @settings(max_examples=40, deadline=None, suppress_health_check=CHECKS)
    @given(texts=st.lists(TEXTS, min_size=1, max_size=30))
    def test_any_text_that_a_draft_may_hold_comes_back_from_yaml(self, sqlite: Database, texts: list[str]) -> None:
        check_yaml(sqlite, texts)

    def test_every_nasty_text_comes_back_from_yaml(self, sqlite: Database) -> None:
        check_yaml(sqlite, [nasty for nasty in NASTY if nasty.strip()])


def check_yaml(database: Database, texts: list[str]) -> None:
    chunks = [texts[start : start + 60] for start in range(0, len(texts), 60)]
    terms = [term(f"t-{number}", aliases=chunk) for number, chunk in enumerate(chunks)]
    wanted = loaded(with_ids({"vocabularies": terms}))
    with undone(database) as connection, tempfile.TemporaryDirectory() as folder:
        write(connection, wanted)
        export_folder(connection, CATALOGUE, Path(folder))
        assert read_folder(Path(folder), CATALOGUE).drafts == wanted


class TestCanonicalForm:
    @settings(max_examples=25, deadline=None, suppress_health_check=CHECKS)
    @given(drafts=catalogues())
    def test_loading_a_loaded_draft_changes_nothing(self, drafts: Drafts) -> None:
        for (kind, _), draft in loaded(drafts).items():
            content_type: ContentType = CATALOGUE[kind]
            again = load_draft(content_type, draft)
            assert again == draft
            assert list(again) == list(draft)
