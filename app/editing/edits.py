"""Who edited drafts last, and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from app.content.content_type import Catalogue, EntityKey
from app.content.working_copy import batches_by_kind
from app.shapes.moments import moment_text


@dataclass(frozen=True)
class LastEdit:
    """The last edit of a draft: when, and the name of the key that made it, None for a command."""

    by: str | None
    at: datetime

    def __str__(self) -> str:
        return f"{self.by or 'a command'}, {moment_text(self.at)}"


def last_edits(connection: Connection, catalogue: Catalogue, keys: Iterable[EntityKey]) -> dict[EntityKey, LastEdit]:
    """The last edits of those of these entities that the working copy has, retired or not."""
    edits: dict[EntityKey, LastEdit] = {}
    for kind, slugs in batches_by_kind(keys):
        table = catalogue[kind].mapped.table
        statement = select(table.c.slug, table.c.changed_by, table.c.updated_at).where(table.c.slug.in_(slugs))
        edits |= {(kind, row.slug): LastEdit(row.changed_by, row.updated_at) for row in connection.execute(statement)}
    return edits
