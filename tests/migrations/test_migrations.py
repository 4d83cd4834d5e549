"""The migrations go up, down and up again, equal the models, and are safe to run at any time."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Table, inspect, select, text
from sqlalchemy.exc import ProgrammingError

from app.errors import StoreUnavailable
from app.models.publication import RevisionCounter
from app.store import migrating
from app.store.database import Base, Database
from tests.migrations.schema import VERSIONS, schema_of
from tests.settings import settings_for
from tests.stores import MakeStore, apply_seed

PROCESSES = 4


def tables(database: Database) -> set[str]:
    with database.reading() as connection:
        return {each for each in inspect(connection).get_table_names() if not each.startswith("search_text")}


def revisions() -> list[tuple[str, str]]:
    """Every migration after the one before it, the oldest first."""
    scripts = ScriptDirectory.from_config(migrating.alembic_config()).walk_revisions()
    return [(each.revision, str(each.down_revision or "base")) for each in reversed(list(scripts))]


class TestUpAndDown:
    def test_there_is_one_line_of_migrations(self) -> None:
        scripts = ScriptDirectory.from_config(migrating.alembic_config())
        assert len(scripts.get_heads()) == len(scripts.get_bases()) == 1

    def test_up_makes_every_table_and_down_takes_every_one_away(self, empty: Database) -> None:
        migrating.upgrade(empty)
        assert tables(empty) == {*Base.metadata.tables, VERSIONS}
        migrating.downgrade(empty)
        assert tables(empty) == {VERSIONS}

    def test_up_again_makes_the_same_tables(self, empty: Database) -> None:
        migrating.upgrade(empty)
        with empty.reading() as connection:
            first = schema_of(connection)
        migrating.downgrade(empty)
        migrating.upgrade(empty)
        with empty.reading() as connection:
            assert schema_of(connection) == first

    def test_each_migration_alone_goes_up_and_down_and_up(self, empty: Database) -> None:
        for revision, before in revisions():
            with empty.reading() as connection:
                older = schema_of(connection)
            migrating.upgrade(empty, revision)
            migrating.downgrade(empty, before)
            with empty.reading() as connection:
                assert schema_of(connection) == older
            migrating.upgrade(empty, revision)

    def test_down_works_with_content(self, database: Database) -> None:
        apply_seed(database)
        migrating.downgrade(database)
        assert tables(database) == {VERSIONS}


class TestTheModels:
    def test_alembic_finds_nothing_to_migrate(self, database: Database) -> None:
        with database.reading() as connection:
            options = {"compare_type": True, "compare_server_default": True, "include_object": migrating.is_declared}
            context = MigrationContext.configure(connection, opts=options)
            assert compare_metadata(context, Base.metadata) == []

    def test_migrated_tables_are_those_that_the_models_make(self, make_empty: MakeStore) -> None:
        migrated, made = (Database(settings_for(make_empty())) for _ in range(2))
        migrating.upgrade(migrated)
        with made.transaction() as connection:
            Base.metadata.create_all(connection)
        with migrated.reading() as connection, made.reading() as other:
            first, second = schema_of(connection), schema_of(other)
        migrated.dispose()
        made.dispose()
        assert first.keys() == second.keys()
        for table, described in first.items():
            assert described == second[table]

    @pytest.mark.parametrize("store", ["postgresql"], indirect=True)
    def test_codes_are_ordered_by_code_point(self, empty: Database) -> None:
        migrating.upgrade(empty)
        declared = {
            (table.name, column.name)
            for table in Base.metadata.tables.values()
            for column in table.columns
            if _is_code(table, column.name)
        }
        statement = "SELECT table_name, column_name FROM information_schema.columns WHERE collation_name = 'C'"
        with empty.reading() as connection:
            found = {(row.table_name, row.column_name) for row in connection.execute(text(statement))}
        assert declared
        assert {each for each in found if each[0] in Base.metadata.tables} == declared


def _is_code(table: Table, column: str) -> bool:
    return "postgresql" in table.columns[column].type._variant_mapping


class TestRunning:
    def test_a_new_store_is_at_revision_nought(self, database: Database) -> None:
        with database.reading() as connection:
            rows = connection.execute(select(RevisionCounter.id, RevisionCounter.revision)).all()
        assert [tuple(row) for row in rows] == [(1, 0)]

    def test_a_store_is_current_only_at_the_newest_migration(self, empty: Database) -> None:
        current = []
        for migrate in (None, migrating.upgrade, migrating.downgrade):
            if migrate:
                migrate(empty)
            with empty.reading() as connection:
                current.append(migrating.is_current(connection))
        assert current == [False, True, False]

    def test_a_second_upgrade_keeps_the_content(self, database: Database) -> None:
        with database.transaction() as connection:
            connection.execute(text("UPDATE revision_counter SET revision = 7"))
        migrating.upgrade(database)
        with database.reading() as connection:
            assert connection.execute(select(RevisionCounter.revision)).scalar_one() == 7

    def test_upgrades_at_the_same_time_are_made_once(self, make_empty: MakeStore) -> None:
        url = make_empty()

        def upgrade(_number: int) -> None:
            database = Database(settings_for(url, database_timeout_seconds=30))
            migrating.upgrade(database)
            database.dispose()

        with ThreadPoolExecutor(PROCESSES) as threads:
            list(threads.map(upgrade, range(PROCESSES)))
        database = Database(settings_for(url))
        with database.reading() as connection:
            assert migrating.is_current(connection)
            assert connection.execute(text("SELECT count(*) FROM revision_counter")).scalar_one() == 1
        database.dispose()

    def test_one_that_fails_leaves_the_store_as_it_was(self, empty: Database) -> None:
        with empty.transaction() as connection:
            connection.execute(text("CREATE TABLE routine (id INTEGER PRIMARY KEY)"))
        with pytest.raises((StoreUnavailable, ProgrammingError)):
            migrating.upgrade(empty)
        assert tables(empty) <= {"routine", VERSIONS}
        with empty.reading() as connection:
            assert not migrating.is_current(connection)
