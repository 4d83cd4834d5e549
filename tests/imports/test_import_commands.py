import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from app.store.database import Database
from tests.imports.records import REAL, drafts_in, exercise, needs_real_data, translation, write_wger


@pytest.fixture
def store(app: Flask) -> Database:
    opened: Database = app.extensions["limber_database"]
    return opened


def invoke(app: Flask, *arguments: str | Path) -> Result:
    return app.test_cli_runner().invoke(args=["catalogue", "import", *map(str, arguments)])


def written(folder: Path, *records: Any) -> Path:
    path = folder / "exercises.json"
    path.write_text(json.dumps(records), encoding="utf-8")
    return path


class TestFreeExerciseDb:
    def test_it_imports_and_reports(self, app: Flask, store: Database, tmp_path: Path) -> None:
        file = written(tmp_path, exercise("One"), exercise("Two", equipment=None, instructions=[]))
        result = invoke(app, "free-exercise-db", file)
        assert result.exit_code == 0, result.output
        lines = result.output.splitlines()
        assert lines[0] == "2 records read, 2 of them exercises to import."
        assert "  muscle: abdominals        → abdominals (2)" in lines
        assert "      1  imported without steps: the record has none: Two" in lines
        draft = drafts_in(store)["free-exercise-db-one"]
        assert draft["licence"] == {"slug": "unlicense", "attribution": "free-exercise-db"}
        assert draft["citations"][0]["source"] == "free-exercise-db"
        assert draft["guidance"]["professional"] == "recommended"

    def test_a_release_of_what_has_no_doses_is_refused_with_every_gap_and_nothing_is_imported(
        self, app: Flask, store: Database, tmp_path: Path
    ) -> None:
        result = invoke(app, "free-exercise-db", written(tmp_path, exercise("One")), "--release", "Imported")
        assert result.exit_code == 1
        assert "/exercises/free-exercise-db-one/levels/0/dose: A level needs a dose with times" in result.stderr
        assert drafts_in(store) == {}

    def test_a_second_time_it_changes_and_releases_nothing(self, app: Flask, tmp_path: Path) -> None:
        file = written(tmp_path, exercise("One"))
        invoke(app, "free-exercise-db", file)
        result = invoke(app, "free-exercise-db", file, "--release", "Again", "--prune")
        assert result.output.splitlines()[-3:] == [
            "0 were created, 0 updated, 0 deleted; 1 unchanged.",
            "Also pending, and not released: 7. With --all they are released too.",
            "Nothing to release: the catalogue stays at revision 0.",
        ]

    def test_a_dry_run_shows_and_changes_nothing(self, app: Flask, store: Database, tmp_path: Path) -> None:
        result = invoke(app, "free-exercise-db", written(tmp_path, exercise("One")), "--dry-run", "--release", "No")
        assert result.exit_code == 0
        assert "+ exercises/free-exercise-db-one" in result.output
        assert result.output.splitlines()[-1].startswith("7 would be created")
        assert drafts_in(store) == drafts_in(store, "term") == {}

    def test_prune_is_named_where_something_is_gone(self, app: Flask, store: Database, tmp_path: Path) -> None:
        invoke(app, "free-exercise-db", written(tmp_path, exercise("One"), exercise("Two")))
        one = written(tmp_path, exercise("One"))
        told = invoke(app, "free-exercise-db", one).output
        gone = "Imported before and not in the files any more: 1, which --prune removes: free-exercise-db-two"
        assert gone in told.splitlines()
        assert invoke(app, "free-exercise-db", one, "--prune").exit_code == 0
        assert drafts_in(store).keys() == {"free-exercise-db-one"}

    def test_faults_are_told_with_their_pointers(self, app: Flask, store: Database, tmp_path: Path) -> None:
        result = invoke(app, "free-exercise-db", written(tmp_path, exercise("One"), exercise("Two", name=None), 3))
        assert result.exit_code == 1
        assert result.stderr.splitlines() == [
            "exercises.json#/1/name: Is required.",
            "exercises.json#/2: Must be an object with fields.",
            "Error: 2 errors; nothing was changed.",
        ]
        assert drafts_in(store) == {}

    @pytest.mark.parametrize("name", ["missing.json", "\udcff.json", "garbage.json"])
    def test_a_file_that_cannot_be_read(self, app: Flask, tmp_path: Path, name: str) -> None:
        (tmp_path / "garbage.json").write_bytes(b"\x00\xff[")
        result = invoke(app, "free-exercise-db", tmp_path / name)
        assert result.exit_code == 1
        assert not isinstance(result.exception, UnicodeError)

    @needs_real_data
    def test_a_folder_given_for_a_file(self, app: Flask) -> None:
        assert invoke(app, "free-exercise-db", REAL).exit_code == 2


class TestWger:
    def test_it_imports_and_reports(self, app: Flask, store: Database, tmp_path: Path) -> None:
        result = invoke(app, "wger", write_wger(tmp_path / "dump"))
        assert result.exit_code == 0, result.output
        draft = drafts_in(store)["wger-1-curl-1"]
        assert draft["licence"] == {"slug": "cc-by-sa-4-0", "attribution": "wger: record, en, es by ann (CC-BY-SA-4.0)"}
        assert [step["instruction"]["en"] for step in draft["steps"]] == ["Stand.", "Bend."]

    def test_every_missing_file_is_told(self, app: Flask, tmp_path: Path) -> None:
        folder = write_wger(tmp_path / "dump")
        (folder / "muscles.json").unlink()
        (folder / "languages.json").write_text("{")
        result = invoke(app, "wger", folder)
        assert result.exit_code == 1
        assert "muscles.json: There is no such file." in result.stderr
        assert "languages.json: Not JSON" in result.stderr

    def test_a_fault_names_its_file(self, app: Flask, tmp_path: Path) -> None:
        folder = write_wger(tmp_path / "dump", translations=[translation(11, 1, name=5)])
        result = invoke(app, "wger", folder)
        assert result.stderr.splitlines()[0] == "translations.json#/0/fields/name: Must be a text."
