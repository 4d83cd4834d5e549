"""Composing a session from candidates: which exercises, at which doses, in which order. Pure and deterministic.

A session misses its time by at most a tenth. Exercises are taken until they fill it; then their doses are reduced,
never raised, until the sum is as near to the time as it can be.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from app.content.mapping import Draft
from app.timelines.durations import session_seconds

TOLERANCE = 10
"""Per cent by which the session may miss the time that was asked for."""

SHARES = {"warm-up": 20, "main": 60, "cool-down": 20}
"""Per cent of the time that each section is meant to take."""

LONGEST_SHARE = {"warm-up": 35, "main": 75, "cool-down": 35}
"""Per cent of the time that one exercise may take at its smallest dose."""

GENTLE = 2
"""The strongest intensity of a warm-up or a cool-down."""

TYPES = {
    "warm-up": ("mobility", "breathing", "posture"),
    "main": ("stretch", "mobility", "strengthening", "posture", "yoga"),
    "cool-down": ("relaxation", "breathing", "stretch", "yoga"),
}
MOST_ITEMS = {"warm-up": 4, "main": 20, "cool-down": 4}
SMALLEST_DOSE = 50
"""The smallest part of a level's dose, in per cent of its time, that is still worth doing."""

Dose = Mapping[str, Any]


class TooShort(Exception):
    """The time is too short for one exercise of each section."""


