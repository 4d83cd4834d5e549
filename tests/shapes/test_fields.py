from typing import Any

import pytest
from marshmallow import ValidationError, fields

from app.shapes import fields as f
from app.shapes.fields import country_codes
from app.shapes.texts import Scalar


def load(field: fields.Field[Any], value: Any) -> Any:
    return field.deserialize(value)


def refuses(field: fields.Field[Any], value: Any) -> None:
    with pytest.raises(ValidationError):
        field.deserialize(value)


class TestTexts:
    def test_space_around_a_text_is_taken_away_and_within_it_kept(self) -> None:
        assert load(f.PlainText(), " a  b\n") == "a  b"

    @pytest.mark.parametrize("value", ["", " \n", "a\0", "a\x1b", "\ud800", "\ufdd0", "\uffff", "\x7f", 1, None, ["a"]])
    def test_what_no_document_may_hold_is_refused(self, value: Any) -> None:
        refuses(f.PlainText(), value)
        refuses(f.TranslatableText(), value)

    def test_the_limit_counts_characters(self) -> None:
        assert load(f.PlainText(limit=3), "💪💪💪") == "💪💪💪"
        refuses(f.PlainText(limit=3), "abcd")

    def test_translations_come_in_one_order_with_the_default_first(self) -> None:
        assert list(load(f.TranslatableText(), {"pt-br": "b", "en": "a", "es": "c"})) == ["en", "es", "pt-BR"]

    def test_a_text_in_the_default_language_alone_is_a_plain_one(self) -> None:
        assert load(f.TranslatableText(), {"en": "a"}) == "a"

    @pytest.mark.parametrize(
        "value",
        [{}, {"es": "a"}, {"en": "a", "xx": "b"}, {"en": "a", "es": ""}, {"en": 1}, {"en": "a", "en@x": "b"},
         {"en": "a", "no_NO": "b"}, {"en": "a", "EN": "b"}, {"en": {"en": "a"}}],
    )  # fmt: skip
    def test_translations_that_are_none_are_refused(self, value: Any) -> None:
        refuses(f.TranslatableText(), value)


class TestNumbers:
    @pytest.mark.parametrize("value", [1, 5, Scalar("3")])
    def test_a_whole_number_may_be_spelt_by_a_plain_scalar(self, value: Any) -> None:
        assert load(f.WholeNumber(1, 5), value) in (1, 3, 5)

    @pytest.mark.parametrize(
        "value",
        [
            0,
            6,
            1.0,
            True,
            "3",
            Scalar("3.0"),
            Scalar("1e0"),
            Scalar("0x1"),
            Scalar("٣"),
            Scalar("1_0"),
            Scalar("05"),
            None,
        ],
    )
    def test_anything_else_is_no_whole_number(self, value: Any) -> None:
        refuses(f.WholeNumber(1, 5), value)

    @pytest.mark.parametrize(
        ("value", "degrees"),
        [(51, 51.0), (-0.0, 0.0), (Scalar("-0"), 0.0), (Scalar("51.5"), 51.5), (0.1 + 0.2, 0.3), (5e-324, 0.0)],
    )
    def test_degrees_are_kept_to_a_centimetre(self, value: Any, degrees: float) -> None:
        assert repr(load(f.Coordinate(90), value)) == repr(degrees)

    @pytest.mark.parametrize("value", [90.1, float("nan"), float("inf"), True, "51.5", Scalar("51,5"), Scalar(".nan")])
    def test_what_is_not_on_the_globe_is_refused(self, value: Any) -> None:
        refuses(f.Coordinate(90), value)

    @pytest.mark.parametrize("value", [Scalar("yes"), Scalar("True"), "true", 1, None])
    def test_only_true_and_false_are_yes_and_no(self, value: Any) -> None:
        refuses(f.YesNo(), value)
        assert load(f.YesNo(), Scalar("true")) is True
        assert load(f.YesNo(), False) is False


class TestIdentifiers:
    @pytest.mark.parametrize("value", ["", "A", "a--b", "-a", "a-", "a_b", "a\n", "é", "x" * 121, 1])
    def test_what_is_no_slug_is_refused(self, value: Any) -> None:
        refuses(f.Slug(), value)

    @pytest.mark.parametrize("value", ["978-0-13-110362-7", "0-13-110362-8", " 978 0131103627", "\uff19780131103627"])
    def test_an_isbn_is_kept_as_thirteen_digits(self, value: str) -> None:
        assert load(f.Isbn(), value) == "9780131103627"

    @pytest.mark.parametrize("value", ["978-0-13-110362-8", "978", "", 9780131103627])
    def test_an_isbn_whose_check_digit_is_wrong_is_refused(self, value: Any) -> None:
        refuses(f.Isbn(), value)

    @pytest.mark.parametrize("value", ["2026-02-29", "2026-2-9", "20260209", "2026-02-09T00:00:00", "٢٠٢٦-٠٢-٠٩", 2026])
    def test_what_is_no_day_is_refused(self, value: Any) -> None:
        refuses(f.CalendarDate(), value)

    @pytest.mark.parametrize(
        "value",
        ["javascript:alert(1)", "//example.org", "ftp://example.org", "https://", "https://a b.org", "https://u:p@a.org",
         "http://[::1", "data:text/html,x", "/etc/passwd", "https:/a.org"],
    )  # fmt: skip
    def test_what_is_no_web_address_is_refused(self, value: str) -> None:
        refuses(f.WebAddress(), value)

    def test_a_path_on_this_service_is_an_address_only_where_it_may_be(self) -> None:
        assert load(f.WebAddress(local=True), "/media/a.png") == "/media/a.png"
        refuses(f.WebAddress(local=True), "//evil.example/a.png")
        refuses(f.WebAddress(local=True), "media/a.png")

    @pytest.mark.parametrize(("value", "valid"), [("CC-BY-4.0", True), ("LicenseRef-mine", True), ("CC-BY-9", False)])
    def test_a_licence_is_one_of_the_spdx_list_or_named_as_one_s_own(self, value: str, *, valid: bool) -> None:
        if valid:
            assert load(f.SpdxLicence(), value) == value
        else:
            refuses(f.SpdxLicence(), value)

    def test_there_are_as_many_countries_as_iso_3166_assigns(self) -> None:
        assert len(country_codes()) == 249
        for code in ("XA", "EU", "UN", "gb", "GBR", "ZZ"):
            refuses(f.CountryCode(), code)


class TestWhatIsNotSeen:
    @pytest.mark.parametrize("text", ["\u00ad", "\u200b\u200d", " \u2060 ", "\ufeff", "\u3164", "\u2800", "\U000e0041"])
    def test_a_text_that_shows_nothing_is_refused(self, text: str) -> None:
        for field in (f.PlainText(), f.TranslatableText()):
            refuses(field, text)
        refuses(f.TranslatableText(), {"en": "Name", "es": text})

    @pytest.mark.parametrize(
        "text",
        [
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "👩\u200d⚕️",
            "Mus\u00adkel",
            "\u200f\u05e9\u05dc\u05d5\u05dd",
            "…",
            "\u0301",
        ],
    )
    def test_a_text_that_shows_something_is_kept_as_it_is(self, text: str) -> None:
        assert load(f.PlainText(), text) == text
