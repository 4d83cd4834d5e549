"""Single drafts: reading, creating, replacing, retiring. Nothing written here is public before a release.

Every function works on the caller's connection. Those that write need an exclusive transaction on it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, case, func, select

from app.content import canonical_json
from app.content.content_type import Catalogue, ContentType, EntityKey
from app.content.mapping import Draft
from app.content.published import was_published
from app.content.working_copy import Entry, drafts
from app.content.writing import Change, remove, retire
from app.editing.bundle import in_the_catalogue
from app.editing.plan import Plan, apply_plan, make_plan
from app.editing.references import references_to
from app.editing.stored import StoredDrafts
from app.errors import Conflict, Fault, InvalidDrafts, NotFound
from app.models.tables import published_entity

STATES = ("draft", "published", "changed", "retired")


@dataclass(frozen=True)
class Item:
    """An entity of the working copy as an editor sees it."""

    entry: Entry
    kind: str
    state: str
    draft: Draft
    released_revision: int | None
    updated_at: datetime
    changed_by: str | None
    missing: tuple[str, ...]
    sort_name: str

    @property
    def version(self) -> str:
        """A digest for the draft's `ETag`. A deleted entity and a new one with its slug never share one."""
        parts = [self.entry.id, self.entry.version, self.entry.draft_digest, self.state, self.released_revision]
        return canonical_json.digest([*parts, self.updated_at.isoformat()])[:32]


def states(content_type: ContentType) -> Any:
    """The state of each row of `item_rows`, in SQL."""
    table = content_type.mapped.table
    return case(
        (table.c.retired.is_(True), "retired"),
        (published_entity.c.id.is_(None), "draft"),
        (published_entity.c.draft_digest == table.c.draft_digest, "published"),
        else_="changed",
    )


def with_published(content_type: ContentType) -> Any:
    """The table of a kind with what is published of each row; `states` reads both."""
    table = content_type.mapped.table
    same = and_(published_entity.c.kind == content_type.kind, published_entity.c.slug == table.c.slug)
    return table.outerjoin(published_entity, same)


def item_rows(content_type: ContentType) -> Any:
    """The entities of a kind, one row each, without their drafts."""
    table = content_type.mapped.table
    return select(
        table.c.id,
        table.c.uuid,
        table.c.slug,
        table.c.version,
        table.c.retired,
        table.c.draft_digest,
        table.c.updated_at,
        table.c.changed_by,
        table.c.missing,
        func.coalesce(table.c.sort_name, table.c.slug).label("sort_name"),
        published_entity.c.revision.label("released_revision"),
        states(content_type).label("state"),
    ).select_from(with_published(content_type))


def _item(content_type: ContentType, row: Row[Any], draft: Draft) -> Item:
    entry = Entry(row.id, row.uuid, row.slug, row.version, row.retired, row.draft_digest)
    return Item(
        entry=entry,
        kind=content_type.kind,
        state=row.state,
        draft=draft,
        released_revision=row.released_revision,
        updated_at=row.updated_at,
        changed_by=row.changed_by,
        missing=tuple((row.missing or "").split()),
        sort_name=row.sort_name,
    )


def items_of(
    connection: Connection, catalogue: Catalogue, content_type: ContentType, rows: Sequence[Row[Any]]
) -> list[Item]:
    """The entities of these rows, with their drafts."""
    by_id = dict(drafts(connection, catalogue, content_type, [row.id for row in rows]))
    return [_item(content_type, row, by_id[row.id]) for row in rows]


def _row_of(content_type: ContentType, slug: str) -> Any:
    return item_rows(content_type).where(content_type.mapped.table.c.slug == slug)


def read_item(connection: Connection, catalogue: Catalogue, content_type: ContentType, slug: str) -> Item:
    """One entity.

    Raises `NotFound`.
    """
    rows = connection.execute(_row_of(content_type, slug)).all()
    if not rows:
        raise NotFound(f"The working copy has no {content_type.kind} '{slug}'.")
    return items_of(connection, catalogue, content_type, rows)[0]