class TooLong(Exception):
    """All exercises that fit, together, do not fill the time; they fill `seconds` of it."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"{seconds} s")
        self.seconds = seconds


@dataclass(frozen=True)
class Option:
    """A dose and the seconds that it takes."""

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
    def longest(self) -> int:
        return self.options[0].seconds

    @property
    def shortest(self) -> int:
        return self.options[-1].seconds


@dataclass(frozen=True)
class SessionItem:
    """An exercise of a session, its section, and the dose it is to be done at."""

    section: str
    candidate: Candidate
    option: Option


def at_level(exercise: Draft, *, at_most: int, strongest: bool) -> Candidate | None:
    """An exercise at its strongest or gentlest level that is allowed and has a dose; None if it has no such level."""
    levels = [
        level
        for level in exercise.get("levels", ())
        if level["intensity"] <= at_most and session_seconds(level.get("dose"), exercise)
    ]
    if not levels:
        return None
    level = levels[-1] if strongest else levels[0]
    return Candidate(exercise, level["intensity"], _options(level["dose"], exercise))


def _options(dose: Dose, exercise: Draft) -> tuple[Option, ...]:
    """A dose and the smaller ones with fewer sets and repetitions, down to half its time."""
    sets, repetitions = dose.get("sets", 1), dose.get("repetitions", 1)
    whole = session_seconds(dose, exercise) or 0
    by_seconds: dict[int, Dose] = {}
    for fewer_sets in range(sets, 0, -1):
        for fewer in range(repetitions, 0, -1):
            smaller = dict(dose)
            if "sets" in dose:
                smaller["sets"] = fewer_sets
            if "repetitions" in dose:
                smaller["repetitions"] = fewer
            seconds = session_seconds(smaller, exercise) or 0
            if seconds * 100 >= whole * SMALLEST_DOSE:
                by_seconds.setdefault(seconds, smaller)
    return tuple(Option(seconds, by_seconds[seconds]) for seconds in sorted(by_seconds, reverse=True))


def compose_session(
    pools: Mapping[str, Sequence[Candidate]], fillers: Sequence[Candidate], *, seconds: int, regions: Sequence[str]
) -> Sequence[SessionItem]:
    """A session: a warm-up, a main part from gentle to strong, and a cool-down.

    `pools` has the candidates of each section, the best first. `fillers` are taken into the main part if its own
    candidates do not fill it. The exercises of the main part work on all `regions` as equally as can be.
    Raises `TooShort` and `TooLong`.
    """
    fitting = {
        section: [candidate for candidate in pool if candidate.shortest * 100 <= seconds * LONGEST_SHARE[section]]
        for section, pool in pools.items()
    }
    if not all(fitting.values()):
        raise TooShort
    order = {**fitting, "main": _balanced(fitting["main"], regions) + _balanced(fillers, regions)}
    picked = _pick(order, seconds)
    _fit(picked, seconds)
    doses = _doses([candidate for section in SHARES for candidate in picked[section]], seconds)
    picked["main"].sort(key=lambda candidate: candidate.intensity)
    session = [
        SessionItem(section, candidate, doses[candidate.slug]) for section in SHARES for candidate in picked[section]
    ]
    total = sum(item.option.seconds for item in session)
    if total * 100 < seconds * (100 - TOLERANCE):
        raise TooLong(total)
    if total * 100 > seconds * (100 + TOLERANCE):
        raise TooShort
    return session


def _balanced(pool: Sequence[Candidate], regions: Sequence[str]) -> list[Candidate]:
    """The candidates in an order in which each works on the region that had the fewest exercises before it."""
    remaining, ordered = list(pool), []
    counts = dict.fromkeys(regions, 0)
    while remaining:
        left = [region for region in regions if any(region in _regions(candidate) for candidate in remaining)]
        rarest = min(left, key=lambda region: counts[region], default=None)
        following = next(candidate for candidate in remaining if rarest is None or rarest in _regions(candidate))
        remaining.remove(following)
        ordered.append(following)
        for region in counts.keys() & set(_regions(following)):
            counts[region] += 1
    return ordered


def _regions(candidate: Candidate) -> Sequence[str]:
    return list(candidate.exercise.get("regions", ()))


def _pick(order: Mapping[str, Sequence[Candidate]], seconds: int) -> dict[str, list[Candidate]]:
    """Picks one exercise for each section, then more in each until its share is filled, then more in any."""
    picked: dict[str, list[Candidate]] = {section: [] for section in SHARES}
    used: set[str] = set()

    def take(section: str) -> bool:
        following = next((candidate for candidate in order[section] if candidate.slug not in used), None)
        if following is None or len(picked[section]) >= MOST_ITEMS[section]:
            return False
        used.add(following.slug)
        picked[section].append(following)
        return True

    # An exercise may suit several sections, so the one with the fewest candidates picks first.
    for section in sorted(SHARES, key=lambda name: len(order[name])):
        if not take(section):
            raise TooShort
    for section in ("main", "warm-up", "cool-down"):
        while _longest(picked[section]) * 100 < seconds * SHARES[section] and take(section):
            pass
    for section in ("main", "cool-down", "warm-up"):
        while _longest(chain.from_iterable(picked.values())) < seconds and take(section):
            pass
    return picked


def _longest(candidates: Iterable[Candidate]) -> int:
    return sum(candidate.longest for candidate in candidates)


def _fit(picked: dict[str, list[Candidate]], seconds: int) -> None:
    """Leaves out exercises, the last picked first, until the rest fit into the time at their smallest doses."""
    excess = sum(candidate.shortest for candidate in chain.from_iterable(picked.values())) - seconds
    for section in ("cool-down", "warm-up", "main"):
        while excess > 0 and len(picked[section]) > 1:
            excess -= picked[section].pop().shortest


def _doses(candidates: Sequence[Candidate], seconds: int) -> dict[str, Option]:
    """A dose for each candidate, by slug, so that their sum is as near to `seconds` as can be, and doses are large.

    The sums that the first candidates can reach are the bits of a number: after one with doses of 2 s and 3 s it is
    0b1100. There is such a number for no candidate, for the first, for the first two, and so on.
    """
    limit = (1 << (seconds * (100 + TOLERANCE) // 100 + 1)) - 1
    reached = [1]
    for candidate in candidates:
        sums = 0
        for option in candidate.options:
            sums |= reached[-1] << option.seconds
        reached.append(sums & limit)
    if not reached[-1]:
        raise TooShort
    total = min((at for at in range(limit.bit_length()) if reached[-1] >> at & 1), key=lambda at: abs(at - seconds))
    doses: dict[str, Option] = {}
    for candidate, before in zip(reversed(candidates), reversed(reached[:-1]), strict=True):
        fitting = (option for option in candidate.options if option.seconds <= total)
        option = next(option for option in fitting if before >> (total - option.seconds) & 1)
        doses[candidate.slug] = option
        total -= option.seconds
    return doses
