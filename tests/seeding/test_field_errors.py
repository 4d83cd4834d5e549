from pathlib import Path

import pytest

from app.kinds import CATALOGUE
from app.models.exercise import POSITIONS
from app.seeding.files import SeedErrors, read_folder

pytestmark = pytest.mark.one_store

NO_LANGUAGE = "Must be a language tag such as en, es or pt-BR (BCP 47); 'xx' is no language that IANA registers."
MINIMAL = "slug: e\nname: Name\ntype: stretch\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    return path


def errors_of(folder: Path, name: str, text: str) -> list[str]:
    """The errors of a folder with one file, without the file's name."""
    path = write(folder, name, text)
    with pytest.raises(SeedErrors) as caught:
        read_folder(folder, CATALOGUE)
    return [error.removeprefix(f"{path}:") for error in caught.value.faults]


def field_errors(folder: Path, text: str) -> list[str]:
    """The errors that lines added to a valid exercise give."""
    return errors_of(folder, "exercises/e.yaml", MINIMAL + text)


class TestFieldErrors:
    @pytest.mark.parametrize(
        ("text", "error"),
        [
            (
                "position: 5\n",
                f"4:11: position: Must be one of: {', '.join(POSITIONS)}.",
            ),
            ("summary: [a]\n", "4:10: summary: Must be a text."),
            ("summary:\n", "4:9: summary: Must not be empty."),
            ("summary: '  '\n", "4:10: summary: Must not be empty."),
            ("aliases: Cat\n", "4:10: aliases: Must be a list."),
            ("regions: {a: b}\n", "4:10: regions: Must be a list."),
            ("steps:\n  - Stand up.\n", "5:5: steps[1]: Must be an object with fields."),
            ("guidance: yes\n", "4:11: guidance: Must be an object with fields."),
            (
                "guidance: {professional: maybe}\n",
                "4:26: guidance.professional: Must be one of: none, recommended, required.",
            ),
            ("levels: [{intensity: 6}]\n", "4:22: levels[1].intensity: Must be a whole number from 1 to 5."),
            ("levels: [{intensity: 2.0}]\n", "4:22: levels[1].intensity: Must be a whole number from 1 to 5."),
            ("levels: [{intensity: '2'}]\n", "4:22: levels[1].intensity: Must be a whole number from 1 to 5."),
            (
                "levels: [{intensity: 1, dose: {sets: 0}}]\n",
                "4:38: levels[1].dose.sets: Must be a whole number from 1 to 100.",
            ),
            (
                "levels: [{intensity: 1, dose: {per_side: yes}}]\n",
                "4:42: levels[1].dose.per_side: Must be true or false.",
            ),
            ("levels: [{intensity: 1}, {intensity: 1}]\n", "4:26: levels[2]: '1' stands here twice."),
            ("regions: [back, neck, back]\n", "4:23: regions[3]: 'back' stands here twice."),
            ("former_slugs: [old, old]\n", "4:21: former_slugs[2]: 'old' stands here twice."),
            (
                "steps: [{number: 2, instruction: Go.}]\n",
                "4:18: steps[1].number: Must be 1, its place in the list, or left out.",
            ),
            ("review: {status: clinical}\n", "4:9: review.reviewed_on: A review has the day on which it was made."),
            (
                "review: {status: unreviewed, reviewed_on: 2026-02-30}\n",
                "4:43: review.reviewed_on: Must be a day such as 2026-03-31.",
            ),
            ("summary: {es: Hola}\n", "4:10: summary: Must have a text in the default language, 'en'."),
            ("summary: {en: Hi, xx: Ho}\n", f"4:23: summary.xx: {NO_LANGUAGE}"),
            ("summary: {en: Hi, pt-br: a, pt-BR: b}\n", "4:36: summary.pt-BR: 'pt-BR' stands here twice."),
            (
                "media: [{url: 'javascript:x', type: image, alt: x, licence: l}]\n",
                "4:15: media[1].url: Must be an address that begins with https:// or http://.",
            ),
        ],
    )
    def test_a_wrong_value_is_told_with_what_is_allowed(self, folder: Path, text: str, error: str) -> None:
        assert field_errors(folder, text) == [error]

    def test_an_unknown_field_is_told_with_the_fields_there_are(self, folder: Path) -> None:
        (error,) = field_errors(folder, "steps:\n  - instruction: Go.\n    breth: in\n")
        assert error.startswith("6:12: steps[1].breth: Unknown field. Allowed: breathing, cue, ")
        assert error.endswith(" Did you mean 'breathing'?")

    @pytest.mark.parametrize("name", ["²", "5", "a/b", "a~b", "''", "'a b'", "💪"])
    def test_an_unknown_field_of_any_name_is_told_at_its_place(self, folder: Path, name: str) -> None:
        (error,) = field_errors(folder, f"{name}: x\n")
        assert error.startswith(f"4:{len(name) + 3}: ")
        assert "Unknown field." in error

    def test_a_missing_field_is_told_where_its_entry_begins(self, folder: Path) -> None:
        assert errors_of(folder, "exercises/e.yaml", "# A comment\nslug: e\nname: E\n") == ["2:1: type: Is required."]

    def test_a_control_character_in_a_text_is_named(self, folder: Path) -> None:
        assert field_errors(folder, 'summary: "a\\0b"\n') == [
            "4:10: summary: Must not hold the control character U+0000."
        ]

    @pytest.mark.parametrize("text", ["no", "1.10", "12:30:45", "1", "true", "2026-03-31"])
    def test_a_plain_scalar_is_a_text_where_a_text_is_wanted(self, folder: Path, text: str) -> None:
        write(folder, "exercises/e.yaml", MINIMAL + f"summary: {text}\naliases: [{text}]\n")
        draft = read_folder(folder, CATALOGUE).drafts["exercise", "e"]
        assert (draft["summary"], draft["aliases"]) == (text, [text])
        assert type(draft["summary"]) is str

    @pytest.mark.parametrize(
        ("kind", "error"),
        [("film", "Must be one of: book, video, professional, online."), ("[book]", "Must be one of: book, video")],
    )
    def test_an_unknown_type_of_source_is_told_with_the_types(self, folder: Path, kind: str, error: str) -> None:
        (found,) = errors_of(folder, "sources/s.yaml", f"slug: s\ntitle: S\ntype: {kind}\n")
        assert found.startswith(f"3:7: type: {error}")
