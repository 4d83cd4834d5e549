"""Answers of HTML: rendered, with their policy, language and `Vary`."""

from typing import Any

from flask import Response, render_template

from app.look.assets import address as asset
from app.look.parameters import Language
from app.look.template_values import template_values
from app.look.wording import Wording

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " base-uri 'none'; form-action 'self'"
)
ALONE = "frame-ancestors 'none'"


def html_response(
    template: str, language: Language, *, status: int = 200, policy: str = f"{PAGE_POLICY}; {ALONE}", **values: Any
) -> Response:
    """A rendered template. `policy` is its Content-Security-Policy; nothing but cards may be framed."""
    wording = Wording(language.tag)
    content = render_template(template, **template_values(wording), **values)
    response = Response(content, status, mimetype="text/html")
    response.headers["Content-Security-Policy"] = policy
    response.headers["Content-Language"] = language.tag
    if language.negotiated:
        response.vary.add("Accept-Language")
    return response


def template_globals() -> dict[str, Any]:
    """What templates of other rooms use of the look: addresses of styles, and English where no language is chosen."""
    return {"asset": asset, "plain_wording": Wording("en")}
