"""Composing a session from candidates: which exercises, at which doses, in which order. Pure and deterministic.

A session is what a physiotherapist would give. Exercises in one position stand together, and one goes down to the
floor once and stays there. Few things are to be fetched. Strength of effort rises and falls. No dose is cut to nothing,
and the clock on the wall never shows more than the minutes asked for.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from app.models.exercise import POSITIONS
from app.routines.doses import Candidate, Option, fill
from app.timelines.durations import change_seconds

FILLED = 90
LEAST_FILLED = 75
"""Per cent of the time that a session is to fill, and that it fills at least."""

SECTIONS = ("warm-up", "main", "cool-down")

GENTLE = 2
"""The strongest intensity of a warm-up or a cool-down."""

TYPES = {
    "warm-up": ("mobility", "breathing", "posture"),
    "main": ("stretch", "mobility", "strengthening", "posture", "yoga", "balance", "nerve-gliding", "self-massage"),
    "cool-down": ("relaxation", "breathing", "stretch", "yoga"),
}

LONGEST_SHARE = {"warm-up": 40, "main": 75, "cool-down": 40}
"""Per cent of the time that one exercise of a section may take at its smallest dose."""

EASING = ((600, 1), (1500, 2))
"""Exercises that warm-up and cool-down have each, in a session under so many seconds; three in a longer one."""

MOST_POSITIONS = ((360, 2), (750, 2), (1500, 3))
"""Positions that a session under so many seconds has at most."""

MOST_THINGS = 2
"""Things to fetch for a session under `LONG_SESSION` seconds; one more for a longer one."""

LONG_SESSION = 1200
AT_HAND = frozenset({"wall", "doorway", "chair", "desk"})
"""Equipment that stands there and is not fetched."""

FROM_HIGH_TO_LOW = (
    "standing",
    "seated",
    "half-kneeling",
    "kneeling",
    "all-fours",
    "prone",
    "side-lying",
    "supine",
)
"""The order in which a session takes positions: one gets up from the floor at its end alone."""


class TooShort(Exception):
    """The time is too short for one exercise of each section."""


class TooLong(Exception):
    """All exercises that fit, together, do not fill the time; they fill `seconds` of it."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"{seconds} s")
        self.seconds = seconds


@dataclass(frozen=True)
class SessionItem:
    """An exercise of a session, its section, and the dose it is to be done at."""

    section: str
    candidate: Candidate
    option: Option


Session = Sequence[SessionItem]
Flow = tuple[str | None, ...]
"""The positions of a session, one after the other."""


def compose_session(
    pools: Mapping[str, Sequence[Candidate]],
    fillers: Sequence[Candidate],
    *,
    seconds: int,
    regions: Sequence[str],
    wanted: Sequence[str] = (),
) -> Session:
    """A session: a warm-up, a main part that works on all `regions` as equally as can be, and a cool-down.

    Positions in which there is something for each region of `wanted` come before others.

    `pools` has the candidates of each section, the best first. `fillers` are taken into the main part if its own
    candidates do not fill it. Raises `TooShort` and `TooLong`.
    """
    fitting = {
        section: [candidate for candidate in pool if candidate.shortest * 100 <= seconds * LONGEST_SHARE[section]]
        for section, pool in pools.items()
    }
    others = [candidate for candidate in fillers if candidate.shortest * 100 <= seconds * LONGEST_SHARE["main"]]
    best: Session = ()
    flows = _flows([*fitting["main"], *others], seconds)
    for flow in sorted(flows, key=lambda flow: not _covers(flow, fitting["main"], wanted)):
        for extra in ([], others) if others else ([],):
            session = _session(flow, fitting, extra, seconds, regions)
            if seconds_of(session) > seconds_of(best):
                best = session
            if seconds_of(best) * 100 >= seconds * FILLED:
                return best
    if not best:
        raise TooShort
    if seconds_of(best) * 100 < seconds * LEAST_FILLED:
        raise TooLong(seconds_of(best))
    return best


def seconds_of(session: Session) -> int:
    """What the clock on the wall shows: the doses with getting ready, and the changes of position between them."""
    return _changes([item.candidate for item in session]) + sum(item.option.seconds for item in session)


def _changes(candidates: Sequence[Candidate]) -> int:
    """The seconds of the changes of position from one exercise to the next."""
    return sum(change_seconds(*pair) for pair in pairwise(candidate.position for candidate in candidates))


