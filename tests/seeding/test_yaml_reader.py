from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from app.seeding.yaml_reader import MAX_BYTES, MAX_DEPTH, MAX_NODES, Parsed, YamlFault, parse
from app.shapes.texts import Scalar


def refusal(content: bytes | str) -> tuple[tuple[int, int], str]:
    with pytest.raises(YamlFault) as caught:
        parse(content.encode() if isinstance(content, str) else content)
    return caught.value.place, str(caught.value)


def data_of(text: str) -> Any:
    return parse(text.encode()).data


def doubling(levels: int) -> str:
    """Lists of aliases that double with each line: two to the power of `levels` values, once followed."""
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{level}: &a{level} [*a{level - 1}, *a{level - 1}]" for level in range(1, levels)]
    return "\n".join(lines)


class TestDangers:
    def test_an_alias_bomb_is_refused_at_its_first_anchor(self) -> None:
        place, detail = refusal(doubling(40))
        assert place == (1, 5)
        assert "Anchors" in detail

    def test_an_alias_is_refused_where_it_stands(self) -> None:
        assert refusal("a: 1\nb:\n  - *a\n")[1].startswith("Aliases (*name) are not read. ")

    @pytest.mark.parametrize("anchored", ["&x 1", "&x [1]", "&x {b: 1}", "&x 'text'"])
    def test_an_anchor_is_refused_on_every_sort_of_value(self, anchored: str) -> None:
        place, detail = refusal(f"a: {anchored}\n")
        assert place == (1, 4)
        assert "Anchors" in detail

    @pytest.mark.parametrize("text", ["<<: {a: 1}", "b: 1\n<<: {a: 1}", "{<<: {a: 1}}"])
    def test_a_merge_key_is_refused(self, text: str) -> None:
        assert "Merge keys" in refusal(text)[1]

    def test_a_quoted_merge_key_is_a_name_like_any_other(self) -> None:
        assert data_of("'<<': 1") == {"<<": "1"}

    @pytest.mark.parametrize(
        "tagged",
        [
            "!!python/object/apply:os.system ['true']",
            "!!int 3",
            "!mine x",
            "!!set {a}",
            "!!binary aGk=",
            "! x",
            "!important",
        ],
    )
    def test_a_tag_is_refused(self, tagged: str) -> None:
        place, detail = refusal(f"a: 1\nb: {tagged}\n")
        assert place == (2, 4)
        assert detail.startswith("Tags (!name) are not read. ")

    @pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
    def test_deep_nesting_is_refused_before_it_costs_anything(
        self, opening: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        events = 0

        def counted(*arguments: Any, **options: Any) -> Iterator[Any]:
            nonlocal events
            for event in parse_events(*arguments, **options):
                events += 1
                yield event

        parse_events = yaml.parse
        monkeypatch.setattr(yaml, "parse", counted)
        place, detail = refusal(opening * (MAX_BYTES // len(opening)))
        assert detail == f"Nested more than {MAX_DEPTH} deep."
        assert place == (1, MAX_DEPTH * len(opening) + 1)
        assert events < 5 * MAX_DEPTH, "the rest of the four megabytes is read too"

    def test_the_depth_that_is_allowed_is_read(self) -> None:
        assert repr(data_of("[" * MAX_DEPTH + "]" * MAX_DEPTH)) == "[" * MAX_DEPTH + "]" * MAX_DEPTH

    def test_too_many_values_are_refused(self) -> None:
        place, detail = refusal("[" + "a," * MAX_NODES + "]")
        assert place[0] == 1
        assert detail == f"The file holds more than {MAX_NODES} values."

    def test_a_file_beyond_the_size_limit_is_not_parsed(self) -> None:
        assert refusal(b"#" * (MAX_BYTES + 1)) == (
            (1, 1),
            f"The file has {MAX_BYTES + 1} bytes; at most {MAX_BYTES} are read.",
        )


class TestSurprises:
    @pytest.mark.parametrize("text", ["no", "yes", "on", "1.10", "12:30:45", "0o17", "1e3", "2026-03-31", "=", "0x1F"])
    def test_a_plain_scalar_stays_the_text_that_it_shows(self, text: str) -> None:
        value = data_of(f"a: {text}\n")["a"]
        assert value == text
        assert isinstance(value, Scalar)

    @pytest.mark.parametrize("text", ["'12'", '"12"', "|\n  12", ">-\n  12"])
    def test_a_quoted_number_is_a_text_that_no_field_converts(self, text: str) -> None:
        value = data_of(f"a: {text}\n")["a"]
        assert value.strip() == "12"
        assert not isinstance(value, Scalar)

    @pytest.mark.parametrize("empty", ["", "~", "null", "Null", "NULL"])
    def test_nothing_is_none(self, empty: str) -> None:
        assert data_of(f"a: {empty}\n") == {"a": None}

    @pytest.mark.parametrize("quoted", ["''", "'~'", "'null'"])
    def test_a_quoted_nothing_is_a_text(self, quoted: str) -> None:
        assert data_of(f"a: {quoted}\n") == {"a": quoted.strip("'")}

    def test_the_name_no_of_a_field_is_a_text(self) -> None:
        assert data_of("no: Rygg\n") == {"no": "Rygg"}

    @pytest.mark.parametrize("text", ["a: 1\na: 2", "a: 1\n'a': 2", "{a: 1, b: 2, a: 3}", "x: {a: 1, a: 1}"])
    def test_a_field_that_stands_twice_is_refused(self, text: str) -> None:
        assert refusal(text)[1] == "The field 'a' stands here twice."

    def test_a_field_that_stands_twice_is_told_at_its_second_place(self) -> None:
        assert refusal("a: 1\nb:\n  c: 1\n  c: 2\n")[0] == (4, 3)

    @pytest.mark.parametrize("text", ["[a]: 1", "{a: b}: 1", "? - a\n: 1"])
    def test_a_name_that_is_no_text_is_refused(self, text: str) -> None:
        assert refusal(text)[1] == "A field's name must be a text."

    @pytest.mark.parametrize("text", ["a: 1\n---\nb: 2\n", "--- a\n--- b\n", "---\n---\n"])
    def test_a_second_document_is_refused(self, text: str) -> None:
        assert refusal(text)[1] == "A file holds one document; '---' begins a second one."

    def test_the_marks_of_a_single_document_are_read(self) -> None:
        assert data_of("---\na: 1\n...\n") == {"a": "1"}

    @pytest.mark.parametrize("text", ["", "# nothing\n", "---\n"])
    def test_a_file_without_content_is_none(self, text: str) -> None:
        assert data_of(text) is None

    def test_a_byte_order_mark_is_not_part_of_the_first_name(self) -> None:
        assert parse(b"\xef\xbb\xbfslug: a\n").data == {"slug": "a"}

    def test_json_is_read_too(self) -> None:
        assert data_of('{\n\t"a": ["x", 1, true, null],\n\t"b": {}\n}') == {"a": ["x", "1", "true", None], "b": {}}


class TestPlacesOfErrors:
    @pytest.mark.parametrize(
        ("content", "place"),
        [(b"a: 1\nb: \xe9\n", (2, 4)), ("a: é\n".encode("latin-1"), (1, 4)), (b"a: ok\n\xe9", (2, 1))],
    )
    def test_latin_1_is_refused_with_the_letter_that_it_has_there(self, content: bytes, place: tuple[int, int]) -> None:
        found, detail = refusal(content)
        assert found == place
        assert detail == (
            "The file is not UTF-8, but perhaps Latin-1 or Windows-1252, in which the byte here is 'é'. Save it as"
            " UTF-8, and try again."
        )

    @pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-16-be"])
    def test_utf_16_is_refused_by_its_name(self, coding: str) -> None:
        assert refusal("a: é\n".encode(coding)) == ((1, 1), "The file is UTF-16. Save it as UTF-8, and try again.")

    @pytest.mark.parametrize(
        ("text", "place"),
        [("a\x00b", (1, 2)), ("a: 1\nb: x\x00\n", (2, 5)), ("é: ééé\nb: é\x07\n", (2, 5)), ("💪: 💪\n\x01", (2, 1))],
    )
    def test_a_control_character_is_refused_with_line_and_column(self, text: str, place: tuple[int, int]) -> None:
        assert refusal(text) == (place, "The file holds a character that YAML does not allow.")

    @pytest.mark.parametrize(
        ("text", "place"),
        [
            ("a: [1\nb: 2", (1, 4)),
            ("a: b: c", (1, 5)),
            ("a: 1\n\tb: 2", (2, 1)),
            ("a: 1\nb: @x", (2, 4)),
            ("é: é\nü: 'x", (2, 4)),
            ('a: "\\ud800"', (1, 7)),
        ],
    )
    def test_broken_yaml_is_refused_with_line_and_column(self, text: str, place: tuple[int, int]) -> None:
        found, detail = refusal(text)
        assert detail.startswith("Not valid YAML: ")
        assert found == place


class TestPlacesOfValues:
    @pytest.fixture
    def parsed(self) -> Parsed:
        return parse(b"slug: a\nsteps:\n  - instruction: Stand.\n  - {instruction: Sit., cue: Soft}\n'a/b~c': 1\n")

    @pytest.mark.parametrize(
        ("pointer", "place"),
        [
            ("", (1, 1)),
            ("/slug", (1, 7)),
            ("/steps", (3, 3)),
            ("/steps/0", (3, 5)),
            ("/steps/0/instruction", (3, 18)),
            ("/steps/1/cue", (4, 30)),
            ("/a~1b~0c", (5, 10)),
        ],
    )
    def test_a_pointer_leads_to_its_line_and_column(self, parsed: Parsed, pointer: str, place: tuple[int, int]) -> None:
        assert parsed.place_of(pointer) == place

    @pytest.mark.parametrize(
        ("pointer", "place"), [("/steps/1/breathing", (4, 5)), ("/name", (1, 1)), ("/steps/7/cue", (3, 3))]
    )
    def test_a_field_that_is_missing_is_placed_at_what_lacks_it(
        self, parsed: Parsed, pointer: str, place: tuple[int, int]
    ) -> None:
        assert parsed.place_of(pointer) == place
