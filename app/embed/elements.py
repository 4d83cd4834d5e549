"""`/embed/v1/limber.js`: the custom elements that partners put into their pages."""

import base64
import hashlib
from functools import cache
from pathlib import Path

from flask import Response

from app.look.assets import IMMUTABLE

ELEMENTS_PATH = "/embed/v1/limber.js"
"""Partners' pages have the digest of the script, so version 1 never changes: a change needs a version 2."""


@cache
def elements() -> bytes:
    """The script of the custom elements."""
    return (Path(__file__).parent / "static/limber.v1.js").read_bytes()


@cache
def elements_integrity() -> str:
    """The script's subresource integrity."""
    return "sha384-" + base64.b64encode(hashlib.sha384(elements()).digest()).decode()


def elements_response() -> Response:
    """The script of the custom elements, which any origin may load and keep for ever."""
    response = Response(elements(), mimetype="text/javascript")
    response.headers["Cache-Control"] = IMMUTABLE
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
