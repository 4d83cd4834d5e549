"""Whether a draft is complete: the words in which kinds declare what a release needs, and which parts a draft lacks.

A *gap* is something without which a draft cannot be released; saving it is allowed. A *part* is a field that editors
look for where it is missing, whether or not a release needs it.
"""

from collections.abc import Callable, Mapping
from functools import partial

from app.content.mapping import Draft
from app.errors import Fault
from app.models.exercise import REVIEW_STATUSES

INCOMPLETE = "incomplete"
"""The code of a gap, for programs."""

Parts = Mapping[str, Callable[[Draft], bool]]
"""The parts of a kind: by its name, whether a draft has the part, or needs none of the sort."""


def gap(place: str, need: str) -> Fault:
    """What is missing at a JSON pointer, in a sentence."""
    return Fault(place, need, INCOMPLETE)


def has(*names: str) -> Parts:
    """Parts that are fields of the draft: a draft has one where the field is there at all."""
    return {name: partial(_is_there, name) for name in names}


def has_of(key: str, value: str, *names: str) -> Parts:
    """Parts that only drafts with a value in a field have: the authors of a source whose `type` is `book`."""
    return {name: partial(_is_there_or_other, key, value, name) for name in names}


def _is_there_or_other(key: str, value: str, name: str, draft: Draft) -> bool:
    return draft[key] != value or name in draft


def _is_there(name: str, draft: Draft) -> bool:
    return name in draft


def is_reviewed(draft: Draft) -> bool:
    """Whether somebody reviewed the draft."""
    return "review" in draft and draft["review"]["status"] != REVIEW_STATUSES[0]
