"""The test vectors of timelines, `docs/timelines/*.json`."""

import json
from typing import Any

from app.timelines.timeline import level_timeline, stage_timeline


def vector_timeline(vector: dict[str, Any]) -> dict[str, Any]:
    """The timeline of a test vector's input: of a level where it has a dose, else of a stage."""
    if "dose" in vector:
        return level_timeline(vector["exercise"], vector["dose"])
    exercises = {exercise["slug"]: exercise for exercise in vector["exercises"]}
    return stage_timeline(vector["items"], exercises, vector["language"])


def vector_text(vector: dict[str, Any]) -> str:
    """A test vector as its file has it: one phase a line."""
    phases = vector["timeline"]["items"]
    lines = ",\n".join(f"      {json.dumps(phase, ensure_ascii=False)}" for phase in phases)
    whole = {**vector, "timeline": {**vector["timeline"], "items": "PHASES"}}
    text = json.dumps(whole, ensure_ascii=False, indent=2)
    return text.replace('"PHASES"', f"[\n{lines}\n    ]") + "\n"
