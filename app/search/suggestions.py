"""Names that begin like what somebody types."""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA
from sqlalchemy import Connection, select

from app.search.index import entry
from app.search.matching import matches
from app.search.queries import Understood, understand
from app.search.words import words

MAX_SUGGESTIONS = 10
CONSIDERED = 40
"""The best entries, of which the best texts are suggested."""


@dataclass(frozen=True)
class Suggestion:
    """A name, and the entity that has it."""

    text: str
    kind: str
    slug: str


def suggest(connection: Connection, typed: str, language: str, limit: int = MAX_SUGGESTIONS) -> Sequence[Suggestion]:
    """The names and other names that begin like the text, or have words that do, the likeliest first.

    In three queries at most. Nothing where the text has no words.
    """
    if not words(typed[:2000]):
        return []
    understood = understand(connection, typed, language)
    found = matches(connection.dialect, understood, language, fields=("names", "aliases"))
    statement = (
        select(entry.c.titles, entry.c.kind, entry.c.slug, found.c.rank)
        .join(found, found.c.entity_id == entry.c.entity_id)
        .where(entry.c.language == language)
        .order_by(found.c.rank.desc(), entry.c.name_words, entry.c.slug, entry.c.kind)
        .limit(CONSIDERED)
    )
    scored = []
    for row in connection.execute(statement):
        distance, text = min((_distance(title, understood), title) for title in row.titles)
        scored.append((distance, -row.rank, len(text), text, row.kind, row.slug))
    suggestions = [Suggestion(text, kind, slug) for *_, text, kind, slug in sorted(scored)]
    return suggestions[:limit]


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
