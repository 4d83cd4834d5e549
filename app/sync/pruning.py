"""Pruning: removes old versions of documents. Tokens from before the oldest kept state answer 410 afterwards."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, delete, exists, func, select, update

from app.models.tables import document_version, release, sync_horizon
from app.sync.history import horizon


class Pruned(NamedTuple):
    """The oldest revision that can still be synced from, and how many versions were removed."""

    horizon: int
    versions: int


def prune(connection: Connection, *, keep_days: int, now: datetime) -> Pruned:
    """Removes the versions that only tokens older than `keep_days` days could ask for.

    The state at the new horizon, every later state and all changes between them stay. Drafts and the releases are kept
    too. The connection is in an exclusive transaction, which the caller commits.
    """
    newest = select(func.max(release.c.revision)).where(release.c.released_at <= now - timedelta(days=keep_days))
    known = horizon(connection)
    oldest = max(known, connection.execute(newest).scalar() or 0)
    if oldest == known:
        return Pruned(known, 0)
    newer = document_version.alias()
    superseded = exists().where(
        newer.c.kind == document_version.c.kind,
        newer.c.slug == document_version.c.slug,
        newer.c.language == document_version.c.language,
        newer.c.revision > document_version.c.revision,
        newer.c.revision <= oldest,
    )
    # Two statements: tombstones must stay until the versions that they supersede are deleted.
    removed = connection.execute(
        delete(document_version).where(document_version.c.revision <= oldest, superseded)
    ).rowcount
    tombstones = delete(document_version).where(document_version.c.revision <= oldest, document_version.c.deleted)
    removed += connection.execute(tombstones).rowcount
    connection.execute(update(sync_horizon).values(revision=oldest))
    return Pruned(oldest, removed)