@dataclass(frozen=True)
class Saving:
    """A canonical draft that may be written, as a new entity or in place of `over`, and the plan that writes it."""

    content_type: ContentType
    draft: Draft
    over: Item | None
    plan: Plan

    @property
    def read(self) -> Collection[EntityKey]:
        """The entities that the check depends on."""
        return self.plan.read.keys()

    @property
    def changed_fields(self) -> list[str]:
        """The fields that differ from those of `over`."""
        before = self.over.draft if self.over else {}
        return sorted(name for name in {*before, *self.draft} if before.get(name) != self.draft.get(name))


def check(
    connection: Connection, catalogue: Catalogue, content_type: ContentType, draft: Draft, *, over: Item | None = None
) -> Saving:
    """Plans to write a canonical draft, as a new entity or in place of `over`, which takes the draft's slug.

    `by` is the name of the key that writes it.

    Raises `Conflict` when the slug is taken or another draft would break a rule, and `InvalidDrafts` when this draft
    names something that does not exist or breaks a rule.
    """
    key = (content_type.kind, draft["slug"])
    former = (content_type.kind, over.entry.slug) if over else key
    stored = StoredDrafts(connection, catalogue)
    _check_slug_is_free(stored, content_type, draft["slug"], over)
    if former != key:
        draft = _with_former_slug(connection, content_type, draft, former)
    renamed = {key: former} if former != key else {}
    known = {former: over.draft} if over else {}
    plan, faults = make_plan(connection, catalogue, {key: draft}, within=None, renamed=renamed, known=known)
    if own := [fault for place, fault in faults if place == key]:
        raise InvalidDrafts(own)
    if faults:
        raise Conflict("Something that names this would no longer be right.", in_the_catalogue(catalogue, faults))
    if over and plan.unchanged:
        # A write is a new version, even of the same content.
        plan.changes.append(Change(content_type.kind, over.draft, over.entry, over.draft))
    identified = next(each.draft for each in plan.changes if (each.kind, each.draft["slug"]) == key)
    return Saving(content_type, identified, over, plan)


def save(connection: Connection, catalogue: Catalogue, saving: Saving, now: datetime, *, by: str | None) -> Item:
    """Writes a draft that was checked. `by` is the name of the key that asked for it; None for a command."""
    apply_plan(connection, catalogue, saving.plan, now, by=by)
    draft, content_type = saving.draft, saving.content_type
    return _item(content_type, connection.execute(_row_of(content_type, draft["slug"])).one(), draft)


def _check_slug_is_free(stored: StoredDrafts, content_type: ContentType, slug: str, over: Item | None) -> None:
    kind, present = content_type.kind, over.entry.slug if over else None
    if slug != present and stored.entry((kind, slug)) is not None:
        raise Conflict(f"The {kind} '{slug}' exists.", [Fault("/slug", f"'{slug}' is taken.")])
    holder = stored.former_slugs(kind).get(slug)
    if holder not in (None, present):
        detail = f"'{slug}' is a former slug of '{holder}' and leads there."
        raise Conflict(f"The slug '{slug}' is taken.", [Fault("/slug", detail)])


def _with_former_slug(connection: Connection, content_type: ContentType, draft: Draft, former: EntityKey) -> Draft:
    """The draft of a renamed entity, with its former slug as the last one if that was ever public."""
    slugs = [slug for slug in draft.get("former_slugs", ()) if slug not in (former[1], draft["slug"])]
    slugs += [former[1]] if former[1] in draft.get("former_slugs", ()) or was_published(connection, former) else []
    changed = {**draft, "former_slugs": slugs}
    return {name: changed[name] for name in content_type.mapped.keys if changed.get(name) not in (None, [])}


def take_away(
    connection: Connection,
    catalogue: Catalogue,
    content_type: ContentType,
    item: Item,
    now: datetime,
    *,
    by: str | None,
) -> None:
    """Deletes an entity that is not published and that nothing names; retires any other.

    Raises `Conflict` with the active drafts that name it.
    """
    key = (content_type.kind, item.entry.slug)
    references = [reference for reference in references_to(connection, catalogue, [key]) if reference.by != key]
    if naming := sorted({reference.by for reference in references if not reference.is_retired}):
        faults = [(by, Fault("", "Names it.")) for by in naming]
        detail = f"{len(naming)} other drafts name this {content_type.kind}."
        raise Conflict(detail, in_the_catalogue(catalogue, faults))
    if item.released_revision is None and not references:
        remove(connection, content_type, [item.entry])
    elif not item.entry.retired:
        retire(connection, content_type, [item.entry], now, by)
