"""Whether what was released is what is stored: the chain of digests, and each document against its newest version."""

from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import Connection, func, select

from app.models.tables import document, document_version, release, sync_horizon
from app.releasing.digests import ChangedDocument, body_digest, chain
from app.store.state import GENESIS, current_state

BUFFERED_ROWS = 500


def release_damages(connection: Connection, *, only_newest: bool = False) -> Iterator[str]:
    """Releases that are missing, or whose digest does not follow from the one before and from their documents.

    Of releases before the oldest one that can be synced from, documents were pruned: only their numbers are checked.
    """
    newest = current_state(connection).revision
    releases = {row.revision: row for row in connection.execute(select(release))}
    if sorted(releases) != list(range(1, newest + 1)):
        yield f"the revision is {newest}, and the releases are not those from 1 to {newest}"
        return
    pruned = connection.execute(select(sync_horizon.c.revision)).scalar_one()
    since = max(pruned, newest - 1 if only_newest else 0)
    changes = _changes(connection, since)
    for revision in range(since + 1, newest + 1):
        previous = releases[revision - 1].digest if revision > 1 else GENESIS
        if chain(previous, revision, changes.get(revision, ())) != releases[revision].digest:
            yield f"the digest of release {revision} is not that of its documents after release {revision - 1}"


def _changes(connection: Connection, since: int) -> dict[int, list[ChangedDocument]]:
    """What each release later than `since` changed, by its revision; the bodies are read one by one."""
    version = document_version.c
    statement = select(version.revision, version.kind, version.slug, version.language, version.body)
    statement = statement.where(version.revision > since).order_by(version.revision)
    rows = connection.execution_options(yield_per=BUFFERED_ROWS).execute(statement)
    return {
        revision: [
            ChangedDocument(
                row.kind, row.slug, row.language, None if row.body is None else body_digest(bytes(row.body))
            )
            for row in group
        ]
        for revision, group in groupby(rows, lambda row: int(row.revision))
    }


def document_damages(connection: Connection) -> Iterator[str]:
    """Documents that are not what was released last under their address, and those that are missing.

    Each table is read by itself and compared here: what a join of them costs depends on statistics of the tables, which
    a database that was just restored, or filled, has not got.
    """
    released = _newest(connection)
    columns = document.c
    statement = select(columns.kind, columns.slug, columns.language, columns.body)
    for row in connection.execution_options(yield_per=BUFFERED_ROWS).execute(statement):
        if released.pop((row.kind, row.slug, row.language), None) != body_digest(bytes(row.body)):
            yield f"{row.kind} {row.slug} ({row.language}) is not what was released last"
    for kind, slug, language in released:
        yield f"{kind} {slug} ({language}) is missing"


def _newest(connection: Connection) -> dict[tuple[str, str, str], str]:
    """The digest of what was released last under each address and in each language, but for what is gone."""
    columns = document_version.c
    keys = columns.kind, columns.slug, columns.language
    age = func.row_number().over(partition_by=keys, order_by=columns.revision.desc()).label("age")
    versions = select(*keys, columns.body, age).subquery()
    statement = select(versions).where(versions.c.age == 1, versions.c.body.is_not(None))
    rows = connection.execution_options(yield_per=BUFFERED_ROWS).execute(statement)
    return {(row.kind, row.slug, row.language): body_digest(bytes(row.body)) for row in rows}
