"""Names that begin like the text that somebody is typing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import OSA
from sqlalchemy import Connection, select

from app.columns.least import least
from app.columns.memory import state_reader
from app.models.tables import search_entry
from app.search.matching import Matches, matches
from app.search.queries import Understood, understand
from app.search.words import MAX_QUERY_LENGTH, words

MAX_SUGGESTIONS = 10
CONSIDERED = 40
"""So many of the best entries are read; the best names among theirs are suggested."""

LONGEST = 100
"""More words than a name has."""


@dataclass(frozen=True)
class Suggestion:
    """A name, and the entity that has it."""

    text: str
    kind: str
    slug: str


def suggest(connection: Connection, typed: str, language: str, limit: int = MAX_SUGGESTIONS) -> Sequence[Suggestion]:
    """The names and other names that begin like the typed text, or have words that do, the likeliest first.

    A text without words gets no suggestions.
    """
    if not words(typed[:MAX_QUERY_LENGTH]):
        return []
    seen = state_reader(connection)
    understood = understand(seen, typed, language)
    matched = matches(seen, understood, language, fields=("names", "aliases"))
    best = _best(matched, understood.least)
    statement = select(search_entry.c.titles, search_entry.c.kind, search_entry.c.slug, search_entry.c.id).where(
        search_entry.c.id.in_(list(best))
    )
    scored = []
    for row in connection.execute(statement):
        distance, text = min((_distance(title, understood), title) for title in row.titles)
        scored.append((distance, -best[row.id], len(text), text, row.kind, row.slug))
    suggestions = [Suggestion(text, kind, slug) for *_, text, kind, slug in sorted(scored)]
    return suggestions[:limit]


def _best(matched: Matches, terms: int) -> Mapping[int, int]:
    """The entries with the highest scores, as {id: score}; among equal scores first the shorter names, then by slug."""
    entries, numbers = matched.entries, np.flatnonzero(matched.at_least(terms))
    order = -matched.scores[numbers].astype(np.int64) * LONGEST + np.minimum(entries.name_words[numbers], LONGEST - 1)
    order = order * len(entries) + entries.slug_places[numbers]
    numbers = numbers[least(order, np.arange(len(order)), CONSIDERED)]
    return dict(zip(entries.ids[numbers].tolist(), matched.scores[numbers].tolist(), strict=True))


def _distance(title: str, understood: Understood) -> int:
    """How far a title is from beginning like the typed text, as a penalty from 0.

    0: it begins with the text; 1: one of its later words does; 2: the words of the text begin words of the title in
    any order; more: by the typing errors at its start, and for every word that begins none of the title's.
    """
    have, want = " ".join(words(title)), understood.phrase
    if have.startswith(want):
        return 0
    if f" {want}" in have:
        return 1
    missing = [word for word in want.split() if not any(title_word.startswith(word) for title_word in have.split())]
    if not missing:
        return 2
    return 2 + min(OSA.distance(want, have[: len(want)]), 10) + 3 * len(missing)
