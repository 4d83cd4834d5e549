"""A safe reader of YAML files as plain data, with the line and column of every value.

What is dangerous or surprising in YAML is refused: aliases, anchors, tags, merge keys, duplicate keys, more than one
document, deep nesting, too many nodes. Plain scalars stay texts (`shapes.fields.Scalar`), so that `no`, `1.10` and
`12:30:45` mean what they say; the schema converts them where a number is wanted. The reader goes through the parser's
events and never recurses.
"""

from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml

from app.shapes.faults import pointer_step
from app.shapes.fields import Scalar

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 32
MAX_NODES = 200_000
MAX_NAME = 100
"""Characters of a field's name. Each place is kept under all the names that lead there, so that they must be short."""

Place = tuple[int, int]
"""(line, column), both from 1."""


class YamlFault(Exception):
    """A file is not valid, or not allowed, as YAML; `place` says where."""

    def __init__(self, place: Place, detail: str) -> None:
        super().__init__(detail)
        self.place = place


@dataclass
class Parsed:
    """A file's data, and the place of each value by JSON pointer. The place of an object's field is that of its key."""

    data: Any = None
    places: dict[str, Place] = field(default_factory=dict)

    def place_of(self, pointer: str) -> Place:
        """The place of a value, or of the innermost list or object around it that the file has."""
        while pointer and pointer not in self.places:
            pointer = pointer.rpartition("/")[0]
        return self.places.get(pointer, (1, 1))


@dataclass
class _Open:
    """A list or an object whose end has not come yet, and of an object the key whose value comes next."""

    value: list[Any] | dict[str, Any]
    pointer: str
    key: str | None = None

    @property
    def awaits_key(self) -> bool:
        return isinstance(self.value, dict) and self.key is None


def parse(
    content: bytes, *, max_bytes: int = MAX_BYTES, max_nodes: int = MAX_NODES, with_places: bool = True
) -> Parsed:
    """The data of one YAML file; without `with_places`, none of the places, which take more room than the data.

    Raises `YamlFault` for the first part of the file that is refused.
    """
    if len(content) > max_bytes:
        raise YamlFault((1, 1), f"The file has {len(content)} bytes; at most {max_bytes} are read.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise YamlFault((line, 1), "The file is not UTF-8.") from None
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _Builder(max_nodes, with_places=with_places).build(yaml.parse(text, Loader=loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise YamlFault(place, f"Not valid YAML: {error.problem or error.context}.") from None
    except yaml.YAMLError as error:
        raise YamlFault(_reader_place(text, error), "The file holds a character that YAML does not allow.") from None


def _reader_place(text: str, error: yaml.YAMLError) -> Place:
    position = getattr(error, "position", 0)
    if yaml.__with_libyaml__:
        # libyaml counts bytes, the pure reader characters.
        position = len(text.encode()[:position].decode(errors="ignore"))
    return text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)


class _Builder:
    """Builds the data from the parser's events, with a stack of the lists and objects that are open."""

    def __init__(self, max_nodes: int, *, with_places: bool) -> None:
        self.max_nodes, self.with_places = max_nodes, with_places
        self.parsed = Parsed()
        self.stack: list[_Open] = []
        self.nodes = 0
        self.documents = 0

    def build(self, events: Any) -> Parsed:
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                self.documents += 1
                if self.documents > 1:
                    self._refuse(event, "A file holds one document; '---' begins a second one.")
            elif isinstance(event, yaml.AliasEvent):
                self._refuse(event, "Aliases (*name) are not read; write the value out.")
            elif isinstance(event, yaml.ScalarEvent):
                self._check_node(event)
                self._scalar(event)
            elif isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
                self._check_node(event)
                self._begin(event)
            elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
                self.stack.pop()
        return self.parsed

    def _refuse(self, event: Any, detail: str) -> NoReturn:
        raise YamlFault((event.start_mark.line + 1, event.start_mark.column + 1), detail)

    def _check_node(self, event: Any) -> None:
        self.nodes += 1
        if self.nodes > self.max_nodes:
            self._refuse(event, f"The file holds more than {self.max_nodes} values.")
        if event.anchor:
            self._refuse(event, "Anchors (&name) are not read; write the value out.")
        if event.tag and event.tag != "!":
            self._refuse(event, "Tags (!name) are not read.")

    def _scalar(self, event: Any) -> None:
        plain = event.implicit[0]
        if self.stack and self.stack[-1].awaits_key:
            self._key(self.stack[-1], event, plain=plain)
        elif plain and event.value in ("", "~", "null", "Null", "NULL"):
            self._put(event, None)
        else:
            self._put(event, Scalar(event.value) if plain else event.value)

    def _key(self, top: _Open, event: Any, *, plain: bool) -> None:
        if plain and event.value == "<<":
            self._refuse(event, "Merge keys (<<) are not read; write the fields out.")
        if len(event.value) > MAX_NAME:
            self._refuse(event, f"A field's name has at most {MAX_NAME} characters.")
        if event.value in top.value:
            self._refuse(event, f"The field '{event.value[:80]}' stands here twice.")
        top.key = str(event.value)

    def _begin(self, event: Any) -> None:
        if self.stack and self.stack[-1].awaits_key:
            self._refuse(event, "A field's name must be a text.")
        if len(self.stack) >= MAX_DEPTH:
            self._refuse(event, f"Nested more than {MAX_DEPTH} deep.")
        value: list[Any] | dict[str, Any] = [] if isinstance(event, yaml.SequenceStartEvent) else {}
        self.stack.append(_Open(value, self._put(event, value)))

    def _put(self, event: Any, value: Any) -> str:
        place = (event.start_mark.line + 1, event.start_mark.column + 1)
        pointer = ""
        if not self.stack:
            self.parsed.data = value
        else:
            top = self.stack[-1]
            if isinstance(top.value, list):
                pointer = f"{top.pointer}/{len(top.value)}"
                top.value.append(value)
            else:
                key, top.key = top.key or "", None
                pointer = f"{top.pointer}/{pointer_step(key)}"
                top.value[key] = value
        if self.with_places:
            self.parsed.places[pointer] = place
        return pointer
