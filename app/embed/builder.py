"""`/embed`, the embed builder: choose what to show, see it, copy the snippet."""

import re
from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from markupsafe import escape

from app.delivery.pages import Moved
from app.embed.elements import ELEMENTS_PATH, elements_integrity
from app.embed.oembed import HEIGHT, frame
from app.errors import Fault, InvalidParameters
from app.exercises.kind import EXERCISE
from app.look.html import ALONE, PAGE_POLICY, html_response
from app.look.page_documents import Document, read_list, read_one
from app.look.parameters import THEMES, choice, intensity, known, language
from app.look.wording import language_name
from app.routines.kind import ROUTINE
from app.shapes.fields import SLUG_MAX_LENGTH
from app.shapes.languages import DEFAULT_LANGUAGE, LANGUAGES
from app.web.installed import database, settings

MOST = 500
"""How many entities of a kind the builder lists."""
POLICY = f"{PAGE_POLICY}; frame-src 'self'; {ALONE}"
KINDS = {kind.kind: kind for kind in (EXERCISE, ROUTINE)}
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def builder_response() -> Response:
    """The builder page. Its query parameters hold the choices."""
    known("show", "exercise", "routine", "intensity", "theme", "lang", "partner")
    chosen, theme, level, partner = language(), choice("theme", THEMES, "auto"), intensity(), _partner()
    with database().released() as connection:
        named = {
            kind: [
                (item["slug"], item["name"]) for item in read_list(connection, KINDS[kind], chosen.tag, limit=MOST)[0]
            ]
            for kind in KINDS
        }
        kind, slug = _shown(named)
        document = read_one(connection, KINDS[kind], slug, chosen.tag) if slug else None
        if isinstance(document, Moved):
            document = read_one(connection, KINDS[kind], document.slug, chosen.tag)
    values: dict[str, Any] = {}
    if document and not isinstance(document, Moved):
        if (document["slug"], document["name"]) not in named[kind]:
            named[kind].append((document["slug"], document["name"]))
        options = _options(kind, level, chosen.tag, theme, partner)
        card = document["links"]["embed"] + (f"?{urlencode(options)}" if options else "")
        values = {"document": document, "card": card, "snippets": snippets(document, options, card)}
    return html_response(
        "embed/templates/builder.html",
        chosen,
        policy=POLICY,
        exercises=named["exercise"],
        routines=named["routine"],
        show=f"{kind}:{slug}",
        intensity=level,
        theme=theme,
        partner=partner,
        languages=[(tag, language_name(tag)) for tag in LANGUAGES],
        canonical=f"{settings().public_origin}/embed",
        **values,
    )


def _shown(named: dict[str, list[tuple[str, str]]]) -> tuple[str, str | None]:
    """The kind and slug that are chosen, or those of the first entity; the slug is None if there are no entities."""
    show = request.args.get("show") or next(
        (f"{kind}:{request.args[kind]}" for kind in KINDS if kind in request.args), ""
    )
    if not show:
        return next(((kind, named[kind][0][0]) for kind in KINDS if named[kind]), ("exercise", None))
    kind, _, slug = show.partition(":")
    if kind not in KINDS or not _is_slug(slug):
        raise InvalidParameters([Fault("show", "Must be exercise:SLUG or routine:SLUG.")])
    return kind, slug


def _partner() -> str:
    partner = request.args.get("partner", "").strip()
    if partner and not _is_slug(partner):
        raise InvalidParameters([Fault("partner", "Must be a partner's name: small letters, digits and hyphens.")])
    return partner


def _is_slug(text: str) -> bool:
    return len(text) <= SLUG_MAX_LENGTH and bool(_SLUG.fullmatch(text))


def _options(kind: str, level: int | None, tag: str, theme: str, partner: str) -> dict[str, str]:
    options = {
        "intensity": str(level) if level and kind == "exercise" else "",
        "lang": tag if tag != DEFAULT_LANGUAGE else "",
        "theme": theme if theme != "auto" else "",
        "partner": partner,
    }
    return {name: value for name, value in options.items() if value}


def snippets(document: Document, options: dict[str, str], card: str) -> list[dict[str, Any]]:
    """The snippets to paste: custom element, plain frame, and the address for sites that use oEmbed."""
    address = document["links"]["html"]
    shown = {name: value for name, value in options.items() if name != "partner"}
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in options.items())
    element = f"limber-{document['kind']}"
    script = (
        f'<script src="{settings().public_origin}{ELEMENTS_PATH}" integrity="{elements_integrity()}"'
        ' crossorigin="anonymous" async></script>'
    )
    link = f'<a href="{escape(address)}">{escape(document["name"])}</a>'
    return [
        {
            "label": "Custom element",
            "rows": 4,
            "text": f'<{element} slug="{document["slug"]}"{attributes}>{link}</{element}>\n{script}',
            "note": "As high as what it shows. Where scripts are off, a plain link. One script serves all elements.",
        },
        {
            "label": "Frame",
            "rows": 3,
            "text": frame(card, document["name"], "100%", HEIGHT),
            "note": "Needs no script. Its height is fixed.",
        },
        {
            "label": "Address for WordPress and others that speak oEmbed",
            "rows": 1,
            "text": address + (f"?{urlencode(shown)}" if shown else ""),
            "note": "Paste it on a line of its own.",
        },
    ]
