"""A score for composed sessions: how near each comes to what a physiotherapist would give, from 0 to 100.

A change of the rules of composing can be seen to help or to harm: `flask routines score` composes a grid of wishes and
prints the scores. Each mark is the part of a session that is as it should be, from 0 to 1.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from app.content.content_type import Document
from app.routines.composing import AT_HAND
from app.routines.doses import LEAST_WORK

GETTING_READY = frozenset({"prepare", "change-position"})


class Mark(NamedTuple):
    """One mark of a session, and how much it weighs."""

    name: str
    value: float
    weight: int


def marks(session: Document, exercises: Mapping[str, Document], seconds: int) -> Sequence[Mark]:
    """The marks of a composed routine's document, for a wish of so many seconds."""
    [stage] = session["stages"]
    items = stage["items"]
    return [
        Mark("keeps the time", min(1.0, stage["seconds"] / seconds) if stage["seconds"] <= seconds else 0.0, 3),
        Mark("stays in position", _steady([exercises[item["exercise"]["slug"]]["position"] for item in items]), 3),
        Mark("has enough work", _share(_work(stage).values(), lambda work: work >= LEAST_WORK), 2),
        Mark("needs few things", _few([thing["slug"] for thing in session["equipment"]]), 2),
        Mark("rises and falls", _wave([item["intensity"] for item in items]), 1),
        Mark("helps", _helping(session, [exercises[item["exercise"]["slug"]] for item in items]), 2),
        Mark("keeps its doses", _share(items, lambda item: _is_whole(item, exercises)), 1),
    ]


def score(given: Sequence[Mark]) -> int:
    """The weighted mean of marks, from 0 to 100."""
    return round(100 * sum(mark.value * mark.weight for mark in given) / sum(mark.weight for mark in given))


def _steady(positions: Sequence[str | None]) -> float:
    """1 where each position is taken once; less for each time that one comes back to a position."""
    blocks = 1 + sum(before != after for before, after in pairwise(positions))
    return len(set(positions)) / blocks * (1 if blocks <= 3 else 0.5)


def _work(stage: Document) -> Mapping[int, int]:
    """The seconds of work of each item, by position: without getting ready and changing position."""
    work: dict[int, int] = {item["position"]: 0 for item in stage["items"]}
    for phase in stage["timeline"]["items"]:
        if "item" in phase and phase["phase"] not in GETTING_READY:
            work[phase["item"]] += phase["seconds"]
    return work


def _few(things: Sequence[str]) -> float:
    """1 for up to two things to fetch, a half for a third, nothing for more."""
    return {0: 1.0, 1: 1.0, 2: 1.0, 3: 0.5}.get(len(set(things) - AT_HAND), 0.0)


def _wave(intensities: Sequence[int]) -> float:
    """1 where the effort rises to one height and falls again; less for each other rise."""
    rises = [after > before for before, after in pairwise(intensities) if after != before]
    turns = sum(not before and after for before, after in pairwise(rises))
    return 1 / (1 + turns)


def _helping(session: Document, exercises: Sequence[Document]) -> float:
    """The share of exercises that are for what the session is for; 1 where it is for nothing in particular."""
    wanted = {condition["slug"] for condition in session["conditions"]}
    regions = {region["slug"] for region in session["regions"]}

    def helps(exercise: Document) -> bool:
        own = {condition["slug"] for condition in exercise["conditions"]}
        return bool(wanted & own if wanted else regions & {region["slug"] for region in exercise["regions"]})

    return _share(exercises, helps) if wanted or regions else 1.0


def _is_whole(item: Document, exercises: Mapping[str, Document]) -> bool:
    levels = exercises[item["exercise"]["slug"]]["levels"]
    whole = next(level["dose"] for level in levels if level["intensity"] == item["intensity"])
    return bool(item["dose"]["repetitions"] * 2 >= whole["repetitions"])


def _share(values: Any, holds: Any) -> float:
    held = [bool(holds(value)) for value in values]
    return sum(held) / len(held) if held else 0.0
