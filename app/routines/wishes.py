"""What somebody asks a routine to be, and which conditions an exercise of it must meet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Any

from app.content.common_fields import TERM
from app.content.content_type import Filter
from app.delivery.conditions import Condition
from app.delivery.slugs import PresentSlugs, replaced
from app.exercises.kind import EXERCISE
from app.routines.composing import GENTLE, LONGEST_SHARE, SMALLEST_DOSE, TYPES

STRONGEST = 5

filters = {filter_.parameter: filter_ for filter_ in EXERCISE.filters}

NOT_WITHOUT_HELP = Condition(Filter("professional", "", "professional"), ("none", "recommended"))
"""No machine gives anybody an exercise that a professional must go through first."""


@dataclass(frozen=True)
class Wish:
    """What somebody asks of a routine. Without `can_do_with`, its exercises may need any equipment."""

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
        """How long the session is to take."""
        return self.minutes * 60

    @property
    def avoided(self) -> tuple[str, ...]:
        """The conditions that no exercise may be contraindicated with: those of `safe_for`, and those to be helped."""
        return tuple(dict.fromkeys((*self.safe_for, *self.conditions)))

    def at_most(self, section: str) -> int:
        """The strongest intensity that is allowed in a section."""
        return self.max_intensity if section == "main" else min(self.max_intensity, GENTLE)

    def named(self) -> Sequence[Condition]:
        """The parameters that name published content, with their values."""
        values = (("condition", self.conditions), ("region", self.regions), ("safe_for", self.safe_for))
        return [Condition(filters[name], slugs) for name, slugs in values if slugs] + self._equipment()

    def present(self, slugs: PresentSlugs) -> "Wish":
        """The wish with present slugs in the place of former ones."""
        if not slugs:
            return self
        return replace(
            self,
            conditions=replaced(self.conditions, TERM, slugs),
            regions=replaced(self.regions, TERM, slugs),
            can_do_with=None if self.can_do_with is None else tuple(sorted(replaced(self.can_do_with, TERM, slugs))),
            safe_for=tuple(sorted(replaced(self.safe_for, TERM, slugs))),
        )

    def _equipment(self) -> list[Condition]:
        return [] if self.can_do_with is None else [Condition(filters["can_do_with"], self.can_do_with)]

    def limits(self) -> Sequence[Condition]:
        """The conditions that every exercise must meet, whatever its section."""
        safe = [Condition(filters["safe_for"], self.avoided)] if self.avoided else []
        return [NOT_WITHOUT_HELP, *safe, *self._equipment()]

    def sort_needed(self, section: str, *, fitting: bool = False) -> Sequence[Condition]:
        """The conditions for an exercise of a section: one of its types, and a level that is allowed and has a dose.

        With `fitting`, the exercise must also not take too much of the time at its smallest dose.
        """
        seconds = self.seconds * LONGEST_SHARE[section] / SMALLEST_DOSE if fitting else inf
        return (
            Condition(filters["type"], TYPES[section]),
            Condition(filters["max_intensity"], (self.at_most(section),)),
            Condition(filters["max_seconds"], (seconds,)),
        )

    def purposes(self) -> Sequence[Condition]:
        """The conditions that say what an exercise of the main part is for."""
        return [named for named in self.named() if named.filter.parameter in ("condition", "region")]

    def loosened(self) -> "Mapping[str, Wish]":
        """The wishes that lack one constraint of this one, by the constraint's parameter.

        What must be avoided is never loosened: somebody has a condition even if no exercise relieves it, so that the
        wish without `condition` names it in `safe_for`.
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
        """The wish of which only what must be avoided is left."""
        return Wish(safe_for=tuple(sorted(self.avoided)), max_intensity=STRONGEST, language=self.language)
