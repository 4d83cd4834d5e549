"""What belongs to an exercise, as ORM classes."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Mapped, relationship

from app.models import exercise as m
from app.models.dose import BREATH_SECONDS, SECONDS
from app.models.tables import table_of
from benchmarks.peers.base import PeerBase, Source, Term, Translations

DOSE_COLUMNS = (
    "sets",
    "repetitions",
    *SECONDS,
    "rest_seconds",
    "times_per_day",
    "days_per_week",
    "per_side",
    "side_order",
)


class NamesTerm:
    """A row that names a term and is shown by the term's slug and name."""

    term: Any

    @property
    def slug(self) -> str:
        return str(self.term.slug)

    @property
    def name(self) -> Translations:
        found: Translations = self.term.name
        return found


class FromIntensity:
    """A row that holds from an intensity up, or for the whole exercise."""

    stored_from: Any

    @property
    def from_intensity(self) -> int:
        return int(self.stored_from or 1)


class ExerciseText(PeerBase):
    """A text of one of an exercise's lists."""

    __table__ = table_of(m.ExerciseText)
    list: Mapped[str]
    text: Mapped[Translations]


class ExerciseRegion(NamesTerm, PeerBase):
    """A region that the exercise works on."""

    __table__ = table_of(m.ExerciseRegion)
    term: Mapped[Term] = relationship(lazy="raise")


class ExerciseMuscle(NamesTerm, PeerBase):
    """A muscle and what the exercise does to it."""

    __table__ = table_of(m.ExerciseMuscle)
    role: Mapped[str]
    term: Mapped[Term] = relationship(lazy="raise")


class ExerciseEquipment(NamesTerm, PeerBase):
    """A thing that the exercise needs."""

    __table__ = table_of(m.ExerciseEquipment)
    term: Mapped[Term] = relationship(lazy="raise")


class ExerciseCondition(NamesTerm, PeerBase):
    """A condition that the exercise relieves or prevents."""

    __table__ = table_of(m.ExerciseCondition)
    purpose: Mapped[str]
    term: Mapped[Term] = relationship(lazy="raise")


class ExerciseBenefit(NamesTerm, PeerBase):
    """What the exercise is good for."""

    __table__ = table_of(m.ExerciseBenefit)
    term: Mapped[Term] = relationship(lazy="raise")


class ExerciseContraindication(NamesTerm, FromIntensity, PeerBase):
    """A condition with which the exercise should not be done."""

    __table__ = table_of(m.ExerciseContraindication)
    stored_from = __table__.c.from_intensity
    note: Mapped[Translations | None]
    term: Mapped[Term] = relationship(lazy="raise")


class ExerciseDemand(FromIntensity, PeerBase):
    """What the exercise asks of the body."""

    __table__ = table_of(m.Demand)
    stored_from = __table__.c.from_intensity
    demand: Mapped[str]


class WeighedCondition(NamesTerm, PeerBase):
    """A condition that the exercise's safety was weighed for."""

    __table__ = table_of(m.WeighedCondition)
    term: Mapped[Term] = relationship(lazy="raise")


class SafetyException(NamesTerm, PeerBase):
    """A condition that a rule would rule out, and which is allowed."""

    __table__ = table_of(m.SafetyException)
    note: Mapped[Translations]
    term: Mapped[Term] = relationship(lazy="raise")


class ExerciseEvidence(PeerBase):
    """A source that says what is known of the exercise's effect."""

    __table__ = table_of(m.ExerciseEvidence)
    source: Mapped[Source] = relationship(lazy="raise")


class Step(PeerBase):
    """One action."""

    __table__ = table_of(m.Step)
    number: Mapped[int]
    instruction: Mapped[Translations]
    cue: Mapped[Translations | None]
    breathing: Mapped[Translations | None]
    part: Mapped[str | None]


