"""What names an entity follows it when its slug changes."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from sqlalchemy import Connection, String, cast, select

from app.content.content_type import ContentType, EntityKey
from app.content.mapping import Draft, mentions


def renamed_draft(content_type: ContentType, draft: Draft, present: Mapping[EntityKey, EntityKey]) -> Draft:
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
