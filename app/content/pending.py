"""What a release would change: where the working copy differs from what is published."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.content.content_type import Catalogue, ContentType
from app.content.mapping import Draft
from app.content.published import Key
from app.content.working_copy import Entry, drafts, entries
from app.models.tables import published_entity


@dataclass(frozen=True)
class Pending:
    """The entities to publish, new or changed, by kind; and those to take away."""

    changed: dict[str, Sequence[Entry]]
    removed: Sequence[Key]

    def only(self, keys: Collection[Key]) -> "Pending":
        """The part of it that concerns these entities."""
        return Pending(
            {
                kind: [entry for entry in entries if (kind, entry.slug) in keys]
                for kind, entries in self.changed.items()
            },
            [key for key in self.removed if key in keys],
        )

    def keys(self) -> set[Key]:
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
    removed: list[Key] = []
    for content_type in catalogue:
        working = entries(connection, content_type)
        published = published_digests(connection, content_type)
        changed[content_type.kind] = [
            entry for slug, entry in working.items() if not entry.retired and published.get(slug) != entry.draft_digest
        ]
        removed += [(content_type.kind, slug) for slug in published if slug not in working or working[slug].retired]
    return Pending(changed, removed)


def pending_drafts(connection: Connection, catalogue: Catalogue, pending: Pending) -> dict[Key, Draft]:
    """The drafts of what would be published, by key."""
    found: dict[Key, Draft] = {}
    for kind, changed in pending.changed.items():
        slugs = {entry.id: entry.slug for entry in changed}
        read = drafts(connection, catalogue, catalogue[kind], list(slugs))
        found |= {(kind, slugs[identifier]): draft for identifier, draft in read}
    return found


def published_digests(connection: Connection, content_type: ContentType) -> dict[str, str]:
    """The digests of the published drafts of a kind, by slug."""
    statement = (
        select(published_entity.c.slug, published_entity.c.draft_digest)
        .where(published_entity.c.kind == content_type.kind)
        .order_by(published_entity.c.slug)
    )
    return {row.slug: row.draft_digest for row in connection.execute(statement)}
