"""How hard texts are to read, by the formulas that health services use, worked out over all texts of one sort.

English: the Flesch-Kincaid grade (Kincaid and others, 1975), about the years of school that a reader needs. Spanish:
the INFLESZ scale (Barrio-Cantalejo and others, 2008) of the Flesch-Szigriszt index, from 0, hard, to 100, easy; texts
for patients should reach 55. Other languages are not graded.

Syllables are counted by the letters. A single word may be off by one; over the English texts of the seed data the count
is 0.2 % below that of the CMU Pronouncing Dictionary. So sentences are never graded alone.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from app.auditing.findings import Finding, Findings

WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
SENTENCE_END = re.compile(r"[.!?]+(?:\s|$)")

FEWEST_WORDS = 30
"""Fewer words than these are not graded: the formulas count averages."""


WORDS_KEPT = 50_000
"""Words whose syllables are remembered: as many as a large catalogue has."""


class Measure(NamedTuple):
    """A scale of a language: how a reading is printed, and the bound for each sort of text."""

    name: str
    bounds: Mapping[str, float]
    higher_is_harder: bool

    def keeps(self, sort: str, reading: float) -> bool:
        """Whether texts of a sort are easy enough."""
        return reading <= self.bounds[sort] if self.higher_is_harder else reading >= self.bounds[sort]


MEASURES = {
    "en": Measure("Flesch-Kincaid grade", {"instructions": 5, "safety": 7}, higher_is_harder=True),
    "es": Measure("INFLESZ", {"instructions": 65, "safety": 55}, higher_is_harder=False),
}

SORTS = {
    "instructions": re.compile(r"/steps/\d+/(?:instruction|cue|breathing)|/levels/\d+/(?:adjustment|sensation)"),
    "safety": re.compile(
        r"/(?:precautions|stop_if)/\d+|/contraindications/\d+/note|/guidance/note|/see_professional_if/\d+/text"
    ),
}
"""The texts of each sort, by the pointers of drafts."""


def reading(texts: Sequence[str], language: str) -> float | None:
    """How hard the texts are together, on the language's scale; None for few words or another language."""
    words = [word for text in texts for word in WORD.findall(text)]
    if language not in MEASURES or len(words) < FEWEST_WORDS:
        return None
    sentences = sum(len([part for part in SENTENCE_END.split(text) if part.strip()]) for text in texts)
    words_of_a_sentence = len(words) / sentences
    if language == "en":
        return 0.39 * words_of_a_sentence + 11.8 * sum(map(english_syllables, words)) / len(words) - 15.59
    return 206.835 - 62.3 * sum(map(spanish_syllables, words)) / len(words) - words_of_a_sentence


@lru_cache(WORDS_KEPT)
def english_syllables(word: str) -> int:
    """About how many syllables a word has: its groups of vowels, without those that are not spoken."""
    word = re.sub(r"[^a-z]", "", word.lower())
    groups = len(re.findall(r"[aeiouy]+", word))
    if re.search(r"[^aeiouy]e(?:s|d)?$", word) and not re.search(
        r"(?:[^aeiouy]le|[td]ed|(?:[sxz]|ch|sh|[cg])es)$", word
    ):
        groups -= 1
    groups += len(re.findall(r"i(?:a|o(?!us|n)|um)|eo(?!u)|[aeiou]ing", word))
    return max(1, groups)


@lru_cache(WORDS_KEPT)
def spanish_syllables(word: str) -> int:
    """How many syllables a word has: its vowels, where a weak one beside another is part of a diphthong."""
    word = re.sub(r"(?<=[gq])u(?=[eéií])|y(?=[aeiouáéíóú])", "", word.lower())
    return max(1, len(re.findall(r"[iuü]?[aeoáéó][iuüy]?(?![íú])|[iuü]?[íú]|[iuüy]+", word)))


def texts_of_sort(sort: str, texts: Sequence[tuple[str, dict[str, str]]], language: str) -> list[str]:
    """The texts of one sort in exactly one language."""
    return [text[language] for pointer, text in texts if SORTS[sort].fullmatch(pointer) and language in text]


def check_reading(texts: Sequence[tuple[str, dict[str, str]]]) -> Findings:
    """Instructions and texts of safety are easy enough, each sort taken together."""
    for sort, pointers in SORTS.items():
        for language, measure in MEASURES.items():
            graded = reading(texts_of_sort(sort, texts, language), language)
            if graded is not None and not measure.keeps(sort, graded):
                most = "at most" if measure.higher_is_harder else "at least"
                yield Finding(
                    next(pointer for pointer, _text in texts if pointers.fullmatch(pointer)),
                    "reading",
                    f"Its {sort} read at {graded:.1f} on the {measure.name} ({language}); {most}"
                    f" {measure.bounds[sort]}. Write shorter sentences and shorter words.",
                )
