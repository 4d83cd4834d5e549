"""Plan and apply of a seed folder."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection

from app.content.content_type import Catalogue
from app.content.working_copy import Progress
from app.editing.plan import Plan, apply_plan, make_plan
from app.seeding.field_names import field_name
from app.seeding.files import SeedErrors, SeedFolder, read_folder

NOTHING_TO_KEEP = (
    "There are no seed files here, so pruning would delete everything. Name the folder that holds them, or leave"
    " --prune out; to begin with an empty catalogue, use another database."
)


@dataclass(frozen=True)
class PlannedSeed:
    """A checked plan and the files it comes from."""

    folder: SeedFolder
    plan: Plan


def plan_folder(
    connection: Connection, catalogue: Catalogue, folder: Path, *, prune: bool, read: SeedFolder | None = None
) -> PlannedSeed:
    """What applying a folder would change.

    Raises `SeedErrors` with every fault, in the files or in what they would leave behind.
    """
    found = read or read_folder(folder, catalogue)
    if prune and not found.drafts:
        raise SeedErrors([f"{folder}: {NOTHING_TO_KEEP}"])
    plan, faults = make_plan(connection, catalogue, found.drafts, prune=prune)
    if faults:
        lines = []
        for key, fault in faults:
            if key in found.places:
                lines.append(found.places[key].locate(fault))
            else:
                collection = catalogue[key[0]].collection
                place = f"{collection}/{key[1]} (in the catalogue, not in the files)"
                lines.append(f"{place}: {field_name(fault.place)}: {fault.detail}")
        raise SeedErrors(lines)
    return PlannedSeed(found, plan)


def apply_folder(
    connection: Connection, catalogue: Catalogue, planned: PlannedSeed, progress: Progress | None = None
) -> None:
    """Makes the changes of a plan, inside the caller's exclusive transaction."""
    apply_plan(connection, catalogue, planned.plan, datetime.now(UTC), progress)
