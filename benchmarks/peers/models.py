"""The exercise as ORM classes with relationships, over the working copy's tables.

The application's own models have no relationships, as it reads documents that a release has rendered. These have
what an object-relational service needs, all `lazy="raise"`: a query says what it loads (see `queries`). Properties
give what documents show and no column holds; both services' schemas read them as attributes.

Two things are not in the working copy: when a document was last released, and its sort key. `Publication` reads them
from the published rows, without the rendered document beside them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import DeclarativeBase, Mapped, foreign, object_session, relationship

from app.content.tables import table_of
from app.models import exercise as m
from app.models.publication import Document
from app.models.source import Source as SourceRow
from app.models.vocabulary import Term as TermRow

Translations = Mapping[str, str]
"""`{language tag: text}`."""

SECONDS_A_REPETITION = 4
OPPOSITE = {"easier": "harder", "harder": "easier"}


class PeerBase(DeclarativeBase):
    """A registry of its own: the application's classes stay as they are."""

    def origin(self) -> str:
        """Where the service is reached, as its sessions know it (`queries.make_sessions`)."""
        session = object_session(self)
        return str(session.info["origin"]) if session else ""


class Term(PeerBase):
    """One word of a vocabulary."""

    __table__ = table_of(TermRow)
    id: Mapped[int]
    slug: Mapped[str]
    name: Mapped[Translations]
    spdx: Mapped[str | None]
    url: Mapped[str | None]

    def as_licence(self, attribution: str | None) -> dict[str, Any]:
        """A licence and who is to be named."""
        return {"id": self.spdx, "name": self.name, "url": self.url, "attribution": attribution}


class Source(PeerBase):
    """A source, of whatever type."""

    __table__ = table_of(SourceRow)
    id: Mapped[int]
    slug: Mapped[str]
    type: Mapped[str]
    title: Mapped[str]


class Publication(PeerBase):
    """What is known of a published document, but for its body."""

    __table__ = table_of(Document)
    __mapper_args__ = {"exclude_properties": ["body", "content_digest"]}
    entity_id: Mapped[int]
    kind: Mapped[str]
    slug: Mapped[str]
    language: Mapped[str]
    sort_name: Mapped[str]
    published_at: Mapped[str]
    revision: Mapped[int]


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


class ExerciseContraindication(NamesTerm, PeerBase):
    """A condition with which the exercise should not be done."""

    __table__ = table_of(m.ExerciseContraindication)
    note: Mapped[Translations | None]
    term: Mapped[Term] = relationship(lazy="raise")


class Step(PeerBase):
    """One action."""

    __table__ = table_of(m.Step)
    number: Mapped[int]
    instruction: Mapped[Translations]
    cue: Mapped[Translations | None]
    breathing: Mapped[Translations | None]
    hold_seconds: Mapped[int | None]


class IntensityLevel(PeerBase):
    """One rung of an exercise's ladder."""

    __table__ = table_of(m.IntensityLevel)
    intensity: Mapped[int]
    label: Mapped[Translations | None]
    adjustment: Mapped[Translations | None]
    sensation: Mapped[Translations | None]
    sets: Mapped[int | None]
    repetitions: Mapped[int | None]
    hold_seconds: Mapped[int | None]
    rest_seconds: Mapped[int | None]
    times_per_day: Mapped[int | None]
    days_per_week: Mapped[int | None]
    per_side: Mapped[bool | None]

    @property
    def dose(self) -> dict[str, Any] | None:
        """How much, or None where no column says."""
        given = {
            "sets": self.sets,
            "repetitions": self.repetitions,
            "hold_seconds": self.hold_seconds,
            "rest_seconds": self.rest_seconds,
            "times_per_day": self.times_per_day,
            "days_per_week": self.days_per_week,
        }
        if self.per_side is None and all(value is None for value in given.values()):
            return None
        return given | {"per_side": bool(self.per_side)}

    @property
    def seconds(self) -> int | None:
        """How long one session takes, in seconds."""
        if self.sets is None and self.repetitions is None and self.hold_seconds is None:
            return None
        sets = self.sets or 1
        repetition = (self.hold_seconds or SECONDS_A_REPETITION) * (2 if self.per_side else 1)
        return sets * (self.repetitions or 1) * repetition + (sets - 1) * (self.rest_seconds or 0)


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

    Not `Exercise` itself: neighbours would then be cycles of objects, which only the collector frees, and CPython
    3.11 was seen to crash there under threads (a segmentation fault within seconds; 3.12 and 3.13 were not).
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


