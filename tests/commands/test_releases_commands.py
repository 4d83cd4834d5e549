"""`flask releases` and `flask audit`: what an operator sees of history, goes back to, and takes away."""

import json
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError

from app import create_app
from app.commands import serve
from app.config import ROOT, Settings
from app.models.tables import audit_entry
from tests.admin.desk import Desk, database_of
from tests.content.editing import Editor
from tests.content.samples import exercise
from tests.settings import settings_for
from tests.stores import MakeStore

OLD = datetime(2020, 1, 1, tzinfo=UTC)


def run(app: Flask, *arguments: object) -> Result:
    return app.test_cli_runner().invoke(args=[*map(str, arguments)])


def done(app: Flask, *arguments: object) -> list[str]:
    result = run(app, *arguments)
    assert result.exit_code == 0, result.stderr
    return result.stdout.splitlines()


class TestReleases:
    def test_a_bad_release_is_found_and_taken_back(self, app: Flask) -> None:
        editor = Editor(database_of(app))
        editor.publish(exercises=[exercise("a"), exercise("b")])
        editor.publish(exercises=[{**exercise("a"), "name": "Wrong"}, exercise("c")])
        first, second = done(app, "releases", "list")
        assert re.fullmatch(r"2  \d{4}-\d\d-\d\d \d\d:\d\dZ  4 documents written, 0 taken away", first)
        assert second.startswith("1  ")
        assert done(app, "releases", "list", "--limit", 1) == [first]
        shown = done(app, "releases", "show", 2)
        assert shown[2:] == ["~ exercise a", "+ exercise c"]
        assert done(app, "releases", "roll-back", 1) == ["Released revision 3: 2 documents written, 2 taken away."]
        client = app.test_client()
        assert client.get("/v1/exercises/a").json["name"] == exercise("a")["name"]  # type: ignore[index]  # it is JSON
        assert client.get("/v1/exercises/c").status_code == 404
        newest = Desk(app, "content:read").get("/releases?limit=1")["items"][0]
        assert (newest["action"], newest["note"]) == ("rollback", "Back to revision 1")

    def test_what_would_be_lost_is_listed(self, app: Flask) -> None:
        editor = Editor(database_of(app))
        editor.publish(exercises=[exercise("a")])
        editor.publish(exercises=[{**exercise("a"), "name": "Wrong"}])
        editor.put(exercises=[{**exercise("a"), "name": "Half done"}])
        result = run(app, "releases", "roll-back", 1)
        assert (result.exit_code, result.stderr.splitlines()[0]) == (1, "/exercises/a: Holds unreleased edits.")
        done(app, "releases", "roll-back", 1, "--discard-pending")

    @pytest.mark.parametrize("command", ["show", "roll-back"])
    def test_a_revision_that_there_is_not(self, app: Flask, command: str) -> None:
        result = run(app, "releases", command, 9)
        assert (result.exit_code, result.stderr) == (1, "Error: There is no revision 9.\n")


class TestPurge:
    def test_only_what_is_named_as_nginx_names_it_is_deleted(self, app: Flask, tmp_path: Path) -> None:
        kept = tmp_path / "c" / "29" / "b7f54b2df7773722d382f4809d65029c"
        kept.parent.mkdir(parents=True)
        for path in (kept, tmp_path / "readme", tmp_path / "c" / "b7f54b2df7773722d382f4809d65029c.txt"):
            path.touch()
        assert done(app, "releases", "purge", tmp_path) == ["1 kept answers were deleted."]
        assert (kept.exists(), (tmp_path / "readme").exists()) == (False, True)

    def test_a_file_that_may_not_be_deleted_is_told(
        self, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / ("0" * 32)).touch()

        def refuse(path: Path, **_options: object) -> None:
            raise PermissionError(13, "Permission denied", str(path))

        monkeypatch.setattr(Path, "unlink", refuse)
        result = run(app, "releases", "purge", tmp_path)
        assert (result.exit_code, result.stderr.count("\n"), "Permission denied" in result.stderr) == (1, 1, True)


