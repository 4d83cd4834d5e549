"""Characters that are in a text and are not seen: soft hyphens, joiners, marks of direction, fillers."""

import re

INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt), and the marks of annotations.

Texts keep them, as some scripts and emoji need joiners; for finding and sorting they are left out.
"""

_SHOWN = re.compile(r"[^\s\u2800]")


def as_seen(text: str) -> str:
    """The text without what is not seen."""
    return text if text.isascii() else INVISIBLE.sub("", text)


def is_seen(text: str) -> bool:
    """Whether a text shows anything: no white space, blank braille pattern or invisible character does."""
    return _SHOWN.search(as_seen(text)) is not None
