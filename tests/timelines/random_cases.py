"""Random inputs of vectors, the same ones each time: odd positions, languages, texts and doses together."""

import random
from typing import Any

from app.timelines.durations import is_timed

NAMES = ("Turn", "Árbol 🧘", "Long " * 18, "{name}")
INSTRUCTIONS = ("Do.", "ñ" * 24, "🙆" * 25, "Stay where the turn stops easily.", "Go {side}.")
POSITIONS = ("seated", "standing", "supine", "prone", "side-lying", None)
PARTS = ("set-up", "move", "hold", "return", "finish", None)
SECONDS = (None, 1, 2, 3, 5, 9, 20)


def random_cases(number: int) -> list[dict[str, Any]]:
    """Levels and stages in turn."""
    chance = random.Random(5)  # noqa: S311  # cases, not secrets
    return [_stage(chance) if place % 2 else _level(chance) for place in range(number)]


def _level(chance: random.Random) -> dict[str, Any]:
    dose = _dose(chance)
    while not is_timed(dose):
        dose = _dose(chance)
    return {"exercise": _exercise(chance, "e"), "dose": dose}


def _stage(chance: random.Random) -> dict[str, Any]:
    exercises = [_exercise(chance, f"e-{number}") for number in range(chance.randint(1, 5))]
    items = [
        {"position": place, "exercise": {"slug": each["slug"]}, "dose": chance.choice([None, _dose(chance)])}
        for place, each in enumerate(exercises, start=1)
    ]
    return {"items": items, "exercises": exercises, "language": chance.choice(["en", "es", "xx"])}


def _exercise(chance: random.Random, slug: str) -> dict[str, Any]:
    steps = [
        {"number": number, "instruction": chance.choice(INSTRUCTIONS), "part": chance.choice(PARTS)}
        for number in range(1, chance.randint(1, 8))
    ]
    chosen = {"name": chance.choice(NAMES), "language": chance.choice(["en", "es", "fr"])}
    return {"slug": slug, **chosen, "position": chance.choice(POSITIONS), "steps": steps}


def _dose(chance: random.Random) -> dict[str, Any]:
    names = ("move_seconds", "hold_seconds", "return_seconds", "pause_seconds", "rest_seconds")
    per_side = chance.random() < 0.5
    breaths = {"in_seconds": 3, "hold_seconds": chance.choice(SECONDS), "out_seconds": 4, "pause_seconds": None}
    return {
        "sets": chance.randint(1, 3),
        "repetitions": chance.randint(1, 4),
        **{name: chance.choice(SECONDS) for name in names},
        "per_side": per_side,
        "side_order": chance.choice(["alternate", "one-after-other"]) if per_side else None,
        "breaths": chance.choice([None, None, breaths]),
    }
