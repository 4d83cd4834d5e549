"""The allowed word that somebody may have meant."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process

LEAST_ALIKE = 70
"""Per cent of the letters that a suggestion must share with the word, in their order."""

LONGEST = 200
"""Characters of a word for which a suggestion is looked for: no allowed word is nearly as long."""


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """` Did you mean 'neck'?`, the nearest of the allowed words, to follow an error's sentence; else an empty text."""
    if len(word) > LONGEST:
        return ""
    found = process.extractOne(word.lower(), sorted(allowed), scorer=fuzz.ratio, score_cutoff=LEAST_ALIKE)
    return f" Did you mean '{found[0]}'?" if found else ""
