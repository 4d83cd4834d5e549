"""The exercise and the rows that belong to it."""

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.dose import Dose, dose_checks, from_intensity_check, intensity_check
from app.models.entity import Entity
from app.models.types import Code, OptionalTranslations, Translations, named, one_of, owner, positive, slug_check
from app.store.database import Base

TYPES = (
    "stretch",
    "mobility",
    "strengthening",
    "posture",
    "breathing",
    "relaxation",
    "yoga",
    "balance",
    "aerobic",
    "nerve-gliding",
    "self-massage",
)
POSITIONS = ("standing", "seated", "supine", "prone", "side-lying", "kneeling", "half-kneeling", "all-fours")
LYING = ("supine", "prone", "side-lying")
PARTS = ("set-up", "move", "hold", "return", "finish")
DEMANDS = (
    "spine-flexion",
    "spine-extension",
    "spine-rotation",
    "spine-side-bend",
    "deep-twist",
    "head-below-heart",
    "head-movement",
    "neck-end-range",
    "neck-load",
    "hands-behind-head",
    "arms-overhead",
    "arms-wide",
    "arm-behind-back",
    "weight-on-hands",
    "weight-on-knees",
    "deep-knee-bend",
    "strong-effort",
    "held-effort",
    "breath-control",
    "end-range-stretch",
    "balance",
    "direct-pressure",
)
"""What an exercise may ask of the body, by which rules find the conditions that it does not suit."""
ROLES = ("stretched", "strengthened", "stabilising")
PURPOSES = ("relieve", "prevent")
PROFESSIONAL = ("none", "recommended", "required")
REVIEW_STATUSES = ("unreviewed", "editorial", "clinical")
ASSESSORS = ("editor", "clinician")
EVIDENCE_LEVELS = ("trial", "guideline", "textbook", "practice")


class Reviewed:
    """Whether, when and by whom the content was reviewed."""

    review_status: Mapped[str | None] = mapped_column(Code)
    reviewed_on: Mapped[str | None] = mapped_column(Code)
    reviewer: Mapped[str | None] = mapped_column(String)
    next_review_on: Mapped[str | None] = mapped_column(Code)


class Exercise(Entity, Reviewed, Base):
    """One exercise."""

    __tablename__ = "exercise"
    __table_args__ = (
        slug_check(),
        one_of("type", TYPES),
        one_of("position", POSITIONS),
        one_of("guidance_professional", PROFESSIONAL),
        one_of("review_status", REVIEW_STATUSES),
        one_of("safety_by", ASSESSORS),
        one_of("evidence_level", EVIDENCE_LEVELS),
    )
    name: Mapped[Translations]
    summary: Mapped[OptionalTranslations]
    type: Mapped[str] = mapped_column(Code)
    position: Mapped[str | None] = mapped_column(Code)
    guidance_professional: Mapped[str] = mapped_column(Code)
    guidance_note: Mapped[OptionalTranslations]
    licence_id: Mapped[int | None] = mapped_column(Integer, named("term"), index=True)
    licence_attribution: Mapped[str | None] = mapped_column(String)
    safety_assessed: Mapped[bool | None] = mapped_column(Boolean)
    safety_assessed_on: Mapped[str | None] = mapped_column(Code)
    safety_by: Mapped[str | None] = mapped_column(Code)
    safety_note: Mapped[OptionalTranslations]
    evidence_level: Mapped[str | None] = mapped_column(Code)
    evidence_statement: Mapped[OptionalTranslations]


