"""The index entries of a language: which entity each belongs to, and what the score needs of its name."""

from array import array
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from app.columns.ids import Ids, Numbers, plain_rows
from app.columns.memory import StateReader
from app.models.tables import search_entry


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


def entries_of(reader: StateReader, language: str) -> Entries:
    """The entries in a language."""
    return reader.remembered(("entries", language), lambda: _read(reader, language))


def _read(reader: StateReader, language: str) -> Entries:
    statement = select(
        search_entry.c.id,
        search_entry.c.entity_id,
        search_entry.c.name_words,
        search_entry.c.folded,
    )
    statement = statement.where(search_entry.c.language == language).order_by(search_entry.c.slug, search_entry.c.kind)
    columns, titles, title_counts = array("q"), array("q"), array("q")
    with plain_rows(reader.connection, statement) as rows:
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
