"""Conflicts: what somebody changed beside the seed files, which applying the files would undo.

The working copy remembers of each entity the digest of the draft that seed files last had: that was applied from them,
or exported to them. Where the present draft is another one, somebody changed it since by the API, a rollback or an
import, and the files cannot know. What only commands ever wrote and files never had, such as the terms that an import
brings, is the files' to take over. There is one memory, not one for each folder: whoever keeps the files in several
places shares them, by git for example, before applying.
"""

from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import Case, Connection, case, or_, select, update

from app.content.content_type import Catalogue, ContentType, EntityKey
from app.content.working_copy import batches, batches_by_kind
from app.editing.bundle import Bundle
from app.editing.edits import LastEdit, last_edits
from app.editing.plan import Plan, Update
from app.seeding.field_names import field_name
from app.seeding.files import SeedEntry
from app.seeding.plan_text import value_text

RETIRED = ""
"""What is remembered of an entity that the files do not have any more."""

UNKNOWN = "?"
"""What is remembered of an entity that the files never had, once a command has written it after somebody else."""

WHAT_TO_DO = (
    "Take that over into the files (`flask catalogue export` writes it), or apply with --force to overwrite it."
)


def find_conflicts(connection: Connection, catalogue: Catalogue, plan: Plan) -> dict[EntityKey, LastEdit]:
    """The entities that a plan changes or deletes and somebody else changed since the files last had them.

    Keys are those of the plan: of a renamed entity, the new one. The values say who changed it last.
    """
    stored = {(update.key[0], update.former or update.key[1]): update.key for update in plan.updated}
    stored |= {key: key for key in plan.deleted}
    changed: list[EntityKey] = []
    for kind, slugs in batches_by_kind(stored):
        table = catalogue[kind].mapped.table
        differs = table.c.seed_digest.is_distinct_from(_present(catalogue[kind]))
        somebody_s = or_(table.c.seed_digest.is_not(None), table.c.changed_by.is_not(None))
        statement = select(table.c.slug).where(table.c.slug.in_(slugs), differs, somebody_s)
        changed += [(kind, slug) for slug in connection.execute(statement).scalars()]
    return {stored[key]: edit for key, edit in last_edits(connection, catalogue, changed).items()}


def conflict_lines(
    catalogue: Catalogue, plan: Plan, conflicts: Mapping[EntityKey, LastEdit], bundle: Bundle[SeedEntry]
) -> Iterator[str]:
    """What applying a plan would undo, field by field, with both values and the place in the files."""
    for change in plan.updated:
        if change.key in conflicts and change.key not in plan.following:
            yield from _overwritten(catalogue[change.key[0]], change, conflicts[change.key], bundle.places[change.key])
    for kind, slug in plan.deleted:
        if (kind, slug) in conflicts:
            yield (
                f"{catalogue[kind].collection}/{slug} (in the catalogue, not in the files): Would be deleted, but"
                f" was changed by {conflicts[kind, slug]}, since the files last had it. {WHAT_TO_DO}"
            )


def _overwritten(content_type: ContentType, change: Update, edit: LastEdit, entry: SeedEntry) -> Iterator[str]:
    since = f"(changed by {edit}, since the files last had this {content_type.noun})"
    if change.restored:
        yield f"{entry.place('')}: The catalogue retired this {content_type.noun} {since}. {WHAT_TO_DO}"
        return
    for changed in change.fields:
        values = f"The file has {value_text(changed.after)}, the catalogue {value_text(changed.before)} {since}."
        yield f"{entry.place(changed.pointer)}: {field_name(changed.pointer)}: {values} {WHAT_TO_DO}"


def remember_applied(
    connection: Connection, catalogue: Catalogue, plan: Plan, conflicts: Collection[EntityKey] = ()
) -> None:
    """Remembers that the files have what the applied plan made of them. `conflicts` are those found before it.

    What follows a rename and was in conflict stays so: the files still do not have it.
    """
    keys = [*plan.created, *(update.key for update in plan.updated), *plan.unchanged, *plan.deleted]
    unknown = plan.following & set(conflicts)
    for kind, slugs in batches_by_kind(key for key in keys if key not in unknown):
        table, present = catalogue[kind].mapped.table, _present(catalogue[kind])
        outdated = table.c.slug.in_(slugs), table.c.seed_digest.is_distinct_from(present)
        connection.execute(update(table).where(*outdated).values(seed_digest=present))
    for kind, slugs in batches_by_kind(unknown):
        table = catalogue[kind].mapped.table
        never = table.c.slug.in_(slugs), table.c.seed_digest.is_(None)
        connection.execute(update(table).where(*never).values(seed_digest=UNKNOWN))


def exported_digests(connection: Connection, content_type: ContentType) -> dict[str, str]:
    """What an export in this transaction shows and was not remembered yet, by slug."""
    table, present = content_type.mapped.table, _present(content_type)
    statement = select(table.c.slug, present).where(table.c.seed_digest.is_distinct_from(present))
    return {row[0]: row[1] for row in connection.execute(statement)}


def remember_exported(connection: Connection, content_type: ContentType, digests: Mapping[str, str]) -> None:
    """Remembers what an export showed, whatever became of the drafts meanwhile."""
    table = content_type.mapped.table
    for batch in batches(list(digests)):
        shown = case({slug: digests[slug] for slug in batch}, value=table.c.slug)
        connection.execute(update(table).where(table.c.slug.in_(batch)).values(seed_digest=shown))


def _present(content_type: ContentType) -> Case[str]:
    """What would be remembered of an entity as it is now."""
    table = content_type.mapped.table
    return case((table.c.retired.is_(True), RETIRED), else_=table.c.draft_digest)
