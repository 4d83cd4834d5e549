"""JSON-LD of pages, which search engines read: schema.org's ExercisePlan."""

from typing import Any

from app.look.wording import INTENSITIES, TYPES

Document = dict[str, Any]
CONTEXT = "https://schema.org"


def _compact(value: Document) -> Document:
    return {key: item for key, item in value.items() if item not in (None, "", [], {})}


def _dose(dose: Document | None, seconds: int | None) -> Document:
    dose = dose or {}
    often = [f"{dose['times_per_day']}/day"] if dose.get("times_per_day") else []
    often += [f"{dose['days_per_week']} days/week"] if dose.get("days_per_week") else []
    return {
        "activityDuration": f"PT{seconds}S" if seconds else None,
        "activityFrequency": ", ".join(often),
        "repetitions": dose.get("repetitions"),
        "restPeriods": f"PT{dose['rest_seconds']}S" if dose.get("rest_seconds") else None,
    }


def _common(document: Document) -> Document:
    licence = document["licence"] or {}
    return {
        "@type": "ExercisePlan",
        "@id": document["links"]["html"],
        "url": document["links"]["html"],
        "name": document["name"],
        "description": document["summary"],
        "inLanguage": document["language"],
        "datePublished": document["published_at"],
        "license": licence.get("url"),
        "isAccessibleForFree": True,
        "citation": [citation["source"]["title"] for citation in document["citations"]],
    }


def of_exercise(document: Document) -> Document:
    """An exercise, at its gentlest level."""
    level = document["levels"][0] if document["levels"] else {}
    return _compact(
        {
            "@context": CONTEXT,
            **_common(document),
            "alternateName": document["aliases"],
            "exerciseType": TYPES.get(document["type"], document["type"]),
            "intensity": INTENSITIES.get(level.get("intensity", 0)),
            **_dose(level.get("dose"), level.get("seconds")),
            "associatedAnatomy": [
                {"@type": "AnatomicalStructure", "name": region["name"]} for region in document["regions"]
            ],
        }
    )


def of_routine(document: Document) -> Document:
    """A routine with the exercises of all its stages."""
    items = [item for stage in document["stages"] for item in stage["items"]]
    parts = [
        _compact(
            {
                "@type": "ExercisePlan",
                "name": item["exercise"]["name"],
                "intensity": INTENSITIES.get(item["intensity"]),
                **_dose(item["dose"], item["seconds"]),
            }
        )
        for item in items
    ]
    return _compact(
        {
            "@context": CONTEXT,
            **_common(document),
            "intensity": INTENSITIES.get(document["max_intensity"] or 0),
            "activityDuration": f"PT{document['seconds']}S" if document["seconds"] else None,
            "hasPart": parts,
        }
    )
