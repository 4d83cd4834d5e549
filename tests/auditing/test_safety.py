"""Safety by rule, on exercises of the seed data that are broken in one place."""

from collections.abc import Callable

import pytest

from app.auditing.safety import table
from app.content.content_type import EntityKey
from app.content.mapping import Draft
from app.models.exercise import DEMANDS, POSITIONS, TYPES
from tests.auditing.conftest import Find
from tests.content.samples import term

Drafts = Callable[[str, str], Draft]


def without(draft: Draft, slug: str) -> Draft:
    """The exercise without a contraindication."""
    kept = [entry for entry in draft["contraindications"] if entry["slug"] != slug]
    assert len(kept) < len(draft["contraindications"])
    return {**draft, "contraindications": kept}


class TestWhatARuleRulesOut:
    @pytest.mark.parametrize(
        "slug, condition, because",
        [
            ("cat-cow", "osteoporosis", "the demand 'spine-flexion'"),
            ("cat-cow", "wrist-pain", "the demand 'weight-on-hands'"),
            ("cobra-pose", "pregnancy", "the position 'prone'"),
            ("bridge-pose", "frailty", "the position 'supine'"),
            ("band-row", "latex-allergy", "the equipment 'resistance-band'"),
            ("shoulder-rolls", "recent-fracture", "the type 'mobility'"),
        ],
    )
    def test_is_missed_and_told_with_its_reason(
        self, drafts: Drafts, found: Find, slug: str, condition: str, because: str
    ) -> None:
        (message,) = found("safety", "exercise", without(drafts("exercise", slug), condition))
        assert message == (
            f"/contraindications: '{condition}' must be ruled out, because of {because}; or say in safety.exceptions"
            " why it may be done."
        )

    def test_may_be_an_exception_with_its_reason(self, drafts: Drafts, found: Find) -> None:
        draft = without(drafts("exercise", "cat-cow"), "osteoporosis")
        draft["safety"].setdefault("exceptions", []).append({"slug": "osteoporosis", "note": "Only with a clinician."})
        assert found("safety", "exercise", draft) == []

    def test_holds_from_the_intensity_of_the_demand_on(self, drafts: Drafts, found: Find) -> None:
        draft = drafts("exercise", "cat-cow")
        stenosis = next(each for each in draft["contraindications"] if each["slug"] == "spinal-stenosis")
        stenosis["from_intensity"] = 3
        (message,) = found("safety", "exercise", draft)
        assert "'spinal-stenosis' must be ruled out from intensity 2 up, and not only from 3 up" in message

    def test_may_be_an_exception_for_low_levels_and_ruled_out_from_a_later_one(
        self, drafts: Drafts, found: Find
    ) -> None:
        draft = drafts("exercise", "cat-cow")
        stenosis = next(each for each in draft["contraindications"] if each["slug"] == "spinal-stenosis")
        stenosis["from_intensity"] = 3
        draft["safety"].setdefault("exceptions", []).append({"slug": "spinal-stenosis", "note": "Small at level 2."})
        assert found("safety", "exercise", draft) == []

    def test_an_exception_to_no_rule_is_told(self, drafts: Drafts, found: Find) -> None:
        draft = drafts("exercise", "shoulder-rolls")
        draft["safety"]["exceptions"].append({"slug": "acid-reflux", "note": "Upright."})
        place = len(draft["safety"]["exceptions"]) - 1
        assert found("safety", "exercise", draft) == [
            f"/safety/exceptions/{place}: No rule rules out 'acid-reflux': take it away."
        ]

    def test_is_never_what_the_exercise_helps(self, drafts: Drafts, found: Find) -> None:
        draft = drafts("exercise", "cat-cow")
        draft["contraindications"].append({"slug": "upper-back-pain", "note": "No."})
        place = len(draft["contraindications"]) - 1
        assert found("safety", "exercise", draft) == [
            f"/contraindications/{place}: It says that it helps 'upper-back-pain', and rules it out."
        ]

    def test_strengthening_states_its_effort(self, drafts: Drafts, found: Find) -> None:
        draft = drafts("exercise", "band-row")
        draft["demands"] = []
        assert "/demands: Of type 'strengthening', without a demand strong-effort or held-effort." in found(
            "safety", "exercise", draft
        )


class TestWords:
    def test_that_tell_of_a_demand_want_it_stated_from_their_level_up(self, drafts: Drafts, found: Find) -> None:
        draft = drafts("exercise", "standing-side-bend")
        overhead = next(each for each in draft["demands"] if each["demand"] == "arms-overhead")
        assert overhead["from_intensity"] == 2
        told = (
            "/levels/1/adjustment: 'overhead' tells of the demand 'arms-overhead', which is not stated for intensity 2."
        )
        draft["levels"][1]["adjustment"]["en"] = "Hold the arm overhead."
        assert told not in found("safety", "exercise", draft)
        overhead["from_intensity"] = 3
        assert told in found("safety", "exercise", draft)

    def test_of_a_step_want_it_stated_at_some_level(self, drafts: Drafts, found: Find) -> None:
        draft = drafts("exercise", "cat-cow")
        draft["steps"][0]["cue"]["en"] = "You may sit on your heels."
        assert [each.partition(": ")[2].partition(",")[0] for each in found("safety", "exercise", draft)] == [
            "'on your heels' tells of the demand 'deep-knee-bend'"
        ]


class TestWhatIsWeighed:
    def test_a_new_condition_is_told_for_every_exercise(self, seed: dict[EntityKey, Draft], found: Find) -> None:
        new = ("term", term("osteogenesis-imperfecta", "conditions"))
        for (kind, _slug), draft in seed.items():
            if kind == "exercise":
                assert found("weighed", kind, draft, new) == [
                    "/safety/conditions: Not weighed for: osteogenesis-imperfecta."
                ]

    def test_a_new_symptom_is_told_for_none(self, drafts: Drafts, found: Find) -> None:
        new = ("term", term("double-vision", "conditions", symptom=True))
        assert found("weighed", "exercise", drafts("exercise", "cat-cow"), new) == []

    def test_nothing_is_weighed_for_a_symptom(self, drafts: Drafts, found: Find) -> None:
        draft = drafts("exercise", "cat-cow")
        draft["safety"]["conditions"].append("chest-pain")
        assert found("weighed", "exercise", draft) == [
            "/safety/conditions: No exercise is weighed for a symptom: chest-pain."
        ]

    def test_an_unassessed_exercise_is_told(self, drafts: Drafts, found: Find) -> None:
        draft = drafts("exercise", "cat-cow") | {"safety": {"assessed": False}}
        (message,) = found("weighed", "exercise", draft)
        assert message.startswith("/safety: Nobody assessed it")


class TestTheTable:
    def test_names_every_demand_and_only_what_there_is(self, seed: dict[EntityKey, Draft]) -> None:
        derived = table()["derived"]
        of_derived = {name for rules in derived.values() for names in rules.values() for name in names}
        known = {*DEMANDS, "any", "supine", "prone", "floor", "latex"}
        assert set(table()["conditions"]) == known
        assert of_derived - set(derived["not_types"]["any"]) <= known
        assert set(derived["positions"]) <= set(POSITIONS)
        assert set(derived["not_types"]["any"]) <= set(TYPES)
        for kind, names in (("conditions", table()["conditions"].values()), ("equipment", [derived["equipment"]])):
            terms = {slug for (_, slug), draft in seed.items() if draft.get("vocabulary") == kind}
            assert {name for each in names for name in each} <= terms
