"""The words that documents have, and the ones among them that a misspelt word may stand for."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, and_, func, literal, select, text

from app.columns.ids import Columns, plain_rows
from app.columns.memory import StateReader
from app.models.tables import search_word
from app.search.words import MAX_WORD_LENGTH

LEAST_SIMILARITY = 0.15
"""A word whose pg_trgm similarity is lower is no candidate for a correction."""

MOST_ALIKE = 200
"""How many candidates pg_trgm may offer, the most similar first."""

_BITS = np.zeros(256, np.uint64)
for _place, _character in enumerate(b"abcdefghijklmnopqrstuvwxyz0123456789"):
    _BITS[_character] = 1 << _place


@dataclass(frozen=True)
class Vocabulary(Columns):
    """Words in ASCII, and the letters of each as a set of bits."""

    words: NDArray[np.bytes_]
    letters: NDArray[np.uint64]
    lengths: NDArray[np.uint8]

    def with_letters_of(self, word: str, errors: int) -> Sequence[str]:
        """The words that lack at most `errors` of the word's letters. Every word that is at most so many typing errors
        away is one of these, and so is every word that begins with one.
        """
        wanted = np.bitwise_or.reduce(_BITS[np.frombuffer(word.encode(), np.uint8)])
        lacking = np.bitwise_count(wanted & ~self.letters)
        near = (lacking <= errors) & (self.lengths >= len(word) - errors)
        return [str(known, "ascii") for known in self.words[near].tolist()]


def words_like(reader: StateReader, language: str, word: str, errors: int) -> Sequence[str]:
    """The candidates for a correction of a word with so many typing errors.

    On SQLite they are the words that have its letters; on PostgreSQL a trigram index gives the words that share runs
    of letters with it.
    """
    if reader.connection.dialect.name == "sqlite":
        return _vocabulary(reader, language).with_letters_of(word, errors)
    reader.connection.execute(text(f"SET LOCAL pg_trgm.similarity_threshold = {LEAST_SIMILARITY}"))
    similar = select(search_word.c.word).where(_letters_first(language), search_word.c.word.op("%")(literal(word)))
    closest = func.similarity(search_word.c.word, literal(word)).desc()
    return reader.connection.execute(similar.order_by(closest, search_word.c.word).limit(MOST_ALIKE)).scalars().all()


def _letters_first(language: str) -> ColumnElement[bool]:
    """The words of a language without the numbers, of which there may be very many and none is a correction."""
    return and_(search_word.c.language == language, search_word.c.word >= "a")


def _vocabulary(reader: StateReader, language: str) -> Vocabulary:
    return reader.remembered(("vocabulary", language), lambda: _read(reader, language))


def _read(reader: StateReader, language: str) -> Vocabulary:
    statement = select(search_word.c.word).where(_letters_first(language))
    with plain_rows(reader.connection, statement) as rows:
        words = np.array([word for (word,) in rows], f"S{MAX_WORD_LENGTH}")
    characters = words.view(np.uint8).reshape(len(words), MAX_WORD_LENGTH)
    letters = np.zeros(len(words), np.uint64)
    for place in range(MAX_WORD_LENGTH):
        letters |= _BITS[characters[:, place]]
    return Vocabulary(words, letters, (characters != 0).sum(axis=1, dtype=np.uint8))
