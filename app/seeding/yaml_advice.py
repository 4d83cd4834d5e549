"""What is wrong with a file that is not valid YAML, and what to do, in words for people who write texts.

libyaml says "did not find expected key" for an apostrophe in quotes. The line where it stopped tells what was meant.
"""

import re

import yaml

Place = tuple[int, int]
"""(line, column), both from 1."""

_DOUBLE, _SINGLE = "\u201c\u201d\u201e\u201f", "\u2018\u2019\u201a\u201b"
"""Quotes that word processors type, which YAML does not take for quotes."""

SHOWN = 80
"""Characters of a text that advice repeats."""

_CURLY_QUOTED = re.compile(
    f"[{_DOUBLE}][^{_DOUBLE}]*[{_DOUBLE}]|[\u2018\u201a\u201b][^\u2018\u201a\u201b]*[\u2018\u2019]"
)
_SPACES = re.compile(r"[^\S \t\r\n]")
_CURLY_OPENING = re.compile(rf"(?:^|[:-])\s+[{_DOUBLE}{_SINGLE}]")
_WIDE_COLON = re.compile("[\uff1a\ufe55\ufe13]")
_OPENING = re.compile(r"""^\s*(?:- +)*(?:[^\s:'"]+: +)?(['"\[{])""")
_FIELD_BEFORE = re.compile(r"^\s*(?:- +)*[^\s:][^:]*:\s")

QUOTE_IT = "put quotes around the whole text"


def doubt_of(text: str, comment: str = "") -> str | None:
    """What is doubtful about an unquoted text, behind which a comment may stand, and what to do about it."""
    if comment:
        return (
            f"YAML takes '{comment[:SHOWN]}' for a comment. If it belongs to the text, put quotes around all of it:"
            f" {_quoted(f'{text} {comment}')}. If it is a comment, give it a line of its own."
        )
    if _CURLY_QUOTED.fullmatch(text):
        return (
            "Curly quotes are no quotes in YAML and would be shown. Type straight ones instead, or, to show the curly"
            f" ones, around them: {_quoted(text)}."
        )
    return None


def _quoted(text: str) -> str:
    """The text as YAML has it in quotes."""
    short = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
    return "'{}'".format(short.replace("'", "''")) if '"' in short or "\\" in short else f'"{short}"'


def explain(text: str, error: yaml.MarkedYAMLError) -> tuple[Place, str]:
    """Where the file is wrong, and a sentence or two that say what to do."""
    problem, mark, context = error.problem or "", error.problem_mark, error.context_mark
    if mark is None:
        return (1, 1), f"{problem or error.context}."
    lines = text.split("\n")
    # The end of the file is told as a line of its own.
    line, before = (lines[at] if 0 <= at < len(lines) else "" for at in (mark.line, mark.line - 1))
    advice = _spaces(line) or _curly(line)
    opening = next((sentence for words, sentence in _AT_OPENING.items() if words in problem), None)
    if advice is None and opening and context is not None:
        return (context.line + 1, context.column + 1), _curly(before) or opening
    return (mark.line + 1, mark.column + 1), advice or _of_problem(problem, line, before, mark.column)


def _of_problem(problem: str, line: str, before: str, column: int) -> str:
    """Advice for what the parser says of a place in a line."""
    for words, advice in _BY_PROBLEM.items():
        if words in problem:
            return advice.format(stopped=line[column : column + 1])
    if "mapping values" in problem:
        if wide := _WIDE_COLON.search(before) or _WIDE_COLON.search(line):
            return f"'{wide.group()}' is no colon in YAML. Type ':' and a space behind a field's name."
        return _COLON if _FIELD_BEFORE.match(line[:column]) else _DEEPER
    if "expected key" in problem or "expected '-'" in problem or "<" in problem:
        return _after_quotes(line, column) or _INDENTATION
    return f"{problem}."


def _spaces(line: str) -> str | None:
    indentation = line[: len(line) - len(line.lstrip())]
    if "\t" in indentation:
        return "This line is indented with a tab. Indent with spaces only."
    if other := _SPACES.search(indentation):
        return f"This line is indented with the character U+{ord(other.group()):04X}. Indent with plain spaces."
    return None


def _curly(line: str) -> str | None:
    if not _CURLY_OPENING.search(line):
        return None
    return "Curly quotes are no quotes in YAML. Type straight ones, \" or ', around the whole text."


def _after_quotes(line: str, column: int) -> str | None:
    opening = _OPENING.match(line)
    if opening is None or opening.end() > column:
        return None
    if opening[1] == "'":
        return f"The text ends at the second '. If that is an apostrophe, {_TWICE}"
    if opening[1] == '"':
        return f"The text ends at the second \". To show such quotes, {QUOTE_IT}, outside with '."
    return f"A text that begins with {opening[1]} needs quotes: {QUOTE_IT}."


_TWICE = "write it twice ('') or put the text in double quotes."
_NO_FIELD = (
    "This line is no field, which is written 'name: value', and does not go on with the text above, for which it must"
    " be indented further."
)
_COLON = f"A text with ': ' in it, or ':' at its end, needs quotes: {QUOTE_IT}."
_DEEPER = (
    "This line is indented further than the line above it, which ends with a text. Let both begin in one column; or, if"
    f" they are one text, {QUOTE_IT}."
)
_INDENTATION = (
    "This line begins in a column in which nothing above it does. The fields of an entry, and the '-' of a list, begin"
    " in one column."
)
_AT_OPENING = {
    "end of stream": (
        f"The quotes that begin here are never closed. Close them, or, if one is an apostrophe, {_TWICE}"
    ),
    "could not find expected ':'": _NO_FIELD,
    "expected ',' or": (
        "What begins here is not closed. Close it; and in [ ] and { }, put quotes around each text that holds one of"
        " , : [ ] { }."
    ),
}
"""Advice that stands at the beginning of what the parser read when it stopped."""

_BEGINS = f"A text that begins with '{{stopped}}' needs quotes: {QUOTE_IT}."
_BY_PROBLEM = {
    "cannot start any token": _BEGINS,
    "block sequence entries": (
        f"A text that begins with '- ' needs quotes: {QUOTE_IT}. The entries of a list begin on the line after 'name:'."
    ),
    "mapping keys are not allowed": f"A text that begins with '? ' needs quotes: {QUOTE_IT}.",
    "expected node content": _BEGINS,
    "comment or line break": f"A text that begins with > or | on its own line needs quotes: {QUOTE_IT}.",
    "indentation indicator": f"A text that begins with > or | on its own line needs quotes: {QUOTE_IT}.",
    "unknown escape": "In double quotes, \\ begins a special character. Put the text in single quotes, ' .",
    "hexadecimal": "In double quotes, \\ begins a special character. Put the text in single quotes, ' .",
    "alphabetic or numeric": f"A text that begins with * or & needs quotes: {QUOTE_IT}.",
    "non-alphabetical": f"A text that begins with % needs quotes: {QUOTE_IT}.",
}
