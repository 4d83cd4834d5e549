"""Texts of other catalogues as plain text: HTML taken off, descriptions split into steps, names as slugs.

`nh3` (Ammonia, an HTML5 parser) takes off whatever is not a block, scripts and styles with their content; the blocks
that are left are walked with the standard library's parser, which then meets nothing that it could stumble over.
"""

import re
from html.parser import HTMLParser

import nh3
from slugify import slugify

from app.shapes.fields import SLUG_MAX_LENGTH

BLOCKS = frozenset({"p", "li", "br", "div", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "dt", "dd", "pre", "blockquote"})
_MARK = re.compile(r"(?:[-*•·\u2013]|\d{1,2}[.)])\s+")
_WIDE_STOPS = "\u3002\uff01\uff1f"
_STOPS = ".!?\u061f\u2026"
_ENDS = (":", *_STOPS, *_WIDE_STOPS)
_SENTENCE_END = re.compile(rf"(?<=[{_STOPS}])\s+|(?<=[{_WIDE_STOPS}])")
_WORD_BEFORE_STOP = re.compile(r"(\S+)\.$")
LONGEST_ABBREVIATION = 3


def slug_of(text: str, *, limit: int = SLUG_MAX_LENGTH) -> str:
    """The text as a slug, other scripts spelled in Latin letters; empty where nothing can be spelled."""
    return str(slugify(text, max_length=limit, word_boundary=True))


def plain(html: str) -> str:
    """The text of some HTML on one line."""
    return " ".join(" ".join(_walk(html)).split())


def steps(html: str) -> list[str]:
    """The steps that a description tells, in order, none of them blank.

    Each list item, paragraph or typed line is one. What ends with a colon is a heading and begins the step after it.
    A description that is a single paragraph is split into its sentences.
    """
    lines = [line for block in _walk(html) for line in _lines(block)]
    blocks = _with_headings(lines)
    return sentences(blocks[0]) if len(blocks) == 1 else blocks


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph. Where it is not certain that one ends, as after an abbreviation, none does."""
    found: list[str] = []
    for part in filter(None, _SENTENCE_END.split(text)):
        if found and not _begins_after(found[-1], part):
            found[-1] += " " + part
        else:
            found.append(part)
    return found


def _begins_after(before: str, after: str) -> bool:
    """Whether a sentence begins here: no small letter, digit or sign after, no abbreviation before."""
    first = after.lstrip("¿¡\"'“„«(")[:1]
    word = _WORD_BEFORE_STOP.search(before)
    abbreviated = word is not None and ("." in word[1] or len(word[1]) <= LONGEST_ABBREVIATION)
    return first.isalpha() and not first.islower() and not abbreviated


def _with_headings(lines: list[str]) -> list[str]:
    blocks: list[str] = []
    for line in lines:
        if blocks and blocks[-1].endswith(":"):
            blocks[-1] += " " + line
        else:
            blocks.append(line)
    return blocks


def _lines(block: str) -> list[str]:
    """The lines of a block. A line break counts where a sentence ends or a mark follows; else the line was full."""
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


def _walk(html: str) -> list[str]:
    walker = _Walker()
    walker.feed(nh3.clean(html, tags=set(BLOCKS), attributes={}, strip_comments=True))
    walker.close()
    return walker.blocks


class _Walker(HTMLParser):
    """Collects the text between one block's border and the next."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks = [""]

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        self.blocks.append("")

    def handle_data(self, data: str) -> None:
        self.blocks[-1] += data
