"""What people type into YAML files, and what the errors tell them to do about it."""

from pathlib import Path

import pytest

from app.kinds import CATALOGUE
from app.seeding.files import SeedErrors, read_folder
from app.seeding.yaml_faults import every_fault
from app.seeding.yaml_reader import YamlFault, parse

pytestmark = pytest.mark.one_store

MINIMAL = "slug: e\nname: Name\ntype: stretch\n"


def faults_of(text: str) -> list[tuple[tuple[int, int], str]]:
    """The faults of a text that is not valid YAML."""
    with pytest.raises(YamlFault) as caught:
        parse(text.encode())
    return [(fault.place, str(fault)) for fault in every_fault(text.encode(), caught.value)]


def errors_of(folder: Path, text: str) -> list[str]:
    """The errors that lines added to a valid exercise give, without the name of the file."""
    path = folder / "exercises" / "e.yaml"
    path.parent.mkdir()
    path.write_text(MINIMAL + text, encoding="utf-8")
    with pytest.raises(SeedErrors) as caught:
        read_folder(folder, CATALOGUE)
    return [error.removeprefix(f"{path}:") for error in caught.value.faults]


class TestWhatYamlWouldCut:
    @pytest.mark.parametrize(
        ("text", "place", "quoted"),
        [
            ("summary: Sit on chair #2 at your desk.\n", "4:10: summary", '"Sit on chair #2 at your desk."'),
            ("summary: Sit on chair # 2\n", "4:10: summary", '"Sit on chair # 2"'),
            ("summary: Hold.\t#3\n", "4:10: summary", '"Hold. #3"'),
            ("summary: Sit on\n  chair #2.\n", "4:10: summary", '"Sit on chair #2."'),
            ("summary: Sit on chair\n  #2 at your desk.\n", "4:10: summary", '"Sit on chair #2 at your desk."'),
            ('steps:\n- instruction: Say "hm" #1\n', "5:16: steps[1].instruction", "'Say \"hm\" #1'"),
            ("aliases: [Chair #2\n  , Desk]\n", "4:11: aliases[1]", '"Chair #2"'),
            ("precautions:\n  - Keep long. #1\n", "5:5: precautions[1]", '"Keep long. #1"'),
            ("summary: {en: Sit. #1\n  }\n", "4:15: summary.en", '"Sit. #1"'),
            ("media: [{url: 'https://a.example/', type: image, licence: l, alt: Chair #2\n  }]\n",
             "4:67: media[1].alt", '"Chair #2"'),
        ],
    )  # fmt: skip
    def test_a_text_behind_which_a_comment_stands_is_refused_with_the_quotes_that_it_needs(
        self, tmp_path: Path, text: str, place: str, quoted: str
    ) -> None:
        (error,) = errors_of(tmp_path, text)
        assert error.startswith(f"{place}: YAML takes '#")
        assert f" put quotes around all of it: {quoted}." in error

    def test_comments_that_cut_no_text_are_read_as_such(self, tmp_path: Path) -> None:
        lines = (
            "# All of it\nslug: e # for ever\nname: 'Name' # quoted\ntype: stretch # or yoga\n"
            "regions: [neck] # first\nsteps: # one action each\n# Here\n- instruction: Sit.\n  # there\n  cue: Tall.\n"
        )
        path = tmp_path / "exercises" / "e.yaml"
        path.parent.mkdir()
        path.write_text(lines, encoding="utf-8")
        draft = read_folder(tmp_path, CATALOGUE).drafts["exercise", "e"]
        assert draft["steps"] == [{"instruction": "Sit.", "cue": "Tall."}]

    @pytest.mark.parametrize("text", ["Sit on chair #2.", "C#", "#1", "a #b", "Say 'yes' #1"])
    def test_what_stands_in_quotes_or_in_a_block_is_kept(self, text: str) -> None:
        doubled = text.replace("'", "''")
        for written in (f'"{text}"', f"'{doubled}'", f"|-\n  {text}", f">-\n  {text}"):
            assert parse(f"a: {written}\n".encode()).data == {"a": text}

    def test_a_value_that_is_nothing_but_a_comment_is_told(self, tmp_path: Path) -> None:
        (error,) = errors_of(tmp_path, "summary: #2 chairs\n")
        assert error.startswith("4:9: summary: Must not be empty. YAML takes '#2 chairs' for a comment.")


