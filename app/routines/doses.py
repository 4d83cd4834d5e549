"""The doses at which an exercise may stand in a composed session, and which of them fill the time. Pure functions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.content.mapping import Draft
from app.exercises.document import level_professional
from app.timelines.durations import is_timed, session_seconds, work_seconds

SMALLEST_DOSE = 50
SMALLEST_DOSE_WHEN_SHORT = 25
"""The smallest part of a level's dose, in per cent of its work, that is still worth doing."""

FEWEST_REPETITIONS = 4
"""Repetitions that a smaller dose keeps, where the level has as many: fewer are over before one has learnt it."""

LEAST_WORK = 20
LEAST_WORK_WHEN_SHORT = 12
"""Seconds of work that an exercise has at least."""

SHORT_SESSION = 360
"""Seconds below which a session is short: its doses may be smaller, and its levels gentler, to have room for three."""

LARGEST_PART = 40
"""The part of a session, in per cent, that a level may take at its smallest dose, if a gentler one takes less."""

Dose = Mapping[str, Any]


@dataclass(frozen=True)
class Option:
    """A dose and the seconds that it takes, getting ready included."""

    seconds: int
    dose: Dose


@dataclass(frozen=True)
class Candidate:
    """An exercise at one of its levels. Its options are doses from the whole one down to the smallest."""

    exercise: Draft
    intensity: int
    options: tuple[Option, ...]

    @property
    def slug(self) -> str:
        return str(self.exercise["slug"])

    @property
    def position(self) -> str | None:
        position: str | None = self.exercise.get("position")
        return position

    @property
    def longest(self) -> int:
        return self.options[0].seconds

    @property
    def shortest(self) -> int:
        return self.options[-1].seconds


@dataclass(frozen=True)
class Limits:
    """What the level of an exercise must keep to.

    `avoided` are conditions with which it must not be contraindicated, `most_seconds` is the time of the whole session.
    """

    at_most: int
    avoided: Collection[str]
    with_professional: bool
    most_seconds: int


def at_level(exercise: Draft, limits: Limits, *, strongest: bool) -> Candidate | None:
    """An exercise at its strongest or gentlest level that is allowed; None if it has no such level."""
    levels = [level for level in exercise.get("levels", ()) if _is_allowed(exercise, level, limits)]
    candidates = [
        Candidate(exercise, level["intensity"], options)
        for level in (reversed(levels) if strongest else levels)
        if (options := _options(level["dose"], exercise, limits.most_seconds))
    ]
    fitting = (one for one in candidates if one.shortest * 100 <= limits.most_seconds * LARGEST_PART)
    return next(fitting, min(candidates, key=lambda candidate: candidate.shortest, default=None))


def _is_allowed(exercise: Draft, level: Mapping[str, Any], limits: Limits) -> bool:
    intensity = level["intensity"]
    if intensity > limits.at_most or not is_timed(level.get("dose")):
        return False
    if level_professional(exercise, level) == "required" and not limits.with_professional:
        return False
    return not any(
        condition["slug"] in limits.avoided and condition.get("from_intensity", 1) <= intensity
        for condition in exercise.get("contraindications", ())
    )


def _options(dose: Dose, exercise: Draft, most_seconds: int) -> tuple[Option, ...]:
    """A dose and the smaller ones with fewer sets and repetitions that are worth doing; none if it is not."""
    position = exercise.get("position")
    short = most_seconds < SHORT_SESSION
    least, part = (LEAST_WORK_WHEN_SHORT, SMALLEST_DOSE_WHEN_SHORT) if short else (LEAST_WORK, SMALLEST_DOSE)
    whole = work_seconds(dose, position)
    sets, repetitions = dose.get("sets", 1), dose.get("repetitions", 1)
    by_seconds: dict[int, Dose] = {}
    for fewer_sets in range(sets, 0, -1):
        for fewer in range(repetitions, min(repetitions, FEWEST_REPETITIONS) - 1, -1):
            smaller = {**dose, "sets": fewer_sets, "repetitions": fewer}
            if fewer_sets == 1:
                smaller.pop("rest_seconds", None)
            work = work_seconds(smaller, position)
            if work >= least and work * 100 >= whole * part:
                by_seconds.setdefault(session_seconds(smaller, exercise) or 0, smaller)
    return tuple(Option(seconds, by_seconds[seconds]) for seconds in sorted(by_seconds, reverse=True))


def fill(candidates: Sequence[Candidate], seconds: int) -> dict[str, Option] | None:
    """A dose for each candidate, by slug, so that together they fill `seconds` as well as can be and never more.

    The sums that the first candidates can reach are the bits of a number: after one with doses of 2 s and 3 s it is
    0b1100. There is such a number for no candidate, for the first, for the first two, and so on. None if even the
    smallest doses take longer.
    """
    limit = (1 << (seconds + 1)) - 1
    reached = [1]
    for candidate in candidates:
        sums = 0
        for option in candidate.options:
            sums |= reached[-1] << option.seconds
        reached.append(sums & limit)
    if not reached[-1]:
        return None
    total = reached[-1].bit_length() - 1
    doses: dict[str, Option] = {}
    for candidate, before in zip(reversed(candidates), reversed(reached[:-1]), strict=True):
        fitting = (option for option in candidate.options if option.seconds <= total)
        option = next(option for option in fitting if before >> (total - option.seconds) & 1)
        doses[candidate.slug] = option
        total -= option.seconds
    return doses
