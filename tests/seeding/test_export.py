from pathlib import Path

import pytest
from flask import Flask

from tests.content.samples import exercise, place, routine, source, term
from tests.seeding.commands import Catalogue


@pytest.fixture
def exported(catalogue: Catalogue, tmp_path: Path) -> Catalogue:
    """The same store, with a folder that is not there yet."""
    return Catalogue(catalogue.app, tmp_path / "exported")


class TestExport:
    def test_applying_an_export_to_its_own_store_changes_nothing(
        self, catalogue: Catalogue, exported: Catalogue
    ) -> None:
        catalogue.put(
            vocabularies=[term("neck", "regions"), term("chair", "equipment", aliases=["no", "1.10"])],
            sources=[source("s", authors=["A. B."]), source("p", "professional", places=["here"])],
            places=[place("here", latitude=51.5, longitude=-0.0, professionals=["p"])],
            exercises=[exercise("a", regions=["neck"], summary={"en": "Hi", "no": "Hei"}, former_slugs=["x"])],
            routines=[routine("r", "a")],
        )
        assert exported.succeed("export") == [f"7 entities were written to {exported.folder}."]
        assert exported.succeed("apply", "--prune", "--release", "First")[0] == (
            "0 were created, 0 updated, 0 deleted; 7 unchanged."
        )

    def test_applying_an_export_to_an_empty_store_makes_the_same_working_copy(
        self, catalogue: Catalogue, exported: Catalogue
    ) -> None:
        full = exercise("a", aliases=["Line\nbreak", "12:30:45"], precautions=["- dash", "# hash", "a: b"])
        catalogue.put(exercises=[full])
        before = catalogue.editor.draft("exercise", "a")
        exported.succeed("export")
        catalogue.put(prune=True)
        exported.succeed("apply")
        assert catalogue.editor.draft("exercise", "a") == before

    def test_terms_stand_in_a_file_a_vocabulary_and_everything_else_in_a_file_an_entity(
        self, catalogue: Catalogue, exported: Catalogue
    ) -> None:
        catalogue.put(
            vocabularies=[term("neck", "regions"), term("chest", "regions"), term("chair", "equipment")],
            exercises=[exercise("a"), exercise("b")],
        )
        exported.succeed("export")
        files = {str(path.relative_to(exported.folder)) for path in exported.folder.rglob("*.yaml")}
        assert files == {
            "vocabularies/regions.yaml",
            "vocabularies/equipment.yaml",
            "exercises/a.yaml",
            "exercises/b.yaml",
        }

    def test_an_exported_file_names_its_schema_and_keeps_the_order_of_the_fields(
        self, catalogue: Catalogue, exported: Catalogue
    ) -> None:
        catalogue.put(exercises=[exercise("a", summary="Short.")])
        exported.succeed("export")
        lines = (exported.folder / "exercises" / "a.yaml").read_text(encoding="utf-8").splitlines()
        assert lines[0] == "# yaml-language-server: $schema=../schemas/exercise.schema.json"
        names = [line.partition(":")[0] for line in lines[1:] if line[0] not in " -"]
        assert names == ["slug", "id", "name", "summary", "type", "steps", "levels", "guidance"]

    def test_what_is_retired_is_not_exported(self, catalogue: Catalogue, exported: Catalogue) -> None:
        catalogue.editor.publish(exercises=[exercise("a"), exercise("b")])
        catalogue.put(prune=True, exercises=[exercise("a")])
        exported.succeed("export")
        assert [path.name for path in exported.folder.rglob("*.yaml")] == ["a.yaml"]

    def test_a_folder_that_holds_something_is_refused(self, catalogue: Catalogue, exported: Catalogue) -> None:
        exported.file("note.txt", "mine")
        result = exported.run("export")
        assert result.exit_code == 1
        assert result.stderr == f"Error: {exported.folder} is not an empty folder.\n"
        assert [path.name for path in exported.folder.iterdir()] == ["note.txt"]


class TestSeedData:
    def test_exporting_the_seed_data_and_applying_it_changes_nothing(self, seeded_app: Flask, tmp_path: Path) -> None:
        seeded = Catalogue(seeded_app, tmp_path / "exported")
        seeded.succeed("export")
        (line,) = seeded.succeed("plan", "--prune")
        assert line.startswith("0 would be created, 0 updated, 0 deleted; ")
        assert not line.endswith(" 0 unchanged.")
