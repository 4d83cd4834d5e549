"""Times: the seconds of doses against steps, against the words of the texts, and against the level below."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from app.auditing.amounts import Amount, amounts, pattern, words
from app.auditing.findings import Content, Finding, Findings, levels_of
from app.auditing.texts import spoken
from app.content.mapping import Draft
from app.models.dose import BREATH_SECONDS, SECONDS
from app.shapes.languages import DEFAULT_LANGUAGE, LANGUAGES
from app.timelines.durations import SET_UP_STEP, is_timed, repetition_seconds, session_seconds

TIMED_PARTS = ("move", "hold", "return")
"""The parts of steps that a phase of the timeline shows, in the order of a dose's seconds."""

MOST_SET_UP_STEPS = 4

SLOWEST_WORD = 3
"""Seconds that what is done "slowly" takes at least."""

FASTEST_VOICE = 3.5
"""Words a second that a hurried voice says; people who read aloud calmly say about two and a half."""

BREATH = (3, 12)
"""The shortest and the longest breath at rest that a text can mean, in seconds."""

NEARLY = 0.15
"""By how much "about five minutes" may be off."""


def part_seconds(dose: Mapping[str, Any]) -> dict[str, int]:
    """The seconds of each part of a repetition: `{"move": 3, "hold": 0, "return": 3, "pause": 1}`.

    Breathing in is what the steps call to move, breathing out to return.
    """
    timed, names = (dose["breaths"], BREATH_SECONDS) if dose.get("breaths") else (dose, SECONDS)
    return dict(zip((*TIMED_PARTS, "pause"), (timed.get(name) or 0 for name in names), strict=True))


def _timed_levels(exercise: Draft) -> Iterator[tuple[int, Draft]]:
    for index, level in enumerate(levels_of(exercise)):
        if is_timed(level.get("dose")):
            yield index, level


def check_parts(exercise: Draft, _content: Content) -> Findings:
    """A step has seconds at every level that does not say that it leaves it out, and seconds have a step."""
    steps = exercise.get("steps", ())
    if not any("part" in step for step in steps):
        return  # told as incomplete
    of_part = {part: [step for step in steps if step.get("part") == part] for part in TIMED_PARTS}
    for index, level in _timed_levels(exercise):
        seconds = part_seconds(level["dose"])
        pointer = f"/levels/{index}/dose"
        for part, shown in of_part.items():
            if shown and not seconds[part] and not _is_left_out(level, shown):
                yield Finding(
                    pointer,
                    "times",
                    f"It has no seconds for the steps of the part '{part}'. Give it some, or say in the adjustment that"
                    " this level leaves them out.",
                )
            if seconds[part] and not shown:
                yield Finding(
                    pointer, "times", f"It has {seconds[part]} s to {part}, and no step says what to do then."
                )


def _is_left_out(level: Draft, steps: Sequence[Draft]) -> bool:
    texts = [spoken(level.get("adjustment")), *(spoken(step["instruction"]) for step in steps)]
    return any(pattern(DEFAULT_LANGUAGE, "left_out").search(text) for text in texts)


def check_getting_ready(exercise: Draft, _content: Content) -> Findings:
    """Getting ready takes 24 seconds at most, six for each step: short sessions have no more to give."""
    steps = sum(step.get("part") == "set-up" for step in exercise.get("steps", ()))
    if steps > MOST_SET_UP_STEPS:
        yield Finding(
            "/steps",
            "times",
            f"It has {steps} steps of the part 'set-up', which take {steps * SET_UP_STEP} s: {MOST_SET_UP_STEPS} do.",
            warns=True,
        )


def check_slowness(exercise: Draft, _content: Content) -> Findings:
    """What a step calls slow takes three seconds or more at every level that does it."""
    for number, step in enumerate(exercise.get("steps", ())):
        if step.get("part") not in TIMED_PARTS or not pattern(DEFAULT_LANGUAGE, "slowly").search(
            spoken(step["instruction"])
        ):
            continue
        for index, level in _timed_levels(exercise):
            seconds = part_seconds(level["dose"])[step["part"]]
            if 0 < seconds < SLOWEST_WORD:
                yield Finding(
                    f"/levels/{index}/dose",
                    "times",
                    f"Step {number + 1} is to be done slowly, in {seconds} s. Give it {SLOWEST_WORD} s or more.",
                )


def check_words_of_levels(exercise: Draft, _content: Content) -> Findings:
    """The numbers that a level's texts say are those of its dose."""
    for index, level in _timed_levels(exercise):
        for language in filter(words, LANGUAGES):
            for key in ("label", "adjustment"):
                for amount in amounts(spoken(level.get(key), language), language):
                    if not _fits(amount, level["dose"], exercise):
                        yield Finding(
                            f"/levels/{index}/{key}",
                            "times",
                            _off(amount, language, f"the dose has {told(level['dose'])}"),
                        )


