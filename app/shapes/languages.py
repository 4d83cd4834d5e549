"""Languages of texts: which one a plain string is in, which one a client gets, how a text is told in it."""

from collections.abc import Iterable, Mapping

DEFAULT_LANGUAGE = "en"
"""The language of a text that is written as a plain string, and the one that a missing translation falls back to."""

LANGUAGES = (DEFAULT_LANGUAGE, "es")
"""The languages that documents are rendered in, each document in all of them."""

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

    Each range is cut from its end until it names a language that documents are rendered in; the heaviest range that
    does so wins, and of equals the first. Where none does, the default language answers.
    """
    weighted = sorted(ranges, key=lambda each: -each[1])
    for tag, weight in weighted:
        subtags = tag.lower().split("-") if weight > 0 else []
        while subtags:
            if (found := "-".join(subtags)) in LANGUAGES:
                return found
            subtags.pop()
            if subtags and len(subtags[-1]) == 1:
                subtags.pop()
    return DEFAULT_LANGUAGE
