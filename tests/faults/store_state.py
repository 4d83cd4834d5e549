"""What a store holds, in a form that two moments can be compared by, and whether it is whole."""

import sqlite3
from dataclasses import dataclass

from sqlalchemy import Connection, make_url, select, text

from app.content.working_copy import drafts, entries
from app.kinds import CATALOGUE
from app.models.tables import document, document_version, facet, published_entity, redirect, reference, release
from app.releasing.digests import ChangedDocument, body_digest, chain
from app.releasing.pending import find_pending
from app.store.database import Database
from app.store.state import GENESIS, current_state


@dataclass(frozen=True)
class State:
    """The working copy and the published catalogue, without the numbers and times of releases."""

    working: frozenset[tuple[str, str, bool, str]]
    documents: frozenset[tuple[str, str, str]]
    facets: frozenset[tuple[str, str, str, str, str, int | None]]
    references: frozenset[tuple[str, ...]]
    redirects: frozenset[tuple[str, ...]]


def read_state(database: Database) -> State:
    """The state of a store, after checking that it is whole."""
    with database.reading() as connection:
        _check_history(connection)
        assert not find_pending(connection, CATALOGUE), "half a run: applied and not released"
        documents = connection.execute(select(document.c.kind, document.c.slug, document.c.content_digest))
        facets = connection.execute(
            select(
                published_entity.c.kind,
                published_entity.c.slug,
                facet.c.name,
                facet.c.value,
                facet.c.qualifier,
                facet.c.number,
            ).join(facet, facet.c.entity_id == published_entity.c.id)
        )
        return State(
            working=_working(connection),
            documents=frozenset(map(tuple, documents)),
            facets=frozenset(map(tuple, facets)),
            references=frozenset(map(tuple, connection.execute(select(reference)))),
            redirects=frozenset(map(tuple, connection.execute(select(redirect)))),
        )


def _working(connection: Connection) -> frozenset[tuple[str, str, bool, str]]:
    """Every entity with its whole draft, read from all of its tables."""
    found = set()
    for content_type in CATALOGUE:
        by_id = {entry.id: entry for entry in entries(connection, content_type).values()}
        for identifier, draft in drafts(connection, CATALOGUE, content_type, list(by_id)):
            entry = by_id[identifier]
            found.add((content_type.kind, entry.slug, entry.retired, repr(draft)))
    return frozenset(found)


def _check_history(connection: Connection) -> None:
    """The log is gap-free, its digests chain, and what is current is what it says last."""
    versions = connection.execute(select(document_version).order_by(document_version.c.revision)).all()
    releases = connection.execute(select(release).order_by(release.c.revision)).all()
    assert [row.revision for row in releases] == list(range(1, current_state(connection).revision + 1))
    digest = GENESIS
    for row in releases:
        changes = [
            ChangedDocument(each.kind, each.slug, each.language, None if each.deleted else body_digest(each.body))
            for each in versions
            if each.revision == row.revision
        ]
        digest = chain(digest, row.revision, changes)
        assert row.digest == digest
        assert row.changed + row.deleted == len(changes)
    newest = {(row.kind, row.slug, row.language): row.body for row in versions}
    columns = (document.c.kind, document.c.slug, document.c.language, document.c.body)
    current = {(row.kind, row.slug, row.language): row.body for row in connection.execute(select(*columns))}
    assert current == {key: body for key, body in newest.items() if body is not None}


def is_writing(database: Database, url: str) -> bool:
    """Whether some transaction that writes the catalogue is under way at this moment."""
    if database.is_sqlite:
        prober = sqlite3.connect(make_url(url).database or "", timeout=0, isolation_level=None)
        try:
            prober.execute("BEGIN IMMEDIATE")
            prober.execute("ROLLBACK")
        except sqlite3.OperationalError:
            return True
        finally:
            prober.close()
        return False
    held = text(
        "SELECT count(*) FROM pg_locks WHERE granted AND mode = 'ExclusiveLock'"
        " AND relation = 'revision_counter'::regclass"
    )
    with database.reading() as connection:
        return bool(connection.execute(held).scalar_one())
