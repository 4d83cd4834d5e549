"""Records of another catalogue's JSON files, read field by field; whatever is wrong is a fault with its pointer."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marshmallow import ValidationError

from app.errors import Fault, InvalidDrafts
from app.imports import texts
from app.shapes.fields import NAME_LENGTH, TEXT_LENGTH, checked_text

MAX_BYTES = 64 * 1024 * 1024
RAW_LENGTH = 100_000
"""The characters of HTML that are looked at in one text."""

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Record:
    """An object of a JSON file. Its faults go to `faults`, as `FILE#POINTER`, and reading goes on."""

    value: dict[str, Any]
    file: str
    pointer: str
    faults: list[Fault]

    @property
    def place(self) -> str:
        return f"{self.file}#{self.pointer}"

    def refuse(self, key: str, detail: str) -> None:
        """Notes a fault of a field, or of the record where the key is empty."""
        self.faults.append(Fault(f"{self.place}/{key}" if key else self.place, detail))

    def text(self, key: str, *, required: bool = False, limit: int = NAME_LENGTH) -> str | None:
        """A text on one line, without HTML; None where it is missing, null or blank."""
        cleaned = self._cleaned(self.value.get(key), key, limit)
        if required and not cleaned and not self._has_fault(key):
            self.refuse(key, "Is required.")
        return cleaned or None

    def texts(self, key: str, *, limit: int = TEXT_LENGTH) -> list[str]:
        """A list of texts on one line each, as they stand, blank ones as empty texts; empty where it is null."""
        found = self.value.get(key)
        if found is None:
            return []
        if not isinstance(found, list):
            self.refuse(key, "Must be a list.")
            return []
        return [self._cleaned(each, f"{key}/{index}", limit) for index, each in enumerate(found)]

    def steps(self, key: str) -> list[str]:
        """The steps that an HTML description tells."""
        found = self.value.get(key)
        if found is None or not self._is_text(found, key):
            return []
        return [self._checked(step, key, TEXT_LENGTH) for step in texts.steps(found)]

    def number(self, key: str, *, required: bool = True) -> int | None:
        """A whole number that names a record of another table."""
        found = self.value.get(key)
        if isinstance(found, int) and not isinstance(found, bool):
            return found
        if required or found is not None:
            self.refuse(key, "Must be a whole number." if found is not None else "Is required.")
        return None

    def numbers(self, key: str) -> list[tuple[str, int]]:
        """A list of whole numbers, each with its place; empty where it is null."""
        found = self.value.get(key)
        if found is not None and not isinstance(found, list):
            self.refuse(key, "Must be a list.")
            return []
        places = [(f"{key}/{index}", each) for index, each in enumerate(found or ())]
        for place, each in places:
            if not isinstance(each, int) or isinstance(each, bool):
                self.refuse(place, "Must be a whole number.")
        return [(place, each) for place, each in places if isinstance(each, int) and not isinstance(each, bool)]

    def _has_fault(self, key: str) -> bool:
        return any(fault.place == f"{self.place}/{key}" for fault in self.faults)

    def _cleaned(self, found: Any, key: str, limit: int) -> str:
        if found is None or not self._is_text(found, key):
            return ""
        return self._checked(texts.plain(found), key, limit)

    def _checked(self, text: str, key: str, limit: int) -> str:
        try:
            return checked_text(text, limit) if text else ""
        except ValidationError as error:
            self.refuse(key, str(error.messages[0]))
            return ""

    def _is_text(self, found: Any, key: str) -> bool:
        if not isinstance(found, str):
            self.refuse(key, "Must be a text.")
        elif len(found) > RAW_LENGTH:
            self.refuse(key, f"Must be at most {RAW_LENGTH} characters; this has {len(found)}.")
        elif _SURROGATE.search(found):
            self.refuse(key, "Must not hold half of a surrogate pair.")
        else:
            return True
        return False


def records(file: str, content: Any, faults: list[Fault]) -> Iterator[Record]:
    """The objects of a file that holds a list of them."""
    if not isinstance(content, list):
        faults.append(Fault(f"{file}#", "Must be a list of records."))
        return
    for index, value in enumerate(content):
        if isinstance(value, dict):
            yield Record(value, file, f"/{index}", faults)
        else:
            faults.append(Fault(f"{file}#/{index}", "Must be an object with fields."))


def printable(name: str) -> str:
    """A file's name, with what is not UTF-8 in it escaped."""
    return name.encode(errors="backslashreplace").decode()


def read_json(path: Path) -> Any:
    """What a JSON file (RFC 8259, UTF-8) holds.

    Raises `InvalidDrafts` for what cannot be read, is no JSON, is over 64 MiB or names a field twice in one object.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise ValueError(f"The file is larger than {MAX_BYTES} bytes.")
        text = content.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
    except FileNotFoundError:
        detail = "There is no such file."
    except OSError as error:
        detail = f"The file cannot be read: {error.strerror}."
    except UnicodeDecodeError:
        detail = "The file is not UTF-8."
    except json.JSONDecodeError as error:
        detail = f"Not JSON: {error.msg}, line {error.lineno}, column {error.colno}."
    except RecursionError:
        detail = "The file is nested too deep."
    except ValueError as error:
        detail = str(error)
    raise InvalidDrafts([Fault(printable(str(path)), detail)])


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("An object names a field twice.")
    return found


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON.")
