from typing import Any

import pytest

from app.editing.bundle import load_draft
from app.errors import InvalidDrafts
from app.exercises.kind import EXERCISE
from tests.content.samples import exercise


def load(**given: Any) -> dict[str, Any]:
    return load_draft(EXERCISE, exercise("a", **given))


def faults(**given: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidDrafts) as caught:
        load(**given)
    return [(fault.place, fault.detail) for fault in caught.value.faults]


class TestShortForms:
    def test_a_condition_by_its_slug_alone_is_relieved(self) -> None:
        assert load(conditions=["neck-pain"])["conditions"] == [{"slug": "neck-pain", "purpose": "relieve"}]

    def test_a_professional_is_recommended_unless_something_else_is_said(self) -> None:
        assert load()["guidance"] == {"professional": "recommended"}
        assert load(guidance={"note": "Ask."})["guidance"] == {"professional": "recommended", "note": "Ask."}

    def test_levels_are_put_in_rising_order(self) -> None:
        assert [each["intensity"] for each in load(levels=[{"intensity": 4}, {"intensity": 2}])["levels"]] == [2, 4]

    def test_the_numbers_of_steps_may_be_given_and_are_not_kept(self) -> None:
        steps = [{"number": 1, "instruction": "One."}, {"number": 2, "instruction": "Two."}]
        assert load(steps=steps)["steps"] == [{"instruction": "One."}, {"instruction": "Two."}]

    def test_what_is_empty_is_as_if_it_were_not_given(self) -> None:
        empty = load(aliases=[], levels=[{"intensity": 1, "dose": {}}], former_slugs=[], media=[])
        assert empty == load(levels=[{"intensity": 1}])


class TestRules:
    def test_a_muscle_may_have_two_roles_but_none_twice(self) -> None:
        load(muscles=[{"slug": "m", "role": "stretched"}, {"slug": "m", "role": "strengthened"}])
        twice = [{"slug": "m", "role": "stretched"}, {"slug": "m", "role": "stretched"}]
        assert faults(muscles=twice) == [("/muscles/1", "'m' stands here twice.")]

    def test_there_are_at_most_five_levels_and_sixty_entries_of_a_list(self) -> None:
        assert faults(levels=[{"intensity": 1}] * 6)[0] == ("/levels", "Must have at most 5 entries.")
        assert faults(precautions=["Slowly."] * 61) == [("/precautions", "Must have at most 60 entries.")]

    def test_what_a_reader_sees_but_an_editor_does_not_write_is_refused(self) -> None:
        found = faults(kind="exercise", revision=1, links={}, published_at="now")
        assert {place for place, _ in found} == {"/kind", "/revision", "/links", "/published_at"}

    def test_a_number_of_a_step_that_is_not_its_place_is_refused(self) -> None:
        assert faults(steps=[{"number": 0, "instruction": "One."}]) == [
            ("/steps/0/number", "Must be 1, its place in the list, or left out.")
        ]

    @pytest.mark.parametrize("written", [None, [], "text", 1])
    def test_an_entry_that_is_no_object_is_refused(self, written: Any) -> None:
        with pytest.raises(InvalidDrafts):
            load_draft(EXERCISE, written)
