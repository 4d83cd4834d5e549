"""Writing the index entries that documents are searched by."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, insert
from sqlalchemy.dialects import postgresql, sqlite

from app.models.tables import location, search_entry, search_word
from app.search.words import bag, words

BATCH = 500


class SearchText(NamedTuple):
    """The texts that a document is found by, in four fields. A match weighs most in the name, least in `texts`."""

    name: str
    aliases: Sequence[str | None] = ()
    terms: Sequence[str | None] = ()
    texts: Sequence[str | None] = ()


class Coordinates(NamedTuple):
    """Decimal degrees (WGS 84)."""

    latitude: float
    longitude: float


def entry_row(entity_id: int, kind: str, slug: str, language: str, text: SearchText) -> dict[str, Any]:
    """The index entry of one document."""
    titles = [text.name, *(alias for alias in text.aliases if alias)]
    whole = [" ".join(words(title)) for title in titles]
    fields = {"names": [text.name], "aliases": text.aliases, "terms": text.terms, "texts": text.texts}
    return {
        "entity_id": entity_id,
        "language": language,
        "kind": kind,
        "slug": slug,
        "titles": titles,
        "folded": f"|{'|'.join(whole)}|",
        "name_words": max(1, len(set(whole[0].split()))),
        **{field: " ".join(sorted(bag(texts, language))) for field, texts in fields.items()},
    }


class IndexWriter:
    """Writes index entries in batches, and remembers which words it has written already."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._written: set[tuple[str, str]] = set()

    def write(
        self, rows: Sequence[dict[str, Any]], coordinates: Mapping[int, Coordinates | None], known: Sequence[int]
    ) -> None:
        """Replaces the entries and coordinates of entities. `known` are the ids of those that may have some already."""
        for start in range(0, len(known), BATCH):
            identifiers = known[start : start + BATCH]
            for table in (search_entry, location):
                self._connection.execute(delete(table).where(table.c.entity_id.in_(identifiers)))
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            # RETURNING makes one statement of many rows. Between two statements FTS5 writes out what it has gathered;
            # after each row, that took a fourth of a release.
            self._connection.execute(insert(search_entry).returning(search_entry.c.id), batch)
            self._write_words(batch)
        located = [{"entity_id": key, **value._asdict()} for key, value in coordinates.items() if value]
        if located:
            self._connection.execute(insert(location), located)

    def _write_words(self, batch: Iterable[dict[str, Any]]) -> None:
        present = {
            (row["language"], word)
            for row in batch
            for field in ("names", "aliases", "terms", "texts")
            for word in row[field].split()
        }
        fresh = sorted(present - self._written)
        self._written |= present
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        if fresh:
            statement = dialect.insert(search_word).on_conflict_do_nothing()
            self._connection.execute(statement, [{"language": language, "word": word} for language, word in fresh])