class TestAudit:
    def add(self, app: Flask, at: datetime, target: str) -> None:
        with database_of(app).transaction() as connection:
            connection.execute(insert(audit_entry).values(at=at, action="update", target=target, detail={"é": 1}))

    def test_older_entries_move_to_a_file_and_those_of_releases_stay(self, app: Flask, tmp_path: Path) -> None:
        now, file = datetime.now(UTC), tmp_path / "audit.jsonl"
        for at, target in ((OLD, "exercises/a"), (OLD, "releases/1"), (now, "exercises/b")):
            self.add(app, at, target)
        command = ("audit", "prune", "--keep-days", 365, "--to", file)
        assert done(app, *command) == [f"1 entries were moved to {file}."]
        assert done(app, *command) == [f"0 entries were moved to {file}."]
        [moved] = map(json.loads, file.read_text(encoding="utf-8").splitlines())
        assert (moved["at"], moved["target"], moved["detail"]) == ("2020-01-01T00:00:00Z", "exercises/a", {"é": 1})
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        left = [(each["action"], each["target"]) for each in Desk(app, "audit").get("/audit")["items"]]
        assert left == [("prune", "audit"), ("update", "exercises/b"), ("update", "releases/1")]

    def test_it_is_append_only_again_afterwards(self, app: Flask, tmp_path: Path) -> None:
        self.add(app, OLD, "exercises/a")
        done(app, "audit", "prune", "--keep-days", 1, "--to", tmp_path / "audit.jsonl")
        for statement in ("DELETE FROM audit_entry", "UPDATE audit_entry SET target = ''"):
            with pytest.raises(DBAPIError, match="append-only"), database_of(app).transaction() as connection:
                connection.exec_driver_sql(statement)

    def test_where_the_file_cannot_be_written_nothing_is_removed(self, app: Flask, tmp_path: Path) -> None:
        self.add(app, OLD, "exercises/a")
        result = run(app, "audit", "prune", "--keep-days", 1, "--to", tmp_path / "none" / "audit.jsonl")
        assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
        assert "No entry was removed." in result.stderr
        assert len(Desk(app, "audit").get("/audit")["items"]) == 1


class TestSeed:
    @pytest.fixture(autouse=True)
    def _not_served(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "execve", lambda *_: None)
        monkeypatch.setattr(serve, "claim_port", lambda *_: None)

    @contextmanager
    def started(self, url: str, seed: Path | None) -> Iterator[tuple[Result, list[str]]]:
        """What a start says, and the exercises that are then there."""
        app = create_app(settings_for(url, seed=seed))
        result = run(app, "serve")
        items = app.test_client().get("/v1/exercises?limit=100").json["items"]  # type: ignore[index]  # it is JSON
        assert app.test_client().get("/readyz").status_code == 200
        yield result, [item["slug"] for item in items]
        database_of(app).dispose()

    def test_a_start_without_content(self, store_url: str) -> None:
        with self.started(store_url, None) as (result, slugs):
            assert (result.exit_code, "Seeded" in result.stdout, "desk-break" in result.stdout) == (0, False, False)
            assert slugs == []

    def test_a_start_with_content_of_another_folder(self, store_url: str, tmp_path: Path) -> None:
        for folder in ("vocabularies", "exercises"):
            (tmp_path / folder).symlink_to(ROOT / "seed_data" / folder)
        with self.started(store_url, tmp_path) as (result, slugs):
            # They name sources that are not there: nothing is applied, and each fault is told with its place.
            assert (result.exit_code, slugs) == (1, [])
            assert f"{tmp_path}/exercises/" in result.stderr
        for folder in ("sources", "places"):
            (tmp_path / folder).symlink_to(ROOT / "seed_data" / folder)
        with self.started(store_url, tmp_path) as (result, slugs):
            assert (result.exit_code, "Seeded" in result.stdout) == (0, True), result.stderr
            assert "chin-tuck" in slugs

    def test_an_empty_folder_is_no_content(self, make_sqlite: MakeStore, tmp_path: Path) -> None:
        with self.started(make_sqlite(), tmp_path) as (result, slugs):
            assert (result.exit_code, slugs) == (0, [])

    def test_the_setting(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        from environs import EnvValidationError

        from app.config import load_settings

        assert load_settings().seed == Settings.seed == ROOT / "seed_data"
        for value, seed in (("none", None), (str(tmp_path), tmp_path)):
            monkeypatch.setenv("SEED", value)
            assert load_settings().seed == seed
        monkeypatch.setenv("SEED", "/nowhere")
        with pytest.raises(EnvValidationError, match='"SEED" invalid: must be none, or a folder'):
            load_settings()