def _flows(main: Sequence[Candidate], seconds: int) -> Iterator[Flow]:
    """The positions that a session may take, those with the fewest changes first.

    Among as many, those come first whose candidates do, so that another seed gives another session.
    """
    positions = list(dict.fromkeys(candidate.position for candidate in main))
    most = next((number for under, number in MOST_POSITIONS if seconds < under), len(POSITIONS))
    for number in range(1, most + 1):
        for chosen in combinations(positions, number):
            yield tuple(sorted(chosen, key=_height))


def _covers(flow: Flow, main: Sequence[Candidate], wanted: Sequence[str]) -> bool:
    """Whether there is an exercise in these positions for each region."""
    reached = {region for candidate in main if candidate.position in flow for region in _regions(candidate)}
    return reached.issuperset(wanted)


def _height(position: str | None) -> int:
    return FROM_HIGH_TO_LOW.index(position) if position in FROM_HIGH_TO_LOW else len(FROM_HIGH_TO_LOW)


def _session(
    flow: Flow,
    pools: Mapping[str, Sequence[Candidate]],
    extra: Sequence[Candidate],
    seconds: int,
    regions: Sequence[str],
) -> Session:
    """A session in these positions; an empty one where they have no exercise for a section, or no time for it."""
    easing = next((number for under, number in EASING if seconds < under), len(EASING) + 1)
    picking = _Picking(seconds)
    warm_up = picking.take(pools["warm-up"], [flow[0]], 1)
    cool_down = picking.take(pools["cool-down"], [flow[-1]], 1)
    own = [candidate for candidate in pools["main"] if candidate.position in flow]
    more = [candidate for candidate in extra if candidate.position in flow]
    main: list[Candidate] = []
    for position in flow:
        main += picking.take(_balanced(own, regions) or more, [position], 1)
    warm_up += picking.take(pools["warm-up"], [flow[0]], easing - 1)
    cool_down += picking.take(pools["cool-down"], [flow[-1]], easing - 1)
    for candidate in [*_balanced(own, regions), *_balanced(more, regions)]:
        if _longest([*warm_up, *main, *cool_down]) >= seconds:
            break
        main += picking.take([candidate], flow, 1)
    while main and warm_up and cool_down:
        order = {"warm-up": warm_up, "main": _in_blocks(main, flow), "cool-down": cool_down}
        candidates = [candidate for section in SECTIONS for candidate in order[section]]
        changes = _changes(candidates)
        if seconds > changes and (doses := fill(candidates, seconds - changes)):
            return [
                SessionItem(section, candidate, doses[candidate.slug])
                for section in SECTIONS
                for candidate in order[section]
            ]
        longest = max((part for part in (warm_up, cool_down) if len(part) > 1), key=_longest, default=main)
        longest.pop()
    return ()


class _Picking:
    """Takes candidates, each once, as long as there are not too many things to fetch."""

    def __init__(self, seconds: int) -> None:
        self.most = MOST_THINGS + (seconds >= LONG_SESSION)
        self.used: set[str] = set()
        self.things: set[str] = set()

    def take(self, pool: Sequence[Candidate], positions: Sequence[str | None], number: int) -> list[Candidate]:
        """The first `number` candidates in some positions that may be taken."""
        taken: list[Candidate] = []
        for candidate in pool:
            things = self.things | (set(candidate.exercise.get("equipment", ())) - AT_HAND)
            allowed = candidate.slug not in self.used and candidate.position in positions and len(things) <= self.most
            if allowed and len(taken) < number:
                taken.append(candidate)
                self.used.add(candidate.slug)
                self.things = things
        return taken


def _in_blocks(main: Sequence[Candidate], flow: Flow) -> list[Candidate]:
    """The main part with one block a position; the effort rises in the first block and falls in the last one."""
    ordered: list[Candidate] = []
    for place, position in enumerate(flow):
        block = sorted((one for one in main if one.position == position), key=lambda candidate: candidate.intensity)
        rises, falls = place == 0, place == len(flow) - 1
        if rises and falls:
            # 1 1 2 2 3 becomes 1 2 3 2 1.
            ordered += block[::2] + block[1::2][::-1]
        else:
            ordered += block if rises or not falls else block[::-1]
    return ordered


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


def _longest(candidates: Sequence[Candidate]) -> int:
    return sum(candidate.longest for candidate in candidates)
