"""Styles and scripts: bundled from the rooms' `static/`, named by what is in them, so that they may be kept for ever.

`/assets/{digest}/{name}` is immutable. Where the digest is another version's (an old page, a new server) the present
file is answered and may be kept for a short while only.
"""

import hashlib
from functools import cache
from pathlib import Path

from flask import Response

from app.errors import NotFound

ROOMS = Path(__file__).parent.parent
IMMUTABLE = "public, max-age=31536000, immutable"

BUNDLES = {
    "site.css": tuple(f"look/static/{name}.css" for name in ("tokens", "base", "parts", "site", "print")),
    "card.css": tuple(f"look/static/{name}.css" for name in ("tokens", "base", "parts", "card")),
    "card.js": ("look/static/card.js",),
    "player.js": ("embed/static/player.js",),
    "browse.js": ("pages/static/browse.js",),
    "builder.js": ("embed/static/builder.js",),
    "mark.svg": ("look/static/mark.svg",),
}
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@cache
def content(name: str) -> bytes:
    """The bytes of a bundle."""
    return b"\n".join((ROOMS / part).read_bytes() for part in BUNDLES[name])


@cache
def address(name: str) -> str:
    """The path under which this version of a bundle is served."""
    return f"/assets/{_digest(content(name))}/{name}"


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:16]


def asset_response(digest: str, name: str) -> Response:
    """A bundle. Raises `NotFound` for a name that is none."""
    if name not in BUNDLES:
        raise NotFound("There is nothing at this address.")
    response = Response(content(name), mimetype=TYPES[Path(name).suffix])
    if digest == _digest(content(name)):
        response.headers["Cache-Control"] = IMMUTABLE
    return response
