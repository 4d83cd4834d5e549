"""The values that templates of exercises and routines get beside the document, worked out from it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Connection

from app.exercises.kind import EXERCISE
from app.look import wording as words
from app.look.body_map import body_map
from app.look.page_documents import Document, read_many
from app.look.parameters import intensity
from app.look.wording import Wording
from app.shapes.languages import DEFAULT_LANGUAGE

Values = dict[str, Any]

MOST_WITH_STEPS = 6
"""How many items a routine may have at most for its one-page handout to have room for their steps."""
LABELS = {
    "intensities": words.INTENSITIES,
    "types": words.TYPES,
    "positions": words.POSITIONS,
    "roles": words.ROLES,
    "goals": words.GOALS,
    "sections": words.SECTIONS,
    "professional": words.PROFESSIONAL,
    "urgencies": words.URGENCIES,
    "evidence": words.EVIDENCE,
}


def exercises_of(connection: Connection, routine: Document) -> Mapping[str, Document]:
    """The documents of a routine's exercises, by slug."""
    slugs = [item["exercise"]["slug"] for stage in routine["stages"] for item in stage["items"]]
    return read_many(connection, EXERCISE, slugs, routine["language"])


def chosen_level(exercise: Document, asked: int | None) -> int:
    """The level to show first: the one asked for, else the strongest below it, else the gentlest; 0 without levels."""
    intensities = [level["intensity"] for level in exercise["levels"]]
    within = [level for level in intensities if asked and level <= asked]
    return max(within) if within else min(intensities, default=0)


def precautions(exercises: Mapping[str, Document]) -> list[str]:
    """What to take care of in several exercises, without repetition, the most frequent first."""
    return _most_frequent(text for exercise in exercises.values() for text in exercise["precautions"])


def _most_frequent(texts: Iterable[str]) -> list[str]:
    return [text for text, _ in Counter(texts).most_common()]


def stop_ifs(exercises: Mapping[str, Document]) -> list[str]:
    """The reasons to stop of several exercises, without repetition, the most frequent first."""
    return _most_frequent(text for exercise in exercises.values() for text in exercise["stop_if"])


def shared_map(exercises: Mapping[str, Document]) -> list[Document]:
    """The muscles of several exercises, without repetition, each with its most frequent role."""
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
    order = list(words.SECTIONS)
    items = [item for stage in document["stages"] for item in stage["items"]]
    for item in items:
        item["section_order"] = order.index(item["section"])
        if len(items) <= MOST_WITH_STEPS and item["exercise"]["slug"] in exercises:
            item["steps"] = exercises[item["exercise"]["slug"]]["steps"]
    return {
        "muscles": muscles,
        "map": body_map(muscles, document["regions"], wording),
        "stop_ifs": stop_ifs(exercises),
        "precautions": precautions(exercises),
    }


def page_address(document: Document) -> str:
    """The canonical address of a document's page: with `lang` unless it is in the default language."""
    address: str = document["links"]["html"]
    return address + language_query(document["language"])


def language_query(language: str) -> str:
    """`?lang=…`, or nothing for the default language."""
    return "" if language == DEFAULT_LANGUAGE else f"?{urlencode({'lang': language})}"


def template_values(wording: Wording) -> dict[str, Any]:
    """The values that every template gets."""
    return {"_": wording, "labels": LABELS, "language": wording.language, "language_query": language_query}
