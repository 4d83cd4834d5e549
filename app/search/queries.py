"""What a query means in the words that documents have: forms of words, beginnings, corrected typing errors.

A query is understood once, on the first page; the cursor carries the result, so that later pages rank alike although
a release may have brought new words meanwhile.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from rapidfuzz.distance import OSA
from sqlalchemy import Connection, select

from app.columns.memory import StateReader
from app.errors import MalformedCursor
from app.models.tables import search_word
from app.search.vocabulary import words_like
from app.search.words import MAX_QUERY_LENGTH, MAX_WORD_LENGTH, forms, telling_words, words

MAX_TERMS = 8
"""Words of a query that are looked at."""

MAX_CORRECTIONS = 4
MAX_ALTERNATIVES = 2 * MAX_CORRECTIONS
"""Words of one term, at most: its corrections; its forms and what it is with its neighbours are fewer."""

MAX_PHRASE_LENGTH = 300
SHORTEST_CORRECTED = 3
SHORTEST_WITH_TWO_ERRORS = 6
SHORTEST_SPLIT = 5

_WORD = re.compile(f"[a-z0-9]{{1,{MAX_WORD_LENGTH * 2}}}")


@dataclass(frozen=True)
class Term:
    """One thing sought: words that are it, a beginning that it may have, words that may be meant."""

    exact: tuple[str, ...] = ()
    beginning: str = ""
    near: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.exact or self.beginning or self.near)


@dataclass(frozen=True)
class Understood:
    """A query's terms, and its words as one text, to know a name by.

    `least` is how many of the terms a document must have.
    """

    terms: tuple[Term, ...]
    phrase: str
    least: int

    def dump(self) -> str:
        """The text that `load` reads."""
        terms = [[list(term.exact), term.beginning, list(term.near)] for term in self.terms]
        return json.dumps([terms, self.phrase, self.least], separators=(",", ":"))

    @classmethod
    def load(cls, dumped: str) -> "Understood":
        """What `dump` wrote.

        Raises `MalformedCursor` for anything else.
        """
        try:
            terms, phrase, least = json.loads(dumped)
            read = tuple(
                Term(_checked(exact), "".join(_checked([beginning] * bool(beginning))), _checked(near))
                for exact, beginning, near in terms
            )
            if not 0 < len(read) <= MAX_TERMS or not all(read) or type(least) is not int or not 0 < least <= len(read):
                raise ValueError
            in_words = phrase.split()
            if len(phrase) > MAX_PHRASE_LENGTH or " ".join(in_words) != phrase:
                raise ValueError
            if not all(_WORD.fullmatch(word) for word in in_words):
                raise ValueError
        except (ValueError, TypeError, AttributeError, RecursionError):
            raise MalformedCursor("The cursor is not one that this service made.") from None
        return cls(read, phrase, least)


def _checked(found: Sequence[Any]) -> tuple[str, ...]:
    if not isinstance(found, list) or len(found) > MAX_ALTERNATIVES or not all(_WORD.fullmatch(word) for word in found):
        raise ValueError
    return tuple(found)


def has_words(query: str) -> bool:
    """Whether there is anything to search for."""
    return bool(words(query[:MAX_QUERY_LENGTH]))


def understand(reader: StateReader, query: str, language: str) -> Understood:
    """What the query means, in one query, and two more for each word that nothing has.

    A word that begins a known one is taken for a beginning, any other that nothing has for a typing error.
    """
    connection = reader.connection
    sought = telling_words(query, language, MAX_TERMS)
    known = _known(connection, language, _candidates(sought, language))
    unknown = [word for word in sought if not _exact(word, language, known)]
    begun = _begun(connection, language, unknown)
    near = _near(reader, language, [word for word in unknown if word not in begun])
    last = words(query[:MAX_QUERY_LENGTH])[-1:] == sought[-1:] and not query[-1:].isspace()
    terms: list[Term] = []
    for place, word in enumerate(sought):
        typing = last and place == len(sought) - 1
        exact = _exact(word, language, known) + _joined(sought, place, known)
        far = word not in begun and not any(OSA.distance(word, each) == 1 for each in near.get(word, ()))
        if not exact and far and (halves := _halves(word, known)):
            terms += [Term(forms(half, language)) for half in halves]
            continue
        begins = word if word in begun or (typing and exact) else ""
        terms.append(Term(exact, begins, () if exact else near.get(word, ())))
    # What nothing can have is left out, unless that leaves nothing.
    terms = ([term for term in terms if term] or [Term(beginning=word) for word in sought])[:MAX_TERMS]
    phrase = " ".join(words(query[:MAX_QUERY_LENGTH]))[:MAX_PHRASE_LENGTH].strip()
    return Understood(tuple(terms), phrase, least_of(len(terms)))


def loosened(query: Understood) -> Understood:
    """The same query, asking for half as many of its terms, at least one."""
    return replace(query, least=(query.least + 1) // 2)


def least_of(terms: int) -> int:
    """How many of so many terms a document must have: all of one or two, about two thirds of more."""
    return terms if terms <= 2 else (2 * terms + 2) // 3


def _candidates(sought: Sequence[str], language: str) -> set[str]:
    found = {form for word in sought for form in forms(word, language)}
    found |= {first + second for first, second in pairwise(sought)}
    for word in sought:
        if len(word) >= SHORTEST_SPLIT:
            found |= {part for at in range(2, len(word) - 1) for part in (word[:at], word[at:])}
    return found


def _known(connection: Connection, language: str, candidates: Iterable[str]) -> set[str]:
    statement = select(search_word.c.word).where(
        search_word.c.language == language, search_word.c.word.in_(sorted(candidates))
    )
    return set(connection.execute(statement).scalars())


def _exact(word: str, language: str, known: set[str]) -> tuple[str, ...]:
    return tuple(form for form in forms(word, language) if form in known)


def _joined(sought: Sequence[str], place: int, known: set[str]) -> tuple[str, ...]:
    """Words that were typed as two, this one and a neighbour."""
    pairs = [sought[place - 1] + sought[place]] if place else []
    pairs += [sought[place] + sought[place + 1]] if place + 1 < len(sought) else []
    return tuple(pair for pair in pairs if pair in known)


def _halves(word: str, known: set[str]) -> tuple[str, str] | None:
    """Two known words that were typed as one, the most even pair."""
    if len(word) < SHORTEST_SPLIT:
        return None
    pairs = [(word[:at], word[at:]) for at in range(2, len(word) - 1) if word[:at] in known and word[at:] in known]
    return min(pairs, key=lambda pair: abs(len(pair[0]) - len(pair[1])), default=None)


def _near(reader: StateReader, language: str, unknown: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    return {
        word: corrections(word, words_like(reader, language, word, _errors(word)))
        for word in unknown
        if len(word) >= SHORTEST_CORRECTED and not word.isdigit()
    }


def _errors(word: str) -> int:
    return 2 if len(word) >= SHORTEST_WITH_TWO_ERRORS else 1


def corrections(word: str, candidates: Iterable[str]) -> tuple[str, ...]:
    """The words that the typed one may stand for: those that are as few typing errors away as any, at most one in a
    short word and two in a longer one; then those that it may be the beginning of, with one error. A typing error is
    a letter too many, too few, wrong, or two swapped.
    """
    allowed = _errors(word)
    whole: dict[str, int] = {}
    begun: list[str] = []
    for candidate in candidates:
        distance = OSA.distance(word, candidate, score_cutoff=allowed)
        if distance <= allowed:
            whole[candidate] = distance
        elif len(word) > SHORTEST_CORRECTED and len(candidate) > len(word):
            starts = (candidate[: len(word) + more] for more in (-1, 0, 1))
            if min(OSA.distance(word, start, score_cutoff=1) for start in starts) <= 1:
                begun.append(candidate)
    least = min(whole.values(), default=0)

    def likelihood(candidate: str) -> tuple[bool, int, str]:
        return candidate[0] != word[0], abs(len(candidate) - len(word)), candidate

    nearest = sorted((each for each, distance in whole.items() if distance == least), key=likelihood)
    return (*nearest[:MAX_CORRECTIONS], *sorted(begun, key=likelihood)[:MAX_CORRECTIONS])


def _begun(connection: Connection, language: str, unknown: Sequence[str]) -> set[str]:
    """Those of the words that are the beginning of a known one."""
    found = set()
    for word in unknown:
        longer = select(search_word.c.word).where(
            search_word.c.language == language,
            search_word.c.word > word,
            search_word.c.word < word + "~",
        )
        if connection.execute(longer.limit(1)).first():
            found.add(word)
    return found
