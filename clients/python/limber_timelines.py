"""Timelines from synced documents, without a connection: what a player plays, phase by phase.

This file and `timeline_words.json` beside it, the standard library alone: copy both. The rule is in
`docs/timelines/README.md` of Limber.

    replica = limber_sync.Replica("catalogue.db", "https://api.example.org")
    exercise = replica.get("exercise", "neck-rotation")
    level_timeline(exercise, exercise["levels"][0]["dose"])

    routine = replica.get("routine", "desk-break-three-minutes")
    exercises = {each["slug"]: each for each in replica.documents("exercise")}
    stage_timeline(routine["stages"][0]["items"], exercises, routine["language"])

Both answer `{"seconds": 175, "items": [{"at", "seconds", "phase", ..., "text", "say"}, ...]}`, in whole seconds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

Document = Mapping[str, Any]
Phase = dict[str, Any]

WORDS: Mapping[str, Mapping[str, str]] = json.loads(
    Path(__file__).with_name("timeline_words.json").read_text(encoding="utf-8")
)

MOVED = (("move_seconds", "move"), ("hold_seconds", "hold"), ("return_seconds", "return"), ("pause_seconds", "pause"))
BREATHED = (
    ("in_seconds", "breathe-in"),
    ("hold_seconds", "hold"),
    ("out_seconds", "breathe-out"),
    ("pause_seconds", "pause"),
)
PART = {"move": "move", "hold": "hold", "return": "return", "breathe-in": "move", "breathe-out": "return"}
UPRIGHT = ("standing", "seated")
ORDER = ("at", "seconds", "phase", "item", "exercise", "set", "repetition", "side", "step", "text", "say")


def level_timeline(exercise: Document, dose: Document) -> dict[str, Any]:
    """The timeline of one session of an exercise, at the dose of one of its levels. `is_timed(dose)` must hold."""
    return _added_up([*_exercise(exercise, dose), _end(exercise)])


def stage_timeline(items: Sequence[Document], exercises: Mapping[str, Document], language: str) -> dict[str, Any]:
    """The timeline of a stage, or of a composed routine's stage.

    `exercises` holds the documents of its exercises by slug. Items without a timed dose are left out.
    """
    phases: list[Phase] = []
    before: Document | None = None
    for item in items:
        if is_timed(item["dose"]):
            exercise = exercises[item["exercise"]["slug"]]
            phases += [{**phase, "item": item["position"]} for phase in _exercise(exercise, item["dose"], before)]
            before = exercise
    return _added_up([*phases, _end(before) if before else _phase("end", 0, _words(language)["end"])])


def is_timed(dose: Document | None) -> bool:
    """Whether a repetition of the dose takes any time."""
    return bool(dose) and any(seconds for _phase, seconds in _parts(dose or {}))


def _parts(dose: Document) -> list[tuple[str, int]]:
    timed, names = (dose["breaths"], BREATHED) if dose.get("breaths") else (dose, MOVED)
    return [(phase, timed.get(name) or 0) for name, phase in names]


def _exercise(exercise: Document, dose: Document, before: Document | None = None) -> Iterator[Phase]:
    for phase in (*_beginning(exercise, dose, before), *_work(exercise, dose)):
        yield {**phase, "exercise": exercise["slug"]}


def _beginning(exercise: Document, dose: Document, before: Document | None) -> Iterator[Phase]:
    words, position = _words(exercise["language"]), exercise["position"]
    introduction = f"{exercise['name']}. "
    if before and before["position"] != position:
        is_level = (before["position"] in UPRIGHT) == (position in UPRIGHT)
        text = _filled(words["change-position"], name=exercise["name"], position=words[position or "unknown"])
        yield _phase("change-position", 10 if is_level else 20, " ".join([*_steps(before, "finish"), text]))
        introduction = ""
    side = {"side": "left"} if _turns_over(exercise, dose) else {}
    begin = f"{words['begin-side-lying']} " if side else ""
    steps = [step for step in exercise["steps"] if step["part"] == "set-up"]
    for step in steps or [{"instruction": words["prepare"], "number": None}]:
        text = begin + step["instruction"]
        say = introduction + text if len(introduction + text) <= 100 else text
        yield _phase("prepare", 6, text, say, **side, step=step["number"])
        introduction = begin = ""


def _work(exercise: Document, dose: Document) -> Iterator[Phase]:
    words, turns_over = _words(exercise["language"]), _turns_over(exercise, dose)
    rest, alternates = dose.get("rest_seconds") or 0, dose.get("side_order") == "alternate"
    numbers = range(1, (dose.get("repetitions") or 1) + 1)
    if not dose.get("per_side"):
        of_a_set: list[tuple[int, str | None]] = [(number, None) for number in numbers]
    elif alternates:
        of_a_set = [(number, side) for number in numbers for side in ("left", "right")]
    else:
        of_a_set = [(number, side) for side in ("left", "right") for number in numbers]
    before: str | None = None
    for set_number in range(1, (dose.get("sets") or 1) + 1):
        if set_number > 1 and rest:
            yield _phase("rest", rest, words["rest"])
            before = None
        for number, side in of_a_set:
            if side and before and side != before and not alternates:
                text = words["turn-over" if turns_over else "switch-sides"]
                filled = _filled(text, side=words[side], on_side=words[f"on-{side}"])
                yield _phase("switch-sides", 10 if exercise["position"] == "side-lying" else 5, filled, side=side)
            before = side
            yield from _repetition(exercise, dose, set_number, number, side)


def _repetition(exercise: Document, dose: Document, set_number: int, number: int, side: str | None) -> Iterator[Phase]:
    words, is_first = _words(exercise["language"]), set_number == number == 1
    lead = _lead(words, dose, set_number, number, side)
    for phase, seconds in _parts(dose):
        if not seconds:
            continue
        word = "" if phase == "move" and lead else words[phase]
        steps = [step for step in exercise["steps"] if step["part"] == PART.get(phase)] if phase in PART else []
        for step, share in _shares(steps, seconds):
            text = step["instruction"] if step else words[phase]
            again = step and (is_first or len(text) <= max(24, 3 * share))
            say = "" if phase == "pause" else f"{lead} {text if again else word}".strip()
            marks = {"set": set_number, "repetition": number, "side": side, "step": step["number"] if step else None}
            yield _phase(phase, share, text, say, **marks)
            lead = word = ""


def _lead(words: Mapping[str, str], dose: Document, set_number: int, number: int, side: str | None) -> str:
    begins_set = number == 1 and side != "right"
    parts = [_filled(words["set"], number=str(set_number))] if begins_set and set_number > 1 else []
    if side and (begins_set or dose.get("side_order") == "alternate"):
        parts.append(words[side])
    if number > 1 or (set_number > 1 and not parts):
        parts.append(str(number))
    lead = ", ".join(parts)
    return f"{lead[0].upper()}{lead[1:]}." if lead else ""


def _shares(steps: Sequence[Document], seconds: int) -> list[tuple[Document | None, int]]:
    if not steps:
        return [(None, seconds)]
    shown = steps[:seconds]
    share, over = divmod(seconds, len(shown))
    return [(step, share + (place < over)) for place, step in enumerate(shown)]


def _turns_over(exercise: Document, dose: Document) -> bool:
    one_after_other = bool(dose.get("per_side")) and dose.get("side_order") != "alternate"
    return exercise["position"] == "side-lying" and one_after_other


def _steps(exercise: Document, part: str) -> list[str]:
    return [step["instruction"] for step in exercise["steps"] if step["part"] == part]


def _end(exercise: Document) -> Phase:
    return _phase("end", 0, " ".join([*_steps(exercise, "finish"), _words(exercise["language"])["end"]]))


def _phase(name: str, seconds: int, text: str, say: str | None = None, **marks: Any) -> Phase:
    known = {key: value for key, value in marks.items() if value is not None}
    return {"seconds": seconds, "phase": name, **known, "text": text, "say": text if say is None else say}


def _added_up(phases: Sequence[Phase]) -> dict[str, Any]:
    at, items = 0, []
    for phase in phases:
        timed = {**phase, "at": at}
        items.append({key: timed[key] for key in ORDER if key in timed})
        at += phase["seconds"]
    return {"seconds": at, "items": items}


def _words(language: str) -> Mapping[str, str]:
    return WORDS.get(language) or WORDS["en"]


def _filled(text: str, **values: str) -> str:
    return text.format(**values)
