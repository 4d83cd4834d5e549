"""What importing would change, in the caller's transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from app.content.content_type import Catalogue, EntityKey
from app.content.working_copy import Progress
from app.editing.bundle import Bundle
from app.editing.plan import Plan, make_plan
from app.editing.stored import StoredDrafts
from app.errors import Fault, InvalidDrafts
from app.imports import free_exercise_db, wger
from app.imports.conversion import Conversion, Report
from app.imports.known import Known, Origin
from app.imports.records import printable, read_json
from app.imports.wger_tables import FILES

NOTHING_TO_KEEP = (
    "Nothing that was imported before is in these files, so pruning would remove all of it. Check that they are the"
    " right files and are whole, or leave --prune out."
)


@dataclass(frozen=True)
class Import:
    """Another catalogue's content, read and not yet converted."""

    origin: Origin
    convert: Callable[[Known, Progress], Conversion]


@dataclass(frozen=True)
class PlannedImport:
    """A checked plan, and what the conversion has to say."""

    plan: Plan
    report: Report


def read_free_exercise_db(path: Path) -> Import:
    """The content of a free-exercise-db file. Raises `InvalidDrafts` for a file that is no JSON."""
    content, name = read_json(path), printable(path.name)
    return Import(
        free_exercise_db.ORIGIN, lambda known, progress: free_exercise_db.convert(content, name, known, progress)
    )


def read_wger(folder: Path) -> Import:
    """The content of a folder of wger's dumps. Raises `InvalidDrafts` with every file that cannot be read."""
    content: dict[str, Any] = {}
    faults: list[Fault] = []
    for key, name in FILES.items():
        try:
            content[key] = read_json(folder / name)
        except InvalidDrafts as error:
            faults += error.faults
    if faults:
        raise InvalidDrafts(faults)
    return Import(wger.ORIGIN, lambda known, progress: wger.convert(content, FILES, known, progress))


def plan_import(
    connection: Connection, catalogue: Catalogue, found: Import, *, prune: bool, progress: Progress
) -> PlannedImport:
    """What importing would change. `plan.kept` are exercises that the catalogue no longer has.

    Raises `InvalidDrafts` with every fault, in the files or in what the import would leave behind.
    """
    stored = StoredDrafts(connection, catalogue)
    active = set(stored.expect_everything())
    known = Known.of(stored.everything(), active, found.origin)
    conversion = found.convert(known, progress)
    bundle = _checked(catalogue, conversion)
    gone = {
        ("exercise", draft["slug"])
        for identifier, draft in known.imported.items()
        if identifier not in conversion.identifiers
    }
    if prune and len(gone) == len(known.imported) and (gone or not conversion.identifiers):
        raise InvalidDrafts([Fault(found.origin.slug, NOTHING_TO_KEEP)])
    plan, faults = make_plan(connection, catalogue, bundle.drafts, prune=prune, within=gone.__contains__)
    if faults:
        raise InvalidDrafts([Fault(_place(conversion, key) + fault.place, fault.detail) for key, fault in faults])
    return PlannedImport(plan, conversion.report)


def _checked(catalogue: Catalogue, conversion: Conversion) -> Bundle[str]:
    """The canonical drafts of a conversion."""
    bundle: Bundle[str] = Bundle(str)
    for key, written in conversion.drafts.items():
        bundle.add(catalogue[key[0]], written, _place(conversion, key))
    faults = [Fault(place, f"As a draft, {fault.place}: {fault.detail}") for place, fault in bundle.faults]
    if conversion.faults or faults:
        raise InvalidDrafts([*conversion.faults, *faults])
    return bundle


def _place(conversion: Conversion, key: EntityKey) -> str:
    """Where an entity stands: in the files, or in the catalogue."""
    return conversion.places.get(key, f"{key[0]} {key[1]} (in the catalogue)")
