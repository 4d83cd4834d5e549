"""What the templates of exercises and routines are given: the document, with what follows from it."""

from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import segno
from markupsafe import Markup
from sqlalchemy import Connection

from app.embed import wording as words
from app.embed.published import Document, read_many
from app.embed.wording import Wording
from app.exercises.kind import EXERCISE
from app.shapes.languages import DEFAULT_LANGUAGE
from app.sources.kind import SOURCE

LABELS = {
    "intensities": words.INTENSITIES,
    "types": words.TYPES,
    "positions": words.POSITIONS,
    "roles": words.ROLES,
    "goals": words.GOALS,
    "sections": words.SECTIONS,
    "professional": words.PROFESSIONAL,
}


def sources_of(connection: Connection, document: Document) -> Mapping[str, Document]:
    """The documents of the sources that a document cites, by slug."""
    slugs = [each["source"]["slug"] for each in document["citations"]]
    slugs += [each["source"]["slug"] for each in document.get("tips", ()) if each["source"]]
    return read_many(connection, SOURCE, slugs, document["language"])


def exercises_of(connection: Connection, routine: Document) -> Mapping[str, Document]:
    """The documents of a routine's exercises, by slug."""
    slugs = [item["exercise"]["slug"] for stage in routine["stages"] for item in stage["items"]]
    return read_many(connection, EXERCISE, slugs, routine["language"])


def level_of(exercise: Document | None, intensity: int) -> Document:
    """An exercise's level, or nothing."""
    levels = exercise["levels"] if exercise else []
    return next((level for level in levels if level["intensity"] == intensity), {})


def chosen_level(exercise: Document, asked: int | None) -> int:
    """The level to show first: the one asked for, else the strongest below it, else the gentlest; 0 without levels."""
    intensities = [level["intensity"] for level in exercise["levels"]]
    within = [each for each in intensities if asked and each <= asked]
    return max(within) if within else min(intensities, default=0)


def stop_ifs(exercises: Mapping[str, Document]) -> list[str]:
    """When to stop, of several exercises, each once, what most of them say first."""
    counted = Counter(text for exercise in exercises.values() for text in exercise["stop_if"])
    return [text for text, _ in counted.most_common()]


def shared_map(exercises: Mapping[str, Document]) -> list[Document]:
    """The muscles of several exercises, each once, by the role that it has most often."""
    roles: dict[str, dict[str, int]] = {}
    names: dict[str, str] = {}
    for exercise in exercises.values():
        for muscle in exercise["muscles"]:
            names[muscle["slug"]] = muscle["name"]
            counted = roles.setdefault(muscle["slug"], {})
            counted[muscle["role"]] = counted.get(muscle["role"], 0) + 1
    order = list(words.ROLES)
    return [
        {"slug": slug, "name": names[slug], "role": max(order, key=lambda role: counted.get(role, 0))}
        for slug, counted in roles.items()
    ]


def player_item(item: Document, exercise: Document | None, amount: list[str]) -> Document:
    """What the player needs to know of a routine's item."""
    dose = item["dose"] or {}
    return {
        "name": item["exercise"]["name"],
        "sets": dose.get("sets") or 1,
        "repetitions": dose.get("repetitions") or 1,
        "hold": dose.get("hold_seconds"),
        "rest": dose.get("rest_seconds") or 0,
        "sides": 2 if dose.get("per_side") else 1,
        "timed": bool(item["seconds"]),
        "amount": ", ".join(amount),
        "cue": level_of(exercise, item["intensity"]).get("adjustment"),
    }


def page_address(document: Document) -> str:
    """The address that a document's page goes by: with `lang` where it is not the default language."""
    address: str = document["links"]["html"]
    return address + language_query(document["language"])


def language_query(language: str) -> str:
    """`?lang=` for another language than the default."""
    return "" if language == DEFAULT_LANGUAGE else f"?{urlencode({'lang': language})}"


def qr_code(address: str) -> Markup:
    """An address as a QR code: inline SVG that print shows beside the same address in letters."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(
        border=0, omitsize=True, svgclass="qr", lineclass=None, unit=""
    )
    return Markup(drawn.replace("<svg ", '<svg role="img" aria-label="QR code" ', 1))  # noqa: S704  # segno's own drawing


def template_values(wording: Wording) -> dict[str, Any]:
    """What every template is given."""
    return {"_": wording, "labels": LABELS, "language": wording.language, "language_query": language_query}
