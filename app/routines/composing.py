"""Composing a session from candidates: which exercises, at which doses, in which order. Pure and deterministic.

A session fills its time to within a tenth: exercises are taken until there is enough, and their doses are then
reduced, never raised, so that the sum comes as near to the time as it can.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.content.document_parts import session_seconds
from app.content.mapping import Draft

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
"""Per cent of a level's dose below which doing it is not worth while."""

Dose = Mapping[str, Any]


class TooShort(Exception):
    """Not even one exercise a section fits into the time."""


class TooLong(Exception):
    """Everything that fits does not fill the time; `seconds` is what it fills."""

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
    """An exercise at one of its levels, with its doses from the whole to the smallest."""

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
class Chosen:
    """A candidate, its section and the dose it is given."""

    section: str
    candidate: Candidate
    option: Option


def candidate(exercise: Draft, *, at_most: int, strongest: bool) -> Candidate | None:
    """The exercise at its strongest or gentlest level that is allowed and has a dose; None where there is none."""
    levels = [
        level
        for level in exercise.get("levels", ())
        if level["intensity"] <= at_most and session_seconds(level.get("dose"))
    ]
    if not levels:
        return None
    level = levels[-1] if strongest else levels[0]
    return Candidate(exercise, level["intensity"], _options(level["dose"]))


def _options(dose: Dose) -> tuple[Option, ...]:
    """The dose and smaller ones, of fewer sets and repetitions, down to half the time."""
    sets, repetitions = dose.get("sets", 1), dose.get("repetitions", 1)
    whole = session_seconds(dose) or 0
    found: dict[int, Dose] = {}
    for fewer_sets in range(sets, 0, -1):
        for fewer in range(repetitions, 0, -1):
            smaller = dict(dose)
            if "sets" in dose:
                smaller["sets"] = fewer_sets
            if "repetitions" in dose:
                smaller["repetitions"] = fewer
            seconds = session_seconds(smaller) or 0
            if seconds * 100 >= whole * SMALLEST_DOSE:
                found.setdefault(seconds, smaller)
    return tuple(Option(seconds, found[seconds]) for seconds in sorted(found, reverse=True))


def compose_session(
    pools: Mapping[str, Sequence[Candidate]], fillers: Sequence[Candidate], *, seconds: int, regions: Sequence[str]
) -> Sequence[Chosen]:
    """The session: warm-up, main part from gentle to strong, cool-down.

    `pools` has each section's candidates, the best first; `fillers` come into the main part where its own candidates
    do not fill it; `regions` are to be worked on equally.
    Raises `TooShort` and `TooLong`.
    """
    fitting = {
        section: [each for each in pool if each.shortest * 100 <= seconds * LONGEST_SHARE[section]]
        for section, pool in pools.items()
    }
    if not all(fitting.values()):
        raise TooShort
    order = {**fitting, "main": _balanced(fitting["main"], regions) + _balanced(fillers, regions)}
    picked = _pick(order, seconds)
    _fit(picked, seconds)
    doses = _doses([each for section in SHARES for each in picked[section]], seconds)
    chosen = [
        Chosen(section, each, doses[each.slug])
        for section in SHARES
        for each in sorted(picked[section], key=lambda each: each.intensity if section == "main" else 0)
    ]
    total = sum(each.option.seconds for each in chosen)
    if total * 100 < seconds * (100 - TOLERANCE):
        raise TooLong(total)
    if total * 100 > seconds * (100 + TOLERANCE):
        raise TooShort
    return chosen


def _balanced(pool: Sequence[Candidate], regions: Sequence[str]) -> list[Candidate]:
    """The candidates so that each next one works on the region that had the fewest so far."""
    remaining, ordered = list(pool), []
    counts = dict.fromkeys(regions, 0)
    while remaining:
        open_regions = [each for each in regions if any(each in _regions(one) for one in remaining)]
        region = min(open_regions, key=lambda each: counts[each], default=None)
        following = next((one for one in remaining if region is None or region in _regions(one)), remaining[0])
        remaining.remove(following)
        ordered.append(following)
        for each in _regions(following):
            if each in counts:
                counts[each] += 1
    return ordered


def _regions(candidate: Candidate) -> Sequence[str]:
    return list(candidate.exercise.get("regions", ()))


def _pick(order: Mapping[str, Sequence[Candidate]], seconds: int) -> dict[str, list[Candidate]]:
    """One exercise for each section first, then more in each until its share is filled, then whatever is left."""
    picked: dict[str, list[Candidate]] = {section: [] for section in SHARES}
    used: set[str] = set()

    def take(section: str) -> bool:
        following = next((each for each in order[section] if each.slug not in used), None)
        if following is None or len(picked[section]) >= MOST_ITEMS[section]:
            return False
        used.add(following.slug)
        picked[section].append(following)
        return True

    # The scarcest section chooses first: an exercise may suit several.
    for section in sorted(SHARES, key=lambda each: len(order[each])):
        if not take(section):
            raise TooShort
    for section in ("main", "warm-up", "cool-down"):
        while _longest(picked[section]) * 100 < seconds * SHARES[section] and take(section):
            pass
    for section in ("main", "cool-down", "warm-up"):
        while _longest(each for chosen in picked.values() for each in chosen) < seconds and take(section):
            pass
    return picked


def _longest(candidates: Any) -> int:
    return sum(each.longest for each in candidates)


def _fit(picked: dict[str, list[Candidate]], seconds: int) -> None:
    """Leaves out exercises, the last chosen first, until the smallest doses of the rest fit into the time."""
    for section in ("cool-down", "warm-up", "main"):
        while len(picked[section]) > 1 and sum(each.shortest for all_ in picked.values() for each in all_) > seconds:
            picked[section].pop()


def _doses(candidates: Sequence[Candidate], seconds: int) -> dict[str, Option]:
    """A dose for each candidate so that their sum is as near to `seconds` as can be; whole doses where it allows.

    Sums that can be reached are bits of a number, one number after each candidate.
    """
    limit = (1 << (seconds * (100 + TOLERANCE) // 100 + 1)) - 1
    reached = [1]
    for each in candidates:
        sums = 0
        for option in each.options:
            sums |= reached[-1] << option.seconds
        reached.append(sums & limit)
    if not reached[-1]:
        raise TooShort
    total = min((at for at in range(limit.bit_length()) if reached[-1] >> at & 1), key=lambda at: abs(at - seconds))
    doses: dict[str, Option] = {}
    for each, before in zip(reversed(candidates), reversed(reached[:-1]), strict=True):
        option = next(one for one in each.options if one.seconds <= total and before >> (total - one.seconds) & 1)
        doses[each.slug] = option
        total -= option.seconds
    return doses
