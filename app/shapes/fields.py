"""Marshmallow fields of drafts and documents. They are strict about types, and their errors say what is allowed.

A draft's values load to canonical JSON values (no dates, no decimals), so that a loaded draft can be stored,
compared and written again as it is.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from babel import Locale
from license_expression import get_spdx_licensing
from marshmallow import RAISE, Schema, ValidationError, fields, validate
from stdnum import isbn as isbn_numbers
from stdnum.exceptions import ValidationError as NumberError

from app.shapes.language_tags import checked_language
from app.shapes.languages import DEFAULT_LANGUAGE, from_translations
from app.shapes.lists import BoundedList
from app.shapes.nearest import did_you_mean
from app.shapes.texts import Scalar, checked_text
from app.shapes.web_addresses import LONGEST, NotAnAddress, parse_web_address

SLUG_MAX_LENGTH = 120
SLUG_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
NAME_LENGTH = 200
TEXT_LENGTH = 4000
LIST_LENGTH = 60
LONGEST_ISBN = 40
"""Characters of an ISBN with its hyphens and spaces, and some to spare."""


class DraftSchema(Schema):
    """A schema that refuses unknown fields, and says which ones there are."""

    class Meta:
        unknown = RAISE

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.error_messages = {
            **self.error_messages,
            "unknown": f"Unknown field. Allowed: {', '.join(sorted(self.load_fields))}.",
            "type": "Must be an object with fields.",
        }

    def handle_error(self, error: ValidationError, data: Any, **_options: Any) -> None:
        """Adds the field that was perhaps meant to the error of an unknown one."""
        suggest_fields(self, error)


def suggest_fields(schema: Schema, error: ValidationError) -> None:
    """Adds ` Did you mean '…'?` to the messages of a schema's error about unknown fields."""
    messages = error.messages if isinstance(error.messages, dict) else {}
    for name, details in messages.items():
        if details == [schema.error_messages["unknown"]]:
            messages[name] = [details[0] + did_you_mean(str(name), schema.load_fields)]


