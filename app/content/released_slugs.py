"""The slugs under which entities were ever published. Each belongs to its entity for ever."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from app.content.content_type import EntityKey
from app.content.working_copy import batches, batches_by_kind
from app.models.tables import released_slug


def ids_of_slugs(connection: Connection, keys: Iterable[EntityKey]) -> dict[EntityKey, str]:
    """The ids of the entities that were published under these slugs, by kind and slug."""
    ids: dict[EntityKey, str] = {}
    for kind, slugs in batches_by_kind(keys):
        columns = (released_slug.c.slug, released_slug.c.uuid)
        statement = select(*columns).where(released_slug.c.kind == kind, released_slug.c.slug.in_(slugs))
        ids |= {(kind, row.slug): row.uuid for row in connection.execute(statement)}
    return ids


def slugs_of_ids(connection: Connection, ids: Iterable[str]) -> Mapping[str, list[EntityKey]]:
    """The slugs under which these entities were published, the first one first."""
    slugs: dict[str, list[EntityKey]] = {}
    columns = (released_slug.c.kind, released_slug.c.slug, released_slug.c.uuid)
    for batch in batches(list(dict.fromkeys(ids))):
        statement = select(*columns).where(released_slug.c.uuid.in_(batch))
        for row in connection.execute(statement.order_by(released_slug.c.since, released_slug.c.slug)):
            slugs.setdefault(row.uuid, []).append((row.kind, row.slug))
    return slugs
