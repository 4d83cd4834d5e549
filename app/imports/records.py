"""Records of another catalogue's JSON files, read field by field. What is wrong becomes a fault with its pointer."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marshmallow import ValidationError

from app.errors import Fault, InvalidDrafts
from app.imports import texts
from app.shapes.fields import NAME_LENGTH, TEXT_LENGTH
from app.shapes.texts import checked_text

MAX_BYTES = 64 * 1024 * 1024
RAW_LENGTH = 100_000
"""How many characters of HTML one text may have."""

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Record:
    """An object of a JSON file. Reading a wrong field adds a fault at `FILE#POINTER` to `faults`, and goes on."""

    value: dict[str, Any]
    file: str
    pointer: str
    faults: list[Fault]

    @property
    def place(self) -> str:
        return f"{self.file}#{self.pointer}"

    def refuse(self, key: str, detail: str) -> None:
        """Adds a fault of a field, or, with an empty key, of the record."""
        self.faults.append(Fault(f"{self.place}/{key}" if key else self.place, detail))

    def text(self, key: str, *, required: bool = False, limit: int = NAME_LENGTH) -> str | None:
        """A text on one line, without HTML; None if it is missing, null or blank."""
        cleaned = self._cleaned(self.value.get(key), key, limit)
        if required and not cleaned and not self._has_fault(key):
            self.refuse(key, "Is required.")
        return cleaned or None

    def texts(self, key: str, *, limit: int = TEXT_LENGTH) -> list[str]:
        """A list of texts on one line each, without HTML. Blank texts stay, as empty ones. Null is an empty list."""
        return [self._cleaned(text, place, limit) for place, text in self._entries(key)]

    def steps(self, key: str) -> list[str]:
        """The steps that an HTML description consists of."""
        html = self.value.get(key)
        if html is None or not self._is_text(html, key):
            return []
        return [self._checked(step, key, TEXT_LENGTH) for step in texts.steps(html)]

    def number(self, key: str, *, required: bool = True) -> int | None:
        """A whole number that refers to a record of another table."""
        number = self.value.get(key)
        if type(number) is int:
            return number
        if required or number is not None:
            self.refuse(key, "Must be a whole number." if number is not None else "Is required.")
        return None

    def numbers(self, key: str) -> list[tuple[str, int]]:
        """A list of whole numbers, each with its place. Null is an empty list."""
        numbers = []
        for place, number in self._entries(key):
            if type(number) is int:
                numbers.append((place, number))
            else:
                self.refuse(place, "Must be a whole number.")
        return numbers

    def _entries(self, key: str) -> list[tuple[str, Any]]:
        """The entries of a list, each with its place; none, with a fault, for what is neither a list nor null."""
        entries = self.value.get(key)
        if not isinstance(entries, list | None):
            self.refuse(key, "Must be a list.")
            return []
        return [(f"{key}/{index}", entry) for index, entry in enumerate(entries or ())]

    def _has_fault(self, key: str) -> bool:
        return any(fault.place == f"{self.place}/{key}" for fault in self.faults)

    def _cleaned(self, html: Any, key: str, limit: int) -> str:
        if html is None or not self._is_text(html, key):
            return ""
        return self._checked(texts.plain(html), key, limit)

    def _checked(self, text: str, key: str, limit: int) -> str:
        try:
            return checked_text(text, limit) if text else ""
        except ValidationError as error:
            self.refuse(key, str(error.messages[0]))
            return ""

    def _is_text(self, value: Any, key: str) -> bool:
        if not isinstance(value, str):
            self.refuse(key, "Must be a text.")
        elif len(value) > RAW_LENGTH:
            self.refuse(key, f"Must be at most {RAW_LENGTH} characters; this has {len(value)}.")
        elif _SURROGATE.search(value):
            self.refuse(key, "Must not hold half of a surrogate pair.")
        else:
            return True
        return False


def records(file: str, content: Any, faults: list[Fault]) -> Iterator[Record]:
    """The objects of a file that holds a list of objects; a fault for everything else in it."""
    if not isinstance(content, list):
        faults.append(Fault(f"{file}#", "Must be a list of records."))
        return
    for index, value in enumerate(content):
        if isinstance(value, dict):
            yield Record(value, file, f"/{index}", faults)
        else:
            faults.append(Fault(f"{file}#/{index}", "Must be an object with fields."))


def printable(name: str) -> str:
    """A file's name in which bytes that are not UTF-8 are escaped."""
    return name.encode(errors="backslashreplace").decode()


def read_json(path: Path) -> Any:
    """What a JSON file (RFC 8259, UTF-8) holds.

    Raises `InvalidDrafts` if the file cannot be read, is no JSON, is over 64 MiB or names a field twice in one object.
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
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise ValueError("An object names a field twice.")
    return fields


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON.")
