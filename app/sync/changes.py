"""The changes in (since, until]: only the newest version of each document, in an order that a client can apply.

The order is by rank, then slug. Documents come first, with each kind after the kinds that it names: terms, sources,
exercises, routines. Tombstones come last, with the kinds in reverse order. So a document of another
kind is there before a document names it, and is deleted only after it.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, exists, select

from app.content import canonical_json
from app.content.content_type import EntityKey
from app.content.released_slugs import ids_of_slugs, slugs_of_ids
from app.content.working_copy import batches
from app.models.tables import document_version, with_keys
from app.sync.history import changes_between, newest_versions

FEW = 10_000
"""Up to this many changes, every page reads and sorts all of them. If there are more, pages walk along an index."""

PAIRS = 200


class Change(NamedTuple):
    """The newest version of a document in a range of revisions."""

    rank: int
    slug: str
    kind: str
    revision: int
    deleted: bool


class Range(NamedTuple):
    """The changes that are asked for: those after `since` up to `until`. None for `since` asks for everything."""

    since: int | None
    until: int
    language: str
    kinds: Sequence[str]
    """The kinds that are asked for."""

    order: Sequence[str]
    """All kinds there are, each after those that it names."""

    @property
    def ranks(self) -> Iterator[tuple[int, str, bool]]:
        """Every (rank, kind, deleted) of the range, in order. Without `since` there are no tombstones."""
        for rank, kind in enumerate(self.order):
            if kind in self.kinds:
                yield rank, kind, False
        for rank, kind in enumerate(reversed(self.order), start=len(self.order)):
            if kind in self.kinds and self.since is not None:
                yield rank, kind, True


def read_changes(connection: Connection, wanted: Range, after: tuple[int, str], limit: int) -> list[Change]:
    """The first `limit` changes after the position (rank, slug)."""
    if wanted.since is not None and changes_between(connection, wanted.since, wanted.until) <= FEW:
        everything = sorted(_few(connection, wanted))
        return [change for change in everything if (change.rank, change.slug) > after][:limit]
    changes: list[Change] = []
    for rank, kind, deleted in wanted.ranks:
        if rank >= after[0] and len(changes) < limit:
            slug = after[1] if rank == after[0] else ""
            rows = _walk(connection, wanted, kind, slug, limit - len(changes), deleted=deleted)
            changes += [Change(rank, row.slug, kind, row.revision, deleted) for row in rows]
    return changes


def _few(connection: Connection, wanted: Range) -> Iterator[Change]:
    """Every change of a range, by the index on the revision."""
    statement = select(
        document_version.c.kind,
        document_version.c.slug,
        document_version.c.revision,
        document_version.c.deleted,
    ).where(
        document_version.c.revision > wanted.since,
        document_version.c.revision <= wanted.until,
        document_version.c.language == wanted.language,
    )
    newest: dict[tuple[str, str], Any] = {}
    for row in connection.execute(statement):
        known = newest.get((row.kind, row.slug))
        if known is None or known.revision < row.revision:
            newest[row.kind, row.slug] = row
    ranks = {(kind, deleted): rank for rank, kind, deleted in wanted.ranks}
    for row in newest.values():
        if row.kind in wanted.kinds:
            yield Change(ranks[row.kind, row.deleted], row.slug, row.kind, row.revision, row.deleted)


def _walk(connection: Connection, wanted: Range, kind: str, slug: str, limit: int, *, deleted: bool) -> Sequence[Any]:
    """The next changes of one rank, by the index on the slug."""
    newer = document_version.alias()
    superseded = exists().where(
        newer.c.kind == kind,
        newer.c.slug == document_version.c.slug,
        newer.c.language == wanted.language,
        newer.c.revision > document_version.c.revision,
        newer.c.revision <= wanted.until,
    )
    statement = (
        select(document_version.c.slug, document_version.c.revision)
        .where(
            document_version.c.kind == kind,
            document_version.c.language == wanted.language,
            document_version.c.slug > slug,
            document_version.c.revision > (wanted.since or 0),
            document_version.c.revision <= wanted.until,
            document_version.c.deleted.is_(deleted),
            ~superseded,
        )
        .order_by(document_version.c.slug)
        .limit(limit)
    )
    return connection.execute(statement).all()


def items(connection: Connection, language: str, changes: Sequence[Change], until: int) -> list[bytes]:
    """The items of a page that shows the revision `until`, in order: stored documents, and tombstones."""
    bodies: dict[tuple[int, str, str], bytes] = {}
    kept = [(change.revision, change.kind, change.slug) for change in changes if not change.deleted]
    for batch in batches(kept, PAIRS):
        statement = select(
            document_version.c.revision,
            document_version.c.kind,
            document_version.c.slug,
            document_version.c.body,
        )
        keys = (document_version.c.revision, document_version.c.kind, document_version.c.slug)
        statement = with_keys(statement, keys, batch).where(document_version.c.language == language)
        bodies |= {(row.revision, row.kind, row.slug): bytes(row.body) for row in connection.execute(statement)}
    left = tombstones(connection, language, [change for change in changes if change.deleted], until)
    return [
        left[change.kind, change.slug] if change.deleted else bodies[change.revision, change.kind, change.slug]
        for change in changes
    ]


def tombstones(connection: Connection, language: str, changes: Sequence[Change], until: int) -> dict[EntityKey, bytes]:
    """The items that tell a client to delete documents: `{kind, id, slug, deleted, revision}`.

    One of an entity that is published under another slug at the revision `until` has that slug in `renamed_to`.
    """
    ids = ids_of_slugs(connection, ((change.kind, change.slug) for change in changes))
    owners = {key: identifier for identifier, own in slugs_of_ids(connection, ids.values()).items() for key in own}
    living = {owners[key]: key[1] for key in _living(connection, language, owners, until)}
    return {
        (change.kind, change.slug): canonical_json.dump(
            {"kind": change.kind, "id": identifier, "slug": change.slug, "deleted": True, "revision": change.revision}
            | ({"renamed_to": living[identifier]} if identifier in living else {})
        )
        for change in changes
        for identifier in [ids[change.kind, change.slug]]
    }


def _living(connection: Connection, language: str, keys: Collection[EntityKey], until: int) -> Iterator[EntityKey]:
    """Those of these slugs under which a document is published at a revision."""
    for batch in batches(sorted(keys), PAIRS):
        columns = (document_version.c.kind, document_version.c.slug)
        newest = newest_versions(columns, batch, language, until).where(document_version.c.deleted.is_(False))
        yield from ((row.kind, row.slug) for row in connection.execute(newest))
