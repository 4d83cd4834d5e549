"""Answers that several files of this room give: JSON, and pages with their policy."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Response, render_template

PAGE_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def json_response(content: Mapping[str, Any], mimetype: str = "application/json", *, store: bool = True) -> Response:
    """JSON. `store=False` where it is true for this moment only."""
    response = Response(json.dumps(content, ensure_ascii=False), mimetype=mimetype)
    if not store:
        response.headers["Cache-Control"] = "no-store"
    return response


def page_response(template: str, policy: str = PAGE_CSP, **values: Any) -> Response:
    """A rendered template, with its Content-Security-Policy."""
    response = Response(render_template(template, **values), mimetype="text/html")
    response.headers["Content-Security-Policy"] = policy
    return response
