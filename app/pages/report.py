"""`/report`: where to say that something did harm or is wrong, and what to do first."""

from flask import Response, request

from app.look.html import html_response
from app.look.parameters import known, language
from app.web.installed import settings

LONGEST = 500
"""Characters of `about` that are shown: it is any text, and tells a person what the report is about."""


def report_response() -> Response:
    """The page. Who runs the service sets the address of reports (`REPORT_ADDRESS`); without it, the page says so."""
    known("lang", "about")
    return html_response(
        "pages/templates/report.html",
        language(),
        about=request.args.get("about", "")[:LONGEST],
        report_address=settings().report_address,
    )
