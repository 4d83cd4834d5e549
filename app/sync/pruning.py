"""Pruning: old versions fold into the oldest state that is kept, and the tokens from before it are gone."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, delete, exists, func, select, update

from app.sync.changes import version
from app.sync.history import horizon, read_head, release


class Pruned(NamedTuple):
    """The oldest revision that can still be synced from, and how many versions were removed."""

    horizon: int
    versions: int


def prune(connection: Connection, *, keep_days: int, now: datetime) -> Pruned:
    """Removes the versions that only tokens older than `keep_days` days could ask for.

    The state at the new horizon, every later one, and all changes between them stay as they were. Drafts and the
    releases themselves are kept. The connection is in an exclusive transaction, which the caller commits.
    """
    newest = select(func.max(release.c.revision)).where(release.c.released_at <= now - timedelta(days=keep_days))
    known = read_head(connection).horizon
    oldest = max(known, connection.execute(newest).scalar() or 0)
    if oldest == known:
        return Pruned(known, 0)
    newer = version.alias()
    superseded = exists().where(
        newer.c.kind == version.c.kind,
        newer.c.slug == version.c.slug,
        newer.c.language == version.c.language,
        newer.c.revision > version.c.revision,
        newer.c.revision <= oldest,
    )
    # Two statements: a tombstone goes only after it has taken the versions before it along.
    removed = connection.execute(delete(version).where(version.c.revision <= oldest, superseded)).rowcount
    tombstones = delete(version).where(version.c.revision <= oldest, version.c.deleted)
    removed += connection.execute(tombstones).rowcount
    connection.execute(update(horizon).values(revision=oldest))
    return Pruned(oldest, removed)
