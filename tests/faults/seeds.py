"""Two catalogues that differ in nearly everything, as seed folders: going from one to the other is a lot of work."""

import json
import os
from pathlib import Path
from typing import Any

from tests.content.samples import LICENCE, complete, exercise, place, routine, source, term

EXERCISES = 120 if "LIMBER_KILLS" in os.environ else 40
"""A third is enough for a few kills. The full size has the time of many to hit."""

MUSCLES = 20
DOSE = {"sets": 2, "repetitions": 8, "move_seconds": 2, "hold_seconds": 5}


def write(folder: Path, name: str) -> Path:
    """A seed folder whose texts all say `name`; a tenth of its entities is in no other."""
    for collection, drafts in bundle(name).items():
        path = folder / name / collection / "all.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(drafts), encoding="utf-8")
    return folder / name


def _own(kind: str, number: int, name: str) -> str:
    return f"{kind}-{number}-of-{name}" if number % 10 == 0 else f"{kind}-{number}"


def bundle(name: str) -> dict[str, list[dict[str, Any]]]:
    """The drafts of a catalogue by collection, as an import takes them."""
    muscles = [_own("muscle", number, name) for number in range(MUSCLES)]
    exercises = [_own("exercise", number, name) for number in range(EXERCISES)]
    return {
        "vocabularies": [
            *(term(slug, name=f"{slug} {name}") for slug in muscles),
            term("chair", "equipment", name=f"Chair {name}"),
            term(LICENCE, "licences", name=f"Licence {name}"),
        ],
        "sources": [source(f"source-{number}", title=f"Title {number} {name}") for number in range(10)],
        "places": [place(f"place-{number}", name=f"Place {number} {name}") for number in range(10)],
        "exercises": [
            complete(
                exercise(
                    slug,
                    name=f"{slug} {name}",
                    equipment=["chair"],
                    muscles=[{"slug": muscles[(number + step) % MUSCLES], "role": "stretched"} for step in range(3)],
                    steps=[{"instruction": f"Step {step} of {name}."} for step in range(6)],
                    levels=[{"intensity": level, "dose": DOSE} for level in (1, 2, 3)],
                    harder=exercises[number + 1 : number + 2],
                    citations=[{"source": f"source-{number % 10}"}],
                )
            )
            for number, slug in enumerate(exercises)
        ],
        "routines": [
            complete(
                routine(f"routine-{number}", *exercises[number * 8 : number * 8 + 8], name=f"Routine {number} {name}")
            )
            for number in range(EXERCISES // 8)
        ],
    }
