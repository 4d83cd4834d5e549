"""What the pages of exercises and routines have in common: head, sources, QR code, redirects of former slugs."""

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
from app.look.red_flags import red_flags
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
    """An entity's page, or 308 to the present address of a renamed entity.

    `values` gives what the template of this kind needs beside the document; `linked_data` gives the page's JSON-LD.
    """
    known("lang", "intensity")
    chosen = language()
    with database().released() as connection:
        document = read_one(connection, framed()[collection], slug, chosen.tag)
        if isinstance(document, Moved):
            return moved(f"/{collection}/{document.slug}", chosen)
        body = values(connection, document) | {
            "sources": _sources_of(connection, document),
            "red_flags": red_flags(connection, document["conditions"], document["language"]),
        }
    head = _head_values(document) | {"json_ld": script_content(linked_data(document))}
    response = html_response(f"pages/templates/{document['kind']}.html", chosen, **head, **body)
    _add_discovery(response, document)
    return response


def _head_values(document: Document) -> Values:
    """The values for the head of a page."""
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
    """The address of a page's oEmbed answer, without the format."""
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
    slugs = [citation["source"]["slug"] for citation in document["citations"]]
    slugs += [tip["source"]["slug"] for tip in document.get("tips", ()) if tip["source"]]
    return read_many(connection, SOURCE, slugs, document["language"])


def _qr_code(address: str) -> Markup:
    """An address as a QR code in inline SVG, for the printed page, which shows the address in letters too."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(
        border=0, omitsize=True, svgclass="qr", lineclass=None, unit=""
    )
    return Markup(drawn.replace("<svg ", '<svg role="img" aria-label="QR code" ', 1))  # noqa: S704  # segno's own drawing
