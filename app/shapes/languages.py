"""Languages of texts: which one a plain string is in, which one a client gets, and a text in one of them."""

import re
from collections.abc import Iterable, Mapping

DEFAULT_LANGUAGE = "en"
"""The language of a text that is written as a plain string, and the one that a missing translation falls back to."""

LANGUAGES = (DEFAULT_LANGUAGE, "es")
"""The languages that documents are rendered in, each document in all of them."""

_MOST_SUBTAGS = max(language.count("-") + 1 for language in LANGUAGES)

_ANY_CASE = "|".join("".join(f"[{letter.upper()}{letter}]" for letter in tag) for tag in LANGUAGES)
RANGE_PATTERN = f"^({_ANY_CASE})(-[A-Za-z0-9]{{1,8}})*$"
"""What `lang` may be: one of these languages in any case, of any region or script."""

LONGEST_RANGE = 35
"""How many characters of a language tag everybody must accept (RFC 5646, section 4.4.1)."""

ALLOWED_RANGES = f"Must be one of: {', '.join(LANGUAGES)}; a region may follow, as in es-MX."

Text = str | Mapping[str, str]


def to_translations(text: Text) -> dict[str, str]:
    """The stored form of a draft's text: `{language: text}`."""
    return {DEFAULT_LANGUAGE: text} if isinstance(text, str) else dict(text)


def from_translations(translations: Mapping[str, str]) -> Text:
    """The draft's form of a stored text: a plain string where there is only the default language."""
    if set(translations) == {DEFAULT_LANGUAGE}:
        return translations[DEFAULT_LANGUAGE]
    rest = sorted(language for language in translations if language != DEFAULT_LANGUAGE)
    return {language: translations[language] for language in (DEFAULT_LANGUAGE, *rest) if language in translations}


def in_language(text: Text, language: str) -> str:
    """A draft's text in one language, or in the default language where it has no such translation."""
    if isinstance(text, str):
        return text
    return text.get(language) or text[DEFAULT_LANGUAGE]


def lookup(ranges: Iterable[tuple[str, float]]) -> str:
    """The language for a client's weighted language ranges (RFC 4647, section 3.4: lookup).

    Each range is shortened from its end until it names a language that documents are rendered in: `es-MX` becomes `es`.
    The range of the greatest weight that does so wins, and of equal weights the first. If none does, the default
    language is the answer.
    """
    for tag, weight in sorted(ranges, key=lambda weighted: -weighted[1]):
        if weight > 0 and (language := _rendered(tag)):
            return language
    return DEFAULT_LANGUAGE


def requested(tag: str) -> str | None:
    """The language for a tag that a client asks for by name, found as `lookup` finds one, or None."""
    return _rendered(tag) if len(tag) <= LONGEST_RANGE and re.fullmatch(RANGE_PATTERN[1:-1], tag) else None


def _rendered(tag: str) -> str | None:
    # Whatever is longer than every language that there is, lookup shortens anyway.
    subtags = tag.lower().split("-", _MOST_SUBTAGS)[:_MOST_SUBTAGS]
    while subtags:
        if (language := "-".join(subtags)) in LANGUAGES:
            return language
        subtags.pop()
    return None