class PlainText(fields.String):
    """A text in no particular language: a name, a publisher, a page number."""

    def __init__(self, *, limit: int = NAME_LENGTH, **options: Any) -> None:
        self.limit = limit
        super().__init__(validate=validate.Length(1, limit), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> str:
        return checked_text(value, self.limit)


class TranslatableText(fields.Field[Any]):
    """A text, or its translations as `{language: text}` with the default language among them."""

    def __init__(self, *, limit: int = TEXT_LENGTH, **options: Any) -> None:
        self.limit = limit
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> Any:
        if not isinstance(value, Mapping):
            return checked_text(value, self.limit)
        faults: dict[Any, list[str]] = {}
        texts: dict[str, str] = {}
        for language, text in value.items():
            try:
                tag = checked_language(language)
                if tag in texts:
                    raise ValidationError(f"'{tag}' stands here twice.")
                texts[tag] = checked_text(text, self.limit)
            except ValidationError as error:
                faults[language] = [str(message) for message in error.messages]
        if not faults and DEFAULT_LANGUAGE not in texts:
            raise ValidationError(f"Must have a text in the default language, '{DEFAULT_LANGUAGE}'.")
        if faults:
            raise ValidationError(faults)
        return from_translations(texts)


class Slug(fields.String):
    """An entity's name in addresses."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=[validate.Regexp(SLUG_PATTERN), validate.Length(1, SLUG_MAX_LENGTH)], **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> str:
        if not isinstance(value, str) or len(value) > SLUG_MAX_LENGTH or not re.fullmatch(SLUG_PATTERN[1:-1], value):
            raise ValidationError(
                "Must be a slug: lower-case letters a-z, digits and single hyphens between them,"
                f" at most {SLUG_MAX_LENGTH} characters."
            )
        return str(value)


class WholeNumber(fields.Integer):
    """An integer within bounds. A seed file's plain scalar may spell it; a quoted text or a fraction may not."""

    def __init__(self, low: int, high: int, **options: Any) -> None:
        self.low, self.high = low, high
        super().__init__(strict=True, validate=validate.Range(low, high), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> int:
        if isinstance(value, Scalar) and re.fullmatch(r"-?(0|[1-9][0-9]{0,11})", value):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not self.low <= value <= self.high:
            zeros = " Leave out the zeros before it." if re.match("-?0[0-9]", str(value)) else ""
            raise ValidationError(f"Must be a whole number from {self.low} to {self.high}.{zeros}")
        return value


class Coordinate(fields.Float):
    """A latitude or longitude in decimal degrees (WGS 84), kept to seven decimals, about a centimetre."""

    def __init__(self, bound: int, **options: Any) -> None:
        self.bound = bound
        super().__init__(validate=validate.Range(-bound, bound), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> float:
        if isinstance(value, Scalar) and re.fullmatch(r"-?(0|[1-9][0-9]{0,2})(\.[0-9]{1,17})?(e-?[0-9]{1,2})?", value):
            value = float(value)
        if isinstance(value, bool) or not isinstance(value, int | float) or not -self.bound <= value <= self.bound:
            raise ValidationError(f"Must be a number of degrees from -{self.bound} to {self.bound}.")
        return round(float(value), 7) + 0.0  # never -0.0, which a store may read back as another number


class YesNo(fields.Boolean):
    """True or false."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> bool:
        if isinstance(value, Scalar):
            value = {"true": True, "false": False}.get(value, value)
        if not isinstance(value, bool):
            raise ValidationError("Must be true or false.")
        return value


class Choice(fields.String):
    """One word of a fixed list."""

    def __init__(self, choices: tuple[str, ...], **options: Any) -> None:
        self.choices = choices
        super().__init__(validate=validate.OneOf(choices), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> str:
        if not isinstance(value, str) or value not in self.choices:
            hint = did_you_mean(value, self.choices) if isinstance(value, str) else ""
            raise ValidationError(f"Must be one of: {', '.join(self.choices)}.{hint}")
        return str(value)


class CalendarDate(fields.String):
    """A day, `YYYY-MM-DD` (RFC 3339)."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> str:
        try:
            if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
                raise ValueError
            return date.fromisoformat(value).isoformat()
        except ValueError:
            raise ValidationError("Must be a day such as 2026-03-31.") from None


class WebAddress(fields.String):
    """An absolute http or https address (`web_addresses`). With `local`, it may also be a path on this service."""

    def __init__(self, *, local: bool = False, **options: Any) -> None:
        self.local = local
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> str:
        text = checked_text(value, LONGEST)
        if self.local and re.fullmatch(r"/[A-Za-z0-9._~/-]+", text) and not text.startswith("//"):
            return text
        try:
            parse_web_address(text)
        except NotAnAddress as error:
            raise ValidationError(str(error)) from None
        return text


class Isbn(fields.String):
    """An ISBN-13; an ISBN-10 is converted. Kept as 13 digits without hyphens."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> str:
        try:
            if not isinstance(value, str) or len(value) > LONGEST_ISBN:
                raise NumberError
            return str(isbn_numbers.validate(value, convert=True))
        except NumberError:
            raise ValidationError("Must be an ISBN whose check digit is right.") from None


class SpdxLicence(fields.String):
    """An identifier of the SPDX licence list."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> str:
        text = checked_text(value, 100)
        if text not in spdx_identifiers() and not re.fullmatch(r"LicenseRef-[A-Za-z0-9.-]+", text):
            raise ValidationError("Must be an SPDX licence identifier such as CC-BY-4.0, or LicenseRef-NAME.")
        return text


@cache
def spdx_identifiers() -> frozenset[str]:
    """Every identifier of the SPDX list that license-expression ships."""
    return frozenset(get_spdx_licensing().known_symbols)


class CountryCode(fields.String):
    """A country, ISO 3166-1 alpha-2, in capitals."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> str:
        if not isinstance(value, str) or not is_country(value):
            raise ValidationError("Must be an ISO 3166-1 country code of two capitals, such as GB.")
        return str(value)


def is_country(code: str) -> bool:
    """Whether the text is an assigned ISO 3166-1 alpha-2 code."""
    return code in country_codes()


@cache
def country_codes() -> tuple[str, ...]:
    """Every assigned ISO 3166-1 alpha-2 code: CLDR's territories without those that are only reserved."""
    reserved = ("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ")
    codes = (str(code) for code in Locale("en").territories)
    return tuple(sorted(code for code in codes if re.fullmatch("[A-Z]{2}", code) and code not in reserved))


class Entry(fields.Nested):
    """An object for which the text of one of its fields may stand alone: its `slug`, where nothing else is said."""

    def __init__(self, nested: type[Schema], *, shorthand: str = "slug", **options: Any) -> None:
        self.shorthand = shorthand
        super().__init__(nested, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, partial: Any = None, **options: Any) -> Any:
        entry = {self.shorthand: value} if isinstance(value, str) else value
        return super()._deserialize(entry, attr, data, partial=partial, **options)


def listed(field: fields.Field[Any], *, limit: int = LIST_LENGTH, **options: Any) -> BoundedList:
    """A list of at most `limit` values."""
    return BoundedList(
        field,
        validate=validate.Length(max=limit, error="Must have at most {max} entries."),
        error_messages={"invalid": "Must be a list."},
        **options,
    )
