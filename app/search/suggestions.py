"""Names that begin like what somebody types."""

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
"""The best entries, of which the best texts are suggested."""

LONGEST = 100
"""Words that no name has."""


@dataclass(frozen=True)
class Suggestion:
    """A name, and the entity that has it."""

    text: str
    kind: str
    slug: str


def suggest(connection: Connection, typed: str, language: str, limit: int = MAX_SUGGESTIONS) -> Sequence[Suggestion]:
    """The names and other names that begin like the text, or have words that do, the likeliest first.

    Nothing where the text has no words.
    """
    if not words(typed[:MAX_QUERY_LENGTH]):
        return []
    reader = state_reader(connection)
    understood = understand(reader, typed, language)
    found = matches(reader, understood, language, fields=("names", "aliases"))
    best = _best(found, understood.least)
    statement = select(search_entry.c.titles, search_entry.c.kind, search_entry.c.slug, search_entry.c.id).where(
        search_entry.c.id.in_(list(best))
    )
    scored = []
    for row in connection.execute(statement):
        distance, text = min((_distance(title, understood), title) for title in row.titles)
        scored.append((distance, -best[row.id], len(text), text, row.kind, row.slug))
    suggestions = [Suggestion(text, kind, slug) for *_, text, kind, slug in sorted(scored)]
    return suggestions[:limit]


def _best(found: Matches, terms: int) -> Mapping[int, int]:
    """The ids of the entries with the highest scores, and these; of equals the shorter names, by slug."""
    entries, numbers = found.entries, np.flatnonzero(found.at_least(terms))
    order = -found.scores[numbers].astype(np.int64) * LONGEST + np.minimum(entries.name_words[numbers], LONGEST - 1)
    order = order * len(entries) + entries.slug_places[numbers]
    numbers = numbers[least(order, np.arange(len(order)), CONSIDERED)]
    return dict(zip(entries.ids[numbers].tolist(), found.scores[numbers].tolist(), strict=True))


def _distance(title: str, understood: Understood) -> int:
    """How far a title is from beginning like the text: typing errors at its start, more where it starts otherwise."""
    have, want = " ".join(words(title)), understood.phrase
    if have.startswith(want):
        return 0
    if f" {want}" in have:
        return 1
    wanted = want.split()
    missing = [word for word in wanted if not any(each.startswith(word) for each in have.split())]
    if not missing:
        return 2
    return 2 + min(OSA.distance(want, have[: len(want)]), 10) + 3 * len(missing)
