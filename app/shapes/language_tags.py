"""Tags of languages in the one form in which they are stored: canonical and shortest (BCP 47, RFC 5646, section 4.5).

What IANA registers decides, and nothing is guessed: `iw` is `he`, as the registry says; `spa` is `es`, as BCP 47 takes
the shortest code of ISO 639; but `sh` stays, for which the registry names no other, and `zh-TW` does not become
`zh-Hant-TW`.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from babel.core import get_global
from marshmallow import ValidationError

from app.shapes.languages import LONGEST_RANGE

_FORM = re.compile(r"[a-z]{1,8}(-[a-z0-9]{1,8})*", re.IGNORECASE)
_EXTLANG, _SCRIPT, _REGION, _VARIANT = (
    re.compile(pattern) for pattern in ("[a-z]{3}", "[a-z]{4}", "[a-z]{2}|[0-9]{3}", "[a-z0-9]{5,8}|[0-9][a-z0-9]{3}")
)
_NO_LANGUAGE = ("mis", "mul", "und", "zxx")
"""Registered codes that say that a text's language is another one, several, not known, or none."""

_EXAMPLE = "Must be a language tag such as en, es or pt-BR (BCP 47)"


def checked_language(tag: Any) -> str:
    """A language tag such as `es` or `pt-BR`, in its canonical form.

    Raises `ValidationError` for any other value; its message says which part of the tag is wrong.
    """
    if not isinstance(tag, str) or len(tag) > LONGEST_RANGE or not _FORM.fullmatch(tag):
        raise ValidationError(f"{_EXAMPLE}, at most {LONGEST_RANGE} characters.")
    canonical, wrong = _canonical(tag.lower())
    if wrong is not None:
        raise ValidationError(f"{_EXAMPLE}; {wrong}.")
    return canonical


class _NotCanonical(Exception):
    """The tag has no canonical form; the text says which part of it is wrong."""


@lru_cache(maxsize=500)
def _canonical(tag: str) -> tuple[str, str | None]:
    """The canonical form of a well-formed tag, or what is wrong with it."""
    try:
        return "-".join(_subtags(_whole(tag).split("-"))), None
    except _NotCanonical as error:
        return "", str(error)


def _whole(tag: str) -> str:
    """What the registry prefers to a tag that it has as a whole, such as `tlh` to `i-klingon`."""
    from language_tags import tags  # noqa: PLC0415  # its registry is large, and only writing needs it

    registered = tags.tag(tag)
    if registered.type in ("grandfathered", "redundant"):
        if registered.preferred:
            return str(registered.preferred.format).lower()
        if registered.type == "grandfathered":
            raise _NotCanonical(f"'{tag}' is registered without a language")
    return tag


def _subtags(parts: Sequence[str]) -> Iterator[str]:
    rest = list(parts)
    language, suppressed = _language(rest.pop(0))
    if rest and _EXTLANG.fullmatch(rest[0]):
        language, suppressed = _extended(language, rest.pop(0)), None
    yield language
    if rest and _SCRIPT.fullmatch(rest[0]):
        script = _registered(rest.pop(0), "script")
        if script != suppressed:
            yield script.capitalize()
    if rest and _REGION.fullmatch(rest[0]):
        yield _registered(rest.pop(0), "region").upper()
    variants: list[str] = []
    while rest and _VARIANT.fullmatch(rest[0]):
        variants.append(_registered(rest.pop(0), "variant"))
    if len(set(variants)) < len(variants):
        raise _NotCanonical("a variant stands in it twice")
    yield from variants
    yield from _extensions(rest)


def _language(code: str) -> tuple[str, str | None]:
    """A registered code of a language, and the script that needs no saying with it."""
    from language_tags import tags  # noqa: PLC0415  # see above

    if code in _NO_LANGUAGE:
        raise _NotCanonical(f"'{code}' names no language")
    if tags.type(code, "language") is None:
        shorter = get_global("language_aliases").get(code, "")
        if len(code) != 3 or len(shorter) != 2:
            raise _NotCanonical(f"'{code}' is no language that IANA registers")
        code = shorter
    code = _registered(code, "language")
    script = tags.type(code, "language").script
    return code, script.format.lower() if script else None


def _extended(language: str, code: str) -> str:
    """The language of an extended tag: `yue` of `zh-yue`."""
    from language_tags import tags  # noqa: PLC0415  # see above

    registered = tags.type(code, "extlang")
    if registered is None or language not in registered.data["record"]["Prefix"]:
        raise _NotCanonical(f"'{code}' is no language of '{language}' that IANA registers")
    return code


def _registered(code: str, sort: str) -> str:
    """A code of a sort, or the one that the registry prefers to it."""
    from language_tags import tags  # noqa: PLC0415  # see above

    registered = tags.type(code, sort)
    if registered is None:
        raise _NotCanonical(f"'{code}' is no {sort} that IANA registers")
    preferred = registered.preferred
    return str(preferred.format if preferred else registered.format).lower()


def _extensions(parts: Sequence[str]) -> Iterator[str]:
    """Extensions in the order of their letters, then what is for private use. What stands in them is not checked."""
    if not parts:
        return
    private = parts.index("x") if "x" in parts else len(parts)
    begins = [place for place, part in enumerate(parts) if len(part) == 1 and place <= private]
    if begins[:1] != [0]:
        raise _NotCanonical(f"'{parts[0]}' stands in no place that BCP 47 gives it")
    groups = [parts[begin:end] for begin, end in zip(begins, [*begins[1:], len(parts)], strict=True)]
    letters = [group[0] for group in groups]
    if len(set(letters)) < len(letters) or any(len(group) == 1 for group in groups):
        raise _NotCanonical("an extension stands in it twice or is empty")
    for group in sorted(groups, key=lambda group: (group[0] == "x", group[0])):
        yield from group
