"""Texts of other catalogues as plain text: HTML is removed, descriptions are split into steps, names become slugs.

`nh3` (Ammonia, an HTML5 parser) removes every tag that is not a block, and scripts and styles with their content. The
remaining blocks are read by the standard library's parser, which then meets nothing that it could stumble over.
What only looks like markup is text: see `imports.markup`.
"""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import TypeVar

from app.imports.markup import escape_text
from app.shapes.fields import SLUG_MAX_LENGTH
from app.shapes.invisible import as_seen

T = TypeVar("T")

BLOCKS = frozenset({"p", "li", "br", "div", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "dt", "dd", "pre", "blockquote"})
HEADINGS = frozenset({"strong", "b", "h1", "h2", "h3", "h4", "h5", "h6"})
_WORD = re.compile(r"[^\W_]+")
_MARK = re.compile(r"(?:[-*•·\u2013]|\d{1,2}[.)])\s+")
_WIDE_STOPS = "\u3002\uff01\uff1f"
_STOPS = ".!?\u061f\u2026"
_COLONS = (":", "\uff1a")
_ENDS = (*_COLONS, *_STOPS, *_WIDE_STOPS)
_SENTENCE_END = re.compile(rf"(?<=[{_STOPS}])\s+|(?<=[{_WIDE_STOPS}])")
ABBREVIATIONS = frozenset(["approx", "bzw", "ca", "dr", "fig", "incl", "max", "min", "nr", "sec", "st", "vs"])


def slug_of(text: str, *, limit: int = SLUG_MAX_LENGTH) -> str:
    """The text as a slug, other scripts spelled in Latin letters; empty where nothing can be spelled."""
    from slugify import slugify  # noqa: PLC0415  # a server, which imports nothing, does without

    return str(slugify(text, max_length=limit, word_boundary=True))


def word_key(word: str) -> str:
    """What is the same in every spelling of a word: `bodyonly` for `Body Only`, `body-only` and `body_only`."""
    return "".join(_WORD.findall(as_seen(word).casefold()))


def by_key(table: Mapping[str, T]) -> Mapping[str, T]:
    """A table with the keys of its words in their place."""
    return {word_key(word): value for word, value in table.items()}


def plain(html: str) -> str:
    """The text of some HTML on one line."""
    return " ".join(" ".join(_walk(html, headings=False)).split())


def steps(html: str) -> list[str]:
    """The steps of a description, in order, none of them blank.

    Each list item, paragraph or typed line is a step. A line that ends with a colon or is all in bold is a heading and
    begins the step after it. A description that is a single paragraph is split into its sentences.
    """
    lines = [line for block in _walk(html) for line in _lines(block)]
    blocks = _with_headings(lines)
    return sentences(blocks[0]) if len(blocks) == 1 else blocks


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph. Where a sentence may or may not end, as after an abbreviation, it goes on."""
    parts: list[str] = []
    for part in filter(None, _SENTENCE_END.split(text)):
        if parts and not _begins_after(parts[-1], part):
            parts[-1] += " " + part
        else:
            parts.append(part)
    return parts


def _begins_after(before: str, after: str) -> bool:
    """Whether a sentence ends between two texts: no abbreviation before, no small letter, digit or sign after."""
    first = after.lstrip("¿¡\"'“„«(")[:1]
    word = before[before.rfind(" ") + 1 : -1] if before.endswith(".") else ""
    abbreviated = "." in word or len(word) == 1 or word.casefold() in ABBREVIATIONS
    return first.isalpha() and not first.islower() and not abbreviated


def _with_headings(lines: list[str]) -> list[str]:
    blocks: list[str] = []
    for line in lines:
        if blocks and blocks[-1].endswith(_COLONS):
            blocks[-1] += " " + line
        else:
            blocks.append(line)
    if blocks and blocks[-1].endswith(_COLONS):
        blocks[-1] = blocks[-1][:-1]
    return blocks


def _lines(block: str) -> list[str]:
    """The lines of a block. A line break counts after a sentence and before a list mark; others fold long lines."""
    lines: list[str] = []
    for typed in block.splitlines():
        line = " ".join(typed.split())
        marked = _MARK.match(line)
        text = line[marked.end() :] if marked else line
        if lines and not marked and text and not lines[-1].endswith(_ENDS):
            lines[-1] += " " + text
        elif any(character.isalnum() for character in text):
            lines.append(text)
    return lines


def _walk(html: str, *, headings: bool = True) -> list[str]:
    if "<" not in html and "&" not in html:
        return [html]
    walker = _Walker()
    tags = BLOCKS | HEADINGS if headings else BLOCKS - HEADINGS
    import nh3  # noqa: PLC0415  # a server, which imports nothing, does without

    walker.feed(nh3.clean(escape_text(html), tags=set(tags), attributes={}, strip_comments=True))
    walker.close()
    walker.end_block()
    return walker.blocks


class _Walker(HTMLParser):
    """Collects the text of each block. The text of a heading gets a colon at its end."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = []
        self._block, self._bold, self._is_heading = "", 0, True

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in BLOCKS:
            self.end_block()
        self._bold += tag in HEADINGS

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self.end_block()
        self._bold -= tag in HEADINGS

    def handle_data(self, data: str) -> None:
        self._block += data
        self._is_heading = self._is_heading and (self._bold > 0 or not data.strip())

    def end_block(self) -> None:
        """Ends the present block: the text since the last one."""
        text = self._block.strip()
        heading = self._is_heading and text and not text.endswith(_ENDS) and "\n" not in text
        self.blocks.append(f"{text}:" if heading else text)
        self._block, self._is_heading = "", True
