"""One draft of a request and the drafts of a bundle go the same way: the same faults, and no query more for more."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from tests.admin.desk import Desk, database_of, faults
from tests.admin.samples import LICENCE, exercise, routine, term

MOST_STATEMENTS = 60
"""Of one PATCH of a draft, whatever names it; on either store, with those that begin and end transactions."""


@pytest.fixture
def desk(app: Flask) -> Desk:
    """The desk of an editor who may do everything, on a store with a licence alone."""
    desk = Desk(app)
    desk.bring(terms=[LICENCE])
    return desk


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Every statement that is sent to the store meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(database_of(app).engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database_of(app).engine, "before_cursor_execute", note)


def renamed(slug: str, *former: str) -> dict[str, Any]:
    return exercise(slug, former_slugs=list(former))


class TestFaults:
    def test_a_former_slug_that_is_present_and_somebody_elses_too_has_both_faults_either_way(self, desk: Desk) -> None:
        desk.bring(exercises=[renamed("b", "a"), exercise("c")])
        draft = renamed("d", "c", "a")
        posted = desk.post("/exercises", draft, status=422)
        imported = desk.post("/imports", {"exercises": [draft, exercise("c"), renamed("e", "a")]}, status=422)
        assert faults(posted) == {
            "/former_slugs/0": "'c' is in use as a present slug.",
            "/former_slugs/1": "'a' is a former slug of 'b' already.",
        }
        assert set(faults(imported)) == {
            "/exercises/0/former_slugs/0", "/exercises/0/former_slugs/1", "/exercises/2/former_slugs/0",
        }  # fmt: skip

    def test_every_fault_of_a_draft_is_reported_at_once(self, desk: Desk) -> None:
        desk.bring(exercises=[renamed("b", "a")])
        draft = exercise("d", former_slugs=["a"], regions=["nowhere"], equipment=["nothing"])
        expected = {"/former_slugs/0", "/regions/0", "/equipment/0"}
        assert set(faults(desk.post("/exercises", draft, status=422))) == expected
        bundle = desk.post("/imports", {"exercises": [draft]}, status=422)
        assert {pointer.removeprefix("/exercises/0") for pointer in faults(bundle)} == expected


class TestRenames:
    def test_a_pruned_bundle_takes_along_what_names_the_renamed_and_is_no_part_of_it(self, desk: Desk) -> None:
        desk.bring(
            exercises=[
                exercise("a"),
                exercise("x"),
            ],
            routines=[routine("r", ("a", 1))],
        )
        answer = desk.post("/imports?prune=true", {"exercises": [renamed("b", "a")]}, status=200)
        assert [item["slug"] for item in answer["deleted"]] == ["x"]
        assert desk.get("/routines/r")["draft"]["stages"][0]["items"][0]["exercise"] == "b"


class TestCost:
    @pytest.mark.parametrize("path", ["/vocabularies/neck", "/exercises/e0"])
    def test_a_draft_that_twenty_name_takes_as_many_statements_as_one_that_two_name(
        self, desk: Desk, path: str
    ) -> None:
        counts = []
        for number in (2, 20):
            ladder = [{"slug": f"e{place + 1}"} for place in range(number)]
            exercises = [
                exercise(f"e{place}", regions=["neck"], harder=ladder[place : place + 1]) for place in range(number + 1)
            ]
            exercises[-1].pop("harder")
            routines = [routine(f"r{place}", ("e0", 1)) for place in range(number)]
            desk.bring(terms=[term("neck")], exercises=exercises, routines=routines)
            tag = desk.etag(path)
            with statements(desk.app) as sent:
                response = desk.send(
                    "PATCH",
                    path,
                    json={"aliases": ["Other"]},
                    headers={"If-Match": tag},
                    content_type="application/merge-patch+json",
                )
            assert response.status_code == 200, response.text
            counts.append(len(sent))
        assert counts[0] == counts[1] <= MOST_STATEMENTS

    def test_only_the_lists_that_differ_are_written(self, desk: Desk) -> None:
        steps = [{"instruction": "Stand up."}, {"instruction": "Sit down."}]
        desk.bring(terms=[term("neck")], exercises=[exercise("e", regions=["neck"], steps=steps)])
        for patch, tables in (
            ({"summary": "Another one."}, set()),
            ({"steps": steps[:1]}, {"step"}),
            ({"regions": None}, {"exercise_region"}),
        ):
            with statements(desk.app) as sent:
                desk.patch("/exercises/e", patch)
            written = {
                re.split(r"\W+", statement)[2] for statement in sent if statement.startswith(("DELETE", "INSERT INTO"))
            }
            assert written - {"audit_entry"} == tables
        draft = desk.get("/exercises/e")["draft"]
        assert [step["instruction"] for step in draft["steps"]] == ["Stand up."]
        assert "regions" not in draft
