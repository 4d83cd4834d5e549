"""Lists of drafts: which entities of the working copy, in which order, a page at a time.

Whatever is asked for, a page costs one pass over the rows of its kind, by columns that are worked out when a draft is
written (`content.finding`), and the drafts of the entities on it. The number of statements is always the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, or_, select, update

from app.content.content_type import Catalogue, ContentType
from app.content.finding import TRANSLATIONS, found_by
from app.content.working_copy import BATCH, drafts
from app.editing.drafts import Item, item_rows, items_of, states, with_published
from app.search.words import words
from app.shapes.moments import aware

SORT_KEYS = ("name", "updated_at")

MOST_READ = 200
"""Characters of a search that are read: a few words of a name."""


@dataclass(frozen=True)
class Wanted:
    """Which drafts, in which order: all of them, by slug, where nothing is said.

    Each of `words` is in a name, another name or the slug. One of `missing` is lacking.
    """

    words: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    changed_by: str | None = None
    missing: tuple[str, ...] = ()
    sort: str = ""
    descending: bool = False

    def position(self, item: Item) -> list[str]:
        """Where an item stands in the order, for a cursor."""
        moment = aware(item.updated_at).isoformat()
        of_sort = {"name": item.sort_name, "updated_at": moment}
        return [of_sort[self.sort], item.entry.slug] if self.sort else [item.entry.slug]


def words_of(text: str) -> tuple[str, ...]:
    """The words of a search, each once, of its first `MOST_READ` characters."""
    return tuple(dict.fromkeys(words(text[:MOST_READ])))


def known_parts(catalogue: Catalogue) -> tuple[str, ...]:
    """The parts that drafts of some kind can lack."""
    return (*dict.fromkeys(part for content_type in catalogue for part in content_type.parts), *TRANSLATIONS)


def read_items(
    connection: Connection,
    catalogue: Catalogue,
    content_type: ContentType,
    wanted: Wanted,
    *,
    after: Sequence[str] | None = None,
    limit: int,
) -> list[Item]:
    """At most `limit` of the wanted entities, from the one after the position `after` on."""
    statement = item_rows(content_type).where(*_conditions(content_type, wanted))
    key, slug = _sort_column(content_type, wanted), content_type.mapped.table.c.slug
    if after:
        *position, last = after
        beyond = slug > last
        if key is not None:
            value: Any = datetime.fromisoformat(position[0]) if wanted.sort == "updated_at" else position[0]
            beyond = or_(key < value if wanted.descending else key > value, and_(key == value, beyond))
        statement = statement.where(beyond)
    order = [] if key is None else [key.desc() if wanted.descending else key]
    rows = connection.execute(statement.order_by(*order, slug).limit(limit)).all()
    return items_of(connection, catalogue, content_type, rows)


def count_items(connection: Connection, content_type: ContentType, wanted: Wanted) -> int:
    """How many of the wanted entities there are."""
    rows = with_published(content_type) if wanted.state else content_type.mapped.table
    counted = select(func.count()).select_from(rows).where(*_conditions(content_type, wanted))
    return int(connection.execute(counted).scalar_one())


def _sort_column(content_type: ContentType, wanted: Wanted) -> Any:
    table = content_type.mapped.table
    columns: dict[str, Any] = {
        "name": func.coalesce(table.c.sort_name, table.c.slug),
        "updated_at": table.c.updated_at,
    }
    return columns.get(wanted.sort)


def _conditions(content_type: ContentType, wanted: Wanted) -> list[ColumnElement[bool]]:
    columns = content_type.mapped.table.c
    conditions = [columns.words.contains(word) for word in wanted.words]
    if wanted.state:
        conditions.append(states(content_type).in_(wanted.state))
    if wanted.changed_by is not None:
        conditions.append(columns.changed_by == wanted.changed_by)
    if wanted.missing:
        conditions.append(or_(*(columns.missing.contains(f" {part} ") for part in wanted.missing)))
    return conditions


def is_worked_out(connection: Connection, catalogue: Catalogue) -> bool:
    """Whether it is known of every draft what it is found by."""
    tables = [content_type.mapped.table for content_type in catalogue]
    return not any(
        connection.execute(select(table.c.id).where(table.c.missing.is_(None)).limit(1)).first() for table in tables
    )


def work_out(connection: Connection, catalogue: Catalogue, *, anew: bool = False) -> None:
    """Works out what drafts are found by where it is not known, after an upgrade; `anew`: everywhere."""
    for content_type in catalogue:
        table = content_type.mapped.table
        chosen = select(table.c.id).order_by(table.c.id)
        ids = list(connection.execute(chosen if anew else chosen.where(table.c.missing.is_(None))).scalars())
        for start in range(0, len(ids), BATCH):
            read = drafts(connection, catalogue, content_type, ids[start : start + BATCH])
            found = [{"entity_id": identifier, **found_by(content_type, draft)} for identifier, draft in read]
            values: dict[str, Any] = {name: bindparam(name) for name in found[0] if name != "entity_id"}
            connection.execute(update(table).where(table.c.id == bindparam("entity_id")).values(values), found)
