"""What is imported waits for an editor: unassessed, unmixed, and with what to look at in the report."""

from typing import Any

import pytest

from app.imports import wger
from app.imports.conversion import Conversion
from app.imports.free_exercise_db import convert
from app.imports.known import Known, name_key
from app.imports.wger_tables import FILES
from app.store.database import Database
from tests.content.samples import exercise as own
from tests.imports.records import WGER, drafts_in, exercise, free, quiet, run, translation


def converted(*records: Any, known: Known | None = None) -> Conversion:
    return convert(list(records), "exercises.json", known or Known(), quiet)


def translated(steps: str) -> Conversion:
    """The small dump, whose Spanish translation has these steps in HTML."""
    spanish = translation(12, 1, 4, name="Flexión", description=steps)
    return wger.convert(WGER | {"translations": [translation(11, 1), spanish]}, FILES, Known(), quiet)


def test_every_imported_exercise_is_unassessed(database: Database) -> None:
    run(database, free(exercise("One")))
    assert drafts_in(database)["free-exercise-db-one"]["safety"] == {"assessed": False}


def test_cardio_is_aerobic() -> None:
    drafts = converted(exercise(category="cardio")).drafts
    assert [draft["type"] for (kind, _), draft in drafts.items() if kind == "exercise"] == ["aerobic"]


@pytest.mark.parametrize("steps", ["<p>De pie.</p>", "<p>A.</p><p>B.</p><p>C.</p>"])
def test_a_translation_whose_steps_are_not_those_of_the_original_is_left_out_whole(steps: str) -> None:
    conversion = translated(steps)
    draft = conversion.drafts["exercise", "wger-1-curl-1"]
    assert draft["name"] == {"en": "Curl 1"}
    assert all(set(step["instruction"]) == {"en"} for step in draft["steps"])
    remark = "translation left out: its steps do not correspond to the original's"
    assert conversion.report.remarks[remark] == ["1"]


@pytest.mark.parametrize("steps", ["<p>De pie.</p><p>Doble.</p>", ""])
def test_one_with_as_many_steps_or_none_is_used(steps: str) -> None:
    draft = translated(steps).drafts["exercise", "wger-1-curl-1"]
    assert draft["name"] == {"en": "Curl 1", "es": "Flexión"}


class TestTheReport:
    def test_names_what_may_be_there_already(self, database: Database) -> None:
        own_draft = own("cat-cow", aliases=["Cow and cat"])
        known = Known.of({("exercise", "cat-cow"): own_draft}, {("exercise", "cat-cow")}, free().origin)
        remarks = converted(exercise("Cat-Cow"), exercise("cow_AND_cat"), exercise("Bird"), known=known).report.remarks
        assert remarks["may be the same as 'cat-cow', which is there already"] == ["Cat-Cow", "cow_AND_cat"]

    @pytest.mark.parametrize(
        ("text", "is_named"),
        [
            ("See www.example.org for more.", True),
            ("Taken from ExRx.net", True),
            ("https://example.org/a", True),
            ("Bend the knee. Then rest.", False),
            ("Hold for 2.5 s, i.e. a breath.", False),
        ],
    )
    def test_names_texts_that_name_another_site(self, text: str, *, is_named: bool) -> None:
        remarks = converted(exercise(instructions=[text])).report.remarks
        assert ("names another site: check the rights of its texts before a release" in remarks) == is_named

    def test_names_pictures_that_were_left_out(self) -> None:
        remarks = converted(exercise("One", images=["One/0.jpg"]), exercise("Two")).report.remarks
        assert remarks["pictures left out: nobody says who made them and under which licence"] == ["One"]


def test_names_are_compared_without_case_marks_and_order() -> None:
    assert name_key("Cat-Cow") == name_key("cow, cat")
    assert name_key("Cat-Cow") != name_key("Cat")
