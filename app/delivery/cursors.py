"""Cursors: where the next page of a list begins, opaque to the client and bound to the list's filters and order."""

import base64
import json
from collections.abc import Sequence
from typing import Any

from app.content import canonical_json
from app.errors import MalformedCursor

MAX_LENGTH = 4000


def fingerprint(*parts: Any) -> str:
    """A short digest of what makes a list: kind, filters, order and so on. Equal lists have equal digests."""
    return canonical_json.digest(parts)[:16]


def encode(list_fingerprint: str, position: Sequence[str]) -> str:
    """The cursor of the page after the row with the sort values `position`. A digest in it betrays altered cursors."""
    values = [list_fingerprint, *position]
    return base64.urlsafe_b64encode(canonical_json.dump([fingerprint(values), *values])).decode().rstrip("=")


def decode(cursor: str, list_fingerprint: str, length: int) -> list[str]:
    """The `length` sort values that a cursor holds.

    Raises `MalformedCursor` for what is no cursor, or one of another list.
    """
    try:
        if len(cursor) > MAX_LENGTH or not cursor.isascii():
            raise ValueError
        padded = cursor + "=" * (-len(cursor) % 4)
        values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        whole = isinstance(values, list) and len(values) > 2 and all(map(_is_plain_text, values))
        if not whole or encode(values[1], values[2:]) != cursor:
            raise ValueError
    except (ValueError, RecursionError):
        raise MalformedCursor("The cursor is not one that this service made.") from None
    if values[1] != list_fingerprint or len(values) != length + 2:
        raise MalformedCursor("The cursor belongs to a list with other filters or another order.")
    return list(values[2:])


def _is_plain_text(value: Any) -> bool:
    return (
        isinstance(value, str)
        and "\x00" not in value
        and not any("\ud800" <= character <= "\udfff" for character in value)
    )
