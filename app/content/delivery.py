"""Reading what is published: lists and single documents as bytes. No ORM, no parsing, no HTTP."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from sqlalchemy import Connection, func, select

from app.content import canonical_json, cursors
from app.content.content_type import ContentType, Filter
from app.content.published import published_entity
from app.content.selection import Condition, SortKey, after, document, facet, order, sort_keys, where
from app.content.tables import table_of
from app.errors import Fault, InvalidParameters, NotFound
from app.models.publication import Redirect
from app.shapes.languages import DEFAULT_LANGUAGE

redirect = table_of(Redirect)

DEFAULT_LIMIT = 20
MAX_LIMIT = 100
SHOWN = 60
"""How many allowed values an error lists."""


@dataclass(frozen=True)
class ListRequest:
    """What a client asks of a list. `scope` holds conditions that the address implies."""

    content_type: ContentType
    conditions: tuple[Condition, ...] = ()
    scope: tuple[Condition, ...] = ()
    sort: tuple[SortKey, ...] = field(default_factory=lambda: sort_keys(None))
    limit: int = DEFAULT_LIMIT
    cursor: str | None = None
    fields: Sequence[str] = ()
    language: str = DEFAULT_LANGUAGE

    @property
    def fingerprint(self) -> str:
        """What a cursor of this list is bound to."""
        conditions = [[each.filter.parameter, *map(str, each.values)] for each in (*self.scope, *self.conditions)]
        keys = [[key.name, key.descending] for key in self.sort]
        return cursors.fingerprint(self.content_type.kind, self.language, conditions, keys)


@dataclass(frozen=True)
class Page:
    """One page of a list: documents as stored, the number of all that match, the cursor of the next page."""

    bodies: Sequence[bytes]
    total: int
    next: str | None

    def dump(self, limit: int) -> bytes:
        """The page as it is sent, but for the origin."""
        page = canonical_json.dump({"limit": limit, "total": self.total, "next": self.next})
        return b'{"items":[' + b",".join(self.bodies) + b'],"page":' + page + b"}"


@dataclass(frozen=True)
class Moved:
    """An entity that has another slug now."""

    slug: str


def read_page(connection: Connection, request: ListRequest) -> Page:
    """One page of a list, in two queries and one more where a filter's values depend on what is published.

    Raises `InvalidParameters` for values that nothing published has, and `MalformedCursor`.
    """
    position = (
        cursors.decode(request.cursor, request.fingerprint, len(request.sort)) if request.cursor is not None else None
    )
    check_values(connection, request.conditions)
    matching = where(request.content_type.kind, request.language, request.scope, request.conditions)
    total = connection.execute(select(func.count()).select_from(document).where(matching)).scalar_one()
    statement = select(document.c.body, document.c.sort_name, document.c.published_at, document.c.slug).where(matching)
    if position is not None:
        statement = statement.where(after(request.sort, position))
    rows = connection.execute(statement.order_by(*order(request.sort)).limit(request.limit + 1)).all()
    shown = rows[: request.limit]
    more = len(rows) > request.limit
    columns = {"name": "sort_name", "published_at": "published_at", "slug": "slug"}
    last = [str(getattr(shown[-1], columns[key.name])) for key in request.sort] if more else []
    return Page(
        [trim(row.body, request.fields) for row in shown],
        total,
        cursors.encode(request.fingerprint, last) if more else None,
    )


def read_document(
    connection: Connection, content_type: ContentType, slug: str, language: str = DEFAULT_LANGUAGE
) -> bytes | Moved:
    """A stored document, or where its entity went, in one query where it is there.

    Raises `NotFound`.
    """
    statement = select(document.c.body).where(
        document.c.kind == content_type.kind, document.c.language == language, document.c.slug == slug
    )
    body = connection.execute(statement).scalar()
    if body is not None:
        return bytes(body)
    moved = select(redirect.c.slug).where(redirect.c.kind == content_type.kind, redirect.c.former_slug == slug)
    target = connection.execute(moved).scalar()
    if target is None:
        raise NotFound(f"No published {content_type.kind} has the slug '{slug}'.")
    return Moved(target)


def trim(body: bytes, fields: Sequence[str]) -> bytes:
    """The document with only these fields; `kind` and `slug` always stay."""
    if not fields:
        return bytes(body)
    kept = {"kind", "slug", *fields}
    return canonical_json.dump({key: value for key, value in json.loads(body).items() if key in kept})


def check_values(connection: Connection, conditions: Sequence[Condition]) -> None:
    """Raises `InvalidParameters` where a filter is given a slug that nothing published has, in one query."""
    named = [each for each in conditions if each.filter.vocabulary or each.filter.kind]
    if not named:
        return
    allowed = _published_slugs(connection, [each.filter for each in named], [v for each in named for v in each.values])
    faults = [
        Fault(each.filter.parameter, _unknown(connection, each.filter, value))
        for each in named
        for value in each.values
        if value not in allowed[each.filter.vocabulary or each.filter.kind or ""]
    ]
    if faults:
        raise InvalidParameters(faults)


def _published_slugs(connection: Connection, filters: Sequence[Filter], slugs: Sequence[str]) -> Mapping[str, set[str]]:
    """Which of the slugs are published, by vocabulary or kind."""
    statement = (
        select(published_entity.c.kind, published_entity.c.slug, facet.c.value)
        .outerjoin(facet, (facet.c.entity_id == published_entity.c.id) & (facet.c.name == "vocabulary"))
        .where(published_entity.c.slug.in_(slugs))
    )
    allowed: dict[str, set[str]] = {each.vocabulary or each.kind or "": set() for each in filters}
    for row in connection.execute(statement):
        allowed.setdefault(row.value or row.kind, set()).add(row.slug)
    return allowed


def _unknown(connection: Connection, given: Filter, value: Any) -> str:
    """What to say of a value that nothing published has, with those that are allowed or the nearest of them."""
    statement = select(published_entity.c.slug).order_by(published_entity.c.slug)
    if given.vocabulary:
        entities = select(facet.c.entity_id).where(facet.c.name == "vocabulary", facet.c.value == given.vocabulary)
        statement = statement.where(published_entity.c.kind == "term", published_entity.c.id.in_(entities))
    else:
        statement = statement.where(published_entity.c.kind == given.kind)
    slugs = list(connection.execute(statement.limit(1000)).scalars())
    close = get_close_matches(str(value), slugs, n=1)
    hint = f" Did you mean '{close[0]}'?" if close else ""
    if len(slugs) <= SHOWN:
        return f"'{value}' is not published.{hint} Allowed: {', '.join(slugs) or 'nothing yet'}."
    return f"'{value}' is not published.{hint} Allowed: the slugs of published entities of kind {given.kind or 'term'}."
