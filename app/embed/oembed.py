"""`/oembed` (oembed.com): takes a page's address and answers with the frame of its card, as JSON or XML."""

import json
import re
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from flask import Response, request
from markupsafe import escape

from app.delivery.pages import Moved
from app.errors import Fault, InvalidParameters, NotFound, UnsupportedFormat
from app.look.page_documents import Document, framed, read_one
from app.look.parameters import THEMES
from app.shapes.languages import DEFAULT_LANGUAGE, requested
from app.web.installed import database, settings

FORMATS = {"json": "application/json", "xml": "text/xml"}
WIDTH, HEIGHT = 600, 640
"""Pixels of a frame, unless `maxwidth` or `maxheight` is less."""
LARGEST = 100_000
_PATH = re.compile(r"/(?:embed/)?([a-z-]+)/([a-z0-9]+(?:-[a-z0-9]+)*)/?")
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def oembed_response() -> Response:
    """What to embed for `url`, at most `maxwidth` by `maxheight` pixels.

    Raises `UnsupportedFormat` for an unknown `format`, `NotFound` if `url` is not the address of a published page here,
    and `InvalidParameters` without `url` or for malformed sizes. Other parameters are ignored, as consumers send their
    own.
    """
    wanted = request.args.get("format", "json")
    if wanted not in FORMATS:
        raise UnsupportedFormat(f"The format '{wanted[:40]}' is not one of: {', '.join(FORMATS)}.")
    url = request.args.get("url")
    if not url:
        raise InvalidParameters([Fault("url", "Required: the address of an exercise's or a routine's page.")])
    width, height = _size("maxwidth", WIDTH), _size("maxheight", HEIGHT)
    document, query = _read(url)
    card = document["links"]["embed"] + (f"?{urlencode(query)}" if query else "")
    answer = {
        "version": "1.0",
        "type": "rich",
        "provider_name": "Limber",
        "provider_url": f"{settings().public_origin}/",
        "title": document["name"],
        "cache_age": settings().delivery_max_age_seconds,
        "html": frame(card, document["name"], width, height),
        "width": width,
        "height": height,
    }
    body = _xml(answer) if wanted == "xml" else json.dumps(answer, ensure_ascii=False)
    response = Response(body, mimetype=FORMATS[wanted])
    response.headers["Content-Language"] = document["language"]
    return response


def frame(card: str, title: str, width: int | str, height: int) -> str:
    """The element that frames a card."""
    return (
        f'<iframe src="{escape(card)}" title="{escape(title)}" width="{width}" height="{height}"'
        ' frameborder="0" loading="lazy"></iframe>'
    )


def _size(name: str, usual: int) -> int:
    value = request.args.get(name)
    if not value:
        return usual
    if not re.fullmatch(r"[0-9]{1,6}", value, re.ASCII) or not 1 <= int(value) <= LARGEST:
        raise InvalidParameters([Fault(name, f"Must be a whole number of pixels from 1 to {LARGEST}.")])
    return min(usual, int(value))


def _read(url: str) -> tuple[Document, list[tuple[str, str]]]:
    """The document of a page's address, and the query parameters that its card understands."""
    parts = _split(url)
    path = _PATH.fullmatch(parts.path) if parts else None
    if parts is None or path is None or path[1] not in framed():
        raise NotFound("This is not the address of an exercise or a routine of this site.")
    collection, slug = path[1], path[2]
    query = [(name, value) for name, value in parse_qsl(parts.query) if _card_takes(name, value)]
    language = requested(dict(query).get("lang", "")) or DEFAULT_LANGUAGE
    with database().released() as connection:
        document = read_one(connection, framed()[collection], slug, language)
        if isinstance(document, Moved):
            document = read_one(connection, framed()[collection], document.slug, language)
    if isinstance(document, Moved):
        raise NotFound("Nothing published has this address.")
    return document, query


def _split(url: str) -> SplitResult | None:
    """The parts of an address, or None if it is not on this origin."""
    try:
        parts = urlsplit(url)
        own = urlsplit(settings().public_origin)
        same_port = (parts.port or _port(parts)) == (own.port or _port(own))
    except ValueError:
        return None
    clean = url == url.strip() and "\\" not in url and "@" not in parts.netloc and url.isprintable()
    same = parts.scheme in ("http", "https") and parts.scheme == own.scheme and parts.hostname == own.hostname
    return parts if clean and same and same_port else None


def _port(parts: SplitResult) -> int:
    return 443 if parts.scheme == "https" else 80


def _card_takes(name: str, value: str) -> bool:
    if name == "lang":
        return requested(value) is not None
    allowed = {"intensity": tuple("12345"), "theme": THEMES}
    return value in allowed.get(name, ())


def _xml(answer: dict[str, Any]) -> str:
    elements = "".join(f"<{name}>{escape(_NOT_IN_XML.sub('', str(value)))}</{name}>" for name, value in answer.items())
    return f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<oembed>{elements}</oembed>\n'
