"""Marshmallow fields of query parameters."""

import re
from typing import Any

from marshmallow import ValidationError, fields, validate

from app.shapes.languages import ALLOWED_RANGES, LONGEST_RANGE, RANGE_PATTERN, requested

_DEGREES = r"\s*+([-+]?[0-9]{1,3}+(?:\.[0-9]{0,17}+)?+)\s*+"
_POINT = re.compile(f"{_DEGREES},{_DEGREES}")


class RenderedLanguage(fields.String):
    """A language that documents are rendered in. A range such as `es-MX` becomes the language that serves it, `es`."""

    def __init__(self, **options: Any) -> None:
        form = [validate.Regexp(RANGE_PATTERN), validate.Length(max=LONGEST_RANGE)]
        super().__init__(validate=form, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> str:
        language = requested(value) if isinstance(value, str) else None
        if language is None:
            raise ValidationError(ALLOWED_RANGES)
        return language


class SearchedText(fields.String):
    """A text that somebody types into a search box: any text is valid."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> str:
        return str(value)


class Point(fields.String):
    """`LAT,LON` in decimal degrees (WGS 84), as two numbers."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> Any:
        parts = _POINT.fullmatch(value)
        latitude, longitude = map(float, parts.groups()) if parts else (91.0, 181.0)
        if abs(latitude) > 90 or abs(longitude) > 180:
            detail = "Must be LAT,LON in degrees, from -90 to 90 and from -180 to 180, such as 51.5,-0.12."
            raise ValidationError(detail)
        return latitude, longitude


class Kilometres(fields.Float):
    """A distance on the Earth in kilometres, from one metre to half the circumference."""

    LEAST = 0.001
    FARTHEST = 20_016

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=validate.Range(self.LEAST, self.FARTHEST), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> float:
        number = float(value) if re.fullmatch(r"[0-9]{1,5}(\.[0-9]{1,17})?", str(value)) else 0.0
        if not self.LEAST <= number <= self.FARTHEST:
            raise ValidationError(f"Must be a number of kilometres from {self.LEAST} to {self.FARTHEST}.")
        return number
