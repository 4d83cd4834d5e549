"""The server and the clients compute what the test vectors of `docs/timelines` say, and the same of the catalogue."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.commands.docs import VECTORS
from app.config import ROOT
from app.timelines import schemas
from app.timelines.timeline import PHASES, all_words
from app.timelines.vectors import vector_text, vector_timeline
from tests.timelines.random_cases import random_cases
from tests.timelines.vectors import CLIENTS, limber_timelines, vectors

WORDS = ROOT / "app" / "timelines" / "words.json"
PLAYER = ROOT / "app" / "embed" / "static" / "timelines.js"
TYPESCRIPT = CLIENTS / "typescript" / "dist" / "timelines.js"

MODULES = [
    pytest.param(PLAYER, marks=pytest.mark.skipif(not shutil.which("node"), reason="needs Node"), id="player"),
    pytest.param(
        TYPESCRIPT,
        marks=[
            pytest.mark.registry,
            pytest.mark.skipif(
                not shutil.which("node") or not TYPESCRIPT.exists(), reason="`make test-clients` builds it"
            ),
        ],
        id="typescript",
    ),
]
names = pytest.mark.parametrize("name", vectors())


@names
def test_the_server_computes_it(name: str) -> None:
    """After a change of the rule, `flask docs timelines` writes anew what was not worked out by hand."""
    vector = vectors()[name]
    assert vector_timeline(vector) == vector["timeline"]
    assert vector_text(vector) == (VECTORS / f"{name}.json").read_text(encoding="utf-8")


@names
def test_the_python_client_computes_it(name: str) -> None:
    vector = vectors()[name]
    assert_same(by_python(vector), vector["timeline"])


@pytest.mark.parametrize("module", MODULES)
def test_javascript_computes_them(module: Path, tmp_path: Path) -> None:
    computed = by_javascript(module, list(vectors().values()), tmp_path)
    for found, vector in zip(computed, vectors().values(), strict=True):
        assert_same(found, vector["timeline"])


@pytest.mark.registry
@pytest.mark.skipif(not TYPESCRIPT.exists(), reason="`make test-clients` builds it")
def test_the_player_has_what_the_compiler_makes_of_the_typescript_client() -> None:
    """But for `export`: in a sandboxed frame, which has no origin, modules are not loaded."""
    compiled = TYPESCRIPT.read_text(encoding="utf-8")
    assert PLAYER.read_text(encoding="utf-8") == compiled.replace("\nexport ", "\n")


@pytest.mark.parametrize("language", ["en", "es"])
def test_everybody_computes_the_same_of_the_catalogue(client: FlaskClient, tmp_path: Path, language: str) -> None:
    page = client.get(f"/v1/sync?limit=1000&lang={language}").get_json()
    held = {kind: [item for item in page["items"] if item["kind"] == kind] for kind in ("exercise", "routine")}
    cases: list[dict[str, Any]] = [
        {"exercise": exercise, "dose": level["dose"], "seconds": level["seconds"]}
        for exercise in held["exercise"]
        for level in exercise["levels"]
    ]
    cases += [
        {"items": stage["items"], "exercises": held["exercise"], "language": language, "seconds": stage["seconds"]}
        for routine in held["routine"]
        for stage in routine["stages"]
    ]
    assert len(cases) > 150
    by_player = by_javascript(PLAYER, cases, tmp_path) if shutil.which("node") else [None] * len(cases)
    for case, javascript in zip(cases, by_player, strict=True):
        expected = vector_timeline(case)
        assert expected["seconds"] == case["seconds"]
        assert_same(by_python(case), expected)
        assert javascript in (expected, None)


def test_everybody_computes_the_same_of_random_cases(tmp_path: Path) -> None:
    cases = random_cases(400)
    by_player = by_javascript(PLAYER, cases, tmp_path) if shutil.which("node") else [None] * len(cases)
    for case, javascript in zip(cases, by_player, strict=True):
        expected = vector_timeline(case)
        assert_same(by_python(case), expected)
        assert javascript in (expected, None)


def by_python(case: dict[str, Any]) -> dict[str, Any]:
    """What the Python client makes of a vector's input."""
    if "dose" in case:
        found = limber_timelines.level_timeline(case["exercise"], case["dose"])
    else:
        exercises = {exercise["slug"]: exercise for exercise in case["exercises"]}
        found = limber_timelines.stage_timeline(case["items"], exercises, case["language"])
    assert isinstance(found, dict)
    return found


def by_javascript(module: Path, cases: list[dict[str, Any]], folder: Path) -> list[dict[str, Any]]:
    """What a module in JavaScript makes of the inputs of vectors."""
    given = folder / "cases.json"
    given.write_text(json.dumps(cases), encoding="utf-8")
    copy = folder / "timelines.mjs"
    exported = "\nexport { levelTimeline, stageTimeline };\n" if module == PLAYER else ""
    copy.write_text(module.read_text(encoding="utf-8") + exported, encoding="utf-8")
    command = ["node", str(Path(__file__).with_name("compute.mjs")), str(copy), str(given), str(WORDS)]
    computed: list[dict[str, Any]] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return computed


def assert_same(found: dict[str, Any], expected: dict[str, Any]) -> None:
    """Equal, the order of the fields too."""
    assert found == expected
    assert [list(phase) for phase in found["items"]] == [list(phase) for phase in expected["items"]]


def test_the_page_names_every_phase() -> None:
    row = re.search(r"^\| `phase` \| (.*) \|$", (VECTORS / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert row
    assert re.findall(r"`([a-z-]+)`", row[1]) == list(schemas.PHASES)


def test_some_are_worked_out_by_hand() -> None:
    by_hand = [name for name, vector in vectors().items() if vector["by_hand"]]
    assert by_hand == [name for name in vectors() if name.startswith("hand-")]
    assert len(by_hand) >= 8


def test_they_have_every_phase_side_and_language() -> None:
    phases = [phase for vector in vectors().values() for phase in vector["timeline"]["items"]]
    assert {phase["phase"] for phase in phases} >= {name for _, name in PHASES} | {"breathe-in", "breathe-out", "rest"}
    assert {phase.get("side") for phase in phases} == {None, "left", "right"}
    assert {vector.get("language") or vector["exercise"]["language"] for vector in vectors().values()} > {"en", "es"}


def test_the_clients_have_the_same_words() -> None:
    assert json.loads((CLIENTS / "python" / "timeline_words.json").read_text(encoding="utf-8")) == all_words()
    source = (CLIENTS / "typescript" / "src" / "timeline-words.ts").read_text(encoding="utf-8")
    found = re.search(r"= (\{.*\});", source, re.DOTALL)
    assert found
    assert json.loads(found[1]) == all_words()


def test_every_language_has_the_same_words() -> None:
    keys = [list(words) for words in all_words().values()]
    assert all(each == keys[0] for each in keys)
