"""What a draft of each kind has when it is complete."""

from collections.abc import Mapping

from app.auditing.findings import Content, Finding, Findings, levels_of
from app.content.mapping import Draft
from app.models.vocabulary import URGENCIES
from app.timelines.durations import is_timed

NEEDED = {
    "exercise": (
        "summary position regions muscles conditions benefits steps levels safety guidance precautions stop_if evidence"
        " licence review"
    ),
    "routine": "summary conditions regions stages licence review",
    "source": "summary",
    "place": "",
    "term": "",
}
"""The fields that a complete draft of each kind has."""

NEEDED_IN_A_DOSE = ("sets", "repetitions", "times_per_day", "days_per_week")
LEAST_STEPS, LEAST_LEVELS = 3, 2


def check_fields(kind: str, draft: Draft) -> Findings:
    """Every field that a complete draft of the kind has is there."""
    missing = [name for name in NEEDED.get(kind, "").split() if not draft.get(name)]
    if missing:
        yield Finding("", "complete", f"It lacks: {', '.join(missing)}.")


def check_exercise(exercise: Draft, _content: Content) -> Findings:
    """Steps with parts, levels with whole doses, a note of guidance, somebody to credit, a next review."""
    steps, levels = exercise.get("steps", ()), levels_of(exercise)
    if 0 < len(steps) < LEAST_STEPS:
        yield Finding(
            "/steps", "complete", f"It has {len(steps)} steps; a person needs {LEAST_STEPS} or more.", warns=True
        )
    if len(levels) == 1:
        yield Finding(
            "/levels", "complete", f"It has one level; {LEAST_LEVELS} or more let people begin gently.", warns=True
        )
    if without := [str(number) for number, step in enumerate(steps, start=1) if "part" not in step]:
        yield Finding("/steps", "complete", f"These steps do not say which part they are: {', '.join(without)}.")
    for index, level in enumerate(levels):
        yield from _level(level, f"/levels/{index}")
    adjustments = [level["adjustment"] for level in levels if "adjustment" in level]
    if any(adjustments.count(each) > 1 for each in adjustments):
        yield Finding("/levels", "complete", "Two levels have the same adjustment.")
    if not exercise.get("guidance", {}).get("note"):
        yield Finding(
            "/guidance", "complete", "It lacks a note: what to ask a professional, and when to see one first."
        )
    yield from _licence_and_review(exercise)


def _level(level: Draft, pointer: str) -> Findings:
    if missing := [name for name in ("label", "adjustment", "sensation", "dose") if name not in level]:
        yield Finding(pointer, "complete", f"It lacks: {', '.join(missing)}.")
    if dose := level.get("dose"):
        yield from _dose(dose, f"{pointer}/dose")


def _dose(dose: Draft, pointer: str) -> Findings:
    missing = [name for name in NEEDED_IN_A_DOSE if name not in dose]
    if not is_timed(dose):
        missing.append("breaths, or seconds of move, hold, return or pause")
    if dose.get("per_side") and "side_order" not in dose:
        missing.append("side_order")
    if missing:
        yield Finding(pointer, "complete", f"It lacks: {', '.join(missing)}.")
    if dose.get("rest_seconds") and dose.get("sets", 1) == 1:
        yield Finding(
            f"{pointer}/rest_seconds", "times", "One set has no rest after it: pauses stand in pause_seconds."
        )


def check_routine(routine: Draft, _content: Content) -> Findings:
    """Stages with items, whole doses of their own, somebody to credit, a next review."""
    for number, stage in enumerate(routine.get("stages", ())):
        if not stage.get("items"):
            yield Finding(f"/stages/{number}", "complete", "It has no items.")
        for place, item in enumerate(stage.get("items", ())):
            if "dose" in item:
                yield from _dose(item["dose"], f"/stages/{number}/items/{place}/dose")
    yield from _licence_and_review(routine)


def _licence_and_review(draft: Draft) -> Findings:
    if "licence" in draft and not draft["licence"].get("attribution"):
        yield Finding("/licence", "complete", "It names nobody in attribution.")
    if "review" in draft and "next_review_on" not in draft["review"]:
        yield Finding("/review", "complete", "It lacks next_review_on, the day by which to review it again.")


def check_term(term: Draft, _content: Content) -> Findings:
    """A condition says what it is and when to see a professional, the most urgent signs first."""
    if term.get("vocabulary") != "conditions":
        return
    if missing := [name for name in ("description", "see_professional_if") if not term.get(name)]:
        yield Finding("", "complete", f"It lacks: {', '.join(missing)}.")
    order = [URGENCIES.index(flag["urgency"]) for flag in term.get("see_professional_if", ())]
    if order != sorted(order):
        yield Finding("/see_professional_if", "order", f"The most urgent signs come first: {', '.join(URGENCIES)}.")


def check_overdue(draft: Draft, today: str) -> Findings:
    """The day of the next review has not passed. It warns: a catalogue does not break by waiting."""
    due: Mapping[str, str] = draft.get("review") or {}
    if (day := due.get("next_review_on", "9999")) < today:
        yield Finding("/review/next_review_on", "review", f"A review was due on {day}.", warns=True)
