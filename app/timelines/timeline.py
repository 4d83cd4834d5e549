"""Timelines: a level, or a stage of a routine, as the phases that a player plays one after the other.

They are worked out of documents alone, so that a client does the same without a connection. The rule, and test vectors
for it, are in `docs/timelines`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from app.models.dose import BREATH_SECONDS, SECONDS
from app.timelines.durations import (
    SET_UP_STEP,
    Dose,
    alternates,
    change_seconds,
    is_timed,
    switch_seconds,
)

Document = Mapping[str, Any]
Phase = dict[str, Any]

SIDES = ("left", "right")
PHASES = tuple(zip(SECONDS, ("move", "hold", "return", "pause"), strict=True))
BREATH_PHASES = tuple(zip(BREATH_SECONDS, ("breathe-in", "hold", "breathe-out", "pause"), strict=True))
PART_OF_PHASE = {"move": "move", "hold": "hold", "return": "return", "breathe-in": "move", "breathe-out": "return"}
"""The part of the steps that a phase shows."""

LONGEST_PREPARATION = 100
"""Characters that can be said in the six seconds of a step of getting ready, at about 16 a second."""

SHORT = 24
SLOWEST = 3
"""After the first repetition an instruction is said again if it has `SHORT` characters at most, or `SLOWEST` for each
second: what takes longer to say would be a drone."""


def level_timeline(exercise: Document, dose: Dose) -> dict[str, Any]:
    """One session of an exercise at a dose: `{seconds, items: [{at, seconds, phase, ...}]}`, in seconds from its start.

    `exercise` is a document, whose language the texts have; `dose` is timed.
    """
    return _added_up([*_Exercise(exercise, dose).phases(), _end(exercise)])


def stage_timeline(items: Sequence[Document], exercises: Mapping[str, Document], language: str) -> dict[str, Any]:
    """One session of a routine's stage.

    `items` are those of the stage's document, `exercises` the documents of their exercises by slug. An item without a
    timed dose takes no time and is left out.
    """
    phases: list[Phase] = []
    before: Document | None = None
    for item in items:
        exercise = exercises[item["exercise"]["slug"]]
        if not is_timed(item["dose"]):
            continue
        own = _Exercise(exercise, item["dose"]).phases(before)
        phases += [{**phase, "item": item["position"]} for phase in own]
        before = exercise
    return _added_up([*phases, _end(before) if before else _phase("end", 0, _words(language)["end"])])


class _Exercise:
    """The phases of one exercise at a dose."""

    def __init__(self, exercise: Document, dose: Dose) -> None:
        self.exercise, self.dose = exercise, dose
        self.words = _words(exercise["language"])
        self.turns_over = exercise["position"] == "side-lying" and bool(dose.get("per_side")) and not alternates(dose)
        self.steps: dict[str | None, list[Document]] = {}
        for step in exercise["steps"]:
            self.steps.setdefault(step["part"], []).append(step)

    def phases(self, before: Document | None = None) -> Iterator[Phase]:
        """Changing position after the exercise `before`, getting ready, and the work."""
        for phase in (*self._beginning(before), *self._work()):
            yield {**phase, "exercise": self.exercise["slug"]}

    def _beginning(self, before: Document | None) -> Iterator[Phase]:
        name, position = self.exercise["name"], self.exercise["position"]
        introduction = f"{name}. "
        if before and (seconds := change_seconds(before["position"], position)):
            text = self.words["change-position"].format(name=name, position=self.words[position or "unknown"])
            yield _phase("change-position", seconds, " ".join([*_finishing(before), text]))
            introduction = ""
        marks, begin = {}, ""
        if self.turns_over:
            marks, begin = {"side": SIDES[0]}, self.words["begin-side-lying"] + " "
        for step in self.steps.get("set-up", ({"instruction": self.words["prepare"]},)):
            text = begin + step["instruction"]
            # Who hears it has the instruction to follow; who looks sees the name all the time.
            say = introduction + text if len(introduction + text) <= LONGEST_PREPARATION else text
            number = {"step": step["number"]} if "number" in step else {}
            yield _phase("prepare", SET_UP_STEP, text, say=say, **marks, **number)
            introduction, begin = "", ""

    def _work(self) -> Iterator[Phase]:
        rest, switch = self.dose.get("rest_seconds") or 0, switch_seconds(self.exercise["position"])
        before: str | None = None
        for number in range(1, (self.dose.get("sets") or 1) + 1):
            if number > 1 and rest:
                yield _phase("rest", rest, self.words["rest"])
                before = None
            for repetition, side in self._repetitions():
                if side and before and side != before and not alternates(self.dose):
                    words = self.words["turn-over" if self.turns_over else "switch-sides"]
                    text = words.format(side=self.words[side], on_side=self.words[f"on-{side}"])
                    yield _phase("switch-sides", switch, text, side=side)
                yield from self._repetition(number, repetition, side)
                before = side

    def _repetitions(self) -> list[tuple[int, str | None]]:
        """The repetitions of one set in their order, each with its side."""
        numbers = range(1, (self.dose.get("repetitions") or 1) + 1)
        if not self.dose.get("per_side"):
            return [(number, None) for number in numbers]
        if alternates(self.dose):
            return [(number, side) for number in numbers for side in SIDES]
        return [(number, side) for side in SIDES for number in numbers]

    def _repetition(self, number: int, repetition: int, side: str | None) -> Iterator[Phase]:
        breaths = self.dose.get("breaths")
        timed, phases = (breaths, BREATH_PHASES) if breaths else (self.dose, PHASES)
        marks = {"set": number, "repetition": repetition, **({"side": side} if side else {})}
        is_first = number == repetition == 1
        lead = self._lead(number, repetition, side)
        for name, phase in phases:
            seconds = timed.get(name) or 0
            if not seconds:
                continue
            word = self.words[phase]
            silent = phase == "pause" or (phase == "move" and bool(lead))
            for step, share in _shares(self.steps.get(PART_OF_PHASE.get(phase), ()), seconds):
                text = step["instruction"] if step else word
                if step and (is_first or len(text) <= max(SHORT, SLOWEST * share)):
                    said = text
                else:
                    said = "" if silent else word
                say = f"{lead} {said}".strip() if phase != "pause" else ""
                yield _phase(phase, share, text, say=say, **marks, **({"step": step["number"]} if step else {}))
                lead, silent = "", True

    def _lead(self, number: int, repetition: int, side: str | None) -> str:
        """What is said at the beginning of a repetition: the set, the side and the number that are new with it."""
        begins_set = repetition == 1 and side != SIDES[1]
        parts = []
        if begins_set and number > 1:
            parts.append(self.words["set"].format(number=number))
        if side and (begins_set or alternates(self.dose)):
            parts.append(self.words[side])
        if repetition > 1 or (number > 1 and not parts):
            parts.append(str(repetition))
        lead = ", ".join(parts)
        return f"{lead[:1].upper()}{lead[1:]}." if lead else ""


def _shares(steps: Sequence[Document], seconds: int) -> Iterator[tuple[Document | None, int]]:
    """The seconds of a phase, shared by the steps that it shows; the first ones have what is left over.

    Example: 8 seconds and three steps are 3, 3 and 2 seconds. Where there are fewer seconds than steps, the last steps
    are not shown.
    """
    if not steps:
        yield None, seconds
        return
    shown = steps[:seconds]
    share, over = divmod(seconds, len(shown))
    for place, step in enumerate(shown):
        yield step, share + (place < over)


def _phase(phase: str, seconds: int, text: str, *, say: str | None = None, **marks: Any) -> Phase:
    return {"seconds": seconds, "phase": phase, **marks, "text": text, "say": text if say is None else say}


def _end(exercise: Document) -> Phase:
    return _phase("end", 0, " ".join([*_finishing(exercise), _words(exercise["language"])["end"]]))


def _finishing(exercise: Document) -> list[str]:
    """The instructions for coming out of an exercise."""
    return [step["instruction"] for step in exercise["steps"] if step["part"] == "finish"]


ORDER = ("at", "seconds", "phase", "item", "exercise", "set", "repetition", "side", "step", "text", "say")


def _added_up(phases: Sequence[Phase]) -> dict[str, Any]:
    at = 0
    items = []
    for phase in phases:
        timed = {"at": at, **phase}
        items.append({key: timed[key] for key in ORDER if key in timed})
        at += phase["seconds"]
    return {"seconds": at, "items": items}


def _words(language: str) -> Mapping[str, str]:
    words = all_words()
    return words.get(language) or words["en"]


@cache
def all_words() -> Mapping[str, Mapping[str, str]]:
    """The words of timelines by language, which the clients have too."""
    words: Mapping[str, Mapping[str, str]] = json.loads(Path(__file__).with_name("words.json").read_text("utf-8"))
    return words
