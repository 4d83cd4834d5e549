"""Words: one action a step, and every text in every language."""

import re
from collections.abc import Sequence
from functools import cache

from app.auditing.amounts import pattern, words
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
