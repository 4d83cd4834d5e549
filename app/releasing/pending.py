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
    """The entities to publish, new or changed, by kind; and those to take away."""

    changed: dict[str, Sequence[Entry]]
    removed: Sequence[EntityKey]

    def only(self, keys: Collection[EntityKey]) -> "Pending":
        """The part of it that concerns these entities."""
        return Pending(
            {
                kind: [entry for entry in entries if (kind, entry.slug) in keys]
                for kind, entries in self.changed.items()
            },
            [key for key in self.removed if key in keys],
        )

    def keys(self) -> set[EntityKey]:
        """Every entity that it concerns."""
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
    """The drafts of what would be published, by key."""
    found: dict[EntityKey, Draft] = {}
    for kind, changed in pending.changed.items():
        slugs = {entry.id: entry.slug for entry in changed}
        read = drafts(connection, catalogue, catalogue[kind], list(slugs))
        found |= {(kind, slugs[identifier]): draft for identifier, draft in read}
    return found


def with_renames(
    connection: Connection, catalogue: Catalogue, pending: Pending, keys: set[EntityKey]
) -> set[EntityKey]:
    """The keys, with both sides of each pending rename of which they hold one: the new slug and the one that leaves."""
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
    found: list[tuple[str, list[str]]] = []
    for batch in batches(ids):
        rows = connection.execute(select(table.c.slug, table.c.former_slugs).where(table.c.id.in_(batch)))
        found += [(row.slug, row.former_slugs) for row in rows]
    return found