class Exercise(PeerBase):
    """One exercise with everything that belongs to it."""

    __table__ = table_of(m.Exercise)
    id: Mapped[int]
    slug: Mapped[str]
    name: Mapped[Translations]
    summary: Mapped[Translations | None]
    type: Mapped[str]
    position: Mapped[str | None]
    guidance_professional: Mapped[str]
    guidance_note: Mapped[Translations | None]
    licence_attribution: Mapped[str | None]
    review_status: Mapped[str | None]
    reviewed_on: Mapped[str | None]
    reviewer: Mapped[str | None]

    texts: Mapped[list[ExerciseText]] = relationship(order_by=ExerciseText.__table__.c.position, lazy="raise")
    regions: Mapped[list[ExerciseRegion]] = relationship(order_by=ExerciseRegion.__table__.c.position, lazy="raise")
    muscles: Mapped[list[ExerciseMuscle]] = relationship(order_by=ExerciseMuscle.__table__.c.position, lazy="raise")
    equipment: Mapped[list[ExerciseEquipment]] = relationship(
        order_by=ExerciseEquipment.__table__.c.position, lazy="raise"
    )
    conditions: Mapped[list[ExerciseCondition]] = relationship(
        order_by=ExerciseCondition.__table__.c.position, lazy="raise"
    )
    benefits: Mapped[list[ExerciseBenefit]] = relationship(order_by=ExerciseBenefit.__table__.c.position, lazy="raise")
    contraindications: Mapped[list[ExerciseContraindication]] = relationship(
        order_by=ExerciseContraindication.__table__.c.position, lazy="raise"
    )
    steps: Mapped[list[Step]] = relationship(order_by=Step.number, lazy="raise")
    levels: Mapped[list[IntensityLevel]] = relationship(order_by=IntensityLevel.intensity, lazy="raise")
    tips: Mapped[list[Tip]] = relationship(order_by=Tip.__table__.c.position, lazy="raise")
    progressions: Mapped[list[Progression]] = relationship(
        foreign_keys=Progression.exercise_id, order_by=Progression.__table__.c.position, lazy="raise"
    )
    progressions_to: Mapped[list[Progression]] = relationship(
        foreign_keys=Progression.other_id, lazy="raise", viewonly=True
    )
    citations: Mapped[list[ExerciseCitation]] = relationship(
        order_by=ExerciseCitation.__table__.c.position, lazy="raise"
    )
    media: Mapped[list[Media]] = relationship(order_by=Media.__table__.c.position, lazy="raise")
    licence_term: Mapped[Term | None] = relationship(lazy="raise")
    publication: Mapped[Publication] = relationship(
        primaryjoin=lambda: (
            (foreign(Publication.slug) == Exercise.slug)
            & (Publication.kind == "exercise")
            & (Publication.language == "en")
        ),
        uselist=False,
        viewonly=True,
        lazy="raise",
    )

    @property
    def aliases(self) -> Sequence[Translations]:
        return self._texts("alias")

    @property
    def precautions(self) -> Sequence[Translations]:
        return self._texts("precaution")

    @property
    def stop_if(self) -> Sequence[Translations]:
        return self._texts("stop_if")

    def _texts(self, name: str) -> Sequence[Translations]:
        return [each.text for each in self.texts if each.list == name]

    @property
    def guidance(self) -> dict[str, Any]:
        return {"professional": self.guidance_professional, "note": self.guidance_note}

    @property
    def easier(self) -> Sequence[Neighbour]:
        return self._neighbours("easier")

    @property
    def harder(self) -> Sequence[Neighbour]:
        return self._neighbours("harder")

    def _neighbours(self, direction: str) -> Sequence[Neighbour]:
        """Those that it declares, then those that declare it the other way round, by slug; a reason serves both."""
        found = {
            each.other.slug: Neighbour(each.other.slug, each.other.name, each.why)
            for each in self.progressions
            if each.direction == direction
        }
        declared_there = [each for each in self.progressions_to if each.direction == OPPOSITE[direction]]
        for each in sorted(declared_there, key=lambda each: each.exercise.slug):
            slug = each.exercise.slug
            known = found.get(slug)
            found[slug] = Neighbour(slug, each.exercise.name, (known and known.why) or each.why)
        return list(found.values())

    @property
    def licence(self) -> dict[str, Any] | None:
        return self.licence_term.as_licence(self.licence_attribution) if self.licence_term else None

    @property
    def review(self) -> dict[str, Any]:
        return {"status": self.review_status or "none", "reviewed_on": self.reviewed_on, "reviewer": self.reviewer}

    @property
    def revision(self) -> int:
        return self.publication.revision

    @property
    def published_at(self) -> str:
        return self.publication.published_at

    @property
    def links(self) -> dict[str, str]:
        """Absolute addresses."""
        origin, page = self.origin(), f"/exercises/{self.slug}"
        return {
            "self": f"{origin}/v1{page}",
            "html": origin + page,
            "embed": f"{origin}/embed{page}",
            "oembed": f"{origin}/oembed?url={origin}{page}",
        }
