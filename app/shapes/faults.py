"""Marshmallow's nested messages as faults with JSON pointers."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.errors import Fault


def faults_of(messages: Any, pointer: str = "") -> Iterator[Fault]:
    """Marshmallow's nested messages as faults."""
    if isinstance(messages, Mapping):
        for key, nested in messages.items():
            step = "" if key == "_schema" else "/" + str(key).replace("~", "~0").replace("/", "~1")
            yield from faults_of(nested, pointer + step)
    elif isinstance(messages, list):
        for message in messages:
            yield from faults_of(message, pointer)
    else:
        yield Fault(pointer, _sentence(str(messages)))


def _sentence(message: str) -> str:
    known = {
        "Missing data for required field.": "Is required.",
        "Field may not be null.": "Must not be empty.",
        "Invalid input type.": "Must be an object with fields.",
    }
    return known.get(message, message)
