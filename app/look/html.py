"""HTML responses, with Content-Security-Policy, language and `Vary`."""

import json
from typing import Any

from flask import Response, redirect, render_template
from markupsafe import Markup

from app.look.parameters import Language
from app.look.template_values import language_query, template_values
from app.look.wording import Wording

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " base-uri 'none'; form-action 'self'"
)
ALONE = "frame-ancestors 'none'"


def html_response(
    template: str, language: Language, *, policy: str = f"{PAGE_POLICY}; {ALONE}", **values: Any
) -> Response:
    """A rendered template. `policy` is its Content-Security-Policy. Only cards may be framed."""
    wording = Wording(language.tag)
    content = render_template(template, **template_values(wording), **values)
    response = Response(content, mimetype="text/html")
    response.headers["Content-Security-Policy"] = policy
    response.headers["Content-Language"] = language.tag
    if language.negotiated:
        response.vary.add("Accept-Language")
    return response


def moved(path: str, chosen: Language) -> Response:
    """308 to an entity's present address, in the language that was asked for."""
    query = "" if chosen.negotiated else language_query(chosen.tag)
    return redirect(path + query, 308)  # type: ignore[return-value]  # werkzeug's response is ours


def script_content(value: Any) -> Markup:
    """JSON for a `<script>` element, escaped so that no text in it can end the element or begin a comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    escaped = text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    return Markup(escaped.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))  # noqa: S704  # escaped above
