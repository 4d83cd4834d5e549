"""What a player plays: phases that add up, whose seconds are those that documents say."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.timelines.durations import change_seconds, prepare_seconds, session_seconds, work_seconds
from app.timelines.timeline import level_timeline, stage_timeline

SET_UP = {"instruction": "Sit tall.", "part": "set-up"}
STEPS = [SET_UP, {"instruction": "Turn.", "part": "move"}, {"instruction": "Rise.", "part": "finish"}]


def exercise(slug: str = "turn", position: str | None = "seated", steps: Any = STEPS) -> dict[str, Any]:
    numbered = [{"number": number, **step} for number, step in enumerate(steps, start=1)]
    return {"slug": slug, "name": slug.title(), "language": "en", "position": position, "steps": numbered}


seconds = st.none() | st.integers(1, 20)
doses = st.fixed_dictionaries(
    {
        "sets": st.integers(1, 3), "repetitions": st.integers(1, 4), "move_seconds": st.integers(1, 20),
        "hold_seconds": seconds, "return_seconds": seconds, "pause_seconds": seconds, "rest_seconds": seconds,
        "per_side": st.booleans(), "side_order": st.sampled_from(["alternate", "one-after-other"]),
        "breaths": st.none() | st.fixed_dictionaries(
            {"in_seconds": st.integers(1, 9), "hold_seconds": seconds, "out_seconds": st.integers(1, 9),
             "pause_seconds": seconds}
        ),
    }
)  # fmt: skip
parts = st.sampled_from(["set-up", "move", "hold", "return", "finish", None])
steps = st.lists(st.fixed_dictionaries({"instruction": st.just("Do."), "part": parts}), max_size=6)
positions = st.sampled_from(["seated", "supine", "side-lying", None])


class TestSeconds:
    @pytest.mark.parametrize(
        ("dose", "expected"),
        [
            ({"sets": 2, "repetitions": 8, "move_seconds": 4, "return_seconds": 4, "rest_seconds": 30}, 2 * 64 + 30),
            ({"move_seconds": 5, "hold_seconds": 60, "return_seconds": 5}, 70),
            ({"repetitions": 6, "breaths": {"in_seconds": 4, "out_seconds": 6}}, 60),
            ({"repetitions": 5, "move_seconds": 3, "per_side": True, "side_order": "alternate"}, 30),
            ({"repetitions": 5, "move_seconds": 3, "per_side": True}, 15 + 5 + 15),
            ({"sets": 2, "move_seconds": 3, "per_side": True, "rest_seconds": 20}, 2 * (3 + 5 + 3) + 20),
            ({"sets": 2, "move_seconds": 3, "per_side": True}, 2 * (3 + 5 + 3) + 5),
        ],
    )
    def test_a_dose_takes_all_its_parts(self, dose: dict[str, Any], expected: int) -> None:
        assert work_seconds(dose, "seated") == expected

    def test_each_set_up_step_takes_six_seconds_and_there_is_always_one(self) -> None:
        assert [prepare_seconds([SET_UP] * number) for number in range(4)] == [6, 6, 12, 18]

    def test_positions_change_slowly_to_and_from_the_floor(self) -> None:
        changes = [("seated", "seated"), ("seated", "standing"), ("prone", "supine"), ("standing", "supine")]
        assert [change_seconds(*change) for change in changes] == [0, 10, 10, 20]

    @pytest.mark.parametrize("dose", [None, {}, {"sets": 2, "repetitions": 3}, {"times_per_day": 2}])
    def test_what_has_no_time_has_no_seconds(self, dose: Any) -> None:
        assert session_seconds(dose, exercise()) is None


class TestLevels:
    @given(dose=doses, steps=steps, position=positions)
    def test_the_phases_follow_one_another_and_add_up(self, dose: Any, steps: Any, position: str | None) -> None:
        played = exercise(position=position, steps=steps)
        timeline = level_timeline(played, dose)
        assert timeline["seconds"] == session_seconds(dose, played)
        at = 0
        for item in timeline["items"]:
            assert item["at"] == at
            assert item["seconds"] > 0 or item["phase"] == "end"
            at += item["seconds"]
        assert at == timeline["seconds"]
        assert [item["phase"] for item in timeline["items"]].count("end") == 1
        rests = [item["seconds"] for item in timeline["items"] if item["phase"] == "rest"]
        assert rests == [dose["rest_seconds"]] * (dose["sets"] - 1 if dose["rest_seconds"] else 0)

    def test_it_reads_as_somebody_would_say_it(self) -> None:
        dose = {"repetitions": 2, "move_seconds": 3, "return_seconds": 3, "per_side": True, "side_order": "alternate"}
        timeline = level_timeline(exercise(), dose)
        assert [(item["at"], item["phase"], item.get("side"), item["say"]) for item in timeline["items"]] == [
            (0, "prepare", None, "Turn. Sit tall."),
            (6, "move", "left", "Left. Turn."),
            (9, "return", "left", "And back"),
            (12, "move", "right", "Right. Turn."),
            (15, "return", "right", "And back"),
            (18, "move", "left", "Left, 2. Turn."),
            (21, "return", "left", "And back"),
            (24, "move", "right", "Right, 2. Turn."),
            (27, "return", "right", "And back"),
            (30, "end", None, "Rise. Done"),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("seconds", "instruction", "again"),
        [
            (3, "Let it go.", "2. Let it go."),
            (3, "Draw your shoulder blades back.", "2."),
            (11, "Draw your shoulder blades back.", "2. Draw your shoulder blades back."),
        ],
    )
    def test_later_repetitions_say_an_instruction_again_where_it_is_short(
        self, seconds: int, instruction: str, again: str
    ) -> None:
        steps = [{"instruction": instruction, "part": "move"}]
        items = level_timeline(exercise(steps=steps), {"repetitions": 2, "move_seconds": seconds})["items"]
        assert [(item["phase"], item["say"]) for item in items[1:3]] == [("move", instruction), ("move", again)]

    def test_each_set_is_told_from_the_one_before(self) -> None:
        dose = {"sets": 2, "repetitions": 2, "hold_seconds": 5, "rest_seconds": 20}
        says = [item["say"] for item in level_timeline(exercise(), dose)["items"]]
        assert says[1:] == ["Hold", "2. Hold", "Rest", "Set 2. Hold", "2. Hold", "Rise. Done"]

    def test_who_lies_on_the_side_is_told_on_which(self) -> None:
        items = level_timeline(exercise(position="side-lying"), {"move_seconds": 3, "per_side": True})["items"]
        assert [(item["seconds"], item.get("side"), item["text"]) for item in items] == [
            (6, "left", "Begin on your left side. Sit tall."), (3, "left", "Turn."),
            (10, "right", "Turn over slowly: onto your right side"), (3, "right", "Turn."), (0, None, "Rise. Done"),
        ]  # fmt: skip

    def test_a_long_name_is_left_to_the_eye(self) -> None:
        named = {**exercise(), "name": "Turn " * 20}
        assert level_timeline(named, {"move_seconds": 3})["items"][0]["say"] == "Sit tall."

    def test_a_phase_is_shared_by_the_steps_that_it_shows(self) -> None:
        steps = [{"instruction": f"Move {number}.", "part": "move"} for number in range(3)]
        items = level_timeline(exercise(steps=steps), {"move_seconds": 8})["items"]
        assert [(item["seconds"], item.get("step")) for item in items] == [(6, None), (3, 1), (3, 2), (2, 3), (0, None)]

    def test_breaths_are_breathed(self) -> None:
        items = level_timeline(exercise(), {"breaths": {"in_seconds": 4, "hold_seconds": 2, "out_seconds": 6}})["items"]
        assert [item["phase"] for item in items] == ["prepare", "breathe-in", "hold", "breathe-out", "end"]


class TestStages:
    def test_changing_position_belongs_to_the_item_that_it_leads_to(self) -> None:
        exercises = {"turn": exercise(), "lie": exercise("lie", "supine")}
        items = [
            {"position": 1, "exercise": {"slug": "turn"}, "dose": {"move_seconds": 4}},
            {"position": 2, "exercise": {"slug": "turn"}, "dose": {}},
            {"position": 3, "exercise": {"slug": "lie"}, "dose": {"hold_seconds": 30}},
        ]
        timeline = stage_timeline(items, exercises, "en")
        assert [(item["phase"], item["seconds"], item.get("item")) for item in timeline["items"]] == [
            ("prepare", 6, 1), ("move", 4, 1), ("change-position", 20, 3), ("prepare", 6, 3), ("hold", 30, 3),
            ("end", 0, None),
        ]  # fmt: skip
        text = "Rise. Next: Lie. Slowly change your position: lying on your back."
        assert (timeline["items"][2]["text"], timeline["items"][2]["say"]) == (text, text)

    def test_an_empty_stage_is_over_at_once(self) -> None:
        assert [item["phase"] for item in stage_timeline([], {}, "es")["items"]] == ["end"]
