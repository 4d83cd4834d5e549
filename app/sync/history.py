"""The history of releases: their digests, how far back their changes are kept, and what was published at a revision."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Connection, Select, func, select

from app.content.content_type import EntityKey
from app.models.tables import document_version, release, sync_horizon, with_keys
from app.store.state import GENESIS


def horizon(connection: Connection) -> int:
    """The oldest revision to sync from: changes before it may have been pruned, all later ones are kept."""
    return int(connection.execute(select(sync_horizon.c.revision)).scalar_one())


def chain_at(connection: Connection, revision: int) -> str | None:
    """The chained digest of a revision; None where there was no such release."""
    if revision == 0:
        return GENESIS
    return connection.execute(select(release.c.digest).where(release.c.revision == revision)).scalar()


def changes_between(connection: Connection, since: int, until: int) -> int:
    """How many documents, in all languages, the releases in (since, until] wrote or deleted."""
    total = func.coalesce(func.sum(release.c.changed + release.c.deleted), 0)
    statement = select(total).where(release.c.revision > since, release.c.revision <= until)
    return int(connection.execute(statement).scalar_one())


def newest_versions(
    columns: Sequence[Column[Any]], keys: Sequence[EntityKey], language: str, until: int
) -> Select[Any]:
    """These columns of the versions, tombstones too, that a few documents had at the revision `until`."""
    version = document_version.c
    revisions = select(version.kind, version.slug, func.max(version.revision).label("revision"))
    newest = (
        with_keys(revisions, (version.kind, version.slug), keys)
        .where(version.language == language, version.revision <= until)
        .group_by(version.kind, version.slug)
        .subquery()
    )
    return select(*columns).join(
        newest,
        (version.kind == newest.c.kind)
        & (version.slug == newest.c.slug)
        & (version.revision == newest.c.revision)
        & (version.language == language),
    )
