"""Reading published documents for pages: parsed, with the origin in them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import Flask
from sqlalchemy import Connection, select

from app.content.content_type import ContentType
from app.content.documents import with_origin
from app.delivery.conditions import Condition
from app.delivery.pages import ListRequest, Moved, read_document, read_page
from app.delivery.routes import installed_catalogue
from app.models.tables import document
from app.web.installed import settings

Document = dict[str, Any]


def framed(app: Flask | None = None) -> Mapping[str, ContentType]:
    """The kinds that have pages and cards, by collection."""
    catalogue = installed_catalogue.of(app) if app else installed_catalogue()
    return {kind.collection: kind for kind in catalogue if kind.pages}


def parsed(body: bytes) -> Document:
    """A stored document with this service's origin in it."""
    content: Document = json.loads(with_origin(body, settings().public_origin))
    return content


def read_one(connection: Connection, content_type: ContentType, slug: str, language: str) -> Document | Moved:
    """A document, or the present slug of a renamed entity. Raises `NotFound`."""
    stored = read_document(connection, content_type, slug, language)
    return stored if isinstance(stored, Moved) else parsed(stored)


def read_many(
    connection: Connection, content_type: ContentType, slugs: Iterable[str], language: str
) -> Mapping[str, Document]:
    """The documents of these slugs, by slug, in one query. Slugs that are not published are left out."""
    wanted = sorted(set(slugs))
    if not wanted:
        return {}
    statement = select(document.c.slug, document.c.body).where(
        document.c.kind == content_type.kind,
        document.c.language == language,
        document.c.slug.in_(wanted),
    )
    return {row.slug: parsed(row.body) for row in connection.execute(statement)}


def read_list(
    connection: Connection,
    content_type: ContentType,
    language: str,
    *,
    conditions: Sequence[Condition] = (),
    scope: Sequence[Condition] = (),
    limit: int,
    cursor: str | None = None,
    query: str | None = None,
) -> tuple[list[Document], int, str | None]:
    """Documents by name, or by relevance to a query; the number of all that match; the cursor of the next page."""
    page = read_page(
        connection,
        ListRequest(
            content_type=content_type,
            conditions=tuple(conditions),
            scope=tuple(scope),
            limit=limit,
            cursor=cursor,
            language=language,
            query=query,
        ),
    )
    return [parsed(body) for body in page.bodies], page.total, page.next
