"""The score of composed sessions tells good ones from bad ones, and what is composed from our catalogue is good."""

from typing import Any

import pytest
from flask import Flask

from app.routines.scoring import Mark, marks, score


def session(*items: tuple[str, int, int], seconds: int = 300, things: tuple[str, ...] = ()) -> dict[str, Any]:
    """A session of items, each the slug of an exercise, its intensity and its seconds of work."""
    numbered = list(enumerate(items, start=1))
    phases = [{"item": place, "phase": "move", "seconds": work} for place, (_slug, _level, work) in numbered]
    return {
        "conditions": [], "regions": [], "equipment": [{"slug": thing} for thing in things],
        "stages": [
            {
                "seconds": seconds, "timeline": {"items": phases},
                "items": [
                    {"position": place, "exercise": {"slug": slug}, "intensity": level, "dose": {"repetitions": 8}}
                    for place, (slug, level, _work) in numbered
                ],
            }
        ],
    }  # fmt: skip


def exercises() -> dict[str, Any]:
    levels = [{"intensity": intensity, "dose": {"repetitions": 8}} for intensity in (1, 2, 3)]
    return {
        slug: {"position": position, "levels": levels, "conditions": [], "regions": []}
        for slug, position in (("sit", "seated"), ("turn", "seated"), ("lie", "supine"))
    }


def by_name(given: Any) -> dict[str, float]:
    return {mark.name: mark.value for mark in given}


def test_a_session_that_is_as_it_should_be_has_all_marks() -> None:
    good = marks(session(("sit", 1, 60), ("turn", 3, 60), ("lie", 1, 60)), exercises(), 300)
    assert score(good) == 100


def test_each_fault_costs_its_mark() -> None:
    assert by_name(marks(session(("sit", 1, 60), seconds=301), exercises(), 300))["keeps the time"] == 0
    back = by_name(marks(session(("sit", 1, 60), ("lie", 1, 60), ("turn", 1, 60)), exercises(), 300))
    assert back["stays in position"] < 1
    assert by_name(marks(session(("sit", 1, 60), ("turn", 1, 10)), exercises(), 300))["has enough work"] == 0.5
    things = ("mat", "strap", "bolster", "towel", "chair")
    assert by_name(marks(session(("sit", 1, 60), things=things), exercises(), 300))["needs few things"] == 0
    up_and_down = session(("sit", 1, 60), ("turn", 3, 60), ("sit", 1, 60), ("turn", 3, 60))
    assert by_name(marks(up_and_down, exercises(), 300))["rises and falls"] == 0.5


def test_a_score_weighs_its_marks() -> None:
    assert score([Mark("a", 1.0, 3), Mark("b", 0.0, 1)]) == 75


@pytest.mark.parametrize("seeded_app", ["sqlite"], indirect=True)
def test_the_command_prints_what_sessions_of_the_catalogue_score(seeded_app: Flask) -> None:
    result = seeded_app.test_cli_runner().invoke(args=["routines", "score", "--seeds", "1"])
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    sessions, refused = (int(word) for word in lines[0].split() if word.isdigit())
    assert sessions > 10 * refused
    assert float(lines[1].split()[1]) >= 90
