from typing import Any

import pytest

from app.imports import wger
from app.imports.conversion import Conversion
from app.imports.known import Known
from app.imports.wger_tables import FILES, joined_licence
from app.imports.wger_texts import by_place
from tests.imports.records import WGER, base, quiet, row, translation


def converted(**tables: Any) -> Conversion:
    return wger.convert(WGER | tables, FILES, Known(), quiet)


def first(conversion: Conversion) -> dict[str, Any]:
    assert conversion.faults == []
    return next(draft for (kind, _), draft in conversion.drafts.items() if kind == "exercise")


class TestARecord:
    def test_becomes_a_draft_in_its_languages(self) -> None:
        draft = first(converted())
        assert {key: draft[key] for key in draft if key not in ("guidance", "citations")} == {
            "slug": "wger-1-curl-1",
            "name": {"en": "Curl 1", "es": "Flexión"},
            "aliases": [{"en": "Biceps curl"}],
            "type": "strengthening",
            "regions": ["arms"],
            "muscles": [{"slug": "biceps", "role": "strengthened"}],
            "equipment": ["dumbbells"],
            "steps": [
                {"instruction": {"en": "Stand.", "es": "De pie."}},
                {"instruction": {"en": "Bend.", "es": "Doble."}},
            ],
            "safety": {"assessed": False},
            "tips": [{"text": {"en": "Keep your elbows still."}, "source": "wger"}],
            "licence": {"slug": "cc-by-sa-4-0", "attribution": "wger: record, en, es by ann (CC-BY-SA-4.0)"},
        }
        assert draft["guidance"]["professional"] == "recommended"
        assert (draft["citations"][0]["source"], draft["citations"][0]["locator"]) == ("wger", "uuid-1")

    def test_it_has_no_level_because_the_catalogue_gives_none(self) -> None:
        assert "levels" not in first(converted())

    def test_a_stretch_is_told_by_its_name(self) -> None:
        drafts = converted().drafts
        assert drafts["exercise", "wger-2-neck-stretch"]["type"] == "stretch"


class TestLicences:
    def test_each_part_names_its_author_and_licence(self) -> None:
        found = [translation(11, 1), translation(12, 1, 4, license=1, license_author="")]
        licence = first(converted(translations=found))["licence"]
        assert licence == {
            "slug": "cc-by-sa-4-0",
            "attribution": "wger: record, en by ann (CC-BY-SA-4.0); es by an author not named (CC-BY-SA-3.0)",
        }

    @pytest.mark.parametrize("licence", [None, 9])
    def test_without_a_licence_nothing_is_imported(self, licence: int | None) -> None:
        others = [*WGER["licences"], row("license", 9, short_name="All rights reserved")]
        conversion = converted(exercises=[base(1, license=licence)], licences=others)
        assert conversion.report.converted == 0
        assert conversion.report.remarks["left out: its licence is not given or not known"] == ["1"]

    def test_a_translation_whose_licence_does_not_join_is_left_out(self) -> None:
        found = [translation(11, 1), translation(12, 1, 4, license=5)]
        licences = [*WGER["licences"], row("license", 5, short_name="ODbL")]
        assert first(converted(translations=found, licences=licences))["name"] == {"en": "Curl 1"}

    def test_joined_licences(self) -> None:
        assert joined_licence(["cc0-1-0", "cc-by-sa-3-0", "cc-by-sa-4-0"]) == "cc-by-sa-4-0"
        assert joined_licence(["cc0-1-0", "cc0-1-0"]) == "cc0-1-0"
        assert joined_licence(["odbl-1-0", "cc0-1-0"]) is None


