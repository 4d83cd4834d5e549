"""From what was written to a canonical draft: every error at once, each with its JSON pointer."""

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import ValidationError

from app.content.content_type import ContentType
from app.content.mapping import Draft, canonical
from app.errors import Fault, InvalidDrafts


def load_draft(content_type: ContentType, written: Any) -> Draft:
    """The canonical draft of what was written.

    Raises `InvalidDrafts` with every fault; their places are JSON pointers into `written`.
    """
    try:
        loaded = content_type.draft_schema().load(written)
    except ValidationError as error:
        raise InvalidDrafts(list(faults_of(error.messages))) from None
    draft: Draft = canonical(loaded)
    return {key: draft[key] for key in content_type.mapped.keys() if key in draft}


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
