"""What a query means in the words that documents have: forms of words, beginnings, corrected typing errors.

A query is understood once, for the first page of a list. The cursor carries the result, so that later pages rank alike
even if a release has brought new words meanwhile.
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
"""How many words of a query are searched for; further ones are ignored."""

MAX_CORRECTIONS = 4
MAX_ALTERNATIVES = 2 * MAX_CORRECTIONS
"""How many words one term may have: as many as its corrections; its forms and its joins with neighbours are fewer."""

MAX_PHRASE_LENGTH = 300
SHORTEST_CORRECTED = 3
SHORTEST_WITH_TWO_ERRORS = 6
SHORTEST_SPLIT = 5

_WORD = re.compile(f"[a-z0-9]{{1,{MAX_WORD_LENGTH * 2}}}")


@dataclass(frozen=True)
class Term:
    """One word of a query: the known words that it is, a beginning of known words, and likely corrections."""

    exact: tuple[str, ...] = ()
    beginning: str = ""
    near: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.exact or self.beginning or self.near)


@dataclass(frozen=True)
class Understood:
    """A query's terms. `phrase` has its words as one text, to tell whether a document has the query for its name.

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
            if len(phrase) > MAX_PHRASE_LENGTH or " ".join(in_words) != phrase or not _are_words(in_words):
                raise ValueError
        except (ValueError, TypeError, AttributeError, RecursionError):
            raise MalformedCursor("The cursor is not one that this service made.") from None
        return cls(read, phrase, least)


def _checked(alternatives: Sequence[Any]) -> tuple[str, ...]:
    if not isinstance(alternatives, list) or len(alternatives) > MAX_ALTERNATIVES or not _are_words(alternatives):
        raise ValueError
    return tuple(alternatives)


def _are_words(texts: Iterable[Any]) -> bool:
    return all(_WORD.fullmatch(text) for text in texts)


def has_words(query: str) -> bool:
    """Whether there is anything to search for."""
    return bool(words(query[:MAX_QUERY_LENGTH]))


def understand(reader: StateReader, query: str, language: str) -> Understood:
    """What a search text means, in one query, and two more for each word that no document has.

    Such a word is taken for a beginning where a known word begins with it, else for a typing error.
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
        far = word not in begun and not any(OSA.distance(word, nearby) == 1 for nearby in near.get(word, ()))
        if not exact and far and (halves := _halves(word, known)):
            terms += [Term(forms(half, language)) for half in halves]
            continue
        begins = word if word in begun or (typing and exact) else ""
        terms.append(Term(exact, begins, () if exact else near.get(word, ())))
    # Terms that no document can have are left out, unless every term is one.
    terms = ([term for term in terms if term] or [Term(beginning=word) for word in sought])[:MAX_TERMS]
    phrase = " ".join(words(query[:MAX_QUERY_LENGTH]))[:MAX_PHRASE_LENGTH].strip()
    return Understood(tuple(terms), phrase, least_of(len(terms)))


def loosened(query: Understood) -> Understood:
    """The same query, of which a document need have only half as many terms, but at least one."""
    return replace(query, least=(query.least + 1) // 2)


def least_of(terms: int) -> int:
    """How many of a query's terms a document must have: all of one or two, about two thirds of more."""
    return terms if terms <= 2 else (2 * terms + 2) // 3


def _candidates(sought: Sequence[str], language: str) -> set[str]:
    candidates = {form for word in sought for form in forms(word, language)}
    candidates |= {first + second for first, second in pairwise(sought)}
    for word in sought:
        if len(word) >= SHORTEST_SPLIT:
            candidates |= {part for at in range(2, len(word) - 1) for part in (word[:at], word[at:])}
    return candidates


def _known(connection: Connection, language: str, candidates: Iterable[str]) -> set[str]:
    statement = select(search_word.c.word).where(
        search_word.c.language == language, search_word.c.word.in_(sorted(candidates))
    )
    return set(connection.execute(statement).scalars())


def _exact(word: str, language: str, known: set[str]) -> tuple[str, ...]:
    return tuple(form for form in forms(word, language) if form in known)


def _joined(sought: Sequence[str], place: int, known: set[str]) -> tuple[str, ...]:
    """Known words that were typed as two: this one and a neighbour joined, such as `push up` for `pushup`."""
    pairs = [sought[place - 1] + sought[place]] if place else []
    pairs += [sought[place] + sought[place + 1]] if place + 1 < len(sought) else []
    return tuple(pair for pair in pairs if pair in known)


def _halves(word: str, known: set[str]) -> tuple[str, str] | None:
    """Two known words that were typed as one, such as `catcow`; of several pairs, the one of the most equal lengths."""
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
    """The candidates that a typed word may stand for, the likeliest first.

    First come the candidates with the fewest typing errors, if that is at most one in a short word and two in a longer
    one; then the candidates that begin with the word, typed with one error. A typing error is a letter too many, too
    few, wrong, or two letters swapped.
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

    nearest = sorted((candidate for candidate, distance in whole.items() if distance == least), key=likelihood)
    return (*nearest[:MAX_CORRECTIONS], *sorted(begun, key=likelihood)[:MAX_CORRECTIONS])


def _begun(connection: Connection, language: str, unknown: Sequence[str]) -> set[str]:
    """The words that a longer known word begins with."""
    known = select(search_word.c.word).where(search_word.c.language == language).limit(1)

    def begins_another(word: str) -> bool:
        longer = known.where(search_word.c.word > word, search_word.c.word < word + "~")
        return connection.execute(longer).first() is not None

    return set(filter(begins_another, unknown))
