"""The routine: stages of items, each an exercise at an intensity with a dose."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.dose import Dose, dose_checks, intensity_check
from app.models.entity import Entity
from app.models.exercise import REVIEW_STATUSES, Citation, NamesTerm, Reviewed
from app.models.types import Code, OptionalTranslations, Translations, named, one_of, owner, positive, slug_check
from app.store.database import Base

GOALS = ("relieve", "prevent", "strengthen", "relax")
SECTIONS = ("warm-up", "main", "cool-down")


class Routine(Entity, Reviewed, Base):
    """One routine. Equipment, guidance, intensity and seconds are derived when it is rendered, never stored here."""

    __tablename__ = "routine"
    __table_args__ = (slug_check(), one_of("goal", GOALS), one_of("review_status", REVIEW_STATUSES))
    name: Mapped[Translations]
    summary: Mapped[OptionalTranslations]
    goal: Mapped[str] = mapped_column(Code)
    licence_id: Mapped[int | None] = mapped_column(Integer, named("term"), index=True)
    licence_attribution: Mapped[str | None] = mapped_column(String)


class OfRoutine:
    """A row of a routine's list, in the list's order."""

    routine_id: Mapped[int] = mapped_column(Integer, owner("routine"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)


class RoutineCondition(OfRoutine, NamesTerm, Base):
    """A condition that the routine is for."""

    __tablename__ = "routine_condition"
    __table_args__ = (UniqueConstraint("routine_id", "term_id"),)


class RoutineRegion(OfRoutine, NamesTerm, Base):
    """A region of the body that the routine works on."""

    __tablename__ = "routine_region"
    __table_args__ = (UniqueConstraint("routine_id", "term_id"),)


class RoutineCitation(OfRoutine, Citation, Base):
    """A citation of a routine."""

    __tablename__ = "routine_citation"


class Stage(Base):
    """A part of a routine, done for some weeks before the next."""

    __tablename__ = "stage"
    __table_args__ = (
        *positive("number", "weeks", "times_per_day", "days_per_week"),
        CheckConstraint("days_per_week <= 7", name="days_per_week_of_seven"),
    )
    routine_id: Mapped[int] = mapped_column(Integer, owner("routine"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[Translations]
    weeks: Mapped[int | None] = mapped_column(Integer)
    times_per_day: Mapped[int | None] = mapped_column(Integer)
    days_per_week: Mapped[int | None] = mapped_column(Integer)


class Item(Dose, Base):
    """An exercise at one of its intensity levels; a foreign key keeps the level one that the exercise has."""

    __tablename__ = "item"
    __table_args__ = (
        one_of("section", SECTIONS),
        intensity_check(),
        *positive("position"),
        *dose_checks(),
        ForeignKeyConstraint(["routine_id", "stage_number"], ["stage.routine_id", "stage.number"], ondelete="CASCADE"),
        ForeignKeyConstraint(
            ["exercise_id", "intensity"],
            ["intensity_level.exercise_id", "intensity_level.intensity"],
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    routine_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    stage_number: Mapped[int] = mapped_column(Integer, primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    section: Mapped[str] = mapped_column(Code)
    exercise_id: Mapped[int] = mapped_column(Integer, named("exercise"), index=True)
    intensity: Mapped[int] = mapped_column(Integer)
    note: Mapped[OptionalTranslations]
