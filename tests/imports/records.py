"""Small files of other catalogues, made for tests, and importing them without a terminal."""

import json
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from app.config import ROOT
from app.editing.plan import Plan, apply_plan
from app.editing.stored import StoredDrafts
from app.imports import free_exercise_db, wger
from app.imports.apply import Import, PlannedImport, plan_import
from app.imports.wger_tables import FILES
from app.kinds import CATALOGUE
from app.releasing.release import release
from app.store.database import Database
from tests.content.editing import UNFINISHED

REAL = ROOT.parent / "shared" / "data"
needs_real_data = pytest.mark.skipif(
    not REAL.is_dir(), reason="../shared/data is not here: imports of the real files are left out"
)


def exercise(identifier: str = "Sit_Back", **fields: Any) -> dict[str, Any]:
    """A record of free-exercise-db."""
    return {
        "id": identifier,
        "name": identifier.replace("_", " "),
        "force": "pull",
        "level": "beginner",
        "mechanic": None,
        "equipment": "body only",
        "primaryMuscles": ["abdominals"],
        "secondaryMuscles": ["lower back"],
        "instructions": ["Sit down.", "Lean back."],
        "category": "strength",
    } | fields


def row(model: str, key: int, **fields: Any) -> dict[str, Any]:
    """A row of a Django dump."""
    return {"model": f"exercises.{model}", "pk": key, "fields": fields}


def base(key: int, **fields: Any) -> dict[str, Any]:
    return row(
        "exercise",
        key,
        **{
            "uuid": f"uuid-{key}",
            "license": 2,
            "license_author": "ann",
            "category": 10,
            "muscles": [1],
            "muscles_secondary": [],
            "equipment": [3],
        }
        | fields,
    )


def translation(key: int, of: int, language: int = 2, **fields: Any) -> dict[str, Any]:
    texts = {
        "name": f"Curl {of}",
        "description": "<p>Stand.</p><p>Bend.</p>",
        "license": 2,
        "license_author": "ann",
    }
    return row("translation", key, exercise=of, language=language, **texts | fields)


WGER: dict[str, Any] = {
    "exercises": [base(1), base(2)],
    "translations": [
        translation(11, 1),
        translation(12, 1, 4, name="Flexión", description="<ol><li>De pie.</li><li>Doble.</li></ol>"),
        translation(13, 2, name="Neck stretch"),
        row("exercisecomment", 31, translation=11, comment="Keep your elbows still."),
        row("alias", 41, translation=11, alias="Biceps curl"),
    ],
    "categories": [row("exercisecategory", 10, name="Arms")],
    "muscles": [row("muscle", 1, name="Biceps brachii", name_en="Biceps", is_front=True)],
    "equipment": [row("equipment", 3, name="Dumbbell")],
    "languages": [row("language", 2, short_name="en"), row("language", 4, short_name="es")],
    "licences": [row("license", 1, short_name="CC-BY-SA 3"), row("license", 2, short_name="CC-BY-SA 4")],
}


def free(*records: Any) -> Import:
    """An import of these records."""
    return Import(
        free_exercise_db.ORIGIN,
        lambda known, progress: free_exercise_db.convert(list(records), "exercises.json", known, progress),
    )


def wger_of(**tables: Any) -> Import:
    """An import of the small dump, with these of its tables replaced."""
    content = deepcopy(WGER) | tables
    return Import(wger.ORIGIN, lambda known, progress: wger.convert(content, FILES, known, progress))


def write_wger(folder: Path, **tables: Any) -> Path:
    folder.mkdir(exist_ok=True)
    for key, content in (deepcopy(WGER) | tables).items():
        (folder / FILES[key]).write_text(json.dumps(content), encoding="utf-8")
    return folder


def quiet(_what: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


def run_in(connection: Connection, found: Import, *, prune: bool = False, note: str | None = None) -> PlannedImport:
    planned = plan_import(connection, CATALOGUE, found, prune=prune, progress=quiet)
    apply_plan(connection, CATALOGUE, planned.plan, datetime.now(UTC), quiet)
    if note is not None:
        release(connection, UNFINISHED, note=note)
    return planned


def run(database: Database, found: Import, *, prune: bool = False, note: str | None = None) -> PlannedImport:
    """What `flask catalogue import` does, without the terminal."""
    with database.transaction(exclusive=True) as connection:
        return run_in(connection, found, prune=prune, note=note)


def drafts_in(database: Database, kind: str = "exercise") -> dict[str, Any]:
    """The active drafts of a kind by slug."""
    with database.reading() as connection:
        stored = StoredDrafts(connection, CATALOGUE)
        drafts = stored.everything()
        return {key[1]: draft for key, draft in drafts.items() if key[0] == kind and stored.is_active(key)}


def counts(plan: Plan) -> tuple[int, int, int, int]:
    return len(plan.created), len(plan.updated), len(plan.deleted), len(plan.kept)
