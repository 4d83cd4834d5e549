"""What may stand in an address where an entity, an intensity or a number is meant; anything else is 404."""

from flask import Flask
from werkzeug.routing import BaseConverter, IntegerConverter, ValidationError

from app.shapes.fields import SLUG_MAX_LENGTH


class SlugConverter(BaseConverter):
    """A slug."""

    regex = r"[a-z0-9]+(?:-[a-z0-9]+)*"
    part_isolating = True

    def to_python(self, value: str) -> str:
        """The slug; one that is too long is no slug."""
        if len(value) > SLUG_MAX_LENGTH:
            raise ValidationError
        return value


class IntensityConverter(BaseConverter):
    """An intensity, 1 to 5. Other numbers of at most six digits are let through, to be told which there are."""

    regex = "(?:0|[1-9][0-9]{0,5})"

    def to_python(self, value: str) -> int:
        """The number."""
        return int(value)


class NumberConverter(IntegerConverter):
    """A number from 1, of at most six digits."""

    regex = "[1-9][0-9]{0,5}"


class SerialConverter(IntegerConverter):
    """The number of a row that the store numbered, of at most nine digits."""

    regex = "[1-9][0-9]{0,8}"


def install(app: Flask) -> None:
    """Makes the converters known to the application's addresses, which are those that are written and no others."""
    app.url_map.merge_slashes = False
    app.url_map.converters |= {
        "slug": SlugConverter,
        "intensity": IntensityConverter,
        "number": NumberConverter,
        "serial": SerialConverter,
    }
