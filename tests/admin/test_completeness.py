"""Only what is complete is released: what lacks something may be saved, and a release of it is 409 with every gap."""

from typing import Any

import pytest

from app.releasing import release as releasing
from tests.admin.desk import Desk, faults
from tests.admin.samples import LICENCE, Draft, exercise, level, minimal, routine, term

NO_TIMES = {"intensity": 2, "dose": {"sets": 1, "repetitions": 5, "rest_seconds": 30}}


def without(draft: Draft, part: str) -> Draft:
    return {key: value for key, value in draft.items() if key != part}


class TestExercises:
    def test_a_draft_of_slug_name_and_type_is_saved_and_its_release_tells_every_gap(self, desk: Desk) -> None:
        desk.post("/exercises", {"slug": "bare", "name": "Bare", "type": "stretch"})
        before = desk.contents()
        refused = desk.post("/releases", {}, status=409)
        assert faults(refused) == {
            "/exercises/bare/steps": "An exercise needs steps.",
            "/exercises/bare/levels": "An exercise needs levels, each with a dose.",
            "/exercises/bare/licence": "An exercise needs the licence of its texts.",
            "/exercises/bare/safety": (
                "An exercise needs its safety stated; `assessed: false` says that nobody weighed it."
            ),
        }
        assert {each["code"] for each in refused["errors"]} == {"incomplete"}
        assert desk.contents() == before
        assert desk.public("/exercises/bare") == 404

    @pytest.mark.parametrize("part", ["steps", "levels", "licence", "safety"])
    def test_each_part_is_needed(self, desk: Desk, part: str) -> None:
        desk.bring(terms=[LICENCE], exercises=[without(exercise("lean"), part)])
        refused = desk.post("/releases", {}, status=409)
        assert list(faults(refused)) == [f"/exercises/lean/{part}"]
        desk.patch("/exercises/lean", {part: exercise("lean")[part]})
        assert desk.release() == 1

    @pytest.mark.parametrize(
        "without_times", [{"intensity": 2}, NO_TIMES, {"intensity": 2, "dose": {"times_per_day": 3}}]
    )
    def test_every_level_needs_a_dose_with_times(self, desk: Desk, without_times: Any) -> None:
        desk.bring(terms=[LICENCE], exercises=[exercise("lean", levels=[level(1), without_times])])
        assert list(faults(desk.post("/releases", {}, status=409))) == ["/exercises/lean/levels/1/dose"]

    def test_a_dose_in_breaths_has_times_and_an_unassessed_safety_is_stated(self, desk: Desk) -> None:
        breaths = {"repetitions": 6, "breaths": {"in_seconds": 3, "out_seconds": 4}}
        levels = [{"intensity": 1, "dose": breaths}]
        desk.bring(terms=[LICENCE], exercises=[exercise("lean", levels=levels, safety={"assessed": False})])
        assert desk.release() == 1

    def test_what_is_published_stays_so_until_its_change_is_complete(self, stocked: Desk) -> None:
        stocked.patch("/exercises/hang", {"name": "Dead hang", "steps": None})
        assert list(faults(stocked.post("/releases", {}, status=409))) == ["/exercises/hang/steps"]
        assert stocked.public("/exercises/hang")["name"] == "Hang"

    def test_it_is_asked_of_what_is_released_and_of_nothing_else(self, stocked: Desk) -> None:
        stocked.post("/exercises", {"slug": "bare", "name": "Bare", "type": "stretch"})
        stocked.patch("/exercises/hang", {"name": "Dead hang"})
        stocked.release(items=[("exercise", "hang")])
        refused = stocked.post("/releases", {"items": [{"kind": "exercise", "slug": "bare"}]}, status=409)
        assert len(faults(refused)) == 4


