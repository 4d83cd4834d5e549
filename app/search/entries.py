"""The index entries of a language: the entity of each, and what scoring needs to know of its name."""

from array import array
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from app.columns.ids import Columns, Ids, Mask, Numbers, plain_rows
from app.columns.memory import StateReader
from app.models.tables import search_entry


@dataclass(frozen=True)
class Entries(Columns):
    """The index entries of every kind by ascending id; `slug_places` has the place of each in the order of slugs.

    `titles` has the hash of each folded name and other name, in ascending order; `titled` has the number of the entry
    that it belongs to, and `main` whether it is the entry's name rather than another name.
    """

    ids: Numbers
    entity_ids: Numbers
    slug_places: Numbers
    name_words: NDArray[np.int16]
    titles: Ids
    titled: Numbers
    main: Mask

    def __len__(self) -> int:
        return len(self.ids)

    def titled_as(self, folded: str) -> tuple[Numbers, Numbers]:
        """The entries that have this folded text as another name only, and the entries that have it as their name."""
        title = hash(folded)
        same = slice(np.searchsorted(self.titles, title), np.searchsorted(self.titles, title, "right"))
        titled = self.titled[same]
        named = titled[self.main[same]]
        return np.setdiff1d(titled, named), named


def entries_of(reader: StateReader, language: str) -> Entries:
    """The entries in a language."""
    return reader.remembered(("entries", language), lambda: _read(reader, language))


def _read(reader: StateReader, language: str) -> Entries:
    columns = search_entry.c
    statement = select(columns.id, columns.entity_id, columns.name_words, columns.folded)
    statement = statement.where(columns.language == language).order_by(columns.slug, columns.kind)
    row_numbers, titles, title_counts = array("q"), array("q"), array("q")
    with plain_rows(reader.connection, statement) as rows:
        for *numbers_of_row, folded in rows:
            row_numbers.extend(numbers_of_row)
            own_titles = folded[1:-1].split("|")
            titles.extend(map(hash, own_titles))
            title_counts.append(len(own_titles))
    ids, entity_ids, name_words = np.array(row_numbers, np.int64).reshape(-1, 3).T
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