class TestLanguages:
    def test_an_exercise_without_the_default_language_is_left_out(self) -> None:
        conversion = converted(exercises=[base(1)], translations=[translation(12, 1, 4)])
        assert conversion.report.converted == 0
        assert conversion.report.remarks["left out: no translation in en that may be used"] == ["1"]

    def test_steps_beyond_those_of_the_default_language_join_its_last(self) -> None:
        texts = by_place(
            {"en": ["A", "B"], "es": ["1", "2", "3"], "de": ["x"]}, join=True, remark=lambda _: None, what="steps"
        )
        assert texts == [{"en": "A", "de": "x", "es": "1"}, {"en": "B", "es": "2 3"}]

    def test_what_the_default_language_lacks_is_left_out_and_told(self) -> None:
        remarks: list[str] = []
        assert by_place({"es": ["1"]}, join=True, remark=remarks.append, what="steps") == []
        assert by_place({"en": ["A"], "es": ["1", "2"]}, join=False, remark=remarks.append, what="aliases") == [
            {"en": "A", "es": "1"}
        ]
        assert remarks == ["steps left out: none in en", "aliases left out: more than in en"]

    def test_a_second_translation_in_a_language_and_an_unknown_language_are_left_out(self) -> None:
        languages = [*WGER["languages"], row("language", 7, short_name="xx-unknown")]
        found = [translation(11, 1), translation(12, 1, name="Again"), translation(13, 1, 7)]
        conversion = converted(exercises=[base(1)], translations=found, languages=languages)
        assert first(conversion)["name"] == {"en": "Curl 1"}
        assert {
            "translation left out: a second one in its language",
            "translation left out: its language is not known",
        } <= set(conversion.report.remarks)


class TestTraits:
    def test_names_that_are_the_same_are_kept_apart(self) -> None:
        found = [translation(11, 1, name="Squat"), translation(12, 2, name="Squat")]
        slugs = [slug for kind, slug in converted(translations=found).drafts if kind == "exercise"]
        assert slugs == ["wger-1-squat", "wger-2-squat"]

    def test_a_name_that_no_slug_can_spell(self) -> None:
        assert first(converted(translations=[translation(11, 1, name="!!!")]))["slug"] == "wger-1"

    def test_without_muscles_and_equipment(self) -> None:
        draft = first(converted(exercises=[base(1, muscles=[], equipment=None)]))
        assert "muscles" not in draft
        assert draft["equipment"] == ["equipment-not-stated"]

    def test_translations_of_exercises_that_are_not_there_are_told(self) -> None:
        remarks = converted(translations=[translation(11, 1), translation(99, 77)]).report.remarks
        assert remarks["translation left out: its exercise is not in the files"] == ["99"]


class TestFaults:
    @pytest.mark.parametrize(
        "tables, place",
        [
            ({"exercises": [base(1, uuid=None)]}, "exercise-base-data.json#/0/fields/uuid"),
            ({"exercises": [base(1), base(1)]}, "exercise-base-data.json#/1/fields"),
            ({"exercises": [base(1), base(2, uuid="uuid-1")]}, "exercise-base-data.json#/1/fields/uuid"),
            ({"exercises": [base(1, muscles=[1, 8])]}, "exercise-base-data.json#/0/fields/muscles/1"),
            ({"exercises": [base(1, equipment="3")]}, "exercise-base-data.json#/0/fields/equipment"),
            ({"exercises": [base(1, category=77)]}, "exercise-base-data.json#/0/fields/category"),
            ({"exercises": [{"model": "exercises.exercise", "pk": "1"}]}, "exercise-base-data.json#/0/pk"),
            ({"exercises": [row("photo", 1)]}, "exercise-base-data.json#/0/model"),
            ({"translations": [translation(1, 1, name=3)]}, "translations.json#/0/fields/name"),
            ({"translations": [translation(1, 1, language=99)]}, "translations.json#/0/fields/language"),
            ({"translations": [translation(1, 1, description=["x"])]}, "translations.json#/0/fields/description"),
            ({"translations": [translation(1, 1, description="x" * 9000)]}, "translations.json#/0/fields/description"),
            ({"muscles": {}}, "muscles.json#"),
        ],
    )
    def test_a_fault_has_its_file_and_pointer(self, tables: dict[str, Any], place: str) -> None:
        assert place in [fault.place for fault in converted(**tables).faults]
