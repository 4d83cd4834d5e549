"""Releases: everything that changed becomes public at once, as one revision.

The way of a release, inside one exclusive transaction: the changed drafts replace the published ones; whatever shows
something of them is found through `reference`; all of that is rendered from *published* drafts, so that an edit that
is not part of the release cannot leak; documents that came out different are appended and replaced; the digest chains.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, insert, or_, select, update

from app.content.content_type import Catalogue, EntityKey
from app.content.mapping import Draft, mentions
from app.content.published import EMBEDS, MissingReference, Published
from app.content.working_copy import Change, Progress, batches, batches_by_kind, drafts
from app.errors import Fault, NothingToRelease, UnpublishedReferences
from app.models import tables
from app.releasing import outbox
from app.releasing.digests import ChangedDocument, chain
from app.releasing.pending import Pending, find_pending
from app.releasing.publisher import Publisher
from app.releasing.rendering import missing_faults, rule_faults
from app.releasing.signing import Signer, note_signer
from app.store.state import current_state


@dataclass(frozen=True)
class Released:
    """What a release did. `documents` counts what it wrote, in all languages; `deleted` what it took away."""

    revision: int
    released_at: datetime
    digest: str
    documents: int
    deleted: int


def release(
    connection: Connection,
    catalogue: Catalogue,
    *,
    note: str | None = None,
    now: datetime | None = None,
    pending: Pending | None = None,
    written: Iterable[Change] = (),
    signer: Signer | None = None,
    progress: Progress = lambda _what, _done, _total: None,
) -> Released:
    """Publishes everything that is pending, or the part of it that is given, as the next revision.

    The connection is in an exclusive transaction (`db.Database.transaction`), which the caller commits. `written` is
    what the same transaction brought into the working copy, if it is at hand: that is not read back. Without
    a `signer`, the release is not signed.
    Raises `NothingToRelease`, and `UnpublishedReferences` with everything that would name something unpublished or
    break a rule of its kind.
    """
    whole = pending is None
    pending = find_pending(connection, catalogue) if pending is None else pending
    if not pending:
        raise NothingToRelease("Nothing to release: the working copy equals what is published.")
    run = _Run(connection, catalogue, pending, now or datetime.now(UTC), signer=signer, progress=progress)
    # The whole working copy keeps every rule; a part of it, beside what was published before, may not.
    run.check_rules = not whole
    run.written = {(each.kind, each.draft["slug"]): each.draft for each in written}
    return run.release(note)


def rerender(
    connection: Connection,
    catalogue: Catalogue,
    *,
    note: str | None = None,
    now: datetime | None = None,
    signer: Signer | None = None,
) -> Released | None:
    """Renders every published entity anew and publishes the documents that come out different, as the next revision.

    Nothing that is pending becomes public. None, and no revision, where every document is as it was.
    """
    keys = {
        (row.kind, row.slug)
        for row in connection.execute(select(tables.published_entity.c.kind, tables.published_entity.c.slug))
    }
    nothing = Pending({content_type.kind: () for content_type in catalogue}, ())
    now = now or datetime.now(UTC)
    run = _Run(connection, catalogue, nothing, now, signer=signer, progress=lambda _what, _done, _total: None)
    with connection.begin_nested() as savepoint:
        released = run.release(note, also=keys)
        if not run.changes:
            savepoint.rollback()
            return None
    return released


class _Run:
    """The state of one release."""

    def __init__(
        self,
        connection: Connection,
        catalogue: Catalogue,
        pending: Pending,
        now: datetime,
        *,
        signer: Signer | None,
        progress: Progress,
    ) -> None:
        self.connection, self.catalogue, self.pending = connection, catalogue, pending
        self.now, self.signer, self.progress = now.replace(microsecond=0), signer, progress
        self.check_rules = False
        self.written: Mapping[EntityKey, Draft] = {}
        self.published: dict[EntityKey, Draft] = {}
        self.faults: list[Fault] = []
        self.changes: list[ChangedDocument] = []

    def release(self, note: str | None, also: Iterable[EntityKey] = ()) -> Released:
        previous = current_state(self.connection)
        revision = self.connection.execute(
            update(tables.revision_counter)
            .values(revision=tables.revision_counter.c.revision + 1)
            .returning(tables.revision_counter.c.revision)
        ).scalar_one()
        publisher = Publisher(self.connection, self.catalogue, revision, self.now)
        touched = [(kind, entry.slug) for kind, entries in self.pending.changed.items() for entry in entries]
        touched += self.pending.removed
        affected = self._affected(touched) | set(also)
        self.changes += publisher.take_away(self.pending.removed)
        for kind, slug in self.pending.removed:
            self.connection.execute(
                delete(tables.redirect).where(tables.redirect.c.kind == kind, tables.redirect.c.slug == slug)
            )
        for content_type in self.catalogue:
            self._replace_drafts(publisher, content_type.kind, affected)
        self._render(publisher, set(touched) | affected)
        if self.faults:
            raise UnpublishedReferences(self.faults)
        return self._close(revision, previous.digest, note)

    def _affected(self, keys: Sequence[EntityKey]) -> set[EntityKey]:
        """Whose documents showed something of these entities, and whose show that those that leave named them."""
        found: set[EntityKey] = set()
        for kind, slugs in batches_by_kind(keys):
            targets = tables.reference.c.target_kind == kind, tables.reference.c.target_slug.in_(slugs)
            showing = select(tables.reference.c.kind, tables.reference.c.slug).where(
                *targets, tables.reference.c.relation == EMBEDS
            )
            found |= {(row.kind, row.slug) for row in self.connection.execute(showing)}
        for kind, slugs in batches_by_kind(self.pending.removed):
            found |= {(target_kind, slug) for *_, target_kind, slug in self._naming(kind, slugs)}
        return found

    def _naming(self, kind: str, slugs: Sequence[str]) -> set[tuple[str, ...]]:
        """The references of published entities, but for those of relation `embeds`."""
        those = (
            tables.reference.c.kind == kind,
            tables.reference.c.slug.in_(slugs),
            tables.reference.c.relation != EMBEDS,
        )
        return {tuple(row) for row in self.connection.execute(select(*tables.reference.c).where(*those))}

    def _replace_drafts(self, publisher: Publisher, kind: str, affected: set[EntityKey]) -> None:
        """Makes the pending drafts of a kind the published ones, and notes whom they name from now on."""
        entries, done = self.pending.changed[kind], 0
        for batch in batches(entries):
            content_type = self.catalogue[kind]
            at_hand = {entry.id: (kind, entry.slug) for entry in batch if (kind, entry.slug) in self.written}
            self.published |= {key: self.written[key] for key in at_hand.values()}
            found = {identifier: self.written[key] for identifier, key in at_hand.items()}
            unknown = [entry.id for entry in batch if entry.id not in found]
            found |= drafts(self.connection, self.catalogue, content_type, unknown)
            pairs = {entry.slug: (entry.draft_digest, found[entry.id]) for entry in batch}
            publisher.replace_drafts(kind, pairs)
            published = [draft for _, draft in pairs.values()]
            self._redirect(kind, published)
            affected |= self._note_mentions(kind, published, publisher.published_before(kind, list(pairs)))
            done += len(batch)
            self.progress(f"Publishing {content_type.collection}", done, len(entries))

    def _note_mentions(self, kind: str, found: Sequence[Draft], known: Sequence[str]) -> set[EntityKey]:
        """Notes whom these drafts name in a way that the other's document shows.

        Answers who is so named and was not before, or is no more. `known` were published before.
        """
        named = {
            (kind, draft["slug"], mention.relation, mention.kind, mention.slug)
            for draft in found
            for mention in mentions(self.catalogue[kind].mapped, draft)
            if (kind, mention.relation) in self.catalogue[mention.kind].shows
        }
        before = self._naming(kind, known) if known else set()
        if before - named:
            outdated = (
                tables.reference.c.kind == kind,
                tables.reference.c.slug.in_(known),
                tables.reference.c.relation != EMBEDS,
            )
            self.connection.execute(delete(tables.reference).where(*outdated))
        fresh = named if before - named else named - before
        if fresh:
            rows = [dict(zip(tables.reference.c.keys(), key, strict=True)) for key in sorted(fresh)]
            self.connection.execute(insert(tables.reference), rows)
        return {(target_kind, slug) for *_, target_kind, slug in named ^ before}

    def _redirect(self, kind: str, found: Sequence[Draft]) -> None:
        rows = [
            {"kind": kind, "former_slug": former, "slug": draft["slug"]}
            for draft in found
            for former in draft.get("former_slugs", ())
        ]
        slugs = [draft["slug"] for draft in found]
        formers = [row["former_slug"] for row in rows]
        outdated = or_(tables.redirect.c.slug.in_(slugs), tables.redirect.c.former_slug.in_([*formers, *slugs]))
        self.connection.execute(delete(tables.redirect).where(tables.redirect.c.kind == kind, outdated))
        if rows:
            self.connection.execute(insert(tables.redirect), rows)

    def _render(self, publisher: Publisher, keys: set[EntityKey]) -> None:
        gone = set(self.pending.removed)
        order = [each.kind for each in self.catalogue]
        wanted = sorted(keys - gone, key=lambda key: (order.index(key[0]), key[1]))
        done = 0
        for batch in batches(wanted):
            published = Published(self.connection, self.catalogue, self.published)
            published.prefetch(batch)
            # What is named but not published has no document; naming it is a fault of who names it.
            there = [key for key in batch if published.find(key) is not None]
            publisher.prepare(there)
            for key in there:
                try:
                    self.changes += publisher.render(key, published)
                except MissingReference as error:
                    self.faults += missing_faults(self.catalogue[key[0]], published, key, error)
                if self.check_rules:
                    self.faults += rule_faults(self.catalogue[key[0]], published, key)
            publisher.flush()
            done += len(batch)
            self.progress("Rendering documents", done, len(wanted))

    def _close(self, revision: int, previous: str, note: str | None) -> Released:
        digest = chain(previous, revision, self.changes)
        deleted = sum(change.body_digest is None for change in self.changes)
        released = Released(revision, self.now, digest, len(self.changes) - deleted, deleted)
        signature = self.signer.sign(revision, digest) if self.signer else None
        if self.signer:
            note_signer(self.connection, self.signer, self.now)
        self.connection.execute(
            insert(tables.release).values(
                revision=revision,
                released_at=self.now,
                note=note,
                digest=digest,
                changed=released.documents,
                deleted=deleted,
                signed_by=signature.key_id if signature else None,
                signature=signature.value if signature else None,
            )
        )
        outbox.tell_of_release(
            self.connection, revision=revision, note=note, released_at=self.now, changes=self.changes
        )
        return released
