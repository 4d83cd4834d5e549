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
from app.routines.composing import GENTLE, LONGEST_SHARE, TYPES
from app.routines.doses import SMALLEST_DOSE_WHEN_SHORT, Limits

STRONGEST = 5

POSITIONS_OF = {"desk-strain": ("seated", "standing")}
"""Positions that suit the place where a condition arises: nobody lies down beside a desk."""

filters = {filter_.parameter: filter_ for filter_ in EXERCISE.filters}

ASSESSED = Condition(Filter("assessed", "", "assessed"), ("true",))
"""No machine gives anybody an exercise of which nobody weighed for whom it is safe."""

NOT_WITHOUT_HELP = Condition(Filter("professional", "", "level", column="qualifier"), ("none", "recommended"))
"""Nor a level that a professional must go through first, unless it is told that this may be."""


@dataclass(frozen=True)
class Wish:
    """What somebody asks of a routine. Without `can_do_with`, its exercises may need any equipment."""

    conditions: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    minutes: int = 10
    max_intensity: int = 3
    can_do_with: tuple[str, ...] | None = None
    safe_for: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()
    with_professional: bool = False
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

    def needed(self, section: str, *, fitting: bool = False) -> Sequence[Condition]:
        """The conditions for an exercise of a section: its type, equipment and position, and a level that is allowed.

        With `fitting`, the exercise must also not take too much of the time at its smallest dose.
        """
        seconds = self.seconds * LONGEST_SHARE[section] / SMALLEST_DOSE_WHEN_SHORT if fitting else inf
        return (
            ASSESSED,
            Condition(filters["type"], TYPES[section]),
            *([Condition(filters["position"], self.suiting_positions)] if self.suiting_positions else []),
            *self._equipment(),
            *self.safety(),
            *([] if self.with_professional else [NOT_WITHOUT_HELP]),
            Condition(filters["max_intensity"], (self.at_most(section),)),
            Condition(filters["max_seconds"], (seconds,)),
        )

    def safety(self) -> Sequence[Condition]:
        """The condition that an exercise is safe with whatever must be avoided."""
        return [Condition(filters["safe_for"], self.avoided)] if self.avoided else []

    @property
    def suiting_positions(self) -> tuple[str, ...]:
        """The positions asked for, or those that suit the place where the conditions arise; empty where all do."""
        if self.positions:
            return self.positions
        places = [set(POSITIONS_OF[condition]) for condition in self.conditions if condition in POSITIONS_OF]
        return tuple(sorted(set.intersection(*places))) if places else ()

    def level_limits(self, section: str) -> Limits:
        """What the level of an exercise of a section must keep to."""
        return Limits(self.at_most(section), self.avoided, self.with_professional, self.seconds)

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
            "position": {"positions": ()},
            "max_intensity": {"max_intensity": STRONGEST},
        }
        others = {name: replace(self, **change) for name, change in changes.items()}
        return {name: other for name, other in others.items() if other != self}

    def freest(self) -> "Wish":
        """The wish of which only what must be avoided is left."""
        return Wish(safe_for=tuple(sorted(self.avoided)), max_intensity=STRONGEST, language=self.language)
