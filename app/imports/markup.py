"""Which `<` and `&` of a text are HTML. People type both: `an angle of <ninety degrees`, `Snatch&copy the bar`.

A parser of HTML takes each for markup and drops what it cannot read. So all that is no tag of HTML, with attributes as
they are written, and no character reference with its `;`, is escaped before a parser sees it.
"""

import re
from html.entities import html5
from string import ascii_lowercase, ascii_uppercase

_ELEMENTS = frozenset(
    re.findall(
        r"\S+",
        "a abbr acronym address article aside audio b base basefont bdi bdo big blockquote body br button canvas"
        " caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset"
        " figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html i img input ins kbd label"
        " legend li link main map mark math menu meta meter nav object ol optgroup option output p param picture pre"
        " progress q rp rt ruby s samp search section select slot small source span strike strong sub summary sup svg"
        " table tbody td tfoot th thead time tr track tt u ul var video wbr o:p",
    )
)
_RAW = frozenset(
    ["iframe", "noembed", "noframes", "noscript", "script", "style", "template", "textarea", "title", "xmp"]
)
"""Elements whose content is no text of the page; without their end they would take the rest of the text with them."""

_BARE_ATTRIBUTES = "allowfullscreen|async|checked|controls|defer|disabled|hidden|loop|muted|nowrap|reversed|selected"
_TAG = re.compile(
    r"</?([a-z][a-z0-9:]*+)"
    r"(?:\s++(?:[^\s<>=/\"']++\s*+=\s*+(?:\"[^\"<]*+\"|'[^'<]*+'|[^\s<>\"']++)|(?:" + _BARE_ATTRIBUTES + r")\b))*+"
    r"\s*+/?>",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"&(#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31})?(;)?", re.IGNORECASE)
_SMALL = str.maketrans(ascii_uppercase, ascii_lowercase)
_DECLARATIONS = (("<!--", "-->"), ("<![", ">"), ("<!doctype ", ">"), ("<?xml", ">"))


def escape_text(html: str) -> str:
    """The HTML with `&lt;` and `&amp;` for each `<` and `&` that is text. Its time is proportional to the length."""
    seeker, parts, position = _Seeker(html.translate(_SMALL)), [], 0
    while (begin := html.find("<", position)) >= 0:
        end = _markup_end(html, seeker, begin)
        parts += [html[position:begin], html[begin:end] if end else "&lt;"]
        position = end or begin + 1
    return _REFERENCE.sub(_reference, "".join([*parts, html[position:]]))


class _Seeker:
    """Finds what closes markup in a text whose letters are small, and looks once for what it does not have."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._absent: set[str] = set()

    def behind(self, closing: str, begin: int) -> int:
        """The place behind the next `closing`; 0 where there is none."""
        found = -1 if closing in self._absent else self.text.find(closing, begin)
        if found < 0:
            self._absent.add(closing)
            return 0
        return found + len(closing)


def _markup_end(html: str, seeker: _Seeker, begin: int) -> int:
    """Where the markup ends that begins at a `<`; 0 where none does."""
    for opening, closing in _DECLARATIONS:
        if seeker.text.startswith(opening, begin):
            return seeker.behind(closing, begin)
    tag = _TAG.match(html, begin)
    name = tag[1].lower() if tag else ""
    if tag and name in _RAW and html[begin + 1] != "/":
        closed = seeker.behind(f"</{name}", tag.end())
        return seeker.behind(">", closed) if closed else 0
    return tag.end() if tag and name in _ELEMENTS else 0


def _reference(match: re.Match[str]) -> str:
    name, end = match[1] or "", match[2] or ""
    if end and name.startswith("#"):
        number = int(f"0{name[1:]}", 16) if name[1] in "xX" else int(name[1:])
        is_known = 0 < number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF
    else:
        is_known = bool(end) and f"{name};" in html5
    return match[0] if is_known else f"&amp;{name}{end}"
