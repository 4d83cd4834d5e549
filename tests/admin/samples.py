"""Drafts of every kind, and a small catalogue in which everything names something."""

from typing import Any

from app.kinds import CATALOGUE

Draft = dict[str, Any]

KINDS = {each.collection: each.kind for each in CATALOGUE}
COLLECTIONS = tuple(KINDS)


def title_key(collection: str) -> str:
    return CATALOGUE[KINDS[collection]].title_key


def minimal(collection: str, slug: str = "new-one", **fields: Any) -> Draft:
    """The least that a draft needs, as it is read back: what the schema fills in is there already."""
    return {"slug": slug, **CATALOGUE[KINDS[collection]].examples.draft, **fields}


LICENCE = {"slug": "free", "vocabulary": "licences", "name": "Free", "spdx": "CC0-1.0", "url": "https://example.org/"}
"""The licence of all exercises and routines here: what names it needs it."""


def level(intensity: int) -> Draft:
    return {"intensity": intensity, "dose": {"repetitions": 2, "move_seconds": 3}}


def exercise(slug: str, **fields: Any) -> Draft:
    """An exercise that can be released."""
    return {
        "slug": slug,
        "name": slug.capitalize(),
        "type": "stretch",
        "safety": {"assessed": False},
        "steps": [{"instruction": "Stand up."}],
        "levels": [level(1), level(3)],
        "guidance": {"professional": "none"},
        "licence": {"slug": "free"},
        **fields,
    }


NEEDED = {"terms": [LICENCE], "exercises": [exercise("needed")]}
"""What drafts that are `whole` name."""


def routine(slug: str, *items: tuple[str, int], **fields: Any) -> Draft:
    listed = [{"section": "main", "exercise": name, "intensity": intensity} for name, intensity in items]
    return {
        "slug": slug,
        "name": slug.capitalize(),
        "goal": "relieve",
        "stages": [{"name": "One", "items": listed}],
        "licence": {"slug": "free"},
        **fields,
    }


def whole(collection: str, slug: str = "new-one", **fields: Any) -> Draft:
    """What can be released where `NEEDED` is: the least of a draft, and what that lacks of exercises and routines."""
    needed: Draft = {}
    if collection == "exercises":
        needed = {key: exercise(slug)[key] for key in ("safety", "steps", "levels", "licence")}
    if collection == "routines":
        needed = {key: routine(slug, ("needed", 1))[key] for key in ("stages", "licence")}
    draft = minimal(collection, slug, **needed, **fields)
    return {key: draft[key] for key in CATALOGUE[KINDS[collection]].mapped.keys if key in draft}


def book(slug: str, **fields: Any) -> Draft:
    return {"slug": slug, "type": "book", "title": slug.capitalize(), **fields}


def term(slug: str, vocabulary: str = "regions", **fields: Any) -> Draft:
    return {"slug": slug, "vocabulary": vocabulary, "name": slug.capitalize(), **fields}


def catalogue() -> dict[str, list[Draft]]:
    """A bundle of one or two of everything, all of it connected."""
    return {
        "terms": [LICENCE, term("back"), term("stiffness", "conditions"), term("wall", "equipment")],
        "sources": [
            book("manual", isbn="9780306406157"),
            {"slug": "therapist", "type": "professional", "title": "A therapist", "places": ["clinic"]},
        ],
        "places": [{"slug": "clinic", "name": "Clinic", "type": "clinic", "professionals": ["therapist"]}],
        "exercises": [
            exercise(
                "lean",
                regions=["back"],
                equipment=["wall"],
                conditions=[{"slug": "stiffness", "purpose": "relieve"}],
                harder=[{"slug": "hang"}],
                citations=[{"source": "manual"}],
            ),
            exercise("hang", regions=["back"]),
        ],
        "routines": [routine("break", ("lean", 1), ("hang", 3))],
    }
