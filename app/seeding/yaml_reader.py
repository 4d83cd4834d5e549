"""A safe reader of YAML files as plain data, with the line and column of every value.

What is dangerous or surprising in YAML is refused: aliases, anchors, tags, merge keys, duplicate keys, more than one
document, deep nesting, too many nodes. Plain scalars stay texts (`shapes.texts.Scalar`), so that `no`, `1.10` and
`12:30:45` mean what they say; the schema converts them where a number is wanted. A text that YAML would cut at ` #` is
read as a `DoubtfulScalar`, which no field for texts takes. The reader goes through the parser's events and never
recurses.
"""

import re
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml

from app.seeding.yaml_advice import QUOTE_IT, Place, doubt_of, explain
from app.shapes.faults import pointer_step
from app.shapes.invisible import INVISIBLE
from app.shapes.texts import DoubtfulScalar, Scalar

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 32
MAX_NODES = 200_000
MAX_NAME = 100
"""Characters of a field's name. Each place is kept under all the names that lead there, so that they must be short."""

_MERGE_MARK = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?: .*)?\r?$", re.MULTILINE)
_COMMENT = re.compile(r"[ \t]+(#[^\n\r]*)")
_COMMENT_BELOW = re.compile(r"[ \t]*\r?\n(?:[ \t]*\r?\n)*([ \t]+)(#[^\n\r]*)")
SEPARATOR = re.compile("[\x85\u2028\u2029]")
"""What YAML takes for the end of a line, though editors do not show it as one; in quotes, an escape stands for it."""
_LIST_MARK = re.compile(r"\n[ \t]*- ")
_NULLS = ("~", "null", "Null", "NULL")


class YamlFault(Exception):
    """A file is not valid, or not allowed, as YAML; `place` says where. `is_syntax`: no parser would read the file."""

    def __init__(self, place: Place, detail: str, *, is_syntax: bool = False) -> None:
        super().__init__(detail)
        self.place, self.is_syntax = place, is_syntax


@dataclass
class Parsed:
    """A file's data, and the place of each value by JSON pointer.

    The place of an object's field is that of its value. `hints` has sentences about what was perhaps meant, which help
    where something is wrong at that pointer.
    """

    data: Any = None
    places: dict[str, Place] = field(default_factory=dict)
    hints: dict[str, str] = field(default_factory=dict)

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
    column: int
    in_brackets: bool
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
    text = _decoded(content)
    if mark := _MERGE_MARK.search(text):
        raise YamlFault(
            (text.count("\n", 0, mark.start()) + 1, 1),
            f"Git marks here that two versions of the file differ ({mark.group()[:20].strip()}). Keep the lines that"
            " are right and delete the marks.",
        )
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _Builder(text, max_nodes, with_places=with_places).build(yaml.parse(text, Loader=loader))
    except yaml.MarkedYAMLError as error:
        place, advice = explain(text, error)
        raise YamlFault(place, f"Not valid YAML: {advice}", is_syntax=True) from None
    except yaml.YAMLError as error:
        raise YamlFault(_reader_place(text, error), "The file holds a character that YAML does not allow.") from None


