"""Reading what is published: lists and single documents as bytes. No ORM, no parsing, no HTTP."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from app.columns.memory import state_reader
from app.content import canonical_json
from app.content.content_type import ContentType, Document
from app.content.documents import ALWAYS_KEPT
from app.delivery import cursors
from app.delivery.conditions import SORT_COLUMNS, Condition, SortKey, with_slug
from app.delivery.expanding import expand
from app.delivery.faceting import Facets, count
from app.delivery.listing import Listing
from app.delivery.notices import notices
from app.delivery.rankings import default_order, rank_of, rankings, understood_query
from app.delivery.slugs import present_conditions, present_slug
from app.errors import NotFound
from app.models.tables import document
from app.search.distance import Near
from app.search.queries import loosened
from app.shapes.languages import DEFAULT_LANGUAGE

_DOCUMENT = select(document.c.body).where(
    document.c.kind == bindparam("kind"),
    document.c.language == bindparam("language"),
    document.c.slug == bindparam("slug"),
)
_DOCUMENTS = select(document.c.entity_id, document.c.body, *SORT_COLUMNS.values()).where(
    document.c.language == bindparam("language"),
    document.c.entity_id.in_(bindparam("entity_ids", expanding=True)),
)

DEFAULT_LIMIT = 20
MAX_LIMIT = 100


@dataclass(frozen=True)
class ListRequest:
    """What a client asks of a list. `scope` holds the conditions that the address implies; `query` is not empty."""

    content_type: ContentType
    conditions: tuple[Condition, ...] = ()
    scope: tuple[Condition, ...] = ()
    sort: tuple[SortKey, ...] = ()
    limit: int = DEFAULT_LIMIT
    cursor: str | None = None
    fields: Sequence[str] = ()
    language: str = DEFAULT_LANGUAGE
    query: str | None = None
    near: Near | None = None
    facets: Sequence[str] = ()
    expand: Sequence[str] = ()

    @property
    def order(self) -> tuple[SortKey, ...]:
        """The order asked for, else the default order. It is total: no two documents are equal in it."""
        return with_slug(self.sort or default_order(self.query, self.near))

    @property
    def fingerprint(self) -> str:
        """A digest of everything that decides the list's order. A cursor works only with the same fingerprint."""
        conditions = [[met.filter.parameter, *map(str, met.values)] for met in (*self.scope, *self.conditions)]
        keys = [[key.name, key.descending] for key in self.order]
        near = [self.near.latitude, self.near.longitude, self.near.radius_km] if self.near else None
        return cursors.fingerprint(self.content_type.kind, self.language, conditions, keys, self.query, near)


@dataclass(frozen=True)
class Page:
    """One page of a list: documents, the number of all that match, the next page's cursor, the facets asked for."""

    bodies: Sequence[bytes]
    total: int
    next: str | None
    facets: Facets = field(default_factory=dict)
    notices: Sequence[Document] = ()

    def dump(self, limit: int) -> bytes:
        """The page as it is sent, except for the origin."""
        page = canonical_json.dump({"limit": limit, "total": self.total, "next": self.next})
        facets = b',"facets":' + canonical_json.dump(self.facets) if self.facets else b""
        notices = b',"notices":' + canonical_json.dump(list(self.notices))
        return b'{"items":[' + b",".join(self.bodies) + b'],"page":' + page + notices + facets + b"}"


@dataclass(frozen=True)
class Moved:
    """An entity that has another slug now."""

    slug: str


def read_page(connection: Connection, request: ListRequest) -> Page:
    """One page of a list, in two queries: one asks for the current state, one reads the documents.

    More queries are needed for a state or a filter's value that was not asked for before, behind a cursor (one or two),
    for a search (a few), and for each kind that names facets or is expanded (one).
    Former slugs in filters are read as the present ones. Raises `InvalidParameters` for a filter's value that is not
    published, and `MalformedCursor`.
    """
    content_type, keys = request.content_type, request.order
    carried, position = _position(request)
    reader = state_reader(connection)
    conditions = present_conditions(reader, request.conditions)
    understood = understood_query(reader, request.query, request.language, carried)
    while True:
        listing = Listing(
            reader,
            content_type.kind,
            request.language,
            scope=request.scope,
            conditions=conditions,
            rankings=rankings(reader, understood, request.near, kind=content_type.kind, language=request.language),
        )
        if listing.total or carried is not None or understood is None or understood.least <= 1:
            break
        understood = loosened(understood)
    shown = listing.page(keys, position, request.limit + 1)
    rows = _documents(connection, request.language, [entity_id for entity_id, _rank in shown])
    following = None
    if len(rows) > request.limit:
        last, rank = rows[request.limit - 1], shown[request.limit - 1][1]
        values = [str(getattr(last, SORT_COLUMNS[key.name].name) if key.name in SORT_COLUMNS else rank) for key in keys]
        following = cursors.encode(request.fingerprint, ([understood.dump()] if understood else []) + values)
    bodies = shape(
        connection,
        content_type,
        [row.body for row in rows[: request.limit]],
        fields=request.fields,
        expansions=request.expand,
        language=request.language,
    )
    facets = count(listing, content_type, conditions=conditions, asked=request.facets)
    return Page(bodies, listing.total, following, facets, notices(reader, conditions, request.language))


def _documents(connection: Connection, language: str, entity_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """The documents of entities, in their order, in one query."""
    parameters = {"language": language, "entity_ids": entity_ids}
    rows = {row.entity_id: row for row in connection.execute(_DOCUMENTS, parameters)}
    return [rows[entity_id] for entity_id in entity_ids]


def _position(request: ListRequest) -> tuple[str | None, list[str | int] | None]:
    """What a cursor carries: the query as it was understood, and the sort values after which the page begins."""
    if request.cursor is None:
        return None, None
    searched = request.query is not None
    values = cursors.decode(request.cursor, request.fingerprint, len(request.order) + searched)
    position = [
        rank_of(value) if key.name in ("relevance", "distance") else value
        for key, value in zip(request.order, values[searched:], strict=True)
    ]
    return (values[0] if searched else None), position


def shape(
    connection: Connection,
    content_type: ContentType,
    bodies: Sequence[bytes],
    *,
    fields: Sequence[str],
    expansions: Sequence[str],
    language: str,
) -> Sequence[bytes]:
    """The documents as `fields` and `expand` want them; without either, as they are stored."""
    if not expansions:
        return [trim(body, fields) for body in bodies]
    documents = [json.loads(trim(body, fields)) for body in bodies]
    asked = [expansion for expansion in content_type.expansions if expansion.name in expansions]
    expand(connection, documents, asked, language)
    return [canonical_json.dump(document) for document in documents]


def read_document(
    connection: Connection, content_type: ContentType, slug: str, language: str = DEFAULT_LANGUAGE
) -> bytes | Moved:
    """A stored document, in one query; or the present slug of an entity that was renamed.

    Raises `NotFound`.
    """
    parameters = {"kind": content_type.kind, "language": language, "slug": slug}
    body = connection.execute(_DOCUMENT, parameters).scalar()
    if body is not None:
        return bytes(body)
    target = present_slug(connection, content_type.kind, slug)
    if target is None:
        raise NotFound(f"No published {content_type.noun} has the slug '{slug}'.")
    return Moved(target)


def trim(body: bytes, fields: Sequence[str]) -> bytes:
    """The document with only these fields; `kind`, `id` and `slug` always stay."""
    if not fields:
        return bytes(body)
    kept = {*ALWAYS_KEPT, *fields}
    return canonical_json.dump({key: value for key, value in json.loads(body).items() if key in kept})
