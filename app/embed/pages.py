"""Pages for people: an exercise, a routine."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from flask import Response, redirect

from app.delivery.pages import Moved
from app.embed import json_ld
from app.embed.body_map import body_map
from app.embed.published import Document, framed, read_one
from app.embed.rendering import html_response
from app.embed.requests import Language, intensity, known, language
from app.embed.views import (
    chosen_level,
    exercises_of,
    language_query,
    page_address,
    qr_code,
    shared_map,
    sources_of,
    stop_ifs,
)
from app.embed.wording import SECTIONS, Wording
from app.shapes.languages import LANGUAGES
from app.web.installed import database, settings

Values = dict[str, Any]

MOST_WITH_STEPS = 8
"""Items of a routine whose handout of one page has room for their steps."""


def page_response(collection: str, slug: str) -> Response:
    """An exercise's or a routine's page, or 308 to where its entity went."""
    known("lang", "intensity")
    chosen = language()
    with database().released() as connection:
        document = read_one(connection, framed()[collection], slug, chosen.tag)
        if isinstance(document, Moved):
            return moved(f"/{collection}/{document.slug}", chosen)
        describe: Mapping[str, Callable[[], Values]] = {
            "exercises": lambda: exercise_values(document),
            "routines": lambda: routine_values(document, exercises_of(connection, document)),
        }
        values = describe[collection]() | {"sources": sources_of(connection, document)}
    response = html_response(f"embed/{document['kind']}.html", chosen, **head_values(document), **values)
    _add_discovery(response, document)
    return response


def moved(path: str, chosen: Language) -> Response:
    """308 to an entity's present address, in the language that was asked for."""
    query = "" if chosen.negotiated else language_query(chosen.tag)
    return redirect(path + query, 308)  # type: ignore[return-value]  # werkzeug's response is ours


def head_values(document: Document) -> Values:
    """What the head of a page is given."""
    address = page_address(document)
    json_ld_of = json_ld.of_exercise if document["kind"] == "exercise" else json_ld.of_routine
    html = document["links"]["html"]
    alternates = [(tag, html + language_query(tag)) for tag in LANGUAGES]
    return {
        "document": document,
        "address": address,
        "alternates": [*alternates, ("x-default", html)] if len(LANGUAGES) > 1 else [],
        "oembed": oembed_address(address),
        "json_ld": json_ld.script_content(json_ld_of(document)),
        "qr": qr_code(address),
    }


def oembed_address(address: str) -> str:
    """The oEmbed endpoint's answer about a page, but for the format."""
    return f"{settings().public_origin}/oembed?url={quote(address, safe='')}"


def _add_discovery(response: Response, document: Document) -> None:
    endpoint = oembed_address(page_address(document))
    links = [f'<{page_address(document)}>; rel="canonical"']
    links += [
        f'<{endpoint}&format={name}>; rel="alternate"; type="{media_type}+oembed"'
        for name, media_type in (("json", "application/json"), ("xml", "text/xml"))
    ]
    response.headers["Link"] = ", ".join(links)


def exercise_values(document: Document, *, whole_map: bool = True) -> Values:
    """What the page and the card of an exercise have in common."""
    wording = Wording(document["language"])
    return {
        "chosen": chosen_level(document, intensity()),
        "map": body_map(document["muscles"], document["regions"], wording, whole=whole_map),
    }


def routine_values(document: Document, exercises: Mapping[str, Document]) -> Values:
    """What the page and the card of a routine have in common."""
    wording = Wording(document["language"])
    muscles = shared_map(exercises)
    order = list(SECTIONS)
    items = [item for stage in document["stages"] for item in stage["items"]]
    for item in items:
        item["section_order"] = order.index(item["section"])
        if len(items) <= MOST_WITH_STEPS and item["exercise"]["slug"] in exercises:
            item["steps"] = exercises[item["exercise"]["slug"]]["steps"]
    return {
        "muscles": muscles,
        "map": body_map(muscles, document["regions"], wording),
        "stop_ifs": stop_ifs(exercises),
    }
