"""Styles and scripts, bundled from the `static/` folders of the rooms.

`/assets/{digest}/{name}` has the digest of the content, so that clients may keep it for ever. An old page may ask a new
server for an old digest; then it gets the present file, which it may keep for a short while only.
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
    "player.js": ("embed/static/timelines.js", "embed/static/player.js"),
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
    """A bundle. Raises `NotFound` for an unknown name."""
    if name not in BUNDLES:
        raise NotFound("There is nothing at this address.")
    response = Response(content(name), mimetype=TYPES[Path(name).suffix])
    if digest == _digest(content(name)):
        response.headers["Cache-Control"] = IMMUTABLE
    return response
