"""What a release would change: where the working copy differs from what is published."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.content.content_type import Catalogue, ContentType, EntityKey
from app.content.mapping import Draft
from app.content.published import published_digests
from app.content.working_copy import Entry, batches, drafts, entries


@dataclass(frozen=True)
class Pending:
    """What a release would do: the new and changed entities to publish, by kind, and the entities to unpublish."""

    changed: dict[str, Sequence[Entry]]
    removed: Sequence[EntityKey]

    def only(self, keys: Collection[EntityKey]) -> "Pending":
        """What is pending of these entities alone."""
        return Pending(
            {
                kind: [entry for entry in entries if (kind, entry.slug) in keys]
                for kind, entries in self.changed.items()
            },
            [key for key in self.removed if key in keys],
        )

    def keys(self) -> set[EntityKey]:
        """Every entity that would be published or unpublished."""
        changed = {(kind, entry.slug) for kind, entries in self.changed.items() for entry in entries}
        return changed | set(self.removed)

    def __bool__(self) -> bool:
        return bool(self.removed) or any(self.changed.values())

    def __len__(self) -> int:
        return len(self.removed) + sum(map(len, self.changed.values()))


def find_pending(connection: Connection, catalogue: Catalogue) -> Pending:
    """Compares digests, not content: two queries for each kind."""
    changed: dict[str, Sequence[Entry]] = {}
    removed: list[EntityKey] = []
    for content_type in catalogue:
        working = entries(connection, content_type)
        published = published_digests(connection, content_type)
        changed[content_type.kind] = [
            entry for slug, entry in working.items() if not entry.retired and published.get(slug) != entry.draft_digest
        ]
        removed += [(content_type.kind, slug) for slug in published if slug not in working or working[slug].retired]
    return Pending(changed, removed)


def pending_drafts(connection: Connection, catalogue: Catalogue, pending: Pending) -> dict[EntityKey, Draft]:
    """The drafts that would be published, by key."""
    pending_by_key: dict[EntityKey, Draft] = {}
    for kind, changed in pending.changed.items():
        slugs = {entry.id: entry.slug for entry in changed}
        read = drafts(connection, catalogue, catalogue[kind], list(slugs))
        pending_by_key |= {(kind, slugs[identifier]): draft for identifier, draft in read}
    return pending_by_key


def with_renames(
    connection: Connection, catalogue: Catalogue, pending: Pending, keys: set[EntityKey]
) -> set[EntityKey]:
    """The keys, completed so that they hold either both slugs of a pending rename or neither.

    Example: `wall-angel` was renamed `wall-slide`; a release of one of the two must be a release of both.
    """
    both = set(keys)
    for kind, changed in pending.changed.items():
        leaving = {slug for other, slug in pending.removed if other == kind}
        ids = [entry.id for entry in changed if leaving]
        for slug, former_slugs in _former_slugs(connection, catalogue[kind], ids):
            sides = {(kind, slug), *((kind, former) for former in former_slugs if former in leaving)}
            if len(sides) > 1 and sides & both:
                both |= sides
    return both


def _former_slugs(
    connection: Connection, content_type: ContentType, ids: Sequence[int]
) -> Sequence[tuple[str, list[str]]]:
    table = content_type.mapped.table
    former_slugs: list[tuple[str, list[str]]] = []
    for batch in batches(ids):
        rows = connection.execute(select(table.c.slug, table.c.former_slugs).where(table.c.id.in_(batch)))
        former_slugs += [(row.slug, row.former_slugs) for row in rows]
    return former_slugs
