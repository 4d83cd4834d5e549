"""Drafts of every kind, and a small catalogue in which everything names something."""

from typing import Any

Draft = dict[str, Any]

MINIMAL: dict[str, Draft] = {
    "exercises": {"name": "Wall lean", "type": "stretch"},
    "routines": {"name": "Short break", "goal": "relieve"},
    "sources": {"type": "book", "title": "A book"},
    "places": {"name": "A clinic", "type": "clinic"},
    "vocabularies": {"vocabulary": "regions", "name": "A region"},
}
"""The least that a draft of each collection needs, without its slug."""

KINDS = {
    "exercises": "exercise",
    "routines": "routine",
    "sources": "source",
    "places": "place",
    "vocabularies": "term",
}
COLLECTIONS = tuple(MINIMAL)


def title_key(collection: str) -> str:
    return "title" if collection == "sources" else "name"


def minimal(collection: str, slug: str = "new-one", **fields: Any) -> Draft:
    """A draft as it is read back: what the schema fills in is there already."""
    filled = {"guidance": {"professional": "recommended"}} if collection == "exercises" else {}
    return {"slug": slug, **MINIMAL[collection], **filled, **fields}


def exercise(slug: str, **fields: Any) -> Draft:
    return {
        "slug": slug,
        "name": slug.capitalize(),
        "type": "stretch",
        "steps": [{"instruction": "Stand up."}],
        "levels": [{"intensity": 1}, {"intensity": 3}],
        "guidance": {"professional": "none"},
        **fields,
    }


def routine(slug: str, *items: tuple[str, int], **fields: Any) -> Draft:
    listed = [{"section": "main", "exercise": name, "intensity": intensity} for name, intensity in items]
    return {
        "slug": slug,
        "name": slug.capitalize(),
        "goal": "relieve",
        "stages": [{"name": "One", "items": listed}],
        **fields,
    }


def book(slug: str, **fields: Any) -> Draft:
    return {"slug": slug, "type": "book", "title": slug.capitalize(), **fields}


def term(slug: str, vocabulary: str = "regions", **fields: Any) -> Draft:
    return {"slug": slug, "vocabulary": vocabulary, "name": slug.capitalize(), **fields}


def catalogue() -> dict[str, list[Draft]]:
    """A bundle of one or two of everything, all of it connected."""
    return {
        "terms": [term("back"), term("stiffness", "conditions"), term("wall", "equipment")],
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
