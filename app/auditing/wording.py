"""Words: one action a step, and every text in every language."""

import re
from collections.abc import Sequence
from functools import cache

from app.auditing.amounts import amounts, pattern, words
from app.auditing.findings import Content, Finding, Findings, listing
from app.auditing.texts import spoken
from app.content.mapping import Draft
from app.shapes.languages import DEFAULT_LANGUAGE, LANGUAGES


@cache
def _second_action() -> re.Pattern[str]:
    known = words(DEFAULT_LANGUAGE)
    return re.compile(rf"{known['next_action']}(?P<verb>{known['verbs'].replace(chr(10), '')})\b", re.IGNORECASE)


def check_one_action(exercise: Draft, _content: Content) -> Findings:
    """An instruction asks for one action: no second verb after "and", "then" or a full stop.

    Looked for in English, the language that texts are translated from.
    """
    for index, step in enumerate(exercise.get("steps", ())):
        said = pattern(DEFAULT_LANGUAGE, "no_action").sub("", spoken(step["instruction"]))
        if second := _second_action().search(said):
            yield Finding(
                f"/steps/{index}/instruction",
                "one-action",
                f"It asks for a second action, '{second['verb']}': make it a step or a cue of its own.",
            )


def check_translated(texts: Sequence[tuple[str, dict[str, str]]]) -> Findings:
    """Every text is there in every language."""
    for language in LANGUAGES:
        if missing := [pointer for pointer, text in texts if language not in text]:
            yield Finding(
                missing[0],
                "translated",
                f"{len(missing)} of {len(texts)} texts have no {language}: {listing(missing, 4)}.",
            )


EXACT = ("seconds", "minutes", "sets", "count")
"""Amounts that a translation must say as they are; breaths and times are often said otherwise ("twice")."""


def check_same_amounts(texts: Sequence[tuple[str, dict[str, str]]]) -> Findings:
    """A translation says the same seconds, minutes, sets and counts as the text that it translates."""
    for pointer, text in texts:
        original = _exact(text, DEFAULT_LANGUAGE)
        for language in text:
            if language != DEFAULT_LANGUAGE and words(language) and (said := _exact(text, language)) != original:
                yield Finding(
                    pointer,
                    "translated",
                    f"It says {_told(original)} ({DEFAULT_LANGUAGE}), and {_told(said)} ({language}).",
                )


def _exact(text: dict[str, str], language: str) -> list[tuple[int, str]]:
    said = amounts(text.get(language, ""), language)
    return sorted((amount.number, amount.unit) for amount in said if amount.unit in EXACT)


def _told(said: list[tuple[int, str]]) -> str:
    return listing([f"{number} {unit}" for number, unit in said]) or "no such amount"


def check_glossary(texts: Sequence[tuple[str, dict[str, str]]]) -> Findings:
    """No text has a word that the glossary tells not to use. Other names may: people search by them."""
    for pointer, text in texts:
        for language, said in text.items():
            avoided = {} if pointer.startswith("/aliases/") else words(language).get("avoid", {})
            for pattern_of_word, advice in avoided.items():
                if match := re.search(pattern_of_word, said, re.IGNORECASE):
                    yield Finding(pointer, "glossary", f"It says '{match[0]}' ({language}). {advice}")
