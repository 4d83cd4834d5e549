"""The sitemap (sitemaps.org): every page of every exercise and routine, in files of at most 50,000 addresses."""

from collections.abc import Sequence

from flask import Response
from markupsafe import escape
from sqlalchemy import Connection, func, select

from app.errors import NotFound
from app.look.page_documents import framed
from app.models.tables import document
from app.shapes.languages import DEFAULT_LANGUAGE
from app.web.installed import database, settings

MOST = 50_000
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap_response() -> Response:
    """All addresses; if they are too many for one file, the list of files."""
    with database().released() as connection:
        pages = select(func.count()).where(document.c.kind.in_(_collections()), document.c.language == DEFAULT_LANGUAGE)
        count = connection.execute(pages).scalar_one() + 1
        if count <= MOST:
            return _addresses(connection, 1)
    origin = settings().public_origin
    parts = [f"<sitemap><loc>{origin}/sitemap-{n}.xml</loc></sitemap>" for n in range(1, -(-count // (MOST - 1)) + 1)]
    return _xml("sitemapindex", parts)


def sitemap_part_response(number: int) -> Response:
    """One file of addresses. Raises `NotFound` beyond the last."""
    with database().released() as connection:
        return _addresses(connection, number)


def _addresses(connection: Connection, number: int) -> Response:
    origin, collections = settings().public_origin, _collections()
    statement = (
        select(document.c.kind, document.c.slug, document.c.published_at)
        .where(document.c.kind.in_(_collections()), document.c.language == DEFAULT_LANGUAGE)
        .order_by(document.c.kind, document.c.slug)
        .limit(MOST - 1)
        .offset((number - 1) * (MOST - 1))
    )
    rows = connection.execute(statement).all()
    if not rows and number > 1:
        raise NotFound("The sitemap has no such part.")
    entries = [f"<url><loc>{origin}/</loc></url>"] if number == 1 else []
    entries += [
        f"<url><loc>{escape(f'{origin}/{collections[row.kind]}/{row.slug}')}</loc><lastmod>{row.published_at}</lastmod></url>"
        for row in rows
    ]
    return _xml("urlset", entries)


def _xml(root: str, parts: Sequence[str]) -> Response:
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">{"".join(parts)}</{root}>\n'
    return Response(body, mimetype="application/xml")


def _collections() -> dict[str, str]:
    """The collections that have pages, by kind."""
    return {content_type.kind: collection for collection, content_type in framed().items()}


def robots_response() -> Response:
    """Robots may read everything; the sitemap's address."""
    body = f"User-agent: *\nAllow: /\n\nSitemap: {settings().public_origin}/sitemap.xml\n"
    return Response(body, mimetype="text/plain")
