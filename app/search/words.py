"""What a word is: the same for documents and queries, on both stores.

A word is a run of letters and digits without case and accents. Documents are indexed by their words and by the stems
of the words (Snowball), so that a query finds other forms of a word as well as beginnings of it. The stores are given
words in ASCII only; they neither fold nor stem them, and therefore agree.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import Stemmer

from app.shapes.invisible import as_seen

MAX_WORD_LENGTH = 32

MAX_QUERY_LENGTH = 2_000
"""Only so many characters of a query are read."""

STEMMERS = {"en": "english", "es": "spanish"}

_APOSTROPHES = re.compile("['`\u00b4\u2018\u2019\u02bc]")
_WORD = re.compile(r"[^\W_]+")
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "\u0131": "i"})

STOP_WORDS = {
    path.stem: frozenset(path.read_text(encoding="utf-8").split())
    for path in (Path(__file__).parent / "stop_words").iterdir()
}
"""Words that a query may have and a document need not have, such as `for` or `the`."""


def folded(text: str) -> str:
    """The text without case, accents, apostrophes and what is not seen, such as soft hyphens."""
    lower = _APOSTROPHES.sub("", as_seen(text)).casefold()
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
    return "".join(letter if letter.isascii() else f"u{ord(letter):x}" for letter in word)


def forms(word: str, language: str) -> tuple[str, ...]:
    """The word and its stem."""
    return tuple(dict.fromkeys((word, stem(word, language))))


@lru_cache(maxsize=20_000)
def stem(word: str, language: str) -> str:
    """The word's stem by Snowball, without accents; the word itself in a language that has no stemmer."""
    # A new stemmer each time: a stemmer keeps state while it works, and threads share this function.
    stemmed: str = Stemmer.Stemmer(STEMMERS[language], 0).stemWord(word) if language in STEMMERS else word
    return folded(stemmed)[:MAX_WORD_LENGTH] or word


def bag(texts: Iterable[str | None], language: str) -> set[str]:
    """Every form of every word of some texts."""
    pieces = {piece for text in texts if text for piece in text.split()}
    return set().union(*[_forms_in(piece, language) for piece in pieces])


@lru_cache(maxsize=20_000)
def _forms_in(piece: str, language: str) -> frozenset[str]:
    """The forms of the words of a text without white space. Kept, as texts are made of the same few over and over."""
    return frozenset(form for word in words(piece) for form in forms(word, language))


def telling_words(text: str, language: str, limit: int) -> list[str]:
    """The first words of a query without stop words, each once; with them if it has nothing else. At most `limit`."""
    unique = list(dict.fromkeys(words(text[:MAX_QUERY_LENGTH])))
    stop_words = STOP_WORDS.get(language, frozenset())
    return ([word for word in unique if word not in stop_words] or unique)[:limit]
