"""Query parameters of pages and cards: language, level, theme. An error lists the allowed values."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from app.errors import Fault, InvalidParameters
from app.shapes.languages import ALLOWED_RANGES, DEFAULT_LANGUAGE, LANGUAGES, lookup, requested

THEMES = ("auto", "light", "dark")


def choice(name: str, allowed: Sequence[str], default: str) -> str:
    """A query parameter that is one of `allowed`. Raises `InvalidParameters`."""
    value = request.args.get(name, default) or default
    if value not in allowed:
        raise InvalidParameters([Fault(name, f"Must be one of: {', '.join(allowed)}.")])
    return value


def known(*names: str) -> None:
    """Raises `InvalidParameters` if the query has parameters other than these."""
    unknown = [name for name in request.args if name not in names]
    if unknown:
        allowed = f"Unknown parameter. Allowed: {', '.join(sorted(names)) or 'none'}."
        raise InvalidParameters([Fault(name, allowed) for name in unknown])


@dataclass(frozen=True)
class Language:
    """The language of an answer, and whether the client's header decided it."""

    tag: str
    negotiated: bool


def language() -> Language:
    """`lang`, else the best one for `Accept-Language`, else the default. Raises `InvalidParameters`."""
    if asked := request.args.get("lang"):
        if (tag := requested(asked)) is None:
            raise InvalidParameters([Fault("lang", ALLOWED_RANGES)])
        return Language(tag, negotiated=False)
    if "lang" in request.args:
        return Language(DEFAULT_LANGUAGE, negotiated=False)
    return Language(lookup(request.accept_languages), negotiated=len(LANGUAGES) > 1)


def intensity() -> int | None:
    """The intensity that is asked for, 1 to 5, or None. Raises `InvalidParameters`."""
    value = request.args.get("intensity")
    if not value:
        return None
    if value not in ("1", "2", "3", "4", "5"):
        raise InvalidParameters([Fault("intensity", "Must be a whole number from 1 to 5.")])
    return int(value)
