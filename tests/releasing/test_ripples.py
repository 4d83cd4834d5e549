"""What a change does to the documents of other entities, and when."""

from typing import Any

from tests.content.editing import Editor
from tests.content.samples import exercise, place, routine, source, stage, term

MUSCLE = {"slug": "rhomboids", "role": "strengthened"}


def slugs(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["slug"] for entry in entries]


class TestRenamedTerm:
    def test_a_renamed_muscle_shows_in_the_exercises_that_name_it_at_the_next_release(self, editor: Editor) -> None:
        editor.publish(
            vocabularies=[term("rhomboids"), term("chair", "equipment")],
            exercises=[exercise("a", muscles=[MUSCLE]), exercise("b", muscles=[MUSCLE]), exercise("c")],
        )
        editor.put(vocabularies=[term("rhomboids", name="Rhomboid muscles")])
        assert editor.document("exercise", "a")["muscles"][0]["name"] == "Rhomboids"

        editor.release()
        for slug in ("a", "b"):
            assert editor.document("exercise", slug)["muscles"] == [MUSCLE | {"name": "Rhomboid muscles"}]
        assert set(editor.changed_by(2)) == {("term", "rhomboids"), ("exercise", "a"), ("exercise", "b")}

    def test_a_change_of_a_term_that_others_do_not_show_leaves_them_alone(self, editor: Editor) -> None:
        editor.publish(vocabularies=[term("rhomboids")], exercises=[exercise("a", muscles=[MUSCLE])])
        editor.publish(vocabularies=[term("rhomboids", description="Between the shoulder blades.")])
        assert set(editor.changed_by(2)) == {("term", "rhomboids")}

    def test_an_exercise_that_no_longer_names_it_is_left_alone(self, editor: Editor) -> None:
        editor.publish(vocabularies=[term("rhomboids")], exercises=[exercise("a", muscles=[MUSCLE])])
        editor.publish(exercises=[exercise("a")])
        editor.publish(vocabularies=[term("rhomboids", name="Other")])
        assert set(editor.changed_by(3)) == {("term", "rhomboids")}

    def test_the_name_of_equipment_follows_into_routines_through_their_exercises(self, editor: Editor) -> None:
        editor.publish(
            vocabularies=[term("chair", "equipment")],
            exercises=[exercise("a", equipment=["chair"])],
            routines=[routine("r", "a")],
        )
        editor.publish(vocabularies=[term("chair", "equipment", name="Firm chair")])
        assert editor.document("routine", "r")["equipment"] == [{"slug": "chair", "name": "Firm chair"}]
        assert set(editor.changed_by(2)) == {("term", "chair"), ("exercise", "a"), ("routine", "r")}

    def test_a_licence_and_a_region_of_a_muscle_follow_too(self, editor: Editor) -> None:
        editor.publish(
            vocabularies=[term("cc", "licences"), term("neck", "regions"), term("m", regions=["neck"])],
            exercises=[exercise("a", licence={"slug": "cc", "attribution": "Us"})],
        )
        editor.publish(vocabularies=[term("cc", "licences", name="Free"), term("neck", "regions", name="Nape")])
        assert editor.document("exercise", "a")["licence"]["name"] == "Free"
        assert editor.document("term", "m")["regions"] == [{"slug": "neck", "name": "Nape"}]


class TestProgressions:
    def test_a_new_harder_shows_as_easier_on_the_other_side(self, editor: Editor) -> None:
        editor.publish(exercises=[exercise("a"), exercise("b")])
        editor.put(exercises=[exercise("a", harder=[{"slug": "b", "why": "Longer lever."}])])
        assert editor.document("exercise", "b")["easier"] == []

        editor.release()
        assert editor.document("exercise", "a")["harder"] == [{"slug": "b", "name": "B", "why": "Longer lever."}]
        assert editor.document("exercise", "b")["easier"] == [{"slug": "a", "name": "A", "why": "Longer lever."}]
        assert editor.document("exercise", "b")["revision"] == 2

    def test_a_harder_that_is_taken_back_leaves_the_other_side(self, editor: Editor) -> None:
        editor.publish(exercises=[exercise("a", harder=["b"]), exercise("b")])
        editor.publish(exercises=[exercise("a")])
        assert editor.document("exercise", "b")["easier"] == []

    def test_a_step_that_both_declare_shows_once_with_each_side_s_own_reason(self, editor: Editor) -> None:
        editor.publish(
            exercises=[
                exercise("a", harder=[{"slug": "b", "why": "From a."}]),
                exercise("b", easier=[{"slug": "a", "why": "From b."}]),
            ]
        )
        assert editor.document("exercise", "a")["harder"] == [{"slug": "b", "name": "B", "why": "From a."}]
        assert editor.document("exercise", "b")["easier"] == [{"slug": "a", "name": "A", "why": "From b."}]

    def test_a_renamed_exercise_shows_on_the_other_side(self, editor: Editor) -> None:
        editor.publish(exercises=[exercise("a", harder=["b"]), exercise("b")])
        editor.publish(exercises=[exercise("a", name="Alpha", harder=["b"])])
        assert editor.document("exercise", "b")["easier"][0]["name"] == "Alpha"

    def test_an_easier_exercise_that_leaves_leaves_the_other_side(self, editor: Editor) -> None:
        editor.publish(exercises=[exercise("a", harder=["b"]), exercise("b")])
        editor.publish(prune=True, exercises=[exercise("b")])
        assert editor.document("exercise", "b")["easier"] == []
        assert editor.changed_by(2)["exercise", "b"] is not None


