"""`flask database backup` and `restore` on both stores, while others read and write."""

import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from app import create_app
from app.store import migrating
from app.store.database import Database
from tests.admin.desk import Desk, database_of
from tests.content.editing import Editor
from tests.content.samples import exercise
from tests.settings import settings_for
from tests.stores import MakeStore, opened
from tests.waiting import wait_for


@pytest.fixture(autouse=True)
def _programs(monkeypatch: pytest.MonkeyPatch, postgresql_programs: Path) -> None:
    """PostgreSQL's programs of the server's version are found first."""
    monkeypatch.setenv("PATH", f"{postgresql_programs}:{os.environ['PATH']}")


def run(app: Flask, *arguments: object) -> Result:
    return app.test_cli_runner().invoke(args=["database", *map(str, arguments)])


def done(app: Flask, *arguments: object) -> str:
    result = run(app, *arguments)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def refused(app: Flask, *arguments: object) -> str:
    result = run(app, *arguments)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1), result.stderr
    return result.stderr


def names(app: Flask) -> list[str]:
    items = app.test_client().get("/v1/exercises").json["items"]  # type: ignore[index]  # it is JSON
    return [item["slug"] for item in items]


@pytest.fixture
def other(request: pytest.FixtureRequest, app: Flask) -> Iterator[Flask]:
    """An application on another store of the same kind, which has tables and nothing in them."""
    kind = "sqlite" if database_of(app).is_sqlite else "postgresql"
    make: MakeStore = request.getfixturevalue(f"make_{kind}")
    created = create_app(settings_for(make(), revision_check_seconds=0))
    yield created
    database_of(created).dispose()


class TestThereAndBack:
    def test_what_was_backed_up_is_what_is_restored(self, app: Flask, other: Flask, tmp_path: Path) -> None:
        Editor(database_of(app)).publish(exercises=[exercise("a"), exercise("b")])
        key = Desk(app).key
        file = tmp_path / "today.backup"
        assert done(app, "backup", file).startswith(f"Revision 1 was written to {file}, ")
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert list(tmp_path.iterdir()) == [file]
        assert names(other) == []
        assert done(other, "restore", file, "--replace") == f"Revision 1 was restored from {file}.\n"
        assert names(other) == ["a", "b"]
        headers = {"Authorization": f"Bearer {key}"}
        audit = other.test_client().get("/v1/admin/audit?limit=1", headers=headers)
        assert audit.json is not None
        assert audit.json["items"][0]["action"] == "restore"
        assert "whole" in done(other, "check")
        # Numbers go on where they were, and search knows what is there.
        Editor(database_of(other)).publish(exercises=[exercise("c")])
        found = other.test_client().get("/v1/exercises?q=c&fields=name")
        assert (names(other), found.status_code) == (["a", "b", "c"], 200)

    def test_what_came_later_is_gone_and_a_running_server_knows(self, app: Flask, tmp_path: Path) -> None:
        editor = Editor(database_of(app))
        editor.publish(exercises=[exercise("a")])
        done(app, "backup", tmp_path / "first")
        editor.publish(exercises=[exercise("b")])
        editor.publish(exercises=[exercise("c")])
        serving = create_app(settings_for(database_of(app).url, revision_check_seconds=0))
        assert names(serving) == ["a", "b", "c"]
        done(app, "restore", tmp_path / "first", "--replace")
        assert names(serving) == ["a"]
        database_of(serving).dispose()

    def test_a_backup_is_of_one_moment_while_releases_come(self, app: Flask, other: Flask, tmp_path: Path) -> None:
        editor = Editor(database_of(app))
        editor.publish(exercises=[exercise("a")])
        stopped, released, told = threading.Event(), [1], list[str]()

        def releases() -> None:
            with opened(database_of(app).url) as database:
                while not stopped.is_set():
                    released.append(released[-1] + 1)
                    Editor(database).publish(exercises=[exercise("a", name=f"A {released[-1]}")])

        thread = threading.Thread(target=releases)
        thread.start()
        try:
            for number in range(3):
                before = released[-1]
                wait_for(lambda before=before: released[-1] > before)  # type: ignore[misc]  # mypy knows no defaults
                told.append(done(app, "backup", tmp_path / str(number)).split()[1])
        finally:
            stopped.set()
            thread.join()
        for number in range(3):
            done(other, "restore", tmp_path / str(number), "--replace")
            assert "damaged" not in done(other, "check")
            revision = other.test_client().get("/readyz").json["revision"]  # type: ignore[index]  # it is JSON
            assert str(revision) == told[number]
            document = other.test_client().get("/v1/exercises/a").json
            assert document["name"] == (f"A {revision}" if revision > 1 else exercise("a")["name"])  # type: ignore[index]  # it is JSON

    def test_an_older_version_is_restored_and_upgraded(self, app: Flask, other: Flask, tmp_path: Path) -> None:
        migrating.downgrade(database_of(app), "0009")
        done(app, "backup", tmp_path / "older")
        said = done(other, "restore", tmp_path / "older", "--replace").splitlines()
        assert said[1:] == ["Its tables are of an older version: run `flask database upgrade`."]
        done(other, "upgrade")
        assert other.test_client().get("/readyz").status_code == 200