class TestWhatReadsOtherThanTyped:
    @pytest.mark.parametrize("word", ["null", "~", "NULL", "Null"])
    def test_a_word_that_yaml_reads_as_nothing_is_told(self, tmp_path: Path, word: str) -> None:
        (error,) = errors_of(tmp_path, f"aliases: [{word}]\n")
        hint = f"YAML reads {word} as nothing; if it is a text, put quotes around the whole text."
        assert error == f"4:11: aliases[1]: Must not be empty. {hint}"

    @pytest.mark.parametrize("number", ["012", "1e3", "1_0", "0x1", "1:30", "yes", "1.0", "+1"])
    def test_a_number_is_read_in_its_plain_form_only(self, tmp_path: Path, number: str) -> None:
        (error,) = errors_of(tmp_path, f"levels: [{{intensity: {number}}}]\n")
        assert "levels[1].intensity: Must be a whole number from 1 to 5." in error

    @pytest.mark.parametrize("quotes", ["\u201c\u201d", "\u201e\u201c", "\u2018\u2019", "\u201d\u201d"])
    def test_a_text_in_curly_quotes_is_refused(self, tmp_path: Path, quotes: str) -> None:
        text = f"{quotes[0]}Like a cat{quotes[1]}"
        (error,) = errors_of(tmp_path, f"summary: {text}\n")
        assert error.startswith("4:10: summary: Curly quotes are no quotes in YAML")
        assert f'"{text}"' in error

    @pytest.mark.parametrize("text", ["Don\u2019t lift", "\u201cSlowly\u201d is a word", "'\u201cSlowly\u201d'"])
    def test_curly_quotes_within_a_text_are_kept(self, text: str) -> None:
        assert parse(f"a: {text}\n".encode()).data == {"a": text.strip("'")}
        assert not hasattr(parse(f"a: {text}\n".encode()).data["a"], "doubt")

    @pytest.mark.parametrize(
        ("text", "hint"),
        [
            ("precautions:\n  - Note: keep still\n", "If 'Note:' begins a text, put quotes around the whole text."),
            ("precautions:\n  - Do this:\n", "If 'Do this:' begins a text, put quotes around the whole text."),
            ("summary:\n  Note: keep still\n", "If 'Note:' begins a text, put quotes around the whole text."),
            (
                "steps: [{instruction: Sit, then stand}]\n",
                "A comma ends a value in [ ] and { }; if it belongs to a text",
            ),
        ],
    )
    def test_a_text_that_was_read_as_an_object_is_told(self, tmp_path: Path, text: str, hint: str) -> None:
        errors = errors_of(tmp_path, text)
        assert any(hint in error for error in errors), errors

    def test_the_entries_of_a_list_behind_a_text_are_not_joined_to_it(self) -> None:
        ((place, detail),) = faults_of("precautions: Keep long\n  - Breathe\n")
        assert place == (1, 14)
        assert detail.startswith("A line with '- ' stands below a text and would be joined to it.")

    @pytest.mark.parametrize("name", ["\u00a0cue", "cue\u200b", "c\u00adue"])
    def test_a_name_with_a_character_that_is_not_seen_is_refused(self, name: str) -> None:
        assert "which is not seen" in faults_of(f"a: 1\n{name}: Tall\n")[0][1]

    @pytest.mark.parametrize("separator", ["\u0085", "\u2028", "\u2029"])
    def test_what_yaml_alone_takes_for_the_end_of_a_line_is_refused(self, separator: str) -> None:
        ((place, detail),) = faults_of(f"a: 1\nb: x{separator}y\n")
        assert (place, f"U+{ord(separator):04X}" in detail) == ((2, 5), True)


