"""Errors for people: a browser that asks for a page or a card gets the problem as a small page of the same status."""

import json

from flask import Response, render_template, request

from app.look.html import ALONE, PAGE_POLICY
from app.look.parameters import THEMES
from app.look.template_values import template_values
from app.look.wording import Wording
from app.shapes.languages import lookup, requested
from app.web.declarations import declared
from app.web.installed import settings
from app.web.problems import MEDIA_TYPE

CARDS = ("/embed/exercises/", "/embed/routines/")
TEXTS = {
    404: ("This is not here", "Nothing published has this address. It may have been renamed or taken back."),
    422: ("This address has a mistake", "A part of the address is not one that is known here."),
    503: ("Not just now", "The service cannot answer at the moment. Please try again in a little while."),
}
OTHERWISE = ("Something went wrong", "The service could not show this page.")


def for_people(response: Response) -> Response:
    """The response; a problem becomes a page if the client prefers HTML to problem details."""
    if response.mimetype != MEDIA_TYPE or declared().gives or request.method not in ("GET", "HEAD"):
        return response
    is_card = request.path.startswith(CARDS)
    offers = ["text/html", MEDIA_TYPE, "application/json"] if is_card else [MEDIA_TYPE, "application/json", "text/html"]
    response.vary.add("Accept")
    if request.accept_mimetypes.best_match(offers, offers[0]) != "text/html":
        return response
    problem = json.loads(response.get_data())
    wording = Wording(_language())
    title, text = (wording(words) for words in TEXTS.get(response.status_code, OTHERWISE))
    details = [fault["detail"] for fault in problem.get("errors", ())] if response.status_code == 422 else []
    theme = request.args.get("theme", "auto")
    response.set_data(
        render_template(
            "look/templates/card_problem.html" if is_card else "look/templates/problem.html",
            **template_values(wording),
            title=title,
            text=" ".join([text, *details]),
            status=response.status_code,
            theme=theme if theme in THEMES else "auto",
            home=f"{settings().public_origin}/",
        )
    )
    response.content_type = "text/html; charset=utf-8"
    response.headers["Content-Language"] = wording.language
    # The page shows nothing of the catalogue. Anybody may frame it, so that visitors see why there is no card.
    response.headers["Content-Security-Policy"] = f"{PAGE_POLICY}; {'frame-ancestors *' if is_card else ALONE}"
    return response


def _language() -> str:
    return requested(request.args.get("lang", "")) or lookup(request.accept_languages)
