"""Reading a folder of seed files. A subfolder is named after a collection; a file holds one draft or a list of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.content.content_type import Catalogue, ContentType
from app.editing.bundle import Bundle
from app.errors import Fault, LimberError
from app.seeding.field_names import field_name
from app.seeding.yaml_reader import Parsed, YamlFault, parse

SUFFIXES = (".yaml", ".yml", ".json")
SCHEMAS = "schemas"
"""The folder of JSON Schemas for text editors, which holds no seed files."""


class SeedErrors(LimberError):
    """Seed files that break a rule; every fault names file, line and column. Nothing was changed."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(f"{len(faults)} {'error' if len(faults) == 1 else 'errors'}; nothing was changed.")
        self.faults = faults


@dataclass(frozen=True)
class SeedEntry:
    """Where a draft stands: its file, and its JSON pointer within that."""

    file: Path
    parsed: Parsed
    pointer: str

    def locate(self, fault: Fault) -> str:
        """The fault with file, line, column and field, as compilers print it."""
        what = f"{field_name(fault.place)}: " if fault.place else ""
        return f"{self.place(fault.place)}: {what}{fault.detail}"

    def place(self, pointer: str) -> str:
        """File, line and column of a field."""
        line, column = self.parsed.place_of(self.pointer + pointer)
        return f"{self.file}:{line}:{column}"


def read_folder(folder: Path, catalogue: Catalogue, progress: Callable[[int], None] | None = None) -> Bundle[SeedEntry]:
    """Reads every seed file below a folder.

    Raises `SeedErrors` with every fault of every file.
    """
    faults: list[str] = []
    bundle: Bundle[SeedEntry] = Bundle(lambda entry: entry.place("/slug"))
    for content_type, file in _files(folder, catalogue, faults):
        for entry, written in _entries(file, faults):
            bundle.add(content_type, written, entry)
        faults += [entry.locate(fault) for entry, fault in bundle.faults]
        bundle.faults.clear()
        if progress:
            progress(1)
    if faults:
        raise SeedErrors(faults)
    return bundle


def count_files(folder: Path) -> int:
    """How many files `read_folder` will read."""
    return sum(1 for path in folder.rglob("*") if path.suffix in SUFFIXES and path.is_file())


def _files(folder: Path, catalogue: Catalogue, faults: list[str]) -> Iterator[tuple[ContentType, Path]]:
    if not folder.is_dir():
        raise SeedErrors([f"{folder}: There is no such folder."])
    allowed = ", ".join(content_type.collection for content_type in catalogue)
    for path in sorted(folder.iterdir()):
        content_type = catalogue.of_collection(path.name) if path.is_dir() else None
        if path.name.startswith(".") or (path.is_dir() and path.name == SCHEMAS):
            continue
        if content_type is None and (path.is_dir() or path.suffix in SUFFIXES):
            faults.append(f"{path}: Seed files stand in folders named after their kind: {allowed}.")
        elif content_type is not None:
            for file in sorted(path.rglob("*")):
                if file.suffix in SUFFIXES and file.is_file() and not file.name.startswith("."):
                    yield content_type, file


def _entries(file: Path, faults: list[str]) -> Iterator[tuple[SeedEntry, Any]]:
    try:
        parsed = parse(file.read_bytes())
    except YamlFault as error:
        line, column = error.place
        faults.append(f"{file}:{line}:{column}: {error}")
        return
    if isinstance(parsed.data, list):
        for index, written in enumerate(parsed.data):
            yield SeedEntry(file, parsed, f"/{index}"), written
    elif isinstance(parsed.data, dict):
        yield SeedEntry(file, parsed, ""), parsed.data
    else:
        faults.append(f"{file}:1:1: The file holds neither an entry nor a list of entries.")
