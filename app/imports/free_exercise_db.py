"""free-exercise-db: one JSON list of exercises in English. What becomes of each field stands in docs/imports.md."""

from typing import Any

from app.content.working_copy import Progress
from app.imports.conversion import Conversion, folded, watched
from app.imports.known import Known, Origin
from app.imports.records import Record, records
from app.imports.texts import by_key, slug_of, word_key
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
    "cardio": "aerobic",
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
"""The file's words for muscles, each as (term of ours, region that the muscle lies in)."""

EQUIPMENT = {
    "bands": "resistance-band",
    "barbell": "barbell",
    "body only": None,
    "body weight": None,
    "cable": "cable-machine",
    "dumbbell": "dumbbells",
    "e-z curl bar": "ez-curl-bar",
    "exercise ball": "exercise-ball",
    "foam roll": "foam-roller",
    "kettlebells": "kettlebell",
    "machine": "weight-machine",
    "medicine ball": "medicine-ball",
    "no equipment": None,
    "none": None,
    "other": "other-equipment",
}

# Forks of the file spell the same words with capitals, hyphens and underscores.
_CATEGORY_BY_KEY = by_key({category: category for category in TYPES})
_LEVEL_BY_KEY = by_key({level: level for level in LEVELS})
_MUSCLE_BY_KEY, _EQUIPMENT_BY_KEY = by_key(MUSCLES), by_key(EQUIPMENT)


def convert(content: Any, file: str, known: Known, progress: Progress) -> Conversion:
    """The exercises of a file's content as drafts. The conversion collects faults and raises none."""
    conversion = Conversion(ORIGIN, known)
    total = len(content) if isinstance(content, list) else 0
    for record in watched(records(file, content, conversion.faults), total, progress):
        _convert(record, conversion)
    conversion.report.read = total
    conversion.finish()
    return conversion


def _convert(record: Record, conversion: Conversion) -> None:
    identifier = record.text("id", required=True)
    name = record.text("name", required=True)
    written = record.text("category", required=True)
    category = _CATEGORY_BY_KEY.get(word_key(written or ""))
    if identifier is None or not conversion.meets(identifier, f"{record.place}/id"):
        return
    if written is not None and category is None:
        conversion.report.remark("left out: its category has no type of ours", identifier)
        return
    if name is None or category is None:
        return
    main, secondary = (record.texts(key, limit=200) for key in ("primaryMuscles", "secondaryMuscles"))
    muscles, regions = conversion.muscles(main, secondary, stretches=category == "stretching", find=_muscle)
    equipment = record.text("equipment")
    content = {
        "name": name,
        "type": TYPES[category],
        "regions": regions,
        "muscles": muscles,
        "equipment": conversion.equipment([equipment] if equipment else [], identifier, _equipment),
        "steps": _steps(record, identifier, conversion),
        "levels": _levels(record, category, identifier, conversion),
        "licence": {"slug": conversion.terms.brought("unlicense"), "attribution": "free-exercise-db"},
    }
    conversion.report.map("category", written or category, TYPES[category])
    if record.value.get("images"):
        conversion.report.remark("pictures left out: nobody says who made them and under which licence", identifier)
    slug = slug_of(identifier, limit=SLUG_MAX_LENGTH - len(ORIGIN.prefix)) or "unnamed"
    conversion.add(identifier, ORIGIN.prefix + slug, record.place, content)


def _steps(record: Record, identifier: str, conversion: Conversion) -> list[dict[str, str]]:
    instructions = record.texts("instructions")
    steps = [instruction for instruction in instructions if instruction]
    if not steps:
        conversion.report.remark("imported without steps: the record has none", identifier)
    elif len(steps) < len(instructions):
        conversion.report.remark("blank steps left out", identifier)
    return [{"instruction": step} for step in folded(steps)]


def _levels(record: Record, category: str, identifier: str, conversion: Conversion) -> list[dict[str, Any]]:
    written = record.text("level") or ""
    level = _LEVEL_BY_KEY.get(word_key(written))
    if level is None:
        conversion.report.remark("imported without an intensity: its level is not given or not known", identifier)
        return []
    intensity = min(5, GENTLEST[category] + LEVELS.index(level))
    conversion.report.map("level", f"{written}, {category}", str(intensity))
    return [{"intensity": intensity, "label": level.capitalize()}]


def _muscle(word: str) -> tuple[str, str] | None:
    return _MUSCLE_BY_KEY.get(word_key(word))


def _equipment(word: str) -> str | None:
    return _EQUIPMENT_BY_KEY.get(word_key(word), "")
