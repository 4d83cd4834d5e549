"""Exercises of the seed data, beyond the rules of content: how much, what stops them, what leads to what."""

from app.content.mapping import Draft
from app.timelines.durations import session_seconds
from tests.seed_data.conftest import Drafts

MAX_SESSION_SECONDS = 20 * 60
FIRST = "open-arm-upper-back-stretch"
SECOND = "overhead-upper-back-stretch"
ALONE_OF_THEIR_KIND = {"standing-side-bend"}
"""Exercises whose movement no other one shares: the only bend to the side."""


class TestEveryExercise:
    def test_is_dosed_sanely(self, exercises: Drafts) -> None:
        for slug, draft in exercises.items():
            for level in draft["levels"]:
                dose = level["dose"]
                assert dose["sets"] <= 5, slug
                assert dose["repetitions"] <= 30, slug
                assert dose["times_per_day"] <= 6, slug
                assert (session_seconds(dose, draft) or 0) < MAX_SESSION_SECONDS, slug

    def test_has_two_levels_or_more(self, exercises: Drafts) -> None:
        assert [slug for slug, draft in exercises.items() if len(intensities(draft)) < 2] == []

    def test_stops_for_pain(self, exercises: Drafts) -> None:
        stretched = (draft for draft in exercises.values() if draft["type"] not in ("breathing", "relaxation"))
        assert [draft["slug"] for draft in stretched if not any("pain" in text for text in draft["stop_if"])] == []

    def test_has_an_easier_or_a_harder_one_unless_it_is_alone_of_its_kind(self, exercises: Drafts) -> None:
        joined = {
            slug
            for own, draft in exercises.items()
            for direction in ("easier", "harder")
            for slug in (own, *(each["slug"] for each in draft.get(direction, ())))
            if draft.get(direction)
        }
        assert exercises.keys() - joined == ALONE_OF_THEIR_KIND

    def test_is_not_easier_than_one_that_it_says_is_harder(self, exercises: Drafts) -> None:
        for slug, draft in exercises.items():
            for other in draft.get("harder", ()):
                assert min(intensities(draft)) <= min(intensities(exercises[other["slug"]])), (slug, other["slug"])


def intensities(draft: Draft) -> list[int]:
    return [level["intensity"] for level in draft["levels"]]


class TestTheExercisesOfTheSourceText:
    def test_the_first_opens_the_rib_cage_and_flattens_the_upper_back(self, exercises: Drafts) -> None:
        first = exercises[FIRST]
        steps = [step["instruction"].lower() for step in first["steps"]]
        for said in ("shoulder blades back towards each other", "arms out to the sides", "upper back gently forward"):
            assert any(said in step for step in steps), said
        assert {"stretches-spine", "increases-circulation", "strengthens-upper-back", "relaxes-muscles"} <= set(
            first["benefits"]
        )

    def test_the_second_is_done_with_the_arms_above_the_head(self, exercises: Drafts) -> None:
        assert any("above your head" in step.get("cue", "") for step in exercises[SECOND]["steps"])

    def test_the_second_is_harder_than_the_first(self, exercises: Drafts) -> None:
        assert SECOND in [each["slug"] for each in exercises[FIRST]["harder"]]
        for pick in (min, max):
            assert pick(intensities(exercises[FIRST])) < pick(intensities(exercises[SECOND]))

    def test_their_levels_say_how_flat_the_upper_back_becomes(self, exercises: Drafts) -> None:
        for slug in (FIRST, SECOND):
            levels = exercises[slug]["levels"]
            assert len(levels) >= 3
            assert all("upper back" in level["adjustment"].lower() for level in levels)
            assert "as flat as" in levels[-1]["adjustment"]

    def test_a_professional_goes_through_them_first(self, exercises: Drafts) -> None:
        for slug in (FIRST, SECOND):
            assert exercises[slug]["guidance"]["professional"] in ("recommended", "required")
            assert "physiotherapist or trainer" in exercises[slug]["guidance"]["note"]
            assert exercises[slug]["tips"]
