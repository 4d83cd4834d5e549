"""`/`: the catalogue to browse, with search and filters."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from sqlalchemy import Connection

from app.delivery.conditions import Condition, conditions_of
from app.delivery.routes import scope_of
from app.delivery.slugs import present_slug
from app.errors import Fault, InvalidParameters
from app.exercises.kind import EXERCISE
from app.look.html import html_response
from app.look.page_documents import read_list
from app.look.parameters import known, language
from app.look.red_flags import red_flags
from app.look.wording import INTENSITIES, Wording
from app.routines.kind import ROUTINE
from app.search.queries import has_words
from app.vocabularies.kind import TERM
from app.web.installed import database, settings

ON_A_PAGE = 24
LONGEST_QUERY = 200
"""Characters of a search; the rest is ignored. The page's search field takes no more."""
MOST_ROUTINES = 24
ABOUT = "upper-back-pain"
"""The condition that this page is about: it says when to get help with it."""
FILTERS = {"region": "region", "max_intensity": "max_intensity", "equipment": "equipment"}
PARAMETERS = ("q", "lang", "cursor", *FILTERS)


def home_response() -> Response:
    """Exercises and routines, all or those asked for. Raises `InvalidParameters` and `MalformedCursor`."""
    known(*PARAMETERS)
    chosen = language()
    wording = Wording(chosen.tag)
    words = request.args.get("q", "").strip()[:LONGEST_QUERY]
    query = words if has_words(words) else None
    asked = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    with database().released() as connection:
        choices = [
            _vocabulary(connection, "region", "Region", "Any region", chosen.tag),
            {
                "name": "max_intensity",
                "label": "Intensity",
                "any": "Any intensity",
                "options": [
                    (str(value), wording("Up to {level}", level=wording(label).lower()))
                    for value, label in INTENSITIES.items()
                ],
            },
            _vocabulary(connection, "equipment", "Equipment", "Any equipment", chosen.tag),
        ]
        asked = _present(connection, choices, asked)
        flags = red_flags(connection, [{"slug": ABOUT}], chosen.tag)
        exercises, total, following = read_list(
            connection,
            EXERCISE,
            chosen.tag,
            conditions=_conditions(asked),
            limit=ON_A_PAGE,
            cursor=request.args.get("cursor") or None,
            query=query,
        )
        routines = [] if asked else read_list(connection, ROUTINE, chosen.tag, limit=MOST_ROUTINES, query=query)[0]
    kept = {name: value for name, value in request.args.items() if name != "cursor" and value}
    return html_response(
        "pages/templates/home.html",
        chosen,
        address=f"{settings().public_origin}/",
        q=words,
        choices=[choice | {"chosen": asked.get(choice["name"], "")} for choice in choices],
        exercises=exercises,
        total=total,
        red_flags=flags,
        routines=routines,
        following=f"/?{urlencode({**kept, 'cursor': following})}" if following else None,
    )


def _vocabulary(connection: Connection, name: str, label: str, anything: str, tag: str) -> dict[str, Any]:
    """A filter whose values are a vocabulary's terms."""
    vocabulary = {"region": "regions", "equipment": "equipment"}[name]
    terms, _, _ = read_list(connection, TERM, tag, scope=[scope_of("vocabulary", vocabulary)], limit=200)
    options = [(term["slug"], term["name"]) for term in terms]
    return {"name": name, "label": label, "any": anything, "options": options}


def _present(connection: Connection, choices: Sequence[dict[str, Any]], asked: dict[str, str]) -> dict[str, str]:
    """What was asked for, with the present slugs of renamed terms. Raises `InvalidParameters` for any other value."""
    present = dict(asked)
    for choice in choices:
        name, allowed = choice["name"], [value for value, _ in choice["options"]]
        if name in asked and asked[name] not in allowed:
            present[name] = present_slug(connection, TERM.kind, asked[name]) or ""
            if present[name] not in allowed:
                raise InvalidParameters([Fault(name, f"Must be one of: {', '.join(allowed) or 'nothing yet'}.")])
    return present


def _conditions(asked: dict[str, str]) -> tuple[Condition, ...]:
    values: dict[str, Any] = {name: int(value) if name == "max_intensity" else [value] for name, value in asked.items()}
    return conditions_of(EXERCISE.filters, values)