def _decoded(content: bytes) -> str:
    """The text of a file in UTF-8. Raises `YamlFault` for another coding, by its likely name."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00\x00" in (content[:4:2], content[1:4:2]):
        raise YamlFault((1, 1), "The file is UTF-16. Save it as UTF-8, and try again.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line_start = content.rfind(b"\n", 0, error.start) + 1
        before, byte = content[line_start : error.start].decode("utf-8", "replace"), content[error.start :][:1]
        place = (content.count(b"\n", 0, error.start) + 1, len(before) + 1)
        raise YamlFault(
            place,
            f"The file is not UTF-8, but perhaps Latin-1 or Windows-1252, in which the byte here is"
            f" '{byte.decode('cp1252', 'replace')}'. Save it as UTF-8, and try again.",
        ) from None
    if separator := SEPARATOR.search(text):
        before = text[: separator.start()]
        raise YamlFault(
            (before.count("\n") + 1, len(before) - before.rfind("\n")),
            f"The file holds U+{ord(separator.group()):04X}, which YAML takes for the end of a line. Type a plain one.",
        )
    return text


def _reader_place(text: str, error: yaml.YAMLError) -> Place:
    position = getattr(error, "position", 0)
    if yaml.__with_libyaml__:
        # libyaml counts bytes, the pure reader characters.
        position = len(text.encode()[:position].decode(errors="ignore"))
    return text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)


class _Builder:
    """Builds the data from the parser's events, with a stack of the lists and objects that are open."""

    def __init__(self, text: str, max_nodes: int, *, with_places: bool) -> None:
        self.text, self.max_nodes, self.with_places = text, max_nodes, with_places
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
                self._refuse(
                    event, f"Aliases (*name) are not read. Write the value out; or, if it is a text, {QUOTE_IT}."
                )
            elif isinstance(event, yaml.ScalarEvent):
                self._check_node(event)
                self._scalar(event)
            elif isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
                self._check_node(event)
                self._begin(event)
            elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
                self._end(self.stack.pop())
        return self.parsed

    def _refuse(self, event: Any, detail: str) -> NoReturn:
        raise YamlFault((event.start_mark.line + 1, event.start_mark.column + 1), detail)

    def _check_node(self, event: Any) -> None:
        self.nodes += 1
        if self.nodes > self.max_nodes:
            self._refuse(event, f"The file holds more than {self.max_nodes} values.")
        if event.anchor:
            self._refuse(event, f"Anchors (&name) are not read. Leave it out; or, if it is a text, {QUOTE_IT}.")
        if event.tag:
            self._refuse(event, f"Tags (!name) are not read. Leave it out; or, if it is a text, {QUOTE_IT}.")

    def _scalar(self, event: Any) -> None:
        plain = event.implicit[0]
        if self.stack and self.stack[-1].awaits_key:
            self._key(self.stack[-1], event, plain=plain)
        elif plain and event.value in ("", *_NULLS):
            pointer, comment = self._put(event, None), self._comment_behind(event.end_mark.index)
            if (event.value or comment) and self.with_places:
                doubt = f"YAML reads {event.value} as nothing; if it is a text, {QUOTE_IT}."
                self.parsed.hints[pointer] = doubt_of(event.value, comment) or doubt
        else:
            self._put(event, self._plain(event) if plain else event.value)

    def _plain(self, event: Any) -> Scalar:
        """An unquoted value, and what YAML would cut off from it."""
        value, begin, end = event.value, event.start_mark.index, event.end_mark.index
        if _LIST_MARK.search(self.text, begin, end):
            self._refuse(
                event,
                "A line with '- ' stands below a text and would be joined to it. The entries of a list begin on the"
                f" line after 'name:'; or, if all is one text, {QUOTE_IT}.",
            )
        doubt = doubt_of(value, self._comment_behind(end))
        return DoubtfulScalar(value, doubt) if doubt else Scalar(value)

    def _comment_behind(self, end: int) -> str:
        """The comment behind an unquoted value, or below it where its next line would stand; empty without one."""
        if comment := _COMMENT.match(self.text, end):
            return comment[1].rstrip()
        below = _COMMENT_BELOW.match(self.text, end)
        is_inside = below and self.stack and len(below[1]) > self.stack[-1].column
        return below[2].rstrip() if below and is_inside else ""

    def _key(self, top: _Open, event: Any, *, plain: bool) -> None:
        if plain and event.value == "<<":
            self._refuse(event, "Merge keys (<<) are not read; write the fields out.")
        if len(event.value) > MAX_NAME:
            self._refuse(event, f"A field's name has at most {MAX_NAME} characters.")
        if hidden := INVISIBLE.search(event.value) or re.search(r"[^\S ]", event.value):
            self._refuse(event, f"A field's name holds U+{ord(hidden.group()):04X}, which is not seen. Type it anew.")
        if event.value in top.value:
            self._refuse(event, f"The field '{event.value[:80]}' stands here twice.")
        top.key = str(event.value)

    def _begin(self, event: Any) -> None:
        if self.stack and self.stack[-1].awaits_key:
            self._refuse(event, "A field's name must be a text.")
        if len(self.stack) >= MAX_DEPTH:
            self._refuse(event, f"Nested more than {MAX_DEPTH} deep.")
        value: list[Any] | dict[str, Any] = [] if isinstance(event, yaml.SequenceStartEvent) else {}
        opened = _Open(value, self._put(event, value), event.start_mark.column, event.flow_style)
        self.stack.append(opened)

    def _end(self, closed: _Open) -> None:
        """Leaves hints where a text may have been read as an object: `- Note: sit` and `{cue: sit, and stand}`."""
        if not self.with_places or not isinstance(closed.value, dict):
            return
        for name, value in closed.value.items():
            pointer = f"{closed.pointer}/{pointer_step(name)}"
            if closed.in_brackets and value is None:
                self.parsed.hints[pointer] = (
                    f"A comma ends a value in [ ] and {{ }}; if it belongs to a text, {QUOTE_IT}."
                )
            elif not closed.in_brackets and closed.pointer and (len(closed.value) == 1 or " " in name):
                hint = f"If '{name[:40]}:' begins a text, {QUOTE_IT}."
                self.parsed.hints.setdefault(closed.pointer, hint)
                self.parsed.hints.setdefault(pointer, hint)

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
