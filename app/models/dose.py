"""A dose: how much of an exercise, as an intensity level or a routine's item gives it."""

from sqlalchemy import Boolean, CheckConstraint, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.models.types import positive


class Dose:
    """The columns of a dose. Each is optional; a row in which all are NULL has no dose."""

    sets: Mapped[int | None] = mapped_column(Integer)
    repetitions: Mapped[int | None] = mapped_column(Integer)
    hold_seconds: Mapped[int | None] = mapped_column(Integer)
    rest_seconds: Mapped[int | None] = mapped_column(Integer)
    times_per_day: Mapped[int | None] = mapped_column(Integer)
    days_per_week: Mapped[int | None] = mapped_column(Integer)
    per_side: Mapped[bool | None] = mapped_column(Boolean)


def dose_checks() -> tuple[CheckConstraint, ...]:
    """The constraints of a dose: its numbers are positive, and a week has seven days."""
    return (
        *positive("sets", "repetitions", "hold_seconds", "rest_seconds", "times_per_day", "days_per_week"),
        CheckConstraint("days_per_week <= 7", name="days_per_week_of_seven"),
    )


def intensity_check() -> CheckConstraint:
    """The constraint of an intensity: 1 (very gentle) to 5 (very strong), one scale for the whole catalogue."""
    return CheckConstraint("intensity BETWEEN 1 AND 5", name="intensity_1_to_5")