class IntensityLevel(PeerBase):
    """One rung of an exercise's ladder."""

    __table__ = table_of(m.IntensityLevel)
    intensity: Mapped[int]
    label: Mapped[Translations | None]
    adjustment: Mapped[Translations | None]
    sensation: Mapped[Translations | None]
    professional: Mapped[str | None]
    sets: Mapped[int | None]
    repetitions: Mapped[int | None]
    move_seconds: Mapped[int | None]
    hold_seconds: Mapped[int | None]
    return_seconds: Mapped[int | None]
    pause_seconds: Mapped[int | None]
    rest_seconds: Mapped[int | None]
    times_per_day: Mapped[int | None]
    days_per_week: Mapped[int | None]
    per_side: Mapped[bool | None]
    side_order: Mapped[str | None]
    breath_in_seconds: Mapped[int | None]
    breath_hold_seconds: Mapped[int | None]
    breath_out_seconds: Mapped[int | None]
    breath_pause_seconds: Mapped[int | None]

    @property
    def dose(self) -> dict[str, Any] | None:
        """How much, or None where no column says."""
        given = {name: getattr(self, name) for name in DOSE_COLUMNS}
        breaths = {name: getattr(self, f"breath_{name}") for name in BREATH_SECONDS}
        if all(value is None for value in (*given.values(), *breaths.values())):
            return None
        return given | {
            "sets": self.sets or 1,
            "repetitions": self.repetitions or 1,
            "per_side": bool(self.per_side),
            "side_order": (self.side_order or "one-after-other") if self.per_side else None,
            "breaths": breaths if any(breaths.values()) else None,
        }


@dataclass(frozen=True, slots=True)
class Level:
    """A rung with what follows for it from the rest of the exercise."""

    intensity: int
    label: Translations | None
    adjustment: Translations | None
    sensation: Translations | None
    dose: dict[str, Any] | None
    seconds: int | None
    professional: str
    contraindications: list[str]


class Tip(PeerBase):
    """A professional's advice."""

    __table__ = table_of(m.Tip)
    condition_id: Mapped[int | None]
    source_id: Mapped[int | None]
    text: Mapped[Translations]
    condition: Mapped[Term | None] = relationship(lazy="raise")
    source: Mapped[Source | None] = relationship(lazy="raise")


class ExerciseCitation(PeerBase):
    """A source and the place in it."""

    __table__ = table_of(m.ExerciseCitation)
    locator: Mapped[str | None]
    note: Mapped[Translations | None]
    source: Mapped[Source] = relationship(lazy="raise")


class Media(PeerBase):
    """A picture or film."""

    __table__ = table_of(m.Media)
    stored_url = __table__.c.url
    type: Mapped[str]
    alt: Mapped[Translations]
    width: Mapped[int | None]
    height: Mapped[int | None]
    credit: Mapped[str | None]
    licence_term: Mapped[Term] = relationship(lazy="raise")

    @property
    def url(self) -> str:
        """Its address; a path is one on this service."""
        stored = str(self.stored_url)
        return self.origin() + stored if stored.startswith("/") else stored

    @property
    def licence(self) -> dict[str, Any]:
        return self.licence_term.as_licence(self.credit)


class NamedExercise(PeerBase):
    """An exercise by name, as others show it.

    Not `Exercise` itself: neighbours would then be cycles of objects, which only the collector frees. Up to CPython
    3.11 a collection may begin inside the allocation of an object's `__dict__`, and crashes the interpreter where a
    finaliser reads the same `__dict__` (`app.serving` says how its workers avoid that).
    """

    __table__ = table_of(m.Exercise)
    __mapper_args__ = {"include_properties": ["id", "slug", "name"]}
    id: Mapped[int]
    slug: Mapped[str]
    name: Mapped[Translations]


class Progression(PeerBase):
    """An easier or a harder exercise, declared by one of the two."""

    __table__ = table_of(m.Progression)
    exercise_id: Mapped[int]
    other_id: Mapped[int]
    direction: Mapped[str]
    why: Mapped[Translations | None]
    exercise: Mapped[NamedExercise] = relationship(foreign_keys=[__table__.c.exercise_id], lazy="raise", viewonly=True)
    other: Mapped[NamedExercise] = relationship(foreign_keys=[__table__.c.other_id], lazy="raise", viewonly=True)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An easier or a harder exercise as either side shows it."""

    slug: str
    name: Translations
    why: Translations | None
