"""The rules of content, asked about the seed data: `flask catalogue audit seed_data` as a test."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from app.auditing.audit import Audit, audit, translated
from app.auditing.findings import Content
from app.auditing.routines import stage_seconds
from app.auditing.safety import cells, demands_of, ruled_out
from app.editing.bundle import Bundle
from app.kinds import CATALOGUE
from app.seeding.files import SeedEntry
from app.shapes.languages import LANGUAGES

LAST_DAY = "2026-11-26"
"""The day for which reviews are asked: the test tells what the content is, not how old it has become."""


@pytest.fixture(scope="module")
def audited(folder: Bundle[SeedEntry]) -> Audit:
    return audit(Content(CATALOGUE, folder.drafts), LAST_DAY)


def test_no_rule_is_broken(audited: Audit) -> None:
    broken = [f"{key[1]}{each.pointer}: {each.message}" for key, each in audited.all() if not each.warns]
    assert broken == []


def test_warnings_are_about_pages_and_editions_that_nobody_could_look_up(audited: Audit) -> None:
    assert {(key[0], each.rule) for key, each in audited.all()} <= {("source", "citations")}


def test_every_text_is_there_in_every_language(audited: Audit) -> None:
    total, by_language = translated(audited.content)
    assert by_language == dict.fromkeys(LANGUAGES, total)


def test_every_cell_of_safety_is_weighed(audited: Audit) -> None:
    exercises = list(audited.content.of_kind("exercise").values())
    counted = cells(exercises, audited.content)
    assert counted["weighed"] == counted["cells"] == len(exercises) * len(audited.content.conditions)
    assert len(audited.content.conditions) >= 69


def test_every_source_is_cited(audited: Audit) -> None:
    assert [slug for kind, slug in audited.orphans if kind == "source"] == []


def test_only_rest_and_breathing_ask_nothing_of_anybody(audited: Audit) -> None:
    for exercise in audited.content.of_kind("exercise").values():
        if exercise["type"] not in ("breathing", "relaxation"):
            assert any(demands_of(exercise)), exercise["slug"]
            assert "recent-fracture" in ruled_out(exercise), exercise["slug"]


def test_stages_are_timed_as_their_documents_say(audited: Audit, client: FlaskClient) -> None:
    for slug, draft in audited.content.of_kind("routine").items():
        document: Any = client.get(f"/v1/routines/{slug}").json
        timed = [stage_seconds(stage, audited.content) for stage in draft["stages"]]
        assert timed == [stage["seconds"] for stage in document["stages"]], slug
