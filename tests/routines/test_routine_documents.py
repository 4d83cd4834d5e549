import pytest

from app.editing.bundle import load_draft
from app.errors import InvalidDrafts
from app.routines.kind import ROUTINE
from tests.content.editing import Editor
from tests.content.samples import exercise, routine, stage, term


class TestDoses:
    def test_an_item_s_own_dose_goes_before_the_level_s(self, editor: Editor) -> None:
        levels = [{"intensity": 1, "dose": {"sets": 1, "repetitions": 5, "move_seconds": 4}}, {"intensity": 2}]
        items = [
            {"exercise": "a", "intensity": 1},
            {"exercise": "a", "intensity": 1, "dose": {"hold_seconds": 30}},
            {"exercise": "a", "intensity": 2, "section": "cool-down", "note": "Slowly."},
        ]
        editor.publish(exercises=[exercise("a", levels=levels)], routines=[routine("r", stages=[stage(*items)])])
        found = editor.document("routine", "r")["stages"][0]["items"]
        assert [(item["position"], item["section"], item["seconds"]) for item in found] == [
            (1, "main", 6 + 20),
            (2, "main", 6 + 30),
            (3, "cool-down", None),
        ]
        assert found[0]["dose"]["repetitions"] == 5
        assert (found[1]["dose"]["repetitions"], found[1]["dose"]["hold_seconds"]) == (1, 30)
        assert (found[2]["dose"], found[2]["note"]) == (None, "Slowly.")


class TestDerived:
    def test_what_follows_from_the_items_is_the_union_or_the_strictest(self, editor: Editor) -> None:
        editor.publish(
            vocabularies=[
                term("chair", "equipment"),
                term("wall", "equipment"),
                term("vertigo", "conditions"),
                term("pain", "conditions"),
            ],
            exercises=[
                exercise(
                    "a",
                    equipment=["wall"],
                    guidance={"professional": "none", "note": "Not this."},
                    levels=[{"intensity": 1, "dose": {"hold_seconds": 10}}],
                ),
                exercise(
                    "b",
                    equipment=["chair", "wall"],
                    contraindications=["vertigo", {"slug": "pain", "from_intensity": 5}],
                    position="supine",
                    guidance={"professional": "required", "note": "Ask first."},
                    levels=[{"intensity": 4, "dose": {"hold_seconds": 100}}, {"intensity": 5}],
                ),
            ],
            routines=[
                routine(
                    "r",
                    stages=[
                        stage({"exercise": "a", "intensity": 1}, {"exercise": "a", "intensity": 1}, weeks=2),
                        stage({"exercise": "b", "intensity": 4}, times_per_day=2),
                    ],
                )
            ],
        )
        document = editor.document("routine", "r")
        assert [each["slug"] for each in document["equipment"]] == ["wall", "chair"]
        assert [each["slug"] for each in document["contraindications"]] == ["vertigo"]
        assert document["guidance"] == {"professional": "required", "note": "Ask first."}
        assert document["max_intensity"] == 4
        assert [each["seconds"] for each in document["stages"]] == [32, 106]
        assert document["seconds"] == 106
        assert [(each["number"], each["weeks"], each["times_per_day"]) for each in document["stages"]] == [
            (1, 2, None),
            (2, None, 2),
        ]

    def test_a_routine_without_items_needs_nothing(self, editor: Editor) -> None:
        editor.publish(routines=[{"slug": "r", "name": "R", "goal": "relax"}])
        document = editor.document("routine", "r")
        assert (document["equipment"], document["max_intensity"], document["seconds"]) == ([], None, 0)
        assert document["guidance"] == {"professional": "none", "note": None}

    @pytest.mark.parametrize("field", ["equipment", "guidance", "max_intensity", "seconds", "contraindications"])
    def test_what_is_derived_cannot_be_typed_in(self, field: str) -> None:
        with pytest.raises(InvalidDrafts) as caught:
            load_draft(ROUTINE, routine("r", **{field: 1}))
        (fault,) = caught.value.faults
        assert fault.place == f"/{field}"
        assert fault.detail.startswith("Unknown field. Allowed: ")