class TestOtherKinds:
    def test_a_routine_needs_stages_and_a_licence(self, desk: Desk) -> None:
        desk.post("/routines", {"slug": "rest", "name": "Rest", "goal": "relax"})
        assert set(faults(desk.post("/releases", {}, status=409))) == {
            "/routines/rest/stages",
            "/routines/rest/licence",
        }

    def test_a_stage_needs_items(self, desk: Desk) -> None:
        desk.bring(terms=[LICENCE], routines=[routine("rest")])
        assert list(faults(desk.post("/releases", {}, status=409))) == ["/routines/rest/stages/0/items"]

    def test_an_item_s_own_dose_needs_times_as_it_replaces_the_level_s(self, stocked: Desk) -> None:
        item = {"exercise": "hang", "intensity": 3, "dose": {"sets": 2}}
        stocked.patch("/routines/break", {"stages": [{"name": "One", "items": [item]}]})
        refused = stocked.post("/releases", {}, status=409)
        assert list(faults(refused)) == ["/routines/break/stages/0/items/0/dose"]

    def test_an_item_without_a_dose_needs_that_of_its_level(self, desk: Desk) -> None:
        levels = [level(1), NO_TIMES]
        desk.bring(
            terms=[LICENCE], exercises=[exercise("lean", levels=levels)], routines=[routine("rest", ("lean", 2))]
        )
        refused = desk.post("/releases", {}, status=409)
        assert set(faults(refused)) == {"/exercises/lean/levels/1/dose", "/routines/rest/stages/0/items/0/dose"}

    @pytest.mark.parametrize("collection", ["sources", "places", "vocabularies"])
    def test_terms_sources_and_places_need_what_their_drafts_need_anyway(self, desk: Desk, collection: str) -> None:
        desk.post(f"/{collection}", minimal(collection))
        desk.bring(terms=[term("stiffness", "conditions")])
        assert desk.release() == 1


class TestRollback:
    def test_it_is_never_refused_for_what_was_incomplete_when_it_was_public(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # As an older version of Limber published it.
        with monkeypatch.context() as patched:
            patched.setattr(releasing, "gap_faults", lambda *_: iter(()))
            desk.post("/exercises", {"slug": "bare", "name": "Bare", "type": "stretch"})
            assert desk.release() == 1
        desk.bring(terms=[LICENCE], exercises=[exercise("bare", name="Whole")])
        assert desk.release() == 2
        desk.post("/rollbacks", {"revision": 1})
        assert desk.public("/exercises/bare")["name"] == "Bare"
        desk.patch("/exercises/bare", {"summary": "Now it must be complete."})
        assert len(faults(desk.post("/releases", {}, status=409))) == 4


class TestPending:
    def test_it_says_who_changed_an_entry_when_and_whether_it_is_ready(self, desk: Desk) -> None:
        desk.bring(terms=[LICENCE], exercises=[exercise("lean"), without(exercise("bare"), "steps")])
        entries = {each["slug"]: each for each in desk.get("/pending")["items"]}
        assert {slug: each["ready"] for slug, each in entries.items()} == {"bare": False, "lean": True, "free": True}
        assert entries["bare"]["gaps"] == [{"pointer": "/steps", "detail": "An exercise needs steps."}]
        assert entries["lean"]["gaps"] == []
        assert {each["changed_by"] for each in entries.values()} == {"Editor"}
        assert entries["lean"]["changed_at"] == desk.get("/exercises/lean")["updated_at"]

    def test_a_routine_is_ready_where_what_is_pending_with_it_makes_it_so(self, desk: Desk) -> None:
        desk.bring(terms=[LICENCE], exercises=[exercise("lean")], routines=[routine("rest", ("lean", 1))])
        assert all(each["ready"] for each in desk.get("/pending")["items"])
        desk.patch("/exercises/lean", {"levels": [{"intensity": 1}]})
        entries = {each["slug"]: each["ready"] for each in desk.get("/pending")["items"]}
        assert entries == {"lean": False, "rest": False, "free": True}

    def test_every_way_of_editing_says_whose_it_was(self, stocked: Desk) -> None:
        other = Desk(stocked.app, name="Colleague")
        other.patch("/exercises/hang", {"name": "Dead hang"})
        other.delete("/routines/break")
        stocked.put("/places/clinic", minimal("places", slug="practice"))
        stocked.post("/imports", {"sources": [{"slug": "manual", "type": "book", "title": "New"}]}, status=200)
        entries = {each["slug"]: each for each in stocked.get("/pending")["items"]}
        assert {slug: each["changed_by"] for slug, each in entries.items()} == {
            "hang": "Colleague", "break": "Colleague", "clinic": "Editor", "practice": "Editor", "manual": "Editor",
            "therapist": "Editor",
        }  # fmt: skip
        assert all(each["changed_at"] for each in entries.values())

    def test_a_rollback_is_an_edit_of_who_asked_for_it(self, stocked: Desk) -> None:
        stocked.patch("/exercises/hang", {"name": "Dead hang"})
        stocked.post("/places", minimal("places"))
        stocked.release()
        Desk(stocked.app, name="Colleague").post("/rollbacks", {"revision": 1})
        assert stocked.get("/exercises/hang")["changed_by"] == "Colleague"