class TestSources:
    def test_the_count_of_citations_follows_exercises_and_routines(self, editor: Editor) -> None:
        cited = [{"source": "s", "locator": "p. 1"}, {"source": "s", "locator": "p. 2"}]
        counts = []
        for exercises, routines in (
            ([exercise("a")], []),
            ([exercise("a", citations=cited)], []),
            ([exercise("a", citations=cited), exercise("b", citations=cited)], []),
            ([exercise("a", citations=cited), exercise("b")], [routine("r", "a", citations=cited)]),
            ([exercise("b")], []),
        ):
            editor.publish(prune=True, sources=[source("s")], exercises=exercises, routines=routines)
            counts.append(editor.document("source", "s")["citations_count"])
        assert counts == [0, 1, 2, 2, 0]

    def test_the_title_of_a_source_follows_into_citations_and_tips(self, editor: Editor) -> None:
        tips = [{"text": "Tip", "source": "s"}]
        editor.publish(sources=[source("s")], exercises=[exercise("a", citations=[{"source": "s"}], tips=tips)])
        editor.publish(sources=[source("s", title="New title")])
        document = editor.document("exercise", "a")
        expected = {"slug": "s", "type": "book", "title": "New title"}
        assert (document["citations"][0]["source"], document["tips"][0]["source"]) == (expected, expected)

    def test_a_place_and_a_professional_show_each_other_whichever_says_so(self, editor: Editor) -> None:
        editor.publish(
            sources=[source("p", "professional", places=["x"]), source("q", "professional")],
            places=[place("x"), place("y", professionals=["p", "q"])],
        )
        assert slugs(editor.document("source", "p")["places"]) == ["x", "y"]
        assert slugs(editor.document("source", "q")["places"]) == ["y"]
        assert slugs(editor.document("place", "x")["professionals"]) == ["p"]
        editor.publish(places=[place("y", name="Why", professionals=["q"])])
        assert slugs(editor.document("source", "p")["places"]) == ["x"]
        assert editor.document("source", "q")["places"] == [{"slug": "y", "name": "Why"}]


class TestRoutines:
    def test_what_a_routine_derives_follows_its_exercises(self, editor: Editor) -> None:
        dose = {"sets": 2, "repetitions": 5, "hold_seconds": 10, "rest_seconds": 30}
        editor.publish(
            vocabularies=[term("chair", "equipment"), term("vertigo", "conditions")],
            exercises=[exercise("a", guidance={"professional": "none"})],
            routines=[routine("r", "a")],
        )
        before = editor.document("routine", "r")
        assert (before["seconds"], before["equipment"], before["guidance"]["professional"]) == (0, [], "none")
        editor.publish(
            exercises=[
                exercise(
                    "a",
                    equipment=["chair"],
                    contraindications=["vertigo"],
                    guidance={"professional": "required", "note": "Ask."},
                    levels=[{"intensity": 1, "dose": dose}],
                )
            ]
        )
        after = editor.document("routine", "r")
        assert after["seconds"] == 6 + 2 * 5 * 10 + 30
        assert slugs(after["equipment"]) == ["chair"]
        assert slugs(after["contraindications"]) == ["vertigo"]
        assert after["guidance"] == {"professional": "required", "note": "Ask."}
        assert after["stages"][0]["items"][0]["dose"]["hold_seconds"] == 10

    def test_a_routine_and_the_exercise_that_it_newly_names_come_out_together(self, editor: Editor) -> None:
        editor.publish(exercises=[exercise("a")], routines=[routine("r", "a")])
        items = [{"exercise": "a", "intensity": 1}, {"exercise": "b", "intensity": 3}]
        editor.publish(exercises=[exercise("b")], routines=[routine("r", stages=[stage(*items)])])
        document = editor.document("routine", "r")
        assert [item["exercise"]["name"] for item in document["stages"][0]["items"]] == ["A", "B"]
        assert document["max_intensity"] == 3
