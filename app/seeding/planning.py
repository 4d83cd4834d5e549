"""What applying a seed folder would change."""

from pathlib import Path

from sqlalchemy import Connection

from app.content.content_type import Catalogue, EntityKey
from app.editing.bundle import Bundle
from app.editing.plan import Plan, make_plan
from app.errors import Fault
from app.seeding.field_names import field_name
from app.seeding.files import SeedEntry, SeedErrors, read_folder

NOTHING_TO_KEEP = (
    "There are no seed files here, so pruning would delete everything. Name the folder that holds them, or leave"
    " --prune out; to begin with an empty catalogue, use another database."
)


def plan_folder(
    connection: Connection, catalogue: Catalogue, folder: Path, *, prune: bool, read: Bundle[SeedEntry] | None = None
) -> Plan:
    """What applying a folder would change.

    Raises `SeedErrors` with every fault of the files, and of drafts in the catalogue that they would break.
    """
    bundle = read or read_folder(folder, catalogue)
    if prune and not bundle.drafts:
        raise SeedErrors([f"{folder}: {NOTHING_TO_KEEP}"])
    plan, faults = make_plan(connection, catalogue, bundle.drafts, prune=prune)
    if faults:
        raise SeedErrors([_located(catalogue, bundle, key, fault) for key, fault in faults])
    return plan


def _located(catalogue: Catalogue, bundle: Bundle[SeedEntry], key: EntityKey, fault: Fault) -> str:
    if key in bundle.places:
        return bundle.places[key].locate(fault)
    place = f"{catalogue[key[0]].collection}/{key[1]} (in the catalogue, not in the files)"
    return f"{place}: {field_name(fault.place)}: {fault.detail}"
