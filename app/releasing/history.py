"""The history of releases: what each release changed, with the drafts before and after it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, and_, func, select

from app.content.content_type import EntityKey
from app.content.mapping import Draft
from app.content.working_copy import batches
from app.errors import NotFound
from app.models.tables import draft_version, release, with_keys

PAIRS = 200
KEY = (draft_version.c.kind, draft_version.c.slug)


@dataclass(frozen=True)
class ReleasedEntry:
    """One entity that a release changed. `before` is None if the release added it, `after` if it removed it."""

    key: EntityKey
    before: Draft | None
    after: Draft | None


def read_releases(connection: Connection, *, before: int | None, limit: int) -> Sequence[Row[tuple[object, ...]]]:
    """At most `limit` releases, the newest first; with `before`, only those of earlier revisions."""
    statement = select(*release.c).order_by(release.c.revision.desc()).limit(limit)
    return connection.execute(statement if before is None else statement.where(release.c.revision < before)).all()


def read_release(connection: Connection, revision: int) -> Row[tuple[object, ...]]:
    """One release.

    Raises `NotFound`.
    """
    row = connection.execute(select(*release.c).where(release.c.revision == revision)).one_or_none()
    if row is None:
        raise NotFound(f"There is no revision {revision}.")
    return row


def read_entry_keys(connection: Connection, revision: int) -> list[EntityKey]:
    """The keys of the entities that a release changed, ordered by kind and slug."""
    statement = select(*KEY).where(draft_version.c.revision == revision).order_by(*KEY)
    return [(row.kind, row.slug) for row in connection.execute(statement)]


def read_entries(connection: Connection, revision: int, keys: Sequence[EntityKey]) -> list[ReleasedEntry]:
    """What a release changed in some of the entities that `read_entry_keys` gives, in the order of `keys`."""
    before, after = (drafts_at(connection, number, keys) for number in (revision - 1, revision))
    return [ReleasedEntry(key, before.get(key), after.get(key)) for key in keys]


def drafts_at(connection: Connection, revision: int, keys: Sequence[EntityKey] | None = None) -> dict[EntityKey, Draft]:
    """The drafts that were published at a revision, by key: of all entities, or of those in `keys`."""
    drafts: dict[EntityKey, Draft] = {}
    for batch in [None] if keys is None else list(batches(keys, PAIRS)):
        newest = select(*KEY, func.max(draft_version.c.revision).label("revision"))
        newest = newest.where(draft_version.c.revision <= revision).group_by(*KEY)
        latest = (newest if batch is None else with_keys(newest, KEY, batch)).subquery()
        joined = and_(
            draft_version.c.kind == latest.c.kind,
            draft_version.c.slug == latest.c.slug,
            draft_version.c.revision == latest.c.revision,
        )
        statement = select(*KEY, draft_version.c.draft).join(latest, joined)
        drafts |= {(row.kind, row.slug): row.draft for row in connection.execute(statement) if row.draft is not None}
    return drafts


def changed_since(connection: Connection, revision: int) -> list[EntityKey]:
    """Every entity that a release after a revision changed."""
    statement = select(*KEY).where(draft_version.c.revision > revision).distinct().order_by(*KEY)
    return [(row.kind, row.slug) for row in connection.execute(statement)]
