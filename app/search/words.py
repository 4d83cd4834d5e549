"""What a word is: the same for documents and queries, on both stores.

A word is a run of letters and digits without case and accents. Documents are indexed by their words and by the stems
of these (Snowball), so that a query finds other forms of a word as well as beginnings of it. The stores are given
words in ASCII alone; they neither fold nor stem, and therefore agree.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import Stemmer

MAX_WORD_LENGTH = 32

MAX_QUERY_LENGTH = 2_000
"""Characters of a query that are looked at."""

STEMMERS = {"en": "english", "es": "spanish"}

_APOSTROPHES = re.compile("['`\u00b4\u2018\u2019\u02bc]")
_WORD = re.compile(r"[^\W_]+")
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "\u0131": "i"})

STOP_WORDS = {
    path.stem: frozenset(path.read_text(encoding="utf-8").split())
    for path in (Path(__file__).parent / "stop_words").iterdir()
}
"""Words that a question has and an answer need not have."""


def folded(text: str) -> str:
    """The text without case, accents and apostrophes."""
    lower = _APOSTROPHES.sub("", text).casefold()
    if lower.isascii():
        return lower
    decomposed = unicodedata.normalize("NFKD", lower)
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return plain.translate(_LETTERS)


def words(text: str) -> list[str]:
    """The words of a text in order, each in ASCII and at most `MAX_WORD_LENGTH` long."""
    return [_in_ascii(word)[:MAX_WORD_LENGTH] for word in _WORD.findall(folded(text))]


def _in_ascii(word: str) -> str:
    if word.isascii():
        return word
    return "".join(each if each.isascii() else f"u{ord(each):x}" for each in word)


def forms(word: str, language: str) -> tuple[str, ...]:
    """The word and its stem."""
    return tuple(dict.fromkeys((word, stem(word, language))))


@lru_cache(maxsize=20_000)
def stem(word: str, language: str) -> str:
    """The word's stem by Snowball, without accents; the word itself in a language that has no stemmer."""
    # A stemmer of its own each time: they keep state while they work.
    found: str = Stemmer.Stemmer(STEMMERS[language], 0).stemWord(word) if language in STEMMERS else word
    return folded(found)[:MAX_WORD_LENGTH] or word


def bag(texts: Iterable[str | None], language: str) -> set[str]:
    """Every form of every word of some texts."""
    pieces = {piece for text in texts if text for piece in text.split()}
    return set().union(*[_forms_in(piece, language) for piece in pieces])


@lru_cache(maxsize=20_000)
def _forms_in(piece: str, language: str) -> frozenset[str]:
    """The forms of the words of a text without white space: texts are made of the same few, again and again."""
    return frozenset(form for word in words(piece) for form in forms(word, language))


def telling_words(text: str, language: str, limit: int) -> list[str]:
    """The first words of a query that say what is sought, each once; all of them where none is of that sort."""
    found = list(dict.fromkeys(words(text[:MAX_QUERY_LENGTH])))
    stop_words = STOP_WORDS.get(language, frozenset())
    return ([word for word in found if word not in stop_words] or found)[:limit]
