"""wger's words as words of this catalogue, and the tables of its dump that exercises refer to."""

from collections.abc import Mapping
from typing import Any

from app.errors import Fault
from app.imports.records import Record, records

FILES = {
    "exercises": "exercise-base-data.json",
    "translations": "translations.json",
    "categories": "categories.json",
    "muscles": "muscles.json",
    "equipment": "equipment.json",
    "languages": "languages.json",
    "licences": "licenses.json",
}

# "Back" is not here: it may be the upper or the lower back. The muscles say which.
REGIONS = {
    "abs": "core",
    "arms": "arms",
    "calves": "legs",
    "cardio": "whole-body",
    "chest": "chest",
    "legs": "legs",
    "shoulders": "shoulders",
}

MUSCLES = {
    "anterior deltoid": ("deltoids", "shoulders"),
    "biceps brachii": ("biceps", "arms"),
    "biceps femoris": ("hamstrings", "legs"),
    "brachialis": ("brachialis", "arms"),
    "erector spinae": ("erector-spinae", "lower-back"),
    "gastrocnemius": ("calves", "legs"),
    "gluteus maximus": ("glutes", "hips"),
    "latissimus dorsi": ("latissimus-dorsi", "middle-back"),
    "obliquus externus abdominis": ("obliques", "core"),
    "pectoralis major": ("pectoralis-major", "chest"),
    "quadriceps femoris": ("quadriceps", "legs"),
    "rectus abdominis": ("abdominals", "core"),
    "serratus anterior": ("serratus-anterior", "chest"),
    "soleus": ("calves", "legs"),
    "trapezius": ("trapezius", "upper-back"),
    "triceps brachii": ("triceps", "arms"),
}
"""Latin names of muscles, each as (term of ours, region that the muscle lies in)."""

EQUIPMENT = {
    "barbell": "barbell",
    "bench": "bench",
    "cable machine": "cable-machine",
    "dumbbell": "dumbbells",
    "gym mat": "mat",
    "incline bench": "incline-bench",
    "kettlebell": "kettlebell",
    "none (bodyweight exercise)": None,
    "pull-up bar": "pull-up-bar",
    "resistance band": "resistance-band",
    "swiss ball": "exercise-ball",
    "sz-bar": "ez-curl-bar",
}

LICENCES = {
    "CC-BY 4": "cc-by-4-0",
    "CC-BY-SA 3": "cc-by-sa-3-0",
    "CC-BY-SA 4": "cc-by-sa-4-0",
    "CC0": "cc0-1-0",
    "ODbL": "odbl-1-0",
}

STRICTNESS = ("cc0-1-0", "cc-by-4-0", "cc-by-sa-3-0", "cc-by-sa-4-0")
"""Licences that may be joined. A work with parts under several of them is, as a whole, under the last of those."""


class Table:
    """The rows of one model by primary key."""

    def __init__(self, rows: Mapping[int, Record]) -> None:
        self.rows = rows

    def name(self, referring: Record, place: str, key: int | None, column: str = "name") -> str | None:
        """A text of the row that another record refers to. None, and a fault, if there is no such row."""
        if key is None:
            return None
        if key not in self.rows:
            referring.refuse(place, f"No record has the pk {key}.")
            return None
        return self.rows[key].text(column)


def rows(file: str, content: Any, faults: list[Fault], models: tuple[str, ...]) -> dict[str, list[tuple[int, Record]]]:
    """A Django dump's rows of these models: (primary key, fields), in the order of the file."""
    by_model: dict[str, list[tuple[int, Record]]] = {model: [] for model in models}
    for record in records(file, content, faults):
        model, key = record.text("model", required=True), record.number("pk")
        fields = record.value.get("fields")
        if not isinstance(fields, dict):
            record.refuse("fields", "Must be an object with fields.")
        elif model is not None and key is not None:
            name = model.rpartition(".")[2]
            if name not in by_model:
                record.refuse("model", f"Must be one of: {', '.join(models)}.")
            else:
                by_model[name].append((key, Record(fields, file, f"{record.pointer}/fields", faults)))
    return by_model


def unique(rows_of_model: list[tuple[int, Record]]) -> dict[int, Record]:
    """The rows by primary key. Two rows with the same one are a fault."""
    by_key: dict[int, Record] = {}
    for key, record in rows_of_model:
        if key in by_key:
            record.refuse("", f"The pk {key} stands already at {by_key[key].place}.")
        else:
            by_key[key] = record
    return by_key


def joined_licence(licences: list[str]) -> str | None:
    """The licence of a work whose parts have these licences, or None if they cannot be joined."""
    if len(set(licences)) == 1:
        return licences[0]
    if not set(licences) <= set(STRICTNESS):
        return None
    return max(licences, key=STRICTNESS.index)
