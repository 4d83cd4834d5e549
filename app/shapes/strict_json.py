"""JSON as honest clients send it: nothing twice, nothing nested without end, nothing that no text can hold."""

import json
import re
from collections import Counter
from typing import Any

from app.errors import MalformedBody

MAX_DEPTH = 64
# Possessive, and taking a string without an end whole: linear in time and small in memory whatever is sent.
_OPENING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{\]}]', re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")


def parse(content: bytes) -> Any:
    """The value of a JSON text (RFC 8259).

    Raises `MalformedBody` for what is not UTF-8 or not JSON, for duplicate keys, nesting over 64, numbers that are no
    JSON (`NaN`), NUL and lone surrogates.
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
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"the field {twice[:80]!r} stands twice in one object")
    return found


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _number(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError("a number is too large")
    return value


def _check_texts(value: Any) -> None:
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting += each.keys()
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
        elif isinstance(each, str) and ("\x00" in each or _SURROGATE.search(each)):
            raise MalformedBody("A text holds NUL or a lone surrogate.")
