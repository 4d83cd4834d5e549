"""What names an entity follows it when its slug changes."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from sqlalchemy import Connection, String, cast, select

from app.content.checks import Key
from app.content.content_type import Catalogue, ContentType
from app.content.mapping import Draft, mentions
from app.content.pending import Pending
from app.content.working_copy import batches


def renamed_draft(content_type: ContentType, draft: Draft, present: Mapping[Key, Key]) -> Draft:
    """The draft with the present slugs of the entities that it names under former ones."""
    renamed = deepcopy(draft)
    for mention in list(mentions(content_type.mapped, draft)):
        if (mention.kind, mention.slug) in present:
            set_at(renamed, mention.pointer, present[mention.kind, mention.slug][1])
    return renamed


def set_at(draft: Draft, pointer: str, value: Any) -> None:
    """Puts a value where a JSON pointer (without escapes) leads in a draft."""
    *steps, last = pointer.strip("/").split("/")
    place: Any = draft
    for step in steps:
        place = place[int(step)] if isinstance(place, list) else place[step]
    place[int(last) if isinstance(place, list) else last] = value


def holder_of_former_slug(connection: Connection, content_type: ContentType, slug: str) -> str | None:
    """The slug of the active entity that had this slug before, or None."""
    table = content_type.mapped.table
    # A slug has no character that LIKE or JSON would read otherwise.
    named = cast(table.c.former_slugs, String).like(f'%"{slug}"%')
    return connection.execute(select(table.c.slug).where(table.c.retired.is_(False), named)).scalar()


def with_renames(connection: Connection, catalogue: Catalogue, pending: Pending, keys: set[Key]) -> set[Key]:
    """The keys, with both sides of each pending rename of which they hold one: the new slug and the one that leaves."""
    found = set(keys)
    for kind, entries in pending.changed.items():
        leaving = {slug for other, slug in pending.removed if other == kind}
        for slug, former_slugs in _former_slugs(connection, catalogue[kind], [each.id for each in entries if leaving]):
            sides = {(kind, slug), *((kind, former) for former in former_slugs if former in leaving)}
            if len(sides) > 1 and sides & found:
                found |= sides
    return found


def _former_slugs(
    connection: Connection, content_type: ContentType, ids: Sequence[int]
) -> Sequence[tuple[str, list[str]]]:
    table = content_type.mapped.table
    found: list[tuple[str, list[str]]] = []
    for batch in batches(ids):
        rows = connection.execute(select(table.c.slug, table.c.former_slugs).where(table.c.id.in_(batch)))
        found += [(row.slug, row.former_slugs) for row in rows]
    return found
