"""How long things take, in whole seconds. Every `seconds` of the API is worked out here.

`docs/timelines/README.md` states the rule for whoever writes a client; the vectors beside it hold every client to it.
Doses and steps may be those of a draft or of a document: both have the same names.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from app.models.dose import BREATH_SECONDS, SECONDS

Dose = Mapping[str, Any]

SET_UP_STEP = 6
"""Seconds for each step of getting ready: about the time in which its sentence is read aloud. At least one step."""

TO_OR_FROM_THE_FLOOR = 20
CHANGE_OF_POSITION = 10
SWITCH_OF_SIDES = 5
TURN_OVER = 10
"""Seconds for switching sides where one lies on the side and turns over."""

LONGEST = 4 * 3600
"""Seconds that one session takes at most; every second can be an entry of its timeline."""

UPRIGHT = frozenset({"standing", "seated"})


def is_timed(dose: Dose | None) -> bool:
    """Whether a repetition of the dose takes any time."""
    return bool(dose) and repetition_seconds(dose or {}) > 0


def repetition_seconds(dose: Dose) -> int:
    """One repetition on one side: move, hold, return and pause, or one breath."""
    timed, names = (dose["breaths"], BREATH_SECONDS) if dose.get("breaths") else (dose, SECONDS)
    seconds: int = sum(timed.get(name) or 0 for name in names)
    return seconds


def work_seconds(dose: Dose, position: str | None) -> int:
    """All sets of a dose, with the rests between them and the switches of sides."""
    sets, per_side = dose.get("sets") or 1, bool(dose.get("per_side"))
    of_a_set = (dose.get("repetitions") or 1) * repetition_seconds(dose) * (2 if per_side else 1)
    rest, switch = dose.get("rest_seconds") or 0, switch_seconds(position)
    if not per_side or alternates(dose):
        return int(sets * of_a_set + (sets - 1) * rest)
    # Without a rest between two sets, one switches back to the first side.
    return int(sets * (of_a_set + switch) + (sets - 1) * (rest or switch))


def alternates(dose: Dose) -> bool:
    """Whether the sides change with every repetition, and not with every set."""
    return dose.get("side_order") == "alternate"


def switch_seconds(position: str | None) -> int:
    """Switching sides."""
    return TURN_OVER if position == "side-lying" else SWITCH_OF_SIDES


def prepare_seconds(steps: Iterable[Mapping[str, Any]]) -> int:
    """Getting ready for an exercise with these steps."""
    return SET_UP_STEP * max(1, sum(1 for step in steps if step.get("part") == "set-up"))


def change_seconds(before: str | None, after: str | None) -> int:
    """Changing from one position to another; 0 where they are the same."""
    if before == after:
        return 0
    return CHANGE_OF_POSITION if (before in UPRIGHT) == (after in UPRIGHT) else TO_OR_FROM_THE_FLOOR


def session_seconds(dose: Dose | None, exercise: Mapping[str, Any]) -> int | None:
    """Getting ready for an exercise and doing it once at a dose; None without a timed dose."""
    if not dose or not is_timed(dose):
        return None
    return prepare_seconds(exercise.get("steps", ())) + work_seconds(dose, exercise.get("position"))