class OfExercise:
    """A row of an exercise's list, in the list's order."""

    exercise_id: Mapped[int] = mapped_column(Integer, owner("exercise"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)


class NamesTerm:
    """A row that names a term."""

    term_id: Mapped[int] = mapped_column(Integer, named("term"), index=True)


class ExerciseText(Base):
    """A text of one of an exercise's lists of texts: other names, precautions, when to stop."""

    __tablename__ = "exercise_text"
    __table_args__ = (one_of("list", ("alias", "precaution", "stop_if")),)
    exercise_id: Mapped[int] = mapped_column(Integer, owner("exercise"), primary_key=True)
    list: Mapped[str] = mapped_column(Code, primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    text: Mapped[Translations]


class ExerciseRegion(OfExercise, NamesTerm, Base):
    """A region of the body that the exercise works on."""

    __tablename__ = "exercise_region"
    __table_args__ = (UniqueConstraint("exercise_id", "term_id"),)


class ExerciseMuscle(OfExercise, NamesTerm, Base):
    """A muscle and what the exercise does to it."""

    __tablename__ = "exercise_muscle"
    __table_args__ = (UniqueConstraint("exercise_id", "term_id", "role"), one_of("role", ROLES))
    role: Mapped[str] = mapped_column(Code)


class ExerciseEquipment(OfExercise, NamesTerm, Base):
    """A thing that the exercise needs."""

    __tablename__ = "exercise_equipment"
    __table_args__ = (UniqueConstraint("exercise_id", "term_id"),)


class ExerciseCondition(OfExercise, NamesTerm, Base):
    """A condition that the exercise relieves or prevents."""

    __tablename__ = "exercise_condition"
    __table_args__ = (UniqueConstraint("exercise_id", "term_id", "purpose"), one_of("purpose", PURPOSES))
    purpose: Mapped[str] = mapped_column(Code)


class ExerciseBenefit(OfExercise, NamesTerm, Base):
    """What the exercise is good for."""

    __tablename__ = "exercise_benefit"
    __table_args__ = (UniqueConstraint("exercise_id", "term_id"),)


class ExerciseContraindication(OfExercise, NamesTerm, Base):
    """A condition with which the exercise should not be done, from an intensity up; NULL is the whole exercise."""

    __tablename__ = "exercise_contraindication"
    __table_args__ = (UniqueConstraint("exercise_id", "term_id"), from_intensity_check())
    from_intensity: Mapped[int | None] = mapped_column(Integer)
    note: Mapped[OptionalTranslations]


class WeighedCondition(OfExercise, NamesTerm, Base):
    """A condition that the exercise's safety was weighed for."""

    __tablename__ = "exercise_weighed_condition"
    __table_args__ = (UniqueConstraint("exercise_id", "term_id"),)


class SafetyException(OfExercise, NamesTerm, Base):
    """A condition that a rule would rule out, and which is allowed for the reason that `note` gives."""

    __tablename__ = "exercise_safety_exception"
    __table_args__ = (UniqueConstraint("exercise_id", "term_id"),)
    note: Mapped[Translations]


class Demand(OfExercise, Base):
    """What the exercise asks of the body, from an intensity up; NULL is the whole exercise."""

    __tablename__ = "exercise_demand"
    __table_args__ = (UniqueConstraint("exercise_id", "demand"), one_of("demand", DEMANDS), from_intensity_check())
    demand: Mapped[str] = mapped_column(Code)
    from_intensity: Mapped[int | None] = mapped_column(Integer)


class ExerciseEvidence(OfExercise, Base):
    """A source that says what is known of the exercise's effect."""

    __tablename__ = "exercise_evidence"
    __table_args__ = (UniqueConstraint("exercise_id", "source_id"),)
    source_id: Mapped[int] = mapped_column(Integer, named("source"), index=True)


class Step(Base):
    """One action. The primary key keeps step numbers unique within an exercise."""

    __tablename__ = "step"
    __table_args__ = (*positive("number"), one_of("part", PARTS))
    exercise_id: Mapped[int] = mapped_column(Integer, owner("exercise"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    instruction: Mapped[Translations]
    cue: Mapped[OptionalTranslations]
    breathing: Mapped[OptionalTranslations]
    part: Mapped[str | None] = mapped_column(Code)


class IntensityLevel(Dose, Base):
    """An intensity at which an exercise can be done, on the scale that the whole catalogue shares."""

    __tablename__ = "intensity_level"
    __table_args__ = (intensity_check(), one_of("professional", PROFESSIONAL), *dose_checks())
    exercise_id: Mapped[int] = mapped_column(Integer, owner("exercise"), primary_key=True)
    intensity: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    label: Mapped[OptionalTranslations]
    adjustment: Mapped[OptionalTranslations]
    sensation: Mapped[OptionalTranslations]
    professional: Mapped[str | None] = mapped_column(Code)


class Tip(OfExercise, Base):
    """A professional's advice, possibly for one condition."""

    __tablename__ = "tip"
    text: Mapped[Translations]
    condition_id: Mapped[int | None] = mapped_column(Integer, named("term"), index=True)
    source_id: Mapped[int | None] = mapped_column(Integer, named("source"), index=True)


class Progression(OfExercise, Base):
    """An easier or a harder exercise, declared by one of the two and shown by both."""

    __tablename__ = "progression"
    __table_args__ = (
        one_of("direction", ("easier", "harder")),
        UniqueConstraint("exercise_id", "other_id"),
        CheckConstraint("exercise_id <> other_id", name="not_itself"),
    )
    direction: Mapped[str] = mapped_column(Code, primary_key=True)
    other_id: Mapped[int] = mapped_column(
        Integer, ForeignKey("exercise.id", deferrable=True, initially="DEFERRED"), index=True
    )
    why: Mapped[OptionalTranslations]


class Citation:
    """Where content comes from: a source, and the place in it."""

    source_id: Mapped[int] = mapped_column(Integer, named("source"), index=True)
    locator: Mapped[str | None] = mapped_column(String)
    note: Mapped[OptionalTranslations]


class ExerciseCitation(OfExercise, Citation, Base):
    """A citation of an exercise."""

    __tablename__ = "exercise_citation"


class Media(OfExercise, Base):
    """A picture or film of an exercise, each with its own licence."""

    __tablename__ = "media"
    __table_args__ = (one_of("type", ("image", "video", "animation")), *positive("width", "height"))
    url: Mapped[str] = mapped_column(String)
    type: Mapped[str] = mapped_column(Code)
    alt: Mapped[Translations]
    width: Mapped[int | None] = mapped_column(Integer)
    height: Mapped[int | None] = mapped_column(Integer)
    licence_id: Mapped[int] = mapped_column(Integer, named("term"), index=True)
    credit: Mapped[str | None] = mapped_column(String)
