"""What a release would change: where the working copy differs from what is published."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.content.content_type import Catalogue, ContentType, EntityKey
from app.content.mapping import Draft, mentions
from app.content.published import published_digests
from app.content.working_copy import Entry, batches, drafts, entries
from app.editing.edits import LastEdit, last_edits
from app.editing.plan import Plan
from app.editing.rules import Candidates
from app.editing.stored import StoredDrafts
from app.errors import Fault


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


def pending_of(
    connection: Connection, catalogue: Catalogue, plan: Plan, before: Collection[EntityKey]
) -> tuple[Pending, Pending]:
    """What is pending because of a plan that was applied, and all that is pending. `before` was so before the plan.

    A draft that changed only to follow a rename, and held unreleased edits before, is not the plan's to publish.
    """
    pending = find_pending(connection, catalogue)
    touched = {*plan.created, *(update.key for update in plan.updated), *plan.deleted}
    keys = touched - (plan.following & set(before))
    return pending.only(with_renames(connection, catalogue, pending, keys)), pending


def pending_edits(
    connection: Connection, catalogue: Catalogue, pending: Pending, keys: Collection[EntityKey]
) -> dict[EntityKey, LastEdit]:
    """The last edits of these pending entities; of a former slug that leaves, the edit of its present draft.

    An entity whose rows are gone has none.
    """
    edits = last_edits(connection, catalogue, keys)
    present: dict[EntityKey, EntityKey] = {}
    for kind in {key[0] for key in keys if key not in edits}:
        ids = [entry.id for entry in pending.changed[kind]]
        for slug, former_slugs in _former_slugs(connection, catalogue[kind], ids):
            present |= {(kind, former): (kind, slug) for former in former_slugs}
    renamed = {key: present[key] for key in keys if key not in edits and key in present}
    found = last_edits(connection, catalogue, set(renamed.values()))
    return edits | {key: found[other] for key, other in renamed.items()}


def gaps_of(
    connection: Connection, catalogue: Catalogue, pending_by_key: Mapping[EntityKey, Draft]
) -> dict[EntityKey, list[Fault]]:
    """What these pending drafts lack that a release of all that is pending needs, by key."""
    stored = StoredDrafts(connection, catalogue, pending_by_key)
    stored.expect(pending_by_key)
    stored.expect(
        (mention.kind, mention.slug)
        for (kind, _slug), draft in pending_by_key.items()
        for mention in mentions(catalogue[kind].mapped, draft)
    )
    return Candidates(stored, {}, (), {}).gaps(pending_by_key)


def _former_slugs(
    connection: Connection, content_type: ContentType, ids: Sequence[int]
) -> Sequence[tuple[str, list[str]]]:
    table = content_type.mapped.table
    former_slugs: list[tuple[str, list[str]]] = []
    for batch in batches(ids):
        rows = connection.execute(select(table.c.slug, table.c.former_slugs).where(table.c.id.in_(batch)))
        former_slugs += [(row.slug, row.former_slugs) for row in rows]
    return former_slugs
