"""Rules about words: one action a step, reading, translations, citations, completeness."""

from collections.abc import Callable

import pytest

from app.auditing.findings import Content
from app.auditing.reading import english_syllables, reading, spanish_syllables
from app.auditing.whole import duplicates, orphans
from app.content.content_type import EntityKey
from app.content.mapping import Draft
from app.kinds import CATALOGUE
from tests.auditing.conftest import Find
from tests.content.samples import term

Drafts = Callable[[str, str], Draft]


class TestOneAction:
    @pytest.mark.parametrize(
        "instruction, second",
        [
            ("Sit down and place your hands on your thighs.", "place"),
            ("Bend your elbows, then slowly raise your arms.", "raise"),
            ("Lift your hips. Lower them again.", "Lower"),
            ("Draw your shoulders back and then hold.", "hold"),
            ("Roll onto your side, and push yourself up.", "push"),
        ],
    )
    def test_a_second_one_is_told(self, drafts: Drafts, found: Find, instruction: str, second: str) -> None:
        draft = drafts("exercise", "cat-cow")
        draft["steps"][0]["instruction"]["en"] = instruction
        assert found("one-action", "exercise", draft) == [
            f"/steps/0/instruction: It asks for a second action, '{second}': make it a step or a cue of its own."
        ]

    @pytest.mark.parametrize(
        "instruction",
        [
            "Lift your hips up and back.",
            "Let your breath come and go by itself.",
            "Move your attention up through your legs, hips and lower back.",
            "Close your eyes or let them rest on one spot.",
            "Walk your hands back slowly, lifting your head last.",
        ],
    )
    def test_one_is_not(self, drafts: Drafts, found: Find, instruction: str) -> None:
        draft = drafts("exercise", "cat-cow")
        draft["steps"][0]["instruction"]["en"] = instruction
        assert found("one-action", "exercise", draft) == []


class TestReading:
    @pytest.mark.parametrize(
        "word, syllables",
        [("breathe", 1), ("shoulders", 2), ("physiotherapist", 6), ("needed", 2), ("raised", 1), ("places", 2)],
    )
    def test_english_syllables(self, word: str, syllables: int) -> None:
        assert english_syllables(word) == syllables

    @pytest.mark.parametrize(
        "word, syllables",
        [
            ("espalda", 3),
            ("redondear", 4),
            ("día", 2),
            ("guía", 2),
            ("muy", 1),
            ("apoyo", 3),
            ("cuello", 2),
            ("aire", 2),
        ],
    )
    def test_spanish_syllables(self, word: str, syllables: int) -> None:
        assert spanish_syllables(word) == syllables

    def test_hard_texts_are_told_by_sort_and_language(self, drafts: Drafts, found: Find) -> None:
        draft = drafts("exercise", "cat-cow")
        for step in draft["steps"]:
            step["cue"] = {
                "en": "Simultaneously maintain appropriate intervertebral positioning throughout repetitions.",
                "es": "Simultáneamente mantén una colocación intervertebral adecuada durante el movimiento.",
            }
        english, spanish = found("reading", "exercise", draft)
        assert english.startswith("/steps/0/instruction: Its instructions read at ")
        assert "(en); at most 5." in english
        assert "(es); at least 65." in spanish

    def test_few_words_and_other_languages_are_not_graded(self) -> None:
        assert reading(["Sit tall."], "en") is None
        assert reading(["Setz dich hin. " * 40], "de") is None


class TestTranslations:
    def test_a_text_without_spanish_is_told(self, drafts: Drafts, found: Find) -> None:
        draft = drafts("exercise", "cat-cow")
        draft["steps"][1]["cue"] = "Look at the floor."
        draft["precautions"][0].pop("es")
        (message,) = found("translated", "exercise", draft)
        assert message.startswith("/steps/1/cue: 2 of ")
        assert message.endswith(" texts have no es: /steps/1/cue, /precautions/0.")

    @pytest.mark.parametrize("said, told", [("doce segundos", "12 seconds"), ("un rato", "no such amount")])
    def test_says_the_amounts_of_the_original(self, drafts: Drafts, found: Find, said: str, told: str) -> None:
        draft = drafts("exercise", "cat-cow")
        draft["precautions"][0] = {"en": "Rest for ten seconds.", "es": f"Descansa {said}."}
        assert found("translated", "exercise", draft) == [f"/precautions/0: It says 10 seconds (en), and {told} (es)."]


class TestGlossary:
    @pytest.mark.parametrize(
        "language, text, word",
        [
            ("en", "It prevents pain.", "prevents"),
            ("es", "Inspira por la nariz.", "Inspira"),
            ("es", "Para si notas dolor.", "Para si"),
            ("es", "Notas un tirón.", "tirón"),
        ],
    )
    def test_words_that_it_tells_not_to_use_are_told(
        self, drafts: Drafts, found: Find, language: str, text: str, word: str
    ) -> None:
        draft = drafts("exercise", "cat-cow")
        draft["precautions"][0][language] = text
        (message,) = found("glossary", "exercise", draft)
        assert message.startswith(f"/precautions/0: It says '{word}' ({language}). ")

    def test_other_names_may_have_them(self, drafts: Drafts, found: Find) -> None:
        draft = drafts("term", "upper-back-pain")
        draft["aliases"].append({"en": "knot", "es": "tirón de espalda"})
        assert found("glossary", "term", draft) == []


