"""What somebody asks a routine to be, and which conditions an exercise of it must meet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Any

from app.content.content_type import Filter
from app.delivery.conditions import Condition
from app.exercises.kind import EXERCISE
from app.routines.composing import GENTLE, LONGEST_SHARE, SMALLEST_DOSE, TYPES

STRONGEST = 5

filters = {each.parameter: each for each in EXERCISE.filters}

NOT_WITHOUT_HELP = Condition(Filter("professional", "", "professional"), ("none", "recommended"))
"""An exercise that a professional must go through first is nobody's to be given by a machine."""


@dataclass(frozen=True)
class Wish:
    """What is asked for. `can_do_with` None is whatever it needs."""

    conditions: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    minutes: int = 10
    max_intensity: int = 3
    can_do_with: tuple[str, ...] | None = None
    safe_for: tuple[str, ...] = ()
    seed: int = 0
    language: str = "en"

    @property
    def seconds(self) -> int:
        """How long a session is to take."""
        return self.minutes * 60

    @property
    def avoided(self) -> tuple[str, ...]:
        """What no exercise may be contraindicated with: what was named, and the conditions themselves."""
        return tuple(dict.fromkeys((*self.safe_for, *self.conditions)))

    def at_most(self, section: str) -> int:
        """The strongest intensity in a section."""
        return self.max_intensity if section == "main" else min(self.max_intensity, GENTLE)

    def given(self) -> Sequence[Condition]:
        """What was named, each parameter with its values."""
        values = (("condition", self.conditions), ("region", self.regions), ("safe_for", self.safe_for))
        found = [Condition(filters[name], each) for name, each in values if each]
        return found if self.can_do_with is None else [*found, Condition(filters["can_do_with"], self.can_do_with)]

    def limits(self) -> Sequence[Condition]:
        """What every exercise must meet, whatever its section."""
        found = [NOT_WITHOUT_HELP]
        if self.avoided:
            found.append(Condition(filters["safe_for"], self.avoided))
        if self.can_do_with is not None:
            found.append(Condition(filters["can_do_with"], self.can_do_with))
        return found

    def sort_needed(self, section: str, *, fitting: bool = False) -> Sequence[Condition]:
        """What an exercise of a section must be: of a type, with a level that is allowed and has a dose.

        `fitting` leaves out what takes too much of the time even at the smallest dose.
        """
        seconds = self.seconds * LONGEST_SHARE[section] / SMALLEST_DOSE if fitting else inf
        return (
            Condition(filters["type"], TYPES[section]),
            Condition(filters["max_intensity"], (self.at_most(section),)),
            Condition(filters["max_seconds"], (seconds,)),
        )

    def purposes(self) -> Sequence[Condition]:
        """What an exercise of the main part is for."""
        return [each for each in self.given() if each.filter.parameter in ("condition", "region")]

    def loosened(self) -> "Mapping[str, Wish]":
        """The same wish without each of its constraints, by parameter; what must be avoided never changes.

        Who has a condition has it still when nothing relieves it: without `condition` it is named by `safe_for`.
        """
        changes: dict[str, dict[str, Any]] = {
            "condition": {"conditions": (), "safe_for": tuple(sorted(self.avoided))},
            "region": {"regions": ()},
            "can_do_with": {"can_do_with": None},
            "max_intensity": {"max_intensity": STRONGEST},
        }
        others = {name: replace(self, **change) for name, change in changes.items()}
        return {name: other for name, other in others.items() if other != self}

    def freest(self) -> "Wish":
        """The same wish with nothing left of it but what must be avoided."""
        return Wish(safe_for=tuple(sorted(self.avoided)), max_intensity=STRONGEST, language=self.language)
