"""Marshmallow's nested messages as faults with JSON pointers."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.errors import Fault


def faults_of(messages: Any, pointer: str = "") -> Iterator[Fault]:
    """The faults in Marshmallow's nested messages: `{"steps": {0: {"cue": [text]}}}` has one at `/steps/0/cue`."""
    if isinstance(messages, Mapping):
        for key, nested in messages.items():
            yield from faults_of(nested, pointer if key == "_schema" else f"{pointer}/{pointer_step(key)}")
    elif isinstance(messages, list):
        for message in messages:
            yield from faults_of(message, pointer)
    else:
        yield Fault(pointer, _sentence(str(messages)))


def pointer_step(key: object) -> str:
    """A key or an index as a step of a JSON pointer (RFC 6901, section 3)."""
    return str(key).replace("~", "~0").replace("/", "~1")


def _sentence(message: str) -> str:
    known = {
        "Missing data for required field.": "Is required.",
        "Field may not be null.": "Must not be empty.",
        "Invalid input type.": "Must be an object with fields.",
    }
    return known.get(message, message)
