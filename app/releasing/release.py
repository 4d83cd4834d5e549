"""Releases: everything that changed becomes public at once, as one revision.

A release is one exclusive transaction of four steps. The changed drafts replace the published ones. The table
`reference` tells which other documents show something of them, such as a name. All of these are rendered from
*published* drafts, so that an edit that is not part of the release cannot leak, and the documents that changed are
written. The digest chains the release to the one before.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, insert, or_, select, update

from app.content.content_type import Catalogue, EntityKey
from app.content.mapping import Draft, mentions
from app.content.published import EMBEDS, MissingReference, Published
from app.content.working_copy import Progress, batches, batches_by_kind, drafts
from app.content.writing import Change
from app.errors import Fault, NothingToRelease, UnpublishedReferences
from app.models import tables
from app.releasing import outbox
from app.releasing.digests import ChangedDocument, chain
from app.releasing.pending import Pending, find_pending
from app.releasing.publisher import Publisher
from app.releasing.rendering import missing_faults, rule_faults
from app.releasing.signing import Signer, note_signer
from app.store.measuring import measured
from app.store.state import current_state


@dataclass(frozen=True)
class Released:
    """What a release did: how many documents it wrote and how many it deleted, all languages counted."""

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
    """Publishes everything that is pending, or only `pending`, as the next revision.

    The connection is in an exclusive transaction (`store.database.Database.transaction`), which the caller commits.
    `written` holds the changes that this transaction made to the working copy, if the caller still has them, so that
    their drafts need not be read back. Without a `signer`, the release is not signed.
    Raises `NothingToRelease`, and `UnpublishedReferences` with every draft that would name something unpublished or
    break a rule of its kind.
    """
    whole = pending is None
    pending = find_pending(connection, catalogue) if pending is None else pending
    if not pending:
        raise NothingToRelease("Nothing to release: the working copy equals what is published.")
    run = _Run(connection, catalogue, pending, now or datetime.now(UTC), signer=signer, progress=progress)
    # The whole working copy keeps every rule. A part of it may break one, beside what was published before.
    run.check_rules = not whole
    run.written = {(change.kind, change.draft["slug"]): change.draft for change in written}
    with measured(connection, "release"):
        return run.release(note)


def rerender(
    connection: Connection,
    catalogue: Catalogue,
    *,
    note: str | None = None,
    now: datetime | None = None,
    signer: Signer | None = None,
) -> Released | None:
    """Renders every published entity anew and publishes the documents that changed, as the next revision.

    Nothing that is pending becomes public. If no document changed, there is no new revision, and None is returned.
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
        with measured(self.connection, "render"):
            self._render(publisher, set(touched) | affected)
        if self.faults:
            raise UnpublishedReferences(self.faults)
        return self._close(revision, previous.digest, note)

    def _affected(self, keys: Sequence[EntityKey]) -> set[EntityKey]:
        """The entities whose documents must be rendered again.

        These are the entities whose documents show something of `keys`, and those that a removed entity names, where
        their documents show that.
        """
        affected: set[EntityKey] = set()
        for kind, slugs in batches_by_kind(keys):
            targets = tables.reference.c.target_kind == kind, tables.reference.c.target_slug.in_(slugs)
            showing = select(tables.reference.c.kind, tables.reference.c.slug).where(
                *targets, tables.reference.c.relation == EMBEDS
            )
            affected |= {(row.kind, row.slug) for row in self.connection.execute(showing)}
        for kind, slugs in batches_by_kind(self.pending.removed):
            affected |= {(target_kind, slug) for *_, target_kind, slug in self._naming(kind, slugs)}
        return affected

    def _naming(self, kind: str, slugs: Sequence[str]) -> set[tuple[str, ...]]:
        """The references from published entities, except those of relation `embeds`."""
        wanted = (
            tables.reference.c.kind == kind,
            tables.reference.c.slug.in_(slugs),
            tables.reference.c.relation != EMBEDS,
        )
        return {tuple(row) for row in self.connection.execute(select(*tables.reference.c).where(*wanted))}

    def _replace_drafts(self, publisher: Publisher, kind: str, affected: set[EntityKey]) -> None:
        """Publishes the pending drafts of a kind, and records which entities they name."""
        entries, done = self.pending.changed[kind], 0
        for batch in batches(entries):
            content_type = self.catalogue[kind]
            at_hand = {entry.id: (kind, entry.slug) for entry in batch if (kind, entry.slug) in self.written}
            self.published |= {key: self.written[key] for key in at_hand.values()}
            read = {identifier: self.written[key] for identifier, key in at_hand.items()}
            unknown = [entry.id for entry in batch if entry.id not in read]
            read |= drafts(self.connection, self.catalogue, content_type, unknown)
            pairs = {entry.slug: (entry.draft_digest, read[entry.id]) for entry in batch}
            publisher.replace_drafts(kind, pairs)
            published = [draft for _, draft in pairs.values()]
            self._redirect(kind, published)
            affected |= self._note_mentions(kind, published, publisher.published_before(kind, list(pairs)))
            done += len(batch)
            self.progress(f"Publishing {content_type.collection}", done, len(entries))

    def _note_mentions(self, kind: str, published: Sequence[Draft], known: Sequence[str]) -> set[EntityKey]:
        """Records the references of these drafts that the named entity's own document shows.

        Returns the named entities whose references changed. `known` are the slugs that were published before.
        """
        named = {
            (kind, draft["slug"], mention.relation, mention.kind, mention.slug)
            for draft in published
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

    def _redirect(self, kind: str, published: Sequence[Draft]) -> None:
        rows = [
            {"kind": kind, "former_slug": former, "slug": draft["slug"]}
            for draft in published
            for former in draft.get("former_slugs", ())
        ]
        slugs = [draft["slug"] for draft in published]
        formers = [row["former_slug"] for row in rows]
        outdated = or_(tables.redirect.c.slug.in_(slugs), tables.redirect.c.former_slug.in_([*formers, *slugs]))
        self.connection.execute(delete(tables.redirect).where(tables.redirect.c.kind == kind, outdated))
        if rows:
            self.connection.execute(insert(tables.redirect), rows)

    def _render(self, publisher: Publisher, keys: set[EntityKey]) -> None:
        gone = set(self.pending.removed)
        order = [content_type.kind for content_type in self.catalogue]
        wanted = sorted(keys - gone, key=lambda key: (order.index(key[0]), key[1]))
        done = 0
        for batch in batches(wanted):
            published = Published(self.connection, self.catalogue, self.published)
            published.prefetch(batch)
            # An entity that is named but not published has no document; the draft that names it is at fault.
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
