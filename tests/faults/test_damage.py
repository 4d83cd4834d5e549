"""A store whose files are damaged: 503 and an error in the log, never 500, and a check that says what it is."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import event, text

from app.commands import serve
from app.store.database import Database
from tests.applications import application
from tests.settings import settings_for
from tests.stores import STORES, MakeStore

DETAIL = "/v1/exercises/chin-tuck"
GARBAGE = b"\xa5damage\x5a" * 64

Damage = Callable[[Path], None]


@contextmanager
def opened(url: str) -> Iterator[Flask]:
    app = application(settings_for(url))
    yield app
    app.extensions["limber_database"].dispose()


def check(app: Flask, *command: str) -> Result:
    return app.test_cli_runner().invoke(args=[*(command or ("database", "check"))])


@pytest.fixture
def file(make_seeded_sqlite: MakeStore) -> Path:
    return Path(make_seeded_sqlite().removeprefix("sqlite:///"))


@pytest.fixture(params=STORES)
def seeded(request: pytest.FixtureRequest) -> Iterator[Flask]:
    make: MakeStore = request.getfixturevalue(f"make_seeded_{request.param}")
    with opened(make()) as app:
        yield app


def overwrite_table(name: str) -> Damage:
    """Overwrites the page at which a table or an index begins."""

    def damage(file: Path) -> None:
        with closing(sqlite3.connect(file)) as connection:
            (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()
            (size,) = connection.execute("PRAGMA page_size").fetchone()
        with file.open("r+b") as opened:
            opened.seek((page - 1) * size)
            opened.write(GARBAGE)

    return damage


def overwrite_beginning(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.write(GARBAGE)


def cut_off(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.truncate(file.stat().st_size // 2)


DAMAGES: dict[str, Damage] = {
    "documents": overwrite_table("document"),
    "an index": overwrite_table("uq_document_kind_language_slug"),
    "revisions": overwrite_table("revision_counter"),
    "migrations": overwrite_table("alembic_version"),
    "the beginning": overwrite_beginning,
    "the end": cut_off,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
class TestDamagedFiles:
    def test_answers_are_503_readiness_too_and_the_log_says_why(
        self, damage: Damage, file: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        damage(file)
        with opened(f"sqlite:///{file}") as app:
            client = app.test_client()
            answers = [client.get(path) for path in (DETAIL, "/v1/exercises", "/readyz", "/livez")]
        # What is read of whole pages may still be answered.
        assert {answer.status_code for answer in answers[:2]} <= {200, 503}
        assert [answer.status_code for answer in answers[2:]] == [503, 200]
        assert answers[2].json is not None
        assert answers[2].json["type"].endswith("/problems/unavailable")
        assert "Retry-After" in answers[2].headers
        errors = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
        assert errors
        assert all("The database is damaged: " in error for error in errors), errors

    def test_the_check_fails_and_nothing_is_served(
        self, damage: Damage, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        damage(file)
        monkeypatch.setattr(serve, "claim_port", lambda *_: None)
        with opened(f"sqlite:///{file}") as app:
            for result in (check(app), check(app, "serve")):
                assert isinstance(result.exception, SystemExit), result.exception
                assert result.exit_code == 1
                assert "is damaged" in result.stderr


class TestCheck:
    def test_a_whole_store_is_whole(self, seeded: Flask) -> None:
        result = check(seeded)
        files = "whole" if seeded.extensions["limber_database"].is_sqlite else "not checked; PostgreSQL's extension"
        assert (result.exit_code, result.stderr) == (0, "")
        first, *others = result.stdout.splitlines()
        assert first.startswith(f"Files and indexes: {files}")
        assert others == ["Digests of releases: whole.", "Documents, against their newest versions: whole."]

    @pytest.mark.parametrize(
        ("statement", "told"),
        [
            ("UPDATE document SET body = {other} WHERE slug = 'chin-tuck' AND language = 'en'", "is not what was"),
            ("DELETE FROM document WHERE slug = 'chin-tuck' AND language = 'en'", "is missing"),
        ],
    )
    def test_a_document_that_is_not_what_was_released_is_named(self, seeded: Flask, statement: str, told: str) -> None:
        self._change(seeded, statement)
        result = check(seeded)
        assert result.exit_code == 1
        assert "Digests of releases: whole." in result.stdout
        assert f"  exercise chin-tuck (en) {told}" in result.stdout

    def test_a_release_whose_documents_were_altered_is_named(self, seeded: Flask) -> None:
        self._change(seeded, "UPDATE document_version SET body = {other} WHERE slug = 'chin-tuck'")
        result = check(seeded)
        assert result.exit_code == 1
        assert "  the digest of release 1 is not that of its documents after release 0" in result.stdout

    def test_a_release_that_is_gone_is_told(self, seeded: Flask) -> None:
        self._change(seeded, "UPDATE revision_counter SET revision = 2")
        assert "the revision is 2, and the releases are not those from 1 to 2" in check(seeded).stdout

    def test_a_row_that_names_none_is_told(self, file: Path) -> None:
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            connection.execute("DELETE FROM published_entity WHERE slug = 'chin-tuck'")
        with opened(f"sqlite:///{file}") as app:
            result = check(app)
        assert result.exit_code == 1
        assert "of document names a row of published_entity that is not there" in result.stdout

    @pytest.mark.parametrize("seeded", ["postgresql"], indirect=True)
    def test_documents_are_read_once_even_where_full_tables_are_taken_to_be_empty(self, seeded: Flask) -> None:
        """As after a restoration, until they are analysed. The best plan for no rows is the worst for many."""
        tables = "('document', 'document_version')"
        self._change(
            seeded,
            f"UPDATE pg_class SET reltuples = 0, relpages = greatest(relpages, 10) WHERE relname IN {tables}",
        )
        engine, asked = seeded.extensions["limber_database"].engine, []
        event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2:4]))
        result = check(seeded)
        assert (result.exit_code, result.stderr) == (0, "")
        documents = [(statement, values) for statement, values in asked if "document" in statement]
        assert len(documents) == 3
        with engine.connect() as connection:
            for statement, values in documents:
                plan = connection.exec_driver_sql(f"EXPLAIN {statement}", values).scalars().all()
                assert not any("Nested Loop" in line for line in plan), plan

    def _change(self, app: Flask, statement: str) -> None:
        database: Database = app.extensions["limber_database"]
        other = "x'7b7d'" if database.is_sqlite else "'\\x7b7d'"
        with database.transaction() as connection:
            connection.execute(text(statement.format(other=other)))


@pytest.mark.parametrize("seeded", ["postgresql"], indirect=True)
class TestDamagedPages:
    """On PostgreSQL, whose files belong to a server."""

    def _damage(self, database: Database, relation: str) -> None:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for extension in ("pg_buffercache", "amcheck"):
                connection.execute(text(f"CREATE EXTENSION {extension}"))
            connection.execute(text("CHECKPOINT"))
            connection.execute(text(f"SELECT * FROM pg_buffercache_evict_relation('{relation}')"))
            folder = connection.execute(text("SHOW data_directory")).scalar_one()
            file = connection.execute(text(f"SELECT pg_relation_filepath('{relation}')")).scalar_one()
        with (Path(folder) / file).open("r+b") as opened:
            for begin in range(0, (Path(folder) / file).stat().st_size, 8192):
                opened.seek(begin)
                opened.write(GARBAGE)

    def test_answers_are_503_and_the_check_names_the_table(
        self, seeded: Flask, caplog: pytest.LogCaptureFixture
    ) -> None:
        self._damage(seeded.extensions["limber_database"], "document")
        client = seeded.test_client()
        assert [client.get(path).status_code for path in ("/v1/exercises", "/readyz", "/livez")] == [503, 503, 200]
        assert "The database is damaged: invalid page in block " in caplog.text
        result = check(seeded)
        assert result.exit_code == 1
        files, *_ = result.stdout.partition("Digests of releases: whole.")
        assert "  document: " in files
        assert "invalid page" in files

    def test_the_check_names_an_index(self, seeded: Flask) -> None:
        self._damage(seeded.extensions["limber_database"], "ix_document_name")
        result = check(seeded)
        assert result.exit_code == 1
        assert "  ix_document_name: invalid page in block 0" in result.stdout
        assert "Digests of releases: whole." in result.stdout