class TestCitations:
    def test_need_a_locator(self, drafts: Drafts, found: Find) -> None:
        draft = drafts("exercise", "cat-cow")
        del draft["citations"][0]["locator"]
        (message,) = found("citations", "exercise", draft)
        assert message.startswith("/citations/0: It does not say where in 'orthoinfo-spine-conditioning'")

    def test_evidence_rests_on_what_is_cited(self, drafts: Drafts, found: Find) -> None:
        draft = drafts("exercise", "cat-cow")
        draft["evidence"] = {**draft["evidence"], "level": "trial", "citations": ["deskbound"]}
        assert found("citations", "exercise", draft) == [
            "/evidence/citations/0: 'deskbound' is not among the citations, where its place stands."
        ]
        del draft["evidence"]["citations"]
        assert len(found("citations", "exercise", draft)) == 1

    def test_a_tip_in_the_second_person_is_ours(self, drafts: Drafts, found: Find) -> None:
        draft = drafts("exercise", "cat-cow")
        draft["tips"][0]["source"] = "deskbound"
        assert found("citations", "exercise", draft) == [
            "/tips/0/source: It speaks to the reader in our words: take the source away."
        ]

    def test_a_book_and_a_page_say_how_to_find_them(self, drafts: Drafts, found: Find) -> None:
        book, page = drafts("source", "deskbound"), drafts("source", "nhs-back-pain")
        del book["authors"], book["isbn"], page["url"]
        assert [each[:30] for each in found("citations", "source", book)] == [
            ": The book lacks: authors.",
            ": The book has no isbn: find i",
        ]
        assert any(each.startswith("/url: A page has an address") for each in found("citations", "source", page))


class TestCompleteness:
    @pytest.mark.parametrize("name", ["steps", "levels", "safety", "evidence", "licence", "review"])
    def test_what_an_exercise_lacks_is_told(self, drafts: Drafts, found: Find, name: str) -> None:
        draft = drafts("exercise", "cat-cow")
        del draft[name]
        assert f": It lacks: {name}." in found("complete", "exercise", draft)

    def test_what_its_parts_lack_is_told(self, drafts: Drafts, found: Find) -> None:
        draft = drafts("exercise", "eagle-arms")
        del draft["steps"][0]["part"], draft["levels"][0]["dose"]["side_order"], draft["review"]["next_review_on"]
        draft["levels"][1]["dose"] = {"sets": 1}
        seconds = "breaths, or seconds of move, hold, return or pause"
        assert found("complete", "exercise", draft) == [
            "/steps: These steps do not say which part they are: 1.",
            "/levels/0/dose: It lacks: side_order.",
            f"/levels/1/dose: It lacks: repetitions, times_per_day, days_per_week, {seconds}.",
            "/review: It lacks next_review_on, the day by which to review it again.",
        ]

    def test_what_a_routine_lacks_is_told(self, drafts: Drafts, found: Find) -> None:
        draft, exercise = drafts("routine", "three-day-prevention"), drafts("exercise", "shoulder-rolls")
        draft["stages"][0]["items"][0].pop("dose", None)
        draft["stages"][0]["items"][1]["dose"] = {"sets": 1, "move_seconds": 3}
        draft["stages"][1]["items"] = []
        del draft["licence"]["attribution"], draft["review"]["next_review_on"], exercise["levels"][0]["dose"]
        assert found("complete", "routine", draft, ("exercise", exercise)) == [
            "/stages/0/items/0: Neither it nor its level has a dose with seconds.",
            "/stages/0/items/1/dose: It lacks: repetitions, times_per_day, days_per_week.",
            "/stages/1: It has no items.",
            "/licence: It names nobody in attribution.",
            "/review: It lacks next_review_on, the day by which to review it again.",
        ]

    def test_red_flags_begin_with_the_most_urgent(self, drafts: Drafts, found: Find) -> None:
        draft = drafts("term", "upper-back-pain")
        draft["see_professional_if"].reverse()
        assert found("order", "term", draft) == [
            "/see_professional_if: The most urgent signs come first: emergency, urgent, soon."
        ]

    def test_a_review_that_is_due_is_told_from_the_day_after(self, drafts: Drafts, found: Find) -> None:
        draft = drafts("exercise", "cat-cow")
        due = draft["review"]["next_review_on"]
        assert found("review", "exercise", draft, today=due) == []
        assert found("review", "exercise", draft, today="2099-01-01") == [
            f"/review/next_review_on: A review was due on {due}."
        ]


class TestTheWhole:
    def test_what_nothing_names_is_an_orphan_unless_it_is_a_symptom(self, seed: dict[EntityKey, Draft]) -> None:
        new = [term("marble", "equipment"), term("ringing-ears", "conditions", symptom=True)]
        drafts = {**seed, **{("term", draft["slug"]): draft for draft in new}}
        before, after = (set(orphans(Content(CATALOGUE, each))) for each in (seed, drafts))
        assert after - before == {("term", "marble")}

    def test_the_same_name_or_nearly_the_same_steps_are_duplicates(
        self, seed: dict[EntityKey, Draft], drafts: Drafts
    ) -> None:
        twin = drafts("exercise", "cat-cow") | {"slug": "yoga-cat", "name": {"en": "Yoga cat", "es": "Gato"}}
        twin.pop("aliases", None)
        namesake = term("rucksack", "equipment", name="Foam  Roller")
        content = Content(CATALOGUE, {**seed, ("exercise", "yoga-cat"): twin, ("term", "rucksack"): namesake})
        assert {(key[1], finding.message) for key, finding in duplicates(content)} == {
            ("yoga-cat", "100% of the words of its steps are those of 'cat-cow'."),
            ("rucksack", "'Foam  Roller' (en) is a name of 'foam-roller' too."),
        }
