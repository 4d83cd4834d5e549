"""Texts as drafts have them, and what is refused in each."""

import re
from typing import Any, Self

from marshmallow import ValidationError

from app.shapes.invisible import is_seen

# C0 without tab and line feed; DEL; C1; the surrogates, which UTF-8 cannot encode; and the noncharacters, one of which
# marks the place of the origin in stored documents.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


class Scalar(str):
    """An unquoted scalar of a seed file: a text that the fields for numbers and for true or false may convert."""

    __slots__ = ()


class DoubtfulScalar(Scalar):
    """An unquoted scalar of a seed file that was perhaps meant otherwise. `doubt` is a sentence that says what to do.

    Fields for texts refuse it with that sentence. Example: `Sit on chair #2.`, where YAML takes `#2.` for a comment.
    """

    doubt: str

    def __new__(cls, text: str, doubt: str) -> Self:
        scalar = super().__new__(cls, text)
        scalar.doubt = doubt
        return scalar


def checked_text(value: Any, limit: int) -> str:
    """The text without surrounding space.

    Raises `ValidationError` for a value that is no text, and for a text that is empty or shows nothing, is longer than
    `limit` characters, has control characters, or is doubtful in a seed file.
    """
    if not isinstance(value, str):
        raise ValidationError("Must be a text.")
    if isinstance(value, DoubtfulScalar):
        raise ValidationError(value.doubt)
    text = value.strip()
    if not text:
        raise ValidationError("Must not be empty.")
    if len(text) > limit:
        raise ValidationError(f"Must be at most {limit} characters; this has {len(text)}.")
    if control := _CONTROL.search(text):
        raise ValidationError(f"Must not hold the control character U+{ord(control.group()):04X}.")
    if not is_seen(text):
        raise ValidationError("Must hold something that is seen; this has invisible characters only.")
    return str(text)