class TestFolders:
    def test_a_backup_in_a_folder_is_named_by_its_time_and_the_newest_stay(self, app: Flask, tmp_path: Path) -> None:
        for name in ("limber-20200101T000000Z.backup", "limber-20210101T000000Z.backup", "mine.backup"):
            (tmp_path / name).touch()
        assert "Older backups removed: 1." in done(app, "backup", tmp_path, "--keep", 2)
        kept = sorted(path.name for path in tmp_path.iterdir())
        assert kept[0] == "limber-20210101T000000Z.backup"
        assert kept[2:] == ["mine.backup"]

    def test_keep_without_a_folder_is_refused(self, app: Flask, tmp_path: Path) -> None:
        result = run(app, "backup", tmp_path / "file", "--keep", 2)
        assert (result.exit_code, "is for a folder" in result.stderr) == (2, True)


class TestRefusals:
    def test_a_backup_replaces_no_file(self, app: Flask, tmp_path: Path) -> None:
        (tmp_path / "there").write_text("mine")
        assert "is there already" in refused(app, "backup", tmp_path / "there")
        assert (tmp_path / "there").read_text() == "mine"

    def test_a_folder_that_is_not_there(self, app: Flask, tmp_path: Path) -> None:
        assert "No such file or directory" in refused(app, "backup", tmp_path / "none" / "file")
        assert "No such file or directory" in refused(app, "restore", tmp_path / "none", "--replace")

    def test_a_store_with_tables_is_not_replaced_unasked(self, app: Flask, tmp_path: Path) -> None:
        Editor(database_of(app)).publish(exercises=[exercise("a")])
        done(app, "backup", tmp_path / "file")
        assert "holds tables already" in refused(app, "restore", tmp_path / "file")

    @pytest.mark.parametrize("content", [b"", b"SQLite format 3\0", b"PGDMP", b"PGDMP\x01\x0f\x00nonsense", b"hello"])
    def test_what_is_no_backup_changes_nothing(self, app: Flask, tmp_path: Path, content: bytes) -> None:
        Editor(database_of(app)).publish(exercises=[exercise("a")])
        (tmp_path / "file").write_bytes(content)
        assert str(tmp_path / "file") in refused(app, "restore", tmp_path / "file", "--replace")
        assert names(app) == ["a"]

    def test_a_damaged_backup_changes_nothing(self, app: Flask, tmp_path: Path) -> None:
        editor = Editor(database_of(app))
        editor.publish(exercises=[exercise(f"e{number}") for number in range(40)])
        done(app, "backup", tmp_path / "file")
        whole = (tmp_path / "file").read_bytes()
        for kept in (len(whole) // 3, len(whole) * 9 // 10, len(whole) - 10):
            (tmp_path / "file").write_bytes(whole[:kept])
            refused(app, "restore", tmp_path / "file", "--replace")
            assert len(names(app)) == 20

    def test_a_backup_of_a_newer_version(self, app: Flask, database: Database, tmp_path: Path) -> None:
        with database_of(app).transaction() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        done(app, "backup", tmp_path / "file")
        said = refused(app, "restore", tmp_path / "file", "--replace")
        assert f"The tables of the backup {tmp_path}/file are of a newer version (migration 9999)" in said

    @pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
    def test_without_its_programs_postgresql_is_told_plainly(
        self, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        done(app, "backup", tmp_path / "file")
        monkeypatch.setenv("PATH", "/nowhere")
        assert "The program pg_dump is not on PATH." in refused(app, "backup", tmp_path / "other")
        assert "The program pg_restore is not on PATH." in refused(app, "restore", tmp_path / "file", "--replace")

    @pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
    def test_an_older_pg_dump_is_told_by_its_own_words(
        self, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        older = Path("/usr/lib/postgresql/15/bin")
        if not (older / "pg_dump").exists():
            pytest.skip("an older PostgreSQL is not there")
        monkeypatch.setenv("PATH", f"{older}:{os.environ['PATH']}")
        assert "server version mismatch" in refused(app, "backup", tmp_path / "file")
        assert list(tmp_path.iterdir()) == []
