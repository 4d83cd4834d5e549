from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from app.imports.conversion import GUIDANCE, Conversion
from app.imports.free_exercise_db import EQUIPMENT, GENTLEST, LEVELS, MUSCLES, ORIGIN, TYPES, convert
from app.imports.known import Known, KnownTerm
from tests.imports.records import exercise, quiet


def converted(*records: Any, known: Known | None = None) -> Conversion:
    return convert(list(records), "exercises.json", known or Known(), quiet)


def only(conversion: Conversion) -> dict[str, Any]:
    assert conversion.faults == []
    (draft,) = [draft for (kind, _), draft in conversion.drafts.items() if kind == "exercise"]
    return draft


class TestARecord:
    def test_becomes_a_draft(self) -> None:
        assert only(converted(exercise())) == {
            "slug": "free-exercise-db-sit-back",
            "name": "Sit Back",
            "type": "strengthening",
            "regions": ["core"],
            "muscles": [
                {"slug": "abdominals", "role": "strengthened"},
                {"slug": "erector-spinae", "role": "stabilising"},
            ],
            "steps": [{"instruction": "Sit down."}, {"instruction": "Lean back."}],
            "levels": [{"intensity": 3, "label": "Beginner"}],
            "safety": {"assessed": False},
            "licence": {"slug": "unlicense", "attribution": "free-exercise-db"},
            "guidance": GUIDANCE,
            "citations": [
                {
                    "source": "free-exercise-db",
                    "locator": "Sit_Back",
                    "note": "The name and the steps come from this catalogue. They were converted without a review.",
                }
            ],
        }

    @pytest.mark.parametrize(
        "respell", [str.title, str.upper, lambda word: word.replace(" ", "-"), lambda word: f" {word} "]
    )
    def test_is_read_the_same_in_the_spelling_of_forks(self, respell: Callable[[str], str]) -> None:
        spelt: tuple[dict[str, Any], ...] = (
            *({"category": word} for word in TYPES),
            *({"level": word} for word in LEVELS),
            *({"equipment": word} for word in EQUIPMENT),
            *({"primaryMuscles": [word], "secondaryMuscles": [other]} for word, other in pairwise(MUSCLES)),
        )
        for fields in spelt:
            forked: dict[str, Any] = {
                name: [respell(each) for each in word] if isinstance(word, list) else respell(word)
                for name, word in fields.items()
            }
            assert converted(exercise(**forked)).drafts == converted(exercise(**fields)).drafts

    @pytest.mark.parametrize("word", ["Body Only", "none", "None", "bodyweight", "Body-weight", "No Equipment"])
    def test_needs_nothing_where_it_says_so(self, word: str) -> None:
        assert "equipment" not in only(converted(exercise(equipment=word)))

    def test_brings_the_source_and_the_terms_that_it_names(self) -> None:
        drafts = converted(exercise()).drafts
        assert {slug for kind, slug in drafts if kind == "term"} == {
            *("abdominals", "core", "erector-spinae", "middle-back", "unlicense"),
        }
        assert drafts["source", "free-exercise-db"]["type"] == "online"

    def test_a_stretch_stretches(self) -> None:
        draft = only(converted(exercise(category="stretching")))
        assert draft["type"] == "stretch"
        assert {each["role"] for each in draft["muscles"]} == {"stretched"}

    def test_no_safety_text_is_made_up(self) -> None:
        assert not {"precautions", "stop_if", "contraindications", "conditions"} & only(converted(exercise())).keys()


class TestTraits:
    @pytest.mark.parametrize("steps", [[], None, ["", "  ", "<p></p>"]])
    def test_without_steps_it_is_imported_and_reported(self, steps: Any) -> None:
        conversion = converted(exercise(instructions=steps))
        assert "steps" not in only(conversion)
        assert conversion.report.remarks["imported without steps: the record has none"] == ["Sit_Back"]

    def test_blank_steps_are_left_out(self) -> None:
        conversion = converted(exercise(instructions=["Sit.", " ", "<b>Lean</b>."]))
        assert only(conversion)["steps"] == [{"instruction": "Sit."}, {"instruction": "Lean."}]
        assert conversion.report.remarks["blank steps left out"] == ["Sit_Back"]

    def test_more_steps_than_a_draft_may_have_stand_in_the_last(self) -> None:
        steps = only(converted(exercise(instructions=[f"Step {number}." for number in range(70)])))["steps"]
        assert len(steps) == 60
        assert steps[-1]["instruction"].startswith("Step 59. Step 60.")

    def test_equipment_that_is_not_stated_is_not_none(self) -> None:
        assert only(converted(exercise(equipment=None)))["equipment"] == ["equipment-not-stated"]
        assert "equipment" not in only(converted(exercise(equipment="body only")))

    def test_an_unknown_category_leaves_the_record_out(self) -> None:
        conversion = converted(exercise(category="juggling"))
        assert conversion.report.converted == 0
        assert conversion.report.remarks["left out: its category has no type of ours"] == ["Sit_Back"]

    def test_an_unknown_level_gives_no_intensity(self) -> None:
        assert "levels" not in only(converted(exercise(level="godlike")))

    def test_ids_that_spell_alike_are_kept_apart(self) -> None:
        conversion = converted(exercise("Sit_Up"), exercise("Sit-Up"), exercise("sit up"))
        slugs = [slug for kind, slug in conversion.drafts if kind == "exercise"]
        assert slugs == [f"free-exercise-db-sit-up{number}" for number in ("", "-2", "-3")]

    def test_the_same_id_twice_is_a_fault(self) -> None:
        (fault,) = converted(exercise(), exercise()).faults
        assert fault.place == "exercises.json#/1/id"

    def test_a_muscle_that_is_primary_and_secondary_stands_once(self) -> None:
        draft = only(converted(exercise(primaryMuscles=["chest", "chest"], secondaryMuscles=["chest"])))
        assert draft["muscles"] == [{"slug": "pectoralis-major", "role": "strengthened"}]


