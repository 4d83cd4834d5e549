"""The index entries of a language: which entity each belongs to, and what the score needs of its name."""

from array import array
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Select, select

from app.models.tables import search_entry
from app.search.memory import Snapshot

Ids = NDArray[np.int64]
Numbers = NDArray[np.int32]


def ids_of(text: str | None) -> Ids:
    """Ids that a store gives as one text with commas: many times faster than a row each."""
    return np.fromstring(text, dtype=np.int64, sep=",") if text else np.empty(0, np.int64)


@contextmanager
def plain_rows(connection: Connection, statement: Select[Any]) -> Iterator[Iterable[tuple[Any, ...]]]:
    """Rows as the driver gives them, one after the other: a third of the time, where they are very many."""
    with closing(connection.execute(statement)) as result:
        # PEP 249 leaves it open whether a cursor is iterable.
        yield iter(result.cursor.fetchone, None)


def numbers_of(connection: Connection, statement: Select[Any]) -> Ids:
    """A statement's one column of whole numbers."""
    with plain_rows(connection, statement) as rows:
        return np.fromiter((row[0] for row in rows), np.int64)


def places_among(wanted: Ids | Numbers, ordered: Ids | Numbers) -> tuple[Numbers, NDArray[np.bool_]]:
    """Where ids stand in an ascending list of ids, and which of them do."""
    if not len(ordered):
        return np.zeros(len(wanted), np.int32), np.zeros(len(wanted), np.bool_)
    places = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
    return places.astype(np.int32), ordered[places] == wanted


@dataclass(frozen=True)
class Entries:
    """Entries by ascending id, of every kind; `slug_places` says where each stands by slug and kind.

    `titles` holds hashes of folded names and other names in ascending order, `titled` whose they are, `main` which
    are names.
    """

    ids: Numbers
    entity_ids: Numbers
    slug_places: Numbers
    name_words: NDArray[np.int16]
    titles: Ids
    titled: Numbers
    main: NDArray[np.bool_]

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        own = (self.ids, self.entity_ids, self.slug_places, self.name_words)
        return sum(each.nbytes for each in (*own, self.titles, self.titled, self.main))

    def __len__(self) -> int:
        return len(self.ids)

    def titled_as(self, folded: str) -> tuple[Numbers, Numbers]:
        """The entries that have this for another name alone, and those that have it for their name."""
        title = hash(folded)
        same = slice(np.searchsorted(self.titles, title), np.searchsorted(self.titles, title, "right"))
        titled = self.titled[same]
        named = titled[self.main[same]]
        return np.setdiff1d(titled, named), named


def entries_of(snapshot: Snapshot, language: str) -> Entries:
    """The entries in a language."""
    return snapshot.remembered(("entries", language), lambda: _read(snapshot, language))


def _read(snapshot: Snapshot, language: str) -> Entries:
    statement = select(
        search_entry.c.id,
        search_entry.c.entity_id,
        search_entry.c.name_words,
        search_entry.c.folded,
    )
    statement = statement.where(search_entry.c.language == language).order_by(search_entry.c.slug, search_entry.c.kind)
    columns, titles, title_counts = array("q"), array("q"), array("q")
    with plain_rows(snapshot.connection, statement) as rows:
        for *numbers_of_row, folded in rows:
            columns.extend(numbers_of_row)
            own = folded[1:-1].split("|")
            titles.extend(map(hash, own))
            title_counts.append(len(own))
    ids, entity_ids, name_words = np.array(columns, np.int64).reshape(-1, 3).T
    by_id = np.argsort(ids)
    numbers = np.empty(len(ids), np.int32)
    numbers[by_id] = np.arange(len(ids), dtype=np.int32)
    titled, hashes = np.repeat(numbers, title_counts), np.array(titles, np.int64)
    by_hash = np.argsort(hashes, kind="stable")
    return Entries(
        ids=ids[by_id].astype(np.int32),
        entity_ids=entity_ids[by_id].astype(np.int32),
        slug_places=by_id.astype(np.int32),
        name_words=np.minimum(name_words[by_id], np.iinfo(np.int16).max).astype(np.int16),
        titles=hashes[by_hash],
        titled=titled[by_hash],
        main=(np.diff(titled, prepend=-1) != 0)[by_hash],
    )
