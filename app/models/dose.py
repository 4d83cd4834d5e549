"""A dose: how much of an exercise, as an intensity level or a routine's item gives it."""

from sqlalchemy import Boolean, CheckConstraint, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.models.types import Code, one_of, positive

STRONGEST = 5
"""The highest intensity of the scale that the whole catalogue shares."""

SIDE_ORDERS = ("alternate", "one-after-other")

SECONDS = ("move_seconds", "hold_seconds", "return_seconds", "pause_seconds")
"""The parts of one repetition, in their order."""

BREATH_SECONDS = ("in_seconds", "hold_seconds", "out_seconds", "pause_seconds")
"""The parts of one breath, in their order. Their columns begin with `breath_`."""


class Dose:
    """The columns of a dose. Each is optional; a row in which all are NULL has no dose."""

    sets: Mapped[int | None] = mapped_column(Integer)
    repetitions: Mapped[int | None] = mapped_column(Integer)
    move_seconds: Mapped[int | None] = mapped_column(Integer)
    hold_seconds: Mapped[int | None] = mapped_column(Integer)
    return_seconds: Mapped[int | None] = mapped_column(Integer)
    pause_seconds: Mapped[int | None] = mapped_column(Integer)
    rest_seconds: Mapped[int | None] = mapped_column(Integer)
    times_per_day: Mapped[int | None] = mapped_column(Integer)
    days_per_week: Mapped[int | None] = mapped_column(Integer)
    per_side: Mapped[bool | None] = mapped_column(Boolean)
    side_order: Mapped[str | None] = mapped_column(Code)
    breath_in_seconds: Mapped[int | None] = mapped_column(Integer)
    breath_hold_seconds: Mapped[int | None] = mapped_column(Integer)
    breath_out_seconds: Mapped[int | None] = mapped_column(Integer)
    breath_pause_seconds: Mapped[int | None] = mapped_column(Integer)


def dose_checks() -> tuple[CheckConstraint, ...]:
    """The constraints of a dose: its numbers are positive, and a week has seven days."""
    return (
        *positive("sets", "repetitions", *SECONDS, "rest_seconds", "times_per_day", "days_per_week"),
        *positive(*(f"breath_{name}" for name in BREATH_SECONDS)),
        one_of("side_order", SIDE_ORDERS),
        CheckConstraint("days_per_week <= 7", name="days_per_week_of_seven"),
    )


def intensity_check() -> CheckConstraint:
    """The constraint of an intensity: 1 (very gentle) to 5 (very strong), one scale for the whole catalogue."""
    return CheckConstraint("intensity BETWEEN 1 AND 5", name="intensity_1_to_5")


def from_intensity_check() -> CheckConstraint:
    """The constraint of the intensity from which up something holds; NULL where it holds for the whole exercise."""
    return CheckConstraint("from_intensity BETWEEN 2 AND 5", name="from_intensity_2_to_5")
