"""Times: doses against steps, against words, against the level below; names of routines against the clock."""

from collections.abc import Callable
from typing import Any

import pytest

from app.auditing.amounts import amounts
from app.content.mapping import Draft
from tests.auditing.conftest import Find

Drafts = Callable[[str, str], Draft]


def level(draft: Draft, intensity: int) -> Any:
    return next(each for each in draft["levels"] if each["intensity"] == intensity)


class TestAmounts:
    @pytest.mark.parametrize(
        "text, language, expected",
        [
            ("Hold each lift for ten seconds.", "en", [(10, "seconds")]),
            ("Hold for 12 seconds, three times.", "en", [(12, "seconds"), (3, "times")]),
            ("Five-minute desk break", "en", [(5, "minutes")]),
            ("Stay for three slow breaths.", "en", [(3, "breaths")]),
            ("Pause for a slow breath.", "en", [(1, "breaths")]),
            ("Stay for a few breaths.", "en", []),
            ("Lower over a slow count of three.", "en", [(3, "count")]),
            ("Count to three as you breathe in and to four as you breathe out.", "en", [(3, "count"), (4, "count")]),
            ("Rest for five minutes.", "en", [(5, "minutes")]),
            ("Do two sets.", "en", [(2, "sets")]),
            ("Do one set in each of the four directions.", "en", []),
            ("Quédate diez segundos.", "es", [(10, "seconds")]),
            ("Haz una pausa de tres respiraciones lentas.", "es", [(3, "breaths")]),
            ("Cuenta hasta cuatro al volver.", "es", [(4, "count")]),
            ("Siéntate.", "fr", []),
        ],
    )
    def test_are_read_from_words_and_digits(self, text: str, language: str, expected: list[tuple[int, str]]) -> None:
        assert [(each.number, each.unit) for each in amounts(text, language)] == expected


class TestWordsOfALevel:
    @pytest.mark.parametrize(
        "slug, intensity, wrong",
        [
            ("wall-angel", 4, {"move_seconds": 3, "return_seconds": 3}),  # a slow count of four
            ("bird-dog", 4, {"hold_seconds": 6}),  # hold each lift for ten seconds
            ("downward-facing-dog", 5, {"hold_seconds": 15}),  # about six slow breaths
            ("body-scan", 1, {"hold_seconds": 100}),  # about five minutes
            ("band-row", 3, {"sets": 1}),  # do two sets
        ],
    )
    def test_that_its_dose_does_not_keep_are_told_in_both_languages(
        self, drafts: Drafts, found: Find, slug: str, intensity: int, wrong: dict[str, int]
    ) -> None:
        draft = drafts("exercise", slug)
        level(draft, intensity)["dose"].update(wrong)
        told = [each for each in found("times", "exercise", draft) if "/adjustment: It says" in each]
        assert any("(en)" in each for each in told)
        assert any("(es)" in each for each in told)

    def test_of_a_breath_are_counted_at_its_pace(self, drafts: Drafts, found: Find) -> None:
        draft = drafts("exercise", "long-exhale-breathing")
        level(draft, 2)["dose"]["breaths"] = {"in_seconds": 3, "out_seconds": 4}
        assert any("count to six" in each.lower() or "to six" in each for each in found("times", "exercise", draft))


