"""`flask catalogue audit` and the findings beside each entry of `plan`, on files and on a working copy."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask

from tests.content.samples import assessed, exercise, term
from tests.seeding.commands import Catalogue
from tests.stores import SEED_DATA


def seed_file(name: str) -> dict[str, Any]:
    draft: dict[str, Any] = yaml.safe_load((SEED_DATA / name).read_text(encoding="utf-8"))
    for holder in (draft.get("safety", {}), draft["review"]):
        for key in ("assessed_on", "next_review_on"):
            if key in holder:
                holder[key] = str(holder[key])
    return draft


class TestAudit:
    @pytest.mark.one_store
    def test_of_the_seed_data_prints_its_figures_and_keeps_every_rule(self, app: Flask) -> None:
        result = app.test_cli_runner().invoke(args=["catalogue", "audit", str(SEED_DATA)])
        assert result.exit_code == 0, result.output
        figures = dict(line.split(": ", 1) for line in result.stdout.splitlines()[:10])
        assert list(figures) == [
            "kinds",
            "languages",
            "levels",
            "citations",
            "safety",
            "red flags",
            "reading, instructions",
            "reading, safety",
            "orphans",
            "duplicates",
        ]
        assert "47 exercises, 12 routines" in figures["kinds"]
        assert result.stdout.splitlines()[-1].startswith("Every rule is kept; ")

    @pytest.mark.one_store
    def test_of_files_tells_a_broken_rule_by_file_and_line_and_fails(self, catalogue: Catalogue) -> None:
        catalogue.write(exercises=[exercise("a", safety={"assessed": False})])
        result = catalogue.run("audit")
        assert result.exit_code == 1
        lines = [line.removeprefix(f"{catalogue.folder}/") for line in result.stdout.splitlines()]
        assert (
            "exercises/a.yaml:5:1: broken rule (complete): steps: These steps do not say which part they are: 1."
            in (lines)
        )
        assert any(": warning (weighed): safety: Nobody assessed it" in line for line in lines)
        assert result.stderr.startswith("Error: ")
        assert " broken rules in 1 draft; 2 warnings." in result.stderr

    def test_of_the_working_copy_tells_it_by_slug(self, app: Flask, catalogue: Catalogue) -> None:
        conditions = [term("stress", "conditions"), term("chest-pain", "conditions", symptom=True)]
        drafts = [exercise("a", safety=assessed()), exercise("b", safety=assessed("stress"))]
        catalogue.editor.put(vocabularies=conditions, exercises=drafts)
        for arguments in ([], ["--working-copy"]):
            result = app.test_cli_runner().invoke(args=["catalogue", "audit", *arguments])
            assert result.exit_code == 1
            weighed = [line for line in result.stdout.splitlines() if "(weighed)" in line]
            assert weighed == ["exercises/a: broken rule (weighed): safety.conditions: Not weighed for: stress."]
            assert "safety: 1 of 2 cells weighed (2 exercises, 1 conditions)" in result.stdout

    @pytest.mark.one_store
    def test_takes_files_or_the_working_copy(self, catalogue: Catalogue) -> None:
        catalogue.write()
        catalogue.folder.mkdir()
        result = catalogue.run("audit", "--working-copy")
        assert result.exit_code == 2
        assert "not both" in result.stderr

    @pytest.mark.one_store
    def test_of_files_with_errors_tells_those(self, catalogue: Catalogue) -> None:
        catalogue.write(exercises=[exercise("a", type="sleeping")])
        result = catalogue.run("audit")
        assert result.exit_code == 1
        assert "type: Must be one of" in result.stderr


class TestPlan:
    def test_tells_what_the_rules_find_beside_each_entry_and_goes_on(self, catalogue: Catalogue) -> None:
        catalogue.write(exercises=[exercise("a")])
        lines = catalogue.run("plan").stdout.splitlines()
        assert lines[0] == "+ exercises/a"
        assert any(line.startswith("    broken rule (complete): It lacks: ") for line in lines)
        assert lines[-1] == "1 would be created, 0 updated, 0 deleted; 0 unchanged."
        assert catalogue.run("apply").exit_code == 0

    def test_tells_of_an_exercise_that_stays_and_was_not_weighed_for_a_new_condition(
        self, catalogue: Catalogue
    ) -> None:
        drafts = {"exercises": [exercise("a", safety=assessed())], "vocabularies": [term("stress", "conditions")]}
        catalogue.editor.put(exercises=drafts["exercises"])
        catalogue.write(**drafts)
        lines = catalogue.run("plan").stdout.splitlines()
        assert "= exercises/a" in lines
        assert "    broken rule (weighed): safety.conditions: Not weighed for: stress." in lines

    def test_weighs_a_file_by_the_conditions_of_the_working_copy(self, catalogue: Catalogue) -> None:
        catalogue.editor.put(vocabularies=[term("stress", "conditions")])
        catalogue.write(exercises=[exercise("a", safety=assessed())])
        assert "    broken rule (weighed): safety.conditions: Not weighed for: stress." in (
            catalogue.run("plan").stdout.splitlines()
        )

    def test_measures_a_routine_by_the_exercises_of_the_working_copy(
        self, catalogue: Catalogue, tmp_path: Path
    ) -> None:
        seed = Catalogue(catalogue.app, SEED_DATA)
        seed.succeed("apply")
        routine = deepcopy(seed_file("routines/desk-break-three-minutes.yaml"))
        routine["name"] = {"en": "One-minute desk break", "es": "Pausa de un minuto en el escritorio"}
        catalogue.write(routines=[routine])
        lines = catalogue.run("plan").stdout.splitlines()
        assert sum(line.startswith("    broken rule (times): name: It promises 1 minutes") for line in lines) == 2
