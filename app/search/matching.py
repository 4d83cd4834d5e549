"""The documents that a query finds, and how well.

A score depends on the document and the query alone, never on other documents, so that a release between two pages of a
list does not move the documents that it leaves alone. It is a whole number, the same on both stores:

- for each term of the query and each field that has it, the field's weight times how well it fits (4 the word
  itself, 3 its beginning, 2 a corrected typing error); a field weighs more than all lesser ones together;
- up to 400 for the share of the name that the query covers;
- 2,000 where the query is the name, 1,000 where it is one of the other names.

The stores' full-text indexes answer which entries have a term, and in which field. The answer for a term is remembered,
so that a word is looked up once in a released state, whatever queries and filters it is part of.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from app.columns.ids import Columns, Mask, Numbers, ids_of, places_among
from app.columns.memory import StateReader
from app.search.entries import Entries, entries_of
from app.search.queries import Term, Understood

FIELD_WEIGHTS = {"names": 30, "aliases": 10, "terms": 4, "texts": 1}
LABELS = {"names": "A", "aliases": "B", "terms": "C", "texts": "D"}
EXACT, BEGINNING, NEAR = 4, 3, 2
NAME_SHARE, NAME_ITSELF, OTHER_NAME = 100, 2000, 1000
GREATEST_SCORE = 1 << 20
"""Above any score."""

NAME_BASE = 64
"""More than the points that one term can give for the name: both sorts of points are packed into one number by it."""

FREQUENT = 8
"""A term that more than one entry in so many has is remembered with the points of every entry: adding those up is
faster than looking up places."""

ALL_FIELDS = tuple(FIELD_WEIGHTS)


class _Scope(NamedTuple):
    """The language and the fields that are searched."""

    language: str
    fields: tuple[str, ...]


class _Alternatives(NamedTuple):
    """The words of one term that give the same points, and a beginning of words that does too, if it is not empty."""

    words: Sequence[str]
    beginning: str
    points: int


class _Hits(NamedTuple):
    """The entries that a term gives so many points (`name_points` of them for the name), as ids with commas between."""

    points: int
    name_points: int
    ids: str | None


@dataclass(frozen=True)
class Postings(Columns):
    """The entries that have a term, each once, and the points that it gives them. Without `numbers`, all entries.

    Only few different points occur: `codes` has, for each entry, the place of its points in `points` and `name_points`.
    """

    numbers: Numbers | None
    codes: NDArray[Any]
    points: Numbers
    name_points: Numbers

    def add_to(self, points: Numbers, name_points: Numbers, terms_found: NDArray[np.int8]) -> None:
        """Adds this term's points to each entry's, and one to `terms_found` of the entries that have the term."""
        where = slice(None) if self.numbers is None else self.numbers
        points[where] += self.points.take(self.codes)
        name_points[where] += self.name_points.take(self.codes)
        terms_found[where] += (self.points > 0).take(self.codes)


@dataclass(frozen=True)
class Matches:
    """The score of every entry, and how many terms of the query were found in it."""

    entries: Entries
    scores: Numbers
    terms_found: NDArray[np.int8]

    def at_least(self, terms: int) -> Mask:
        """Which entries have at least so many terms of the query."""
        return self.terms_found >= terms


def matches(reader: StateReader, query: Understood, language: str, *, fields: Sequence[str] = ALL_FIELDS) -> Matches:
    """The scores of a language's entries for a query, which is looked for in some fields."""
    scope, entries = _Scope(language, tuple(fields)), entries_of(reader, language)
    scores, name_points = np.zeros(len(entries), np.int32), np.zeros(len(entries), np.int32)
    terms_found = np.zeros(len(entries), np.int8)
    for term in query.terms:
        _postings(reader, entries, term, scope).add_to(scores, name_points, terms_found)
    named = np.flatnonzero(name_points)
    shares = name_points[named] * NAME_SHARE // np.maximum(entries.name_words[named], len(query.terms))
    scores[named] += shares
    other_named, itself = entries.titled_as(query.phrase)
    scores[other_named] += OTHER_NAME
    scores[itself] += NAME_ITSELF
    return Matches(entries, scores, terms_found)


def _postings(reader: StateReader, entries: Entries, term: Term, scope: _Scope) -> Postings:
    def read() -> Postings:
        find = _on_sqlite if reader.connection.dialect.name == "sqlite" else _on_postgresql
        return _added_up(entries, find(reader.connection, term, scope))

    return reader.remembered(("postings", scope, term), read)


def _added_up(entries: Entries, hits: Iterable[_Hits]) -> Postings:
    # The points and the points for the name, packed into one number.
    both = np.zeros(len(entries), np.int32)
    for hit in hits:
        places, there = places_among(ids_of(hit.ids), entries.ids)
        both[places[there]] += hit.points * NAME_BASE + hit.name_points
    numbers = np.flatnonzero(both).astype(np.int32)
    frequent = len(numbers) > len(entries) // FREQUENT
    different, codes = np.unique(both if frequent else both[numbers], return_inverse=True)
    points, name_points = np.divmod(different, NAME_BASE)
    codes = codes.astype(np.min_scalar_type(len(different)))
    return Postings(None if frequent else numbers, codes, points, name_points)


def _alternatives(term: Term) -> Iterator[_Alternatives]:
    if term.exact and term.beginning:
        yield _Alternatives(term.exact, term.beginning, BEGINNING)
        yield _Alternatives(term.exact, "", EXACT - BEGINNING)
    elif term.exact:
        yield _Alternatives(term.exact, "", EXACT)
    elif term.beginning:
        yield _Alternatives((), term.beginning, BEGINNING)
    if term.near:
        yield _Alternatives(term.near, "", NEAR)


def _on_sqlite(connection: Connection, term: Term, scope: _Scope) -> Iterator[_Hits]:
    """One search of the FTS5 table for each field and goodness of fit."""
    statement = text("SELECT group_concat(rowid) FROM search_text WHERE search_text MATCH :expression")
    for alternatives in _alternatives(term):
        quoted = [f'"{scope.language}{word}"' for word in alternatives.words]
        quoted += [f'"{scope.language}{alternatives.beginning}" *'] if alternatives.beginning else []
        for field in scope.fields:
            expression = {"expression": f"{{{field}}} : ({' OR '.join(quoted)})"}
            ids = connection.execute(statement, expression).scalar_one()
            points = alternatives.points
            yield _Hits(points * FIELD_WEIGHTS[field], points if field == "names" else 0, ids)


def _on_postgresql(connection: Connection, term: Term, scope: _Scope) -> Iterable[_Hits]:
    """One scan of the GIN index for each field and goodness of fit, all in one statement."""
    parameters: dict[str, str] = {}
    hits: list[str] = []
    for alternatives in _alternatives(term):
        for field in scope.fields:
            name = f"sought_{len(hits)}"
            parameters[name] = _tsquery(alternatives, f"{scope.language}.{LABELS[field]}.")
            points = alternatives.points
            name_points = points if field == "names" else 0
            entries_of_every_kind = f"search_entries_with(CAST(:{name} AS tsquery), NULL)"
            hits.append(f"SELECT {points * FIELD_WEIGHTS[field]}, {name_points}, {entries_of_every_kind}")
    return [_Hits(*row) for row in connection.execute(text(" UNION ALL ".join(hits)), parameters)]


def _tsquery(alternatives: _Alternatives, prefix: str) -> str:
    parts = [f"'{prefix}{word}'" for word in alternatives.words]
    parts += [f"'{prefix}{alternatives.beginning}':*"] if alternatives.beginning else []
    return " | ".join(parts)
