"""Safety by rule: what an exercise asks of the body, against the conditions that it says it does not suit."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from app.auditing.amounts import words
from app.auditing.findings import Content, Finding, Findings, levels_of, listing
from app.auditing.texts import spoken
from app.content.mapping import Draft
from app.shapes.languages import DEFAULT_LANGUAGE


class Demand(NamedTuple):
    """What an exercise asks at an intensity and above, and why that is known."""

    name: str
    from_intensity: int
    because: str


@cache
def table() -> Mapping[str, Any]:
    """The demands that follow without being said, and the conditions that each demand rules out: `safety.toml`."""
    return tomllib.loads(Path(__file__).with_name("safety.toml").read_text(encoding="utf-8"))


def demands_of(exercise: Draft) -> Iterator[Demand]:
    """Every demand of an exercise: those it states, and those that follow from its type, position and equipment."""
    for entry in exercise.get("demands", ()):
        name = entry["demand"] if isinstance(entry, dict) else entry
        intensity = entry.get("from_intensity", 1) if isinstance(entry, dict) else 1
        yield Demand(name, intensity, f"the demand '{name}'")
    derived = table()["derived"]
    for name, types in derived["not_types"].items():
        if exercise["type"] not in types:
            yield Demand(name, 1, f"the type '{exercise['type']}'")
    for name in derived["positions"].get(exercise.get("position"), ()):
        yield Demand(name, 1, f"the position '{exercise['position']}'")
    for equipment in exercise.get("equipment", ()):
        for name in derived["equipment"].get(equipment, ()):
            yield Demand(name, 1, f"the equipment '{equipment}'")


def ruled_out(exercise: Draft) -> dict[str, Demand]:
    """The conditions that the rules say the exercise does not suit, each with its demand of the lowest intensity."""
    strictest: dict[str, Demand] = {}
    for demand in demands_of(exercise):
        for condition in table()["conditions"].get(demand.name, ()):
            if condition not in strictest or demand.from_intensity < strictest[condition].from_intensity:
                strictest[condition] = demand
    return strictest


def check_ruled_out(exercise: Draft, content: Content) -> Findings:
    """Each condition that a rule names is contraindicated early enough, or is an exception with its reason.

    What nobody assessed is told by `check_weighed` alone: none of its cells is decided.
    """
    if not exercise.get("safety", {}).get("assessed"):
        return
    stated = {entry["slug"]: entry.get("from_intensity", 1) for entry in exercise.get("contraindications", ())}
    exceptions = [entry["slug"] for entry in exercise.get("safety", {}).get("exceptions", ())]
    rules = ruled_out(exercise)
    for condition, demand in rules.items():
        if content.conditions and condition not in content.conditions:
            continue  # the rule's condition is not in this vocabulary, so that nobody can name it
        if condition in exceptions or stated.get(condition, 6) <= demand.from_intensity:
            continue
        since = f" from intensity {demand.from_intensity} up" if demand.from_intensity > 1 else ""
        late = f", and not only from {stated[condition]} up" if condition in stated else ""
        yield Finding(
            "/contraindications",
            "safety",
            f"'{condition}' must be ruled out{since}{late}, because of {demand.because}; or say in safety.exceptions"
            " why it may be done.",
        )
    for index, condition in enumerate(exceptions):
        if condition not in rules:
            yield Finding(
                f"/safety/exceptions/{index}", "safety", f"No rule rules out '{condition}': take it away.", warns=True
            )


def check_weighed(exercise: Draft, content: Content) -> Findings:
    """Every condition of the vocabulary was weighed, and no symptom was."""
    safety = exercise.get("safety")
    if not safety:
        return  # what is missing altogether is told as incomplete
    if not safety["assessed"]:
        yield Finding(
            "/safety",
            "weighed",
            "Nobody assessed it: it passes no safe_for and is never composed. Weigh it for every condition.",
            warns=True,
        )
        return
    named = [*safety.get("conditions", ()), *(entry["slug"] for entry in exercise.get("contraindications", ()))]
    if unweighed := [slug for slug in content.conditions if slug not in named]:
        yield Finding("/safety/conditions", "weighed", f"Not weighed for: {listing(unweighed)}.")
    if symptoms := sorted({slug for slug in named if slug in content.symptoms}):
        yield Finding("/safety/conditions", "weighed", f"No exercise is weighed for a symptom: {listing(symptoms)}.")


def check_not_against_itself(exercise: Draft, _content: Content) -> Findings:
    """What an exercise helps is not what it must never be done with."""
    helped = {entry["slug"] for entry in exercise.get("conditions", ())}
    for index, entry in enumerate(exercise.get("contraindications", ())):
        if entry["slug"] in helped and entry.get("from_intensity", 1) == 1:
            yield Finding(
                f"/contraindications/{index}", "safety", f"It says that it helps '{entry['slug']}', and rules it out."
            )
        if "note" not in entry:
            yield Finding(
                f"/contraindications/{index}", "safety", "Say in its note why, or what to do instead.", warns=True
            )


def check_effort_of_types(exercise: Draft, _content: Content) -> Findings:
    """Strengthening loads somebody, breathing exercises govern the breath: the demand should say from where up."""
    expected = {"strengthening": ("strong-effort", "held-effort"), "breathing": ("breath-control",)}
    expected["balance"] = ("balance",)
    names = {demand.name for demand in demands_of(exercise)}
    wanted = expected.get(exercise["type"], ())
    if wanted and not names & set(wanted):
        yield Finding("/demands", "safety", f"Of type '{exercise['type']}', without a demand {' or '.join(wanted)}.")


def check_words_of_demands(exercise: Draft, _content: Content) -> Findings:
    """A step or a level whose words tell of a demand has that demand, at its intensity or a lower one."""
    since: dict[str, int] = {}
    for demand in demands_of(exercise):
        since[demand.name] = min(demand.from_intensity, since.get(demand.name, demand.from_intensity))
    levels = levels_of(exercise)
    strongest = max((level["intensity"] for level in levels), default=5)
    said = [
        (f"/steps/{number}/{key}", step.get(key), strongest)
        for number, step in enumerate(exercise.get("steps", ()))
        for key in ("instruction", "cue")
    ]
    said += [
        (f"/levels/{index}/adjustment", level.get("adjustment"), level["intensity"])
        for index, level in enumerate(levels)
    ]
    for pointer, text, intensity in said:
        for name, told in words(DEFAULT_LANGUAGE)["demands"].items():
            match = re.search(told, spoken(text), re.IGNORECASE)
            if match and since.get(name, 6) > intensity:
                message = f"'{match[0]}' tells of the demand '{name}', which is not stated for intensity {intensity}."
                yield Finding(pointer, "safety", message, warns=True)


RULES = (check_words_of_demands, check_ruled_out, check_weighed, check_not_against_itself, check_effort_of_types)


def cells(exercises: Sequence[Draft], content: Content) -> Counter[str]:
    """How many pairs of an exercise and a condition are weighed, ruled out, ruled out later, excepted, or open."""
    counted: Counter[str] = Counter()
    for exercise in exercises:
        safety = exercise.get("safety", {})
        stated = {entry["slug"]: entry.get("from_intensity", 1) for entry in exercise.get("contraindications", ())}
        weighed = {*safety.get("conditions", ()), *stated}
        lowest = min((level["intensity"] for level in levels_of(exercise)), default=1)
        counted["cells"] += len(content.conditions)
        counted["weighed"] += len(weighed & set(content.conditions))
        counted["ruled out"] += sum(since <= lowest for since in stated.values())
        counted["ruled out from a level"] += sum(since > lowest for since in stated.values())
        counted["exceptions"] += len(safety.get("exceptions", ()))
    return counted