class TestFaults:
    @pytest.mark.parametrize(
        "record, place",
        [
            (exercise(id=None), "/0/id"),
            (exercise(name=7), "/0/name"),
            (exercise(name="x" * 300), "/0/name"),
            (exercise(category=None), "/0/category"),
            (exercise(equipment=["barbell"]), "/0/equipment"),
            (exercise(primaryMuscles="chest"), "/0/primaryMuscles"),
            (exercise(secondaryMuscles=[None, 3]), "/0/secondaryMuscles/1"),
            (exercise(instructions="Sit."), "/0/instructions"),
            (exercise(instructions=["Sit.", {}]), "/0/instructions/1"),
            (exercise(instructions=["Sit.", "x" * 5000]), "/0/instructions/1"),
            (exercise(instructions=["Sit \ud800."]), "/0/instructions/0"),
            ("Sit up", "/0"),
        ],
    )
    def test_a_fault_has_its_pointer(self, record: Any, place: str) -> None:
        assert [fault.place for fault in converted(record).faults] == [f"exercises.json#{place}"]

    def test_every_fault_is_told_at_once(self) -> None:
        faults = converted(exercise(name=None), exercise("Two", level=[]), 3).faults
        assert [fault.place.partition("#")[2] for fault in faults] == ["/0/name", "/1/level", "/2"]

    @pytest.mark.parametrize("content", [None, {}, "exercises", 3])
    def test_a_file_that_is_no_list(self, content: Any) -> None:
        assert [fault.place for fault in convert(content, "exercises.json", Known(), quiet).faults] == [
            "exercises.json#"
        ]


class TestWords:
    def test_an_unknown_muscle_becomes_a_term(self) -> None:
        conversion = converted(exercise(primaryMuscles=["Pelvic floor"]))
        assert conversion.drafts["term", "pelvic-floor"] == {
            "slug": "pelvic-floor",
            "vocabulary": "muscles",
            "name": "Pelvic floor",
        }

    def test_a_term_that_the_store_has_is_used_and_not_rewritten(self) -> None:
        known = Known(terms={"abdominals": KnownTerm("belly", "muscles", active=True)})
        conversion = converted(exercise(), known=known)
        assert only(conversion)["muscles"][0]["slug"] == "belly"
        assert ("term", "abdominals") not in conversion.drafts
        named = Known(names={("equipment", "trapeze"): "swing"})
        assert only(converted(exercise(equipment="Trapeze"), known=named))["equipment"] == ["swing"]

    def test_a_slug_that_another_vocabulary_has_is_not_taken(self) -> None:
        known = Known(terms={"barbell": KnownTerm("barbell", "benefits", active=True)})
        conversion = converted(exercise(equipment="barbell"), known=known)
        assert only(conversion)["equipment"] == ["barbell-equipment"]
        both = converted(exercise(equipment="Chest"), exercise("Two", primaryMuscles=["chest"]))
        assert both.faults == []
        assert {"chest", "chest-equipment", "pectoralis-major"} <= {
            slug for kind, slug in both.drafts if kind == "term"
        }


class TestScale:
    def test_levels_rise_within_a_category(self) -> None:
        assert GENTLEST.keys() == TYPES.keys()
        for category in TYPES:
            found = [
                only(converted(exercise(level=level, category=category)))["levels"][0]["intensity"] for level in LEVELS
            ]
            assert found == sorted(found)
            assert 2 <= found[0] < found[2] <= 5

    def test_a_beginners_stretch_is_the_gentlest_of_all(self) -> None:
        assert GENTLEST["stretching"] < min(value for key, value in GENTLEST.items() if key != "stretching")

    def test_every_word_has_a_term(self) -> None:
        conversion = converted(
            *(exercise(f"M{word}", primaryMuscles=[word]) for word in MUSCLES),
            *(exercise(f"E{word}", equipment=word) for word in EQUIPMENT),
        )
        assert conversion.faults == []
        assert ORIGIN.prefix == "free-exercise-db-"
