"""What the pages of exercises and routines have in common: head, sources, QR code, and where a renamed one went."""

from collections.abc import Callable, Mapping
from urllib.parse import quote

import segno
from flask import Response
from markupsafe import Markup
from sqlalchemy import Connection

from app.delivery.pages import Moved
from app.look.html import html_response, moved, script_content
from app.look.page_documents import Document, framed, read_many, read_one
from app.look.parameters import known, language
from app.look.template_values import Values, language_query, page_address
from app.shapes.languages import LANGUAGES
from app.sources.kind import SOURCE
from app.web.installed import database, settings


def document_page(
    collection: str,
    slug: str,
    *,
    linked_data: Callable[[Document], Document],
    values: Callable[[Connection, Document], Values],
) -> Response:
    """An entity's page, or 308 to where the entity went.

    `values` are what the template of this kind is given besides; `linked_data` is what the page says to machines.
    """
    known("lang", "intensity")
    chosen = language()
    with database().released() as connection:
        document = read_one(connection, framed()[collection], slug, chosen.tag)
        if isinstance(document, Moved):
            return moved(f"/{collection}/{document.slug}", chosen)
        body = values(connection, document) | {"sources": _sources_of(connection, document)}
    head = _head_values(document) | {"json_ld": script_content(linked_data(document))}
    response = html_response(f"pages/templates/{document['kind']}.html", chosen, **head, **body)
    _add_discovery(response, document)
    return response


def _head_values(document: Document) -> Values:
    """What the head of a page is given."""
    address = page_address(document)
    html = document["links"]["html"]
    alternates = [(tag, html + language_query(tag)) for tag in LANGUAGES]
    return {
        "document": document,
        "address": address,
        "alternates": [*alternates, ("x-default", html)] if len(LANGUAGES) > 1 else [],
        "oembed": _oembed_address(address),
        "qr": _qr_code(address),
    }


def _oembed_address(address: str) -> str:
    """The oEmbed endpoint's answer about a page, but for the format."""
    return f"{settings().public_origin}/oembed?url={quote(address, safe='')}"


def _add_discovery(response: Response, document: Document) -> None:
    endpoint = _oembed_address(page_address(document))
    links = [f'<{page_address(document)}>; rel="canonical"']
    links += [
        f'<{endpoint}&format={name}>; rel="alternate"; type="{media_type}+oembed"'
        for name, media_type in (("json", "application/json"), ("xml", "text/xml"))
    ]
    response.headers["Link"] = ", ".join(links)


def _sources_of(connection: Connection, document: Document) -> Mapping[str, Document]:
    """The documents of the sources that a document cites, by slug."""
    slugs = [each["source"]["slug"] for each in document["citations"]]
    slugs += [each["source"]["slug"] for each in document.get("tips", ()) if each["source"]]
    return read_many(connection, SOURCE, slugs, document["language"])


def _qr_code(address: str) -> Markup:
    """An address as a QR code: inline SVG that print shows beside the same address in letters."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(
        border=0, omitsize=True, svgclass="qr", lineclass=None, unit=""
    )
    return Markup(drawn.replace("<svg ", '<svg role="img" aria-label="QR code" ', 1))  # noqa: S704  # segno's own drawing