class TestSteps:
    def test_slow_ones_have_three_seconds_or_more(self, drafts: Drafts, found: Find) -> None:
        draft = drafts("exercise", "neck-rotation")
        level(draft, 1)["dose"]["move_seconds"] = 2
        assert "/levels/0/dose: Step 3 is to be done slowly, in 2 s. Give it 3 s or more." in found(
            "times", "exercise", draft
        )

    def test_without_seconds_are_told(self, drafts: Drafts, found: Find) -> None:
        draft = drafts("exercise", "chin-tuck")
        del level(draft, 1)["dose"]["hold_seconds"]
        assert any(
            each.startswith("/levels/0/dose: It has no seconds for the steps of the part 'hold'")
            for each in found("times", "exercise", draft)
        )

    def test_that_a_level_says_it_leaves_out_are_not(self, drafts: Drafts, found: Find) -> None:
        draft = drafts("exercise", "bridge-pose")
        assert "hold_seconds" not in level(draft, 2)["dose"]
        assert found("times", "exercise", draft) == []
        level(draft, 2)["adjustment"] = {"en": "Lift your hips a little.", "es": "Sube un poco la cadera."}
        assert len(found("times", "exercise", draft)) == 1

    def test_seconds_without_a_step_are_told(self, drafts: Drafts, found: Find) -> None:
        draft = drafts("exercise", "chin-tuck")
        draft["steps"] = [step for step in draft["steps"] if step["part"] != "return"]
        assert "/levels/0/dose: It has 3 s to return, and no step says what to do then." in found(
            "times", "exercise", draft
        )

    def test_must_be_sayable_in_their_share_of_the_seconds(self, drafts: Drafts, found: Find) -> None:
        draft = drafts("exercise", "eagle-arms")
        draft["steps"][2]["instruction"]["en"] = "Cross one arm over the other one, well above both of your elbows."
        (message,) = found("times", "exercise", draft)
        assert message == "/steps/2/instruction: It is 13 words (en) in 3 s: shorten it to 10, or give it more time."

    def test_of_getting_ready_are_few(self, drafts: Drafts, found: Find) -> None:
        draft = drafts("exercise", "cat-cow")
        draft["steps"][:0] = [draft["steps"][0]] * 3
        assert found("times", "exercise", draft) == [
            "/steps: It has 5 steps of the part 'set-up', which take 30 s: 4 do."
        ]


class TestLevels:
    def test_do_no_less_than_the_one_below(self, drafts: Drafts, found: Find) -> None:
        draft = drafts("exercise", "chin-tuck")
        level(draft, 3)["dose"]["sets"] = 1
        level(draft, 3)["dose"]["repetitions"] = 4
        (message,) = (each for each in found("times", "exercise", draft) if "the level below" in each)
        assert message == "/levels/2/dose: It works for 48 s, the level below it for 100 s."

    def test_with_one_set_have_no_rest(self, drafts: Drafts, found: Find) -> None:
        draft = drafts("exercise", "chin-tuck")
        level(draft, 1)["dose"]["rest_seconds"] = 30
        assert any(each.startswith("/levels/0/dose/rest_seconds:") for each in found("times", "exercise", draft))


class TestRoutines:
    @pytest.mark.parametrize("repetitions", [1, 40])
    def test_keep_the_minutes_that_their_names_promise(self, drafts: Drafts, found: Find, repetitions: int) -> None:
        draft = drafts("routine", "desk-break-three-minutes")
        for item in draft["stages"][0]["items"]:
            item["dose"] = {"sets": 1, "repetitions": repetitions, "move_seconds": 3, "return_seconds": 3}
        told = found("times", "routine", draft)
        assert [each[: each.index(" (")] for each in told if each.startswith("/name")] == [
            "/name: It promises 3 minutes"
        ] * 2

    def test_keep_the_minutes_that_their_summaries_say(self, drafts: Drafts, found: Find) -> None:
        draft = drafts("routine", "floor-session-with-mat")
        draft["summary"]["en"] = "About five minutes on a mat."
        (message,) = found("times", "routine", draft)
        assert message.startswith("/summary: It says 5 minutes (en); its stages take ")

    def test_rise_from_stage_to_stage_in_the_order_of_sections(self, drafts: Drafts, found: Find) -> None:
        draft = drafts("routine", "three-day-prevention")
        draft["stages"].reverse()
        draft["stages"][0]["items"].reverse()
        assert [each.partition(":")[0] for each in found("order", "routine", draft)] == ["/stages/0/items", "/stages/1"]
