"""free-exercise-db: one JSON list of exercises in English. What becomes of each field stands in docs/imports.md."""

from typing import Any

from app.imports.conversion import Conversion, Progress, folded
from app.imports.known import Known, Origin
from app.imports.records import Record, records
from app.imports.texts import slug_of
from app.shapes.fields import SLUG_MAX_LENGTH

ORIGIN = Origin(
    {
        "slug": "free-exercise-db",
        "type": "online",
        "title": "free-exercise-db",
        "summary": "An open catalogue of exercises in the public domain, as one JSON file.",
        "url": "https://github.com/yuhonas/free-exercise-db",
        "publisher": "yuhonas",
    }
)

TYPES = {
    "cardio": "strengthening",
    "olympic weightlifting": "strengthening",
    "plyometrics": "strengthening",
    "powerlifting": "strengthening",
    "strength": "strengthening",
    "stretching": "stretch",
    "strongman": "strengthening",
}

LEVELS = ("beginner", "intermediate", "expert")
GENTLEST = {
    "stretching": 2,
    "strength": 3,
    "cardio": 3,
    "olympic weightlifting": 4,
    "plyometrics": 4,
    "powerlifting": 4,
    "strongman": 4,
}
"""The intensity of a beginner's exercise of a category. An intermediate one is one above, an expert's two, up to 5.

The levels compare exercises of one category; our scale compares all exercises, so a beginner's stretch is gentler
than a beginner's jump. In doubt an intensity is higher rather than lower."""

MUSCLES = {
    "abdominals": ("abdominals", "core"),
    "abductors": ("hip-abductors", "hips"),
    "adductors": ("hip-adductors", "hips"),
    "biceps": ("biceps", "arms"),
    "calves": ("calves", "legs"),
    "chest": ("pectoralis-major", "chest"),
    "forearms": ("forearm-muscles", "arms"),
    "glutes": ("glutes", "hips"),
    "hamstrings": ("hamstrings", "legs"),
    "lats": ("latissimus-dorsi", "middle-back"),
    "lower back": ("erector-spinae", "lower-back"),
    "middle back": ("middle-back-muscles", "upper-back"),
    "neck": ("neck-muscles", "neck"),
    "quadriceps": ("quadriceps", "legs"),
    "shoulders": ("deltoids", "shoulders"),
    "traps": ("trapezius", "upper-back"),
    "triceps": ("triceps", "arms"),
}
"""A word for muscles as (our muscle, the region it lies in)."""

EQUIPMENT = {
    "bands": "resistance-band",
    "barbell": "barbell",
    "body only": None,
    "cable": "cable-machine",
    "dumbbell": "dumbbells",
    "e-z curl bar": "ez-curl-bar",
    "exercise ball": "exercise-ball",
    "foam roll": "foam-roller",
    "kettlebells": "kettlebell",
    "machine": "weight-machine",
    "medicine ball": "medicine-ball",
    "other": "other-equipment",
}
NOT_STATED = "equipment-not-stated"
EVERY = 100


def convert(content: Any, file: str, known: Known, progress: Progress) -> Conversion:
    """The exercises of the file's content as drafts. Faults are collected, never raised."""
    conversion = Conversion(ORIGIN, known)
    total = len(content) if isinstance(content, list) else 0
    for number, record in enumerate(records(file, content, conversion.faults), start=1):
        _convert(record, conversion)
        if number % EVERY == 0 or number == total:
            progress("Converting records", number, total)
    conversion.report.read = total
    conversion.finish()
    return conversion


def _convert(record: Record, conversion: Conversion) -> None:
    identifier = record.text("id", required=True)
    name = record.text("name", required=True)
    category = record.text("category", required=True)
    if identifier is None or not conversion.meets(identifier, f"{record.place}/id"):
        return
    if category is not None and category not in TYPES:
        conversion.report.remark("left out: its category has no type of ours", identifier)
        return
    if name is None or category is None:
        return
    muscles, regions = _muscles(record, category, conversion)
    content = {
        "name": name,
        "type": TYPES[category],
        "regions": regions,
        "muscles": muscles,
        "equipment": _equipment(record, identifier, conversion),
        "steps": _steps(record, identifier, conversion),
        "levels": _levels(record, category, identifier, conversion),
        "licence": {"slug": conversion.terms.brought("unlicense"), "attribution": "free-exercise-db"},
    }
    conversion.report.map("category", category, TYPES[category])
    slug = slug_of(identifier, limit=SLUG_MAX_LENGTH - len(ORIGIN.prefix)) or "unnamed"
    conversion.add(identifier, ORIGIN.prefix + slug, record.place, content)


def _steps(record: Record, identifier: str, conversion: Conversion) -> list[dict[str, str]]:
    given = record.texts("instructions")
    steps = [each for each in given if each]
    if not steps:
        conversion.report.remark("imported without steps: the record has none", identifier)
    elif len(steps) < len(given):
        conversion.report.remark("blank steps left out", identifier)
    return [{"instruction": each} for each in folded(steps)]


def _levels(record: Record, category: str, identifier: str, conversion: Conversion) -> list[dict[str, Any]]:
    level = record.text("level")
    if level not in LEVELS:
        conversion.report.remark("imported without an intensity: its level is not given or not known", identifier)
        return []
    intensity = min(5, GENTLEST[category] + LEVELS.index(level))
    conversion.report.map("level", f"{level}, {category}", str(intensity))
    return [{"intensity": intensity, "label": level.capitalize()}]


def _muscles(record: Record, category: str, conversion: Conversion) -> tuple[list[dict[str, str]], list[str]]:
    """The muscles with what happens to them, and the regions of the primary ones."""
    roles = ("stretched", "stretched") if category == "stretching" else ("strengthened", "stabilising")
    muscles: dict[str, str] = {}
    regions: dict[str, None] = {}
    for key, role in zip(("primaryMuscles", "secondaryMuscles"), roles, strict=True):
        for word in filter(None, record.texts(key, limit=200)):
            slug, region = MUSCLES.get(word, (None, None))
            muscle = conversion.terms.brought(slug) if slug else conversion.terms.for_word(word, "muscles")
            conversion.report.map("muscle", word, muscle)
            muscles.setdefault(muscle, role)
            if region and key == "primaryMuscles":
                regions[conversion.terms.brought(region)] = None
    return [{"slug": slug, "role": role} for slug, role in muscles.items()], list(regions)


def _equipment(record: Record, identifier: str, conversion: Conversion) -> list[str]:
    word = record.text("equipment")
    if word is None:
        conversion.report.remark(f"equipment not stated; imported with the term {NOT_STATED}", identifier)
        return [conversion.terms.brought(NOT_STATED)]
    slug = EQUIPMENT.get(word, "")
    if slug is None:
        conversion.report.map("equipment", word, "none")
        return []
    term = conversion.terms.brought(slug) if slug else conversion.terms.for_word(word, "equipment")
    conversion.report.map("equipment", word, term)
    return [term]
