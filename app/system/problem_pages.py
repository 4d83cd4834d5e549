"""`/problems` and `/problems/{name}`: what each problem of the API means."""

import re

from flask import Response
from markupsafe import Markup, escape

from app.errors import NotFound
from app.system.responses import page_response
from app.web.problem_table import PROBLEMS

BY_STATUS = sorted(PROBLEMS.values(), key=lambda problem: problem.status)


def problems_page() -> Response:
    """All problems, by status."""
    return page_response("system/templates/problems.html", problems=BY_STATUS)


def problem_page(name: str) -> Response:
    """One problem. Raises `NotFound`."""
    if name not in PROBLEMS:
        raise NotFound(f"There is no problem '{name}'. There are: {', '.join(PROBLEMS)}.")
    return page_response("system/templates/problem.html", problem=PROBLEMS[name])


def with_code(text: str) -> Markup:
    """Text whose `words in backticks` are code, as HTML."""
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704  # escaped, but for our tags
