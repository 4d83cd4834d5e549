"""Cards that partners frame: an exercise with a control for its level, a routine with its player."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from app.access.partners import partner_origins
from app.delivery.pages import Moved
from app.edge.keys import NOT_KEPT
from app.errors import Fault, InvalidParameters
from app.look.html import PAGE_POLICY, html_response, moved, script_content
from app.look.page_documents import Document, framed, read_one
from app.look.parameters import THEMES, choice, known, language
from app.look.red_flags import red_flags
from app.look.template_values import exercise_values, exercises_of, page_address, routine_values
from app.look.wording import Wording
from app.timelines.timeline import all_words
from app.web.installed import database, settings

PARAMETERS = ("intensity", "lang", "theme", "partner")
CARD_POLICY = PAGE_POLICY.replace("form-action 'self'", "form-action 'none'").replace(" connect-src 'self';", "")
PLAYER_WORDS = (
    "Start", "Pause", "Go on", "Start again", "Paused", "In your own time", "Change position", "Switch sides",
    "Set {n} of {all}", "Repetition {n} of {all}", "Breath {n} of {all}", "Next: {text}", "{spent} of {whole}",
    "Well done. You have finished.", "Paused while the page was out of sight.", "{n} seconds",
)  # fmt: skip


def card_response(collection: str, slug: str) -> Response:
    """A card, or 308 to the card of a renamed entity."""
    known(*PARAMETERS)
    chosen, theme = language(), choice("theme", THEMES, "auto")
    # Partners change without a release, so only the database itself knows them, not a replica.
    with database().reading() if request.args.get("partner") else database().released() as connection:
        origins = _origins(connection)
        document = read_one(connection, framed()[collection], slug, chosen.tag)
        if isinstance(document, Moved):
            query = request.query_string.decode()
            response = moved(f"/embed/{collection}/{document.slug}", chosen)
            response.headers["Location"] = f"/embed/{collection}/{document.slug}{'?' if query else ''}{query}"
            response.headers["Content-Security-Policy"] = f"{CARD_POLICY}; {frame_ancestors(origins)}"
            return response
        exercises = exercises_of(connection, document) if collection == "routines" else {}
        flags = red_flags(connection, document["conditions"], document["language"])
    values = (
        exercise_values(document, whole_map=False) if collection == "exercises" else _player_values(document, exercises)
    )
    return html_response(
        f"embed/templates/card_{document['kind']}.html",
        chosen,
        policy=f"{CARD_POLICY}; {frame_ancestors(origins)}",
        document=document,
        address=page_address(document),
        theme=theme,
        origins=origins,
        red_flags=flags,
        **values,
    )


def _origins(connection: Any) -> tuple[str, ...] | None:
    """The origins that may frame the card; None if all may. Raises `InvalidParameters` for an unknown partner."""
    name = request.args.get("partner")
    if not name:
        return None if settings().embed_anywhere else ()
    # Partners change without a release.
    request.environ[NOT_KEPT] = True
    origins = partner_origins(connection, name)
    if origins is None:
        raise InvalidParameters([Fault("partner", "There is no such partner.")])
    return origins


def frame_ancestors(origins: tuple[str, ...] | None) -> str:
    """The directive that says who may frame a card; the embed builder of this service always may."""
    return "frame-ancestors *" if origins is None else " ".join(["frame-ancestors", *origins, "'self'"])


def _player_values(document: Document, exercises: Mapping[str, Document]) -> dict[str, Any]:
    wording = Wording(document["language"])
    values = routine_values(document, exercises)
    for stage in document["stages"]:
        for item in stage["items"]:
            exercise = exercises.get(item["exercise"]["slug"])
            item["steps"] = exercise["steps"] if exercise else []
            item["stop_if"] = exercise["stop_if"] if exercise else []
    session = {
        "language": document["language"],
        "words": all_words(),
        "labels": {text: wording(text) for text in PLAYER_WORDS},
        "exercises": {slug: _timed(exercise) for slug, exercise in exercises.items()},
        "stages": [
            [_player_item(item, exercises.get(item["exercise"]["slug"]), wording) for item in stage["items"]]
            for stage in document["stages"]
        ],
    }
    return values | {"session": script_content(session)}


def _timed(exercise: Document) -> Document:
    """What a timeline is worked out from."""
    steps = [{key: step[key] for key in ("number", "instruction", "part")} for step in exercise["steps"]]
    return {key: exercise[key] for key in ("slug", "name", "language", "position")} | {"steps": steps}


def _player_item(item: Document, exercise: Document | None, wording: Wording) -> Document:
    """What the player needs of a routine's item; without a dose, the person says when it is over."""
    return {
        "position": item["position"],
        "exercise": item["exercise"],
        "dose": item["dose"] if exercise and item["seconds"] else None,
        "amount": ", ".join(wording.amount(item["dose"])),
        "adjustment": _level_of(exercise, item["intensity"]).get("adjustment"),
    }


def _level_of(exercise: Document | None, intensity: int) -> Document:
    """The level of an exercise with this intensity, or an empty object."""
    levels = exercise["levels"] if exercise else []
    return next((level for level in levels if level["intensity"] == intensity), {})
