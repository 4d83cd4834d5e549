"""Writing snapshots: the whole catalogue in one language, as lines of JSON or as an SQLite database.

Both hold the documents in the order of the change feed, and the token with which a client can sync on from there.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from app.content import canonical_json
from app.content.content_type import Catalogue
from app.content.documents import with_origin
from app.models.tables import document, facet, published_entity
from app.releasing.signing import Signature
from app.shapes.invisible import as_seen
from app.sync.tokens import SCHEMA_VERSION

BUFFERED_ROWS = 500
APPLICATION_ID = 0x4C494D42
"""`LIMB` in ASCII: marks an SQLite file as a snapshot."""

TABLES = """
CREATE TABLE snapshot (
    revision INTEGER NOT NULL, language TEXT NOT NULL, token TEXT NOT NULL, digest TEXT NOT NULL,
    schema_version INTEGER NOT NULL, documents INTEGER NOT NULL, signed_by TEXT, signature TEXT
);
CREATE TABLE document (
    id INTEGER PRIMARY KEY, uuid TEXT UNIQUE, kind TEXT NOT NULL, slug TEXT NOT NULL, language TEXT NOT NULL,
    name TEXT NOT NULL, revision INTEGER NOT NULL, published_at TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (kind, slug)
);
CREATE TABLE facet (
    document_id INTEGER NOT NULL REFERENCES document (id), name TEXT NOT NULL, value TEXT NOT NULL,
    qualifier TEXT NOT NULL, number INTEGER, PRIMARY KEY (document_id, name, value, qualifier)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE document_text USING fts5(
    name, aliases, text, tokenize = 'porter unicode61 remove_diacritics 2'
);
"""

SEARCHED = frozenset(
    {
        *("name", "title", "summary", "description", "label"),
        *("instruction", "cue", "breathing", "adjustment", "sensation", "why", "note", "text"),
    }
)
"""The fields, at any depth, whose texts can be searched for."""


@dataclass(frozen=True)
class Contents:
    """The contents of a snapshot: the state at a revision, its token, its digest and the signature of that."""

    connection: Connection
    catalogue: Catalogue
    origin: str
    language: str
    revision: int
    token: str
    digest: str
    signature: Signature | None

    def bodies(self) -> Iterator[tuple[int, str, bytes]]:
        """(entity id, kind, document) of every document in the order of the feed, with few rows in memory at once."""
        for content_type in self.catalogue:
            statement = (
                select(document.c.entity_id, document.c.body)
                .where(document.c.kind == content_type.kind, document.c.language == self.language)
                .order_by(document.c.slug)
            )
            for row in self.connection.execution_options(yield_per=BUFFERED_ROWS).execute(statement):
                yield row.entity_id, content_type.kind, with_origin(bytes(row.body), self.origin)


def write_ndjson(contents: Contents, path: Path) -> None:
    """A document a line; a last line `{revision, token, digest, signature}`, without which the file is not whole."""
    with path.open("wb") as file:
        for _id, _kind, body in contents.bodies():
            file.write(body + b"\n")
        last: dict[str, Any] = {"revision": contents.revision, "token": contents.token, "digest": contents.digest}
        last["signature"] = contents.signature and contents.signature._asdict()
        file.write(canonical_json.dump(last) + b"\n")


def write_sqlite(contents: Contents, path: Path) -> None:
    """A database with documents, their facets, their texts for search, and the token."""
    with closing(sqlite3.connect(path, isolation_level=None)) as target:
        target.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        target.executescript(f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION};")
        target.executescript(TABLES)
        target.execute("BEGIN")
        count = 0
        for identifier, kind, body in contents.bodies():
            _write_document(target, identifier, kind, body, contents.catalogue[kind].title_key)
            count += 1
        statement = (
            select(
                facet.c.entity_id,
                facet.c.name,
                facet.c.value,
                facet.c.qualifier,
                facet.c.number,
            )
            .join(published_entity, published_entity.c.id == facet.c.entity_id)
            .order_by(facet.c.entity_id, facet.c.name, facet.c.value, facet.c.qualifier)
        )
        rows = contents.connection.execution_options(yield_per=BUFFERED_ROWS).execute(statement)
        target.executemany("INSERT INTO facet VALUES (?, ?, ?, ?, ?)", (tuple(row) for row in rows))
        whole = (contents.revision, contents.language, contents.token, contents.digest, SCHEMA_VERSION, count)
        signature = contents.signature or (None, None)
        target.execute("INSERT INTO snapshot VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*whole, *signature))
        target.execute("INSERT INTO document_text (document_text) VALUES ('optimize')")
        target.execute("COMMIT")
        target.executescript("CREATE INDEX ix_facet_value ON facet (name, value, document_id); ANALYZE;")


def _write_document(target: sqlite3.Connection, identifier: int, kind: str, body: bytes, title_key: str) -> None:
    shown = json.loads(body)
    named = (identifier, shown.get("id"), kind, shown["slug"], shown["language"], shown[title_key])
    published = (shown["revision"], shown["published_at"], body.decode())
    target.execute("INSERT INTO document VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*named, *published))
    aliases = "\n".join(shown.get("aliases") or ())
    text = "\n".join(_texts({key: value for key, value in shown.items() if key not in (title_key, "aliases")}))
    target.execute(
        "INSERT INTO document_text (rowid, name, aliases, text) VALUES (?, ?, ?, ?)",
        (identifier, *map(as_seen, (shown[title_key], aliases, text))),
    )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, str):
                if key in SEARCHED:
                    yield inner
            else:
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
