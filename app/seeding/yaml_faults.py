"""Every part of a file that is no valid YAML, though a parser stops at the first one.

The file is cut where its lines begin furthest left, and each piece that is not valid by itself is cut again, down to
the field that is wrong. So one attempt tells all that must be mended.
"""

from app.seeding.yaml_reader import YamlFault, parse

DEEPEST = 8
"""How often a piece is cut again. The time is at most so many times that of reading the file."""

MOST_FAULTS = 100
"""Faults of one file after which no more are looked for."""


def every_fault(content: bytes, first: YamlFault) -> list[YamlFault]:
    """The faults of a file for which `parse` has raised `first`."""
    if not first.is_syntax:
        return [first]
    found = _faults_in(content.decode("utf-8-sig").splitlines(keepends=True), 0, DEEPEST)
    return (found or [first])[:MOST_FAULTS]


def _faults_in(lines: list[str], start: int, depth: int) -> list[YamlFault]:
    """The faults of some lines, of which the first is line `start`, from 0, of the file."""
    try:
        parse("".join(lines).encode(), with_places=False)
    except YamlFault as error:
        own = YamlFault((error.place[0] + start, error.place[1]), str(error), is_syntax=error.is_syntax)
    else:
        return []
    found: list[YamlFault] = []
    for piece_start, piece in _pieces(lines) if depth else ():
        if len(found) < MOST_FAULTS:
            found += _faults_in(piece, start + piece_start, depth - 1)
    return found or [own]


def _pieces(lines: list[str]) -> list[tuple[int, list[str]]]:
    """The lines, cut before each that begins furthest left, or, where only the first does, without its beginning."""
    indentations = [_indentation(line) for line in lines]
    written = [indentation for indentation in indentations if indentation is not None]
    if not written:
        return []
    least = min(written)
    starts = [number for number, indentation in enumerate(indentations) if indentation == least]
    if any(lines[number].lstrip()[0] in "[]{}" for number in starts):
        # Lists and objects in brackets do not follow the indentation.
        return []
    if len(starts) > 1:
        ends = [*starts[1:], len(lines)]
        return [(begin, lines[begin:end]) for begin, end in zip(starts, ends, strict=True)]
    first, rest = lines[starts[0]], lines[starts[0] + 1 :]
    if first.lstrip().startswith("- "):
        return [(starts[0], [first.replace("-", " ", 1), *rest])]
    return [(starts[0] + 1, rest)]


def _indentation(line: str) -> int | None:
    """The spaces that a line begins with; None for a blank line or one with a comment alone."""
    content = line.lstrip(" ")
    return None if not content.strip() or content.startswith("#") else len(line) - len(content)