class TestWhatIsNotYaml:
    @pytest.mark.parametrize(
        ("text", "place", "advice"),
        [
            ("a: Note: keep still\n", (1, 8), "A text with ': ' in it"),
            ("a: Do this:\n", (1, 11), "A text with ': ' in it"),
            ("- a: Note: x\n", (1, 10), "A text with ': ' in it"),
            ("a: @home\n", (1, 4), "A text that begins with '@' needs quotes"),
            ("a: `x`\n", (1, 4), "A text that begins with '`' needs quotes"),
            ("a: %50\n", (1, 4), "A text that begins with '%' needs quotes"),
            ("%50: x\n", (1, 4), "A text that begins with % needs quotes"),
            ("a: - x\n", (1, 4), "A text that begins with '- ' needs quotes"),
            ("a: ? x\n", (1, 4), "A text that begins with '? ' needs quotes"),
            ("a: > 5 cm\n", (1, 6), "A text that begins with > or |"),
            ("a: | x\n", (1, 6), "A text that begins with > or |"),
            ("a: [Left] arm\n", (1, 11), "A text that begins with [ needs quotes"),
            ("a: {soft} x\n", (1, 11), "A text that begins with { needs quotes"),
            ("a: ]\n", (1, 4), "A text that begins with ']' needs quotes"),
            ("a: *gently*\n", (1, 11), "A text that begins with * or & needs quotes"),
            ("a: & x\n", (1, 5), "A text that begins with * or & needs quotes"),
            ("a: 'Don't lift'\n", (1, 9), "The text ends at the second '. If that is an apostrophe, write it twice"),
            ('a: "Soft" hands\n', (1, 11), 'The text ends at the second ".'),
            ("a: 'open\nb: c\n", (1, 4), "The quotes that begin here are never closed."),
            ('a: "C:\\stretch"\n', (1, 7), "In double quotes, \\ begins a special character."),
            ("a: \u201cNote: x\u201d\n", (1, 9), "Curly quotes are no quotes in YAML."),
            ("a:\n\tb: c\n", (2, 1), "This line is indented with a tab. Indent with spaces only."),
            ("a: 1\n\u00a0 b\n", (2, 1), None),
            ("a:\n  b: c\n d: e\n", (3, 2), "This line begins in a column in which nothing above it does."),
            ("- a: x\n b: y\n", (2, 2), "This line begins in a column in which nothing above it does."),
            ("a: x\n  b: y\n", (2, 4), "This line is indented further than the line above it"),
            ("a: b\nand so on\nc: d\n", (2, 1), "This line is no field"),
            ("a: [x, y\nb: c\n", (1, 4), "What begins here is not closed."),
            ("a\uff1ab\nc: d\n", (2, 2), "'\uff1a' is no colon in YAML."),
            ("<<<<<<< HEAD\na: b\n=======\na: c\n>>>>>>> x\n", (1, 1), "Git marks here that two versions"),
            ("a: b\n=======\n", (2, 1), "Git marks here that two versions"),
        ],
    )  # fmt: skip
    def test_the_error_says_what_to_do(self, text: str, place: tuple[int, int], advice: str | None) -> None:
        ((found, detail),) = faults_of(text)
        assert found == place
        assert advice is None or advice in detail, detail

    def test_every_fault_of_a_file_is_told_at_once(self) -> None:
        text = (
            "name: Note: a\nsteps:\n  - instruction: Sit: down\n    cue: @home\n  - instruction: 'Don't'\n    cue: ok\n"
            "# between\n\nsummary: %5\ntype: yoga\n"
        )
        assert [place for place, _detail in faults_of(text)] == [(1, 11), (3, 21), (4, 10), (5, 23), (9, 10)]

    def test_every_fault_of_a_list_of_entries_is_told_at_once(self) -> None:
        text = "- slug: a\n  name: A: b\n- slug: b\n  name: @b\n  more: - c\n- slug: c\n"
        assert [place for place, _detail in faults_of(text)] == [(2, 10), (4, 9), (5, 9)]

    def test_a_file_in_brackets_has_its_first_fault_told(self) -> None:
        assert len(faults_of('{\n"a": 1\n"b": 2\n}\n')) == 1