def check_words_of_steps(exercise: Draft, _content: Content) -> Findings:
    """The numbers that a step says are those of some level, in the step's part or in the pause after it."""
    doses = [level["dose"] for _index, level in _timed_levels(exercise)]
    for number, step in enumerate(exercise.get("steps", ())):
        if step.get("part") not in TIMED_PARTS or not doses:
            continue
        for key in ("instruction", "cue", "breathing"):
            for language in filter(words, LANGUAGES):
                for amount in amounts(spoken(step.get(key), language), language):
                    if not any(_fits(amount, dose, exercise, step["part"]) for dose in doses):
                        yield Finding(
                            f"/steps/{number}/{key}", "times", _off(amount, language, "no level's dose has it")
                        )


def _off(amount: Amount, language: str, what: str) -> str:
    return f"It says '{amount.words}' ({language}), and {what}."


def told(dose: Draft) -> str:
    """A dose in few words: `2 sets of 6, move 3 s, hold 5 s`."""
    parts = [f"{part} {seconds} s" for part, seconds in part_seconds(dose).items() if seconds]
    return ", ".join([f"{dose.get('sets', 1)} sets of {dose.get('repetitions', 1)}", *parts])


def _fits(amount: Amount, dose: Draft, exercise: Draft, part: str | None = None) -> bool:
    """Whether a dose has an amount; with a `part`, in its seconds or in those of the pause after it."""
    by_part = part_seconds(dose)
    seconds = [by_part[name] for name in ((part, "pause") if part else by_part) if by_part[name]]
    if amount.unit in ("seconds", "count"):
        return amount.number in seconds
    if amount.unit == "breaths":
        shortest, longest = (amount.number * breath for breath in BREATH)
        return any(shortest <= each <= longest * max(1, _steps(exercise, part)) for each in seconds)
    if amount.unit == "minutes":
        whole = [session_seconds(dose, exercise) or 0, *seconds]
        return any(abs(each - amount.number * 60) <= amount.number * 60 * NEARLY for each in whole)
    if amount.unit == "sets":
        return bool(amount.number == dose.get("sets", 1))
    return amount.number in (dose.get("sets", 1), dose.get("repetitions", 1))


def _steps(exercise: Draft, part: str | None) -> int:
    """How many steps share the seconds of a part."""
    return sum(step.get("part") == part for step in exercise.get("steps", ())) if part else 1


def work(dose: Draft) -> int:
    """Seconds of work in a session, without rests: all repetitions of all sets, on each side."""
    sides = 2 if dose.get("per_side") else 1
    return int(dose.get("sets") or 1) * int(dose.get("repetitions") or 1) * repetition_seconds(dose) * sides


def check_rising(exercise: Draft, _content: Content) -> Findings:
    """No level does less work than the one below it."""
    timed = list(_timed_levels(exercise))
    for (_, below), (index, above) in pairwise(timed):
        if work(above["dose"]) < work(below["dose"]):
            yield Finding(
                f"/levels/{index}/dose",
                "times",
                f"It works for {work(above['dose'])} s, the level below it for {work(below['dose'])} s.",
            )


def check_said_in_time(exercise: Draft, _content: Content) -> Findings:
    """A voice can say each step in its share of the seconds, at the first repetition of every level."""
    for number, step in enumerate(exercise.get("steps", ())):
        part = step.get("part")
        for language in LANGUAGES if part in (*TIMED_PARTS, "set-up") else ():
            said = len(spoken(step["instruction"], language).split())
            shares = [_share(exercise, number, level["dose"]) for _index, level in _timed_levels(exercise)]
            shortest = min((share for share in shares if share), default=None)
            if shortest and said > shortest * FASTEST_VOICE:
                yield Finding(
                    f"/steps/{number}/instruction",
                    "times",
                    f"It is {said} words ({language}) in {shortest} s: shorten it to {int(shortest * FASTEST_VOICE)},"
                    " or give it more time.",
                )


def _share(exercise: Draft, number: int, dose: Draft) -> int:
    """The seconds in which a timeline shows a step; 0 where the dose has none for it."""
    part = exercise["steps"][number]["part"]
    if part == "set-up":
        return SET_UP_STEP
    places = [place for place, step in enumerate(exercise["steps"]) if step.get("part") == part]
    share, over = divmod(part_seconds(dose)[part], len(places))
    return share + (places.index(number) < over)


RULES = (
    check_getting_ready,
    check_said_in_time,
    check_parts,
    check_slowness,
    check_words_of_levels,
    check_words_of_steps,
    check_rising,
)
