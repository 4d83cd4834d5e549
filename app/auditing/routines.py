"""Rules of routines: the minutes that a name promises, whole items, and stages that rise."""

from collections.abc import Iterator
from typing import Any

from app.auditing.amounts import amounts, words
from app.auditing.findings import Content, Finding, Findings, levels_of
from app.auditing.texts import spoken
from app.content.mapping import Draft
from app.models.routine import SECTIONS
from app.shapes.languages import LANGUAGES
from app.timelines.durations import change_seconds, is_timed, session_seconds

LEAST_OF_A_PROMISE = 0.85
"""A routine whose name promises minutes fills at least so much of them, and never more than all."""

NEARLY = 0.15
"""By how much the minutes of a summary may be off."""


def dose_of(item: Draft, exercise: Draft) -> Draft | None:
    """The item's own dose, or that of the exercise's level."""
    own: Draft | None = item.get("dose")
    of_level: Any = (level.get("dose") for level in levels_of(exercise) if level["intensity"] == item["intensity"])
    return own or next(of_level, None)


def stage_seconds(stage: Draft, content: Content) -> int | None:
    """One session of a stage on the timeline; None where an exercise or a timed dose is missing."""
    seconds, before = 0, None
    for item in stage.get("items", ()):
        exercise = content.draft("exercise", item["exercise"])
        dose = dose_of(item, exercise) if exercise else None
        if exercise is None or not is_timed(dose):
            return None
        position = exercise.get("position")
        seconds += (change_seconds(before, position) if before else 0) + (session_seconds(dose, exercise) or 0)
        before = position
    return seconds


def check_promise(routine: Draft, content: Content) -> Findings:
    """Minutes in a name are kept on the clock; those in a summary are about those of some stage."""
    sessions = [stage_seconds(stage, content) for stage in routine.get("stages", ())]
    if not sessions or None in sessions:
        return
    seconds = [each for each in sessions if each is not None]
    longest, clock = max(seconds), ", ".join(f"{each // 60}:{each % 60:02d}" for each in seconds)
    for language in filter(words, LANGUAGES):
        for number in _minutes(routine.get("name"), language):
            if not LEAST_OF_A_PROMISE * number * 60 <= longest <= number * 60:
                yield Finding(
                    "/name",
                    "times",
                    f"It promises {number} minutes ({language}) and takes {clock}: it may take no more than it"
                    f" promises, and at least {LEAST_OF_A_PROMISE:.0%} of that.",
                )
        for number in _minutes(routine.get("summary"), language):
            if not any(abs(each - number * 60) <= NEARLY * number * 60 for each in seconds):
                yield Finding("/summary", "times", f"It says {number} minutes ({language}); its stages take {clock}.")


def _minutes(text: Any, language: str) -> Iterator[int]:
    return (each.number for each in amounts(spoken(text, language), language) if each.unit == "minutes")


def check_items(routine: Draft, content: Content) -> Findings:
    """Each item has a timed dose, and the items of a stage follow the order of their sections."""
    for number, stage in enumerate(routine.get("stages", ())):
        items = stage.get("items", ())
        for place, item in enumerate(items):
            exercise = content.draft("exercise", item["exercise"])
            if exercise is not None and not is_timed(dose_of(item, exercise)):
                yield Finding(
                    f"/stages/{number}/items/{place}", "complete", "Neither it nor its level has a dose with seconds."
                )
        sections = [SECTIONS.index(item.get("section", "main")) for item in items]
        if sections != sorted(sections):
            yield Finding(f"/stages/{number}/items", "order", f"Sections follow one another: {', '.join(SECTIONS)}.")


def check_stages_rise(routine: Draft, _content: Content) -> Findings:
    """No later stage is gentler than the first."""
    strongest = [
        max((item["intensity"] for item in stage.get("items", ())), default=1) for stage in routine.get("stages", ())
    ]
    for number, intensity in enumerate(strongest):
        if intensity < strongest[0]:
            yield Finding(
                f"/stages/{number}",
                "order",
                f"Its strongest item is at {intensity}, gentler than the first stage's at {strongest[0]}.",
            )


RULES = (check_promise, check_items, check_stages_rise)
