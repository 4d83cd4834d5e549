"""Reading a folder of seed files. A subfolder is named after a collection; a file holds one draft or a list of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.content.content_type import Catalogue, ContentType
from app.editing.bundle import Bundle
from app.errors import Fault, LimberError
from app.seeding.field_names import field_name
from app.seeding.yaml_faults import every_fault
from app.seeding.yaml_reader import Parsed, YamlFault, parse
from app.shapes.nearest import did_you_mean

SUFFIXES = (".yaml", ".yml", ".json")
SCHEMAS = "schemas"
"""The folder of JSON Schemas for text editors, which holds no seed files."""

NO_CONTENT = ("Thumbs.db", "desktop.ini")
"""Files that Windows leaves in folders. Files whose names begin with a dot are left alone too."""


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
        hint = self.parsed.hints.get(self.pointer + fault.place)
        return f"{self.place(fault.place)}: {what}{fault.detail}{f' {hint}' if hint else ''}"

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
    return sum(1 for path in _walk(folder) if path.suffix in SUFFIXES and path.is_file())


def _walk(folder: Path) -> Iterator[Path]:
    """Everything below a folder but folders, in order, without what is hidden or is not content."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in NO_CONTENT:
            continue
        if path.is_dir():
            yield from _walk(path)
        else:
            yield path


def _files(folder: Path, catalogue: Catalogue, faults: list[str]) -> Iterator[tuple[ContentType, Path]]:
    if not folder.is_dir():
        raise SeedErrors([f"{folder}: There is no such folder."])
    collections = [content_type.collection for content_type in catalogue]
    stand = f"Seed files stand in folders named after their kind: {', '.join(collections)}."
    for path in sorted(folder.iterdir()):
        content_type = catalogue.of_collection(path.name) if path.is_dir() else None
        if path.name.startswith(".") or path.name in NO_CONTENT or (path.is_dir() and path.name == SCHEMAS):
            continue
        if content_type is None and (path.is_dir() or not _is_beside(path)):
            faults.append(f"{path}: {stand}{did_you_mean(path.name, collections)}")
        elif content_type is not None:
            for file in _walk(path):
                if file.suffix in SUFFIXES and file.is_file():
                    yield content_type, file
                elif not _is_beside(file):
                    faults.append(f"{file}: {_not_read(file)}")


def _is_beside(path: Path) -> bool:
    """Whether a file may lie beside seed files without being one: what explains them."""
    return path.is_file() and path.suffix.lower() == ".md"


def _not_read(file: Path) -> str:
    """Why a file is not read, and what to do."""
    if not file.is_file():
        return "This is no file that can be read. Put the file itself here, or take this away."
    inner = next((suffix for suffix in reversed(file.suffixes) if suffix.lower() in SUFFIXES), None)
    advice = f"Name it {file.name.partition(inner)[0]}{inner.lower()}" if inner else "Write it as YAML"
    return (
        f"This file is not read: seed files end in {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}. {advice}, or, if it is"
        " none, put it elsewhere."
    )


def _entries(file: Path, faults: list[str]) -> Iterator[tuple[SeedEntry, Any]]:
    try:
        content = file.read_bytes()
    except OSError as error:
        faults.append(f"{file}: The file cannot be read: {error.strerror}.")
        return
    try:
        parsed = parse(content)
    except YamlFault as error:
        for fault in every_fault(content, error):
            line, column = fault.place
            faults.append(f"{file}:{line}:{column}: {fault}")
        return
    if isinstance(parsed.data, list):
        for index, written in enumerate(parsed.data):
            yield SeedEntry(file, parsed, f"/{index}"), written
    elif isinstance(parsed.data, dict):
        yield SeedEntry(file, parsed, ""), parsed.data
    else:
        faults.append(f"{file}:1:1: The file holds neither an entry nor a list of entries.")
