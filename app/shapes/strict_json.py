"""A strict reader of JSON: no field twice, no deep nesting, no characters that no text can hold."""

import json
import re
from collections import Counter
from math import isinf
from typing import Any

from app.errors import MalformedBody

MAX_DEPTH = 64
# Possessive, and it matches a string without an end as a whole: linear in time and small in memory on any input.
_OPENING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{\]}]', re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")


def parse(content: bytes) -> Any:
    """The value of a JSON text (RFC 8259).

    Raises `MalformedBody` for a body that is not UTF-8 or not JSON, and for duplicate keys, nesting over 64, numbers
    that are no JSON (`NaN`), NUL and lone surrogates.
    """
    _check_depth(content)
    try:
        value = json.loads(
            content.decode("utf-8"), object_pairs_hook=_object, parse_constant=_refuse_constant, parse_float=_number
        )
    except UnicodeDecodeError:
        raise MalformedBody("The body is not UTF-8.") from None
    except json.JSONDecodeError as error:
        raise MalformedBody(f"The body is not JSON: {error.msg} (line {error.lineno}, column {error.colno}).") from None
    except ValueError as error:
        raise MalformedBody(f"The body is not acceptable JSON: {error}.") from None
    _check_texts(value)
    return value


def _check_depth(content: bytes) -> None:
    depth = 0
    for match in _OPENING.finditer(content):
        token = match.group()
        if token in (b"{", b"["):
            depth += 1
            if depth > MAX_DEPTH:
                raise MalformedBody(f"The body is nested more than {MAX_DEPTH} deep.")
        elif token in (b"}", b"]"):
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"the field {twice[:80]!r} stands twice in one object")
    return fields


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _number(text: str) -> float:
    value = float(text)
    if isinf(value):
        raise ValueError("a number is too large")
    return value


def _check_texts(value: Any) -> None:
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            waiting += part.keys()
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
        elif isinstance(part, str) and ("\x00" in part or _SURROGATE.search(part)):
            raise MalformedBody("A text holds NUL or a lone surrogate.")
