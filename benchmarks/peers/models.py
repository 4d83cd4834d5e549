"""The exercise as ORM classes with relationships, over the working copy's tables.

The application's own models have no relationships, as it reads documents that a release has rendered. These have
what an object-relational service needs, all `lazy="raise"`: a query says what it loads (see `queries`). Properties
give what documents show and no column holds; both services' schemas read them as attributes.

Two things are not in the working copy: when a document was last released, and its sort key. `Publication` reads them
from the published rows, without the rendered document beside them.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Mapped, foreign, relationship

from app.models import exercise as m
from app.models.tables import table_of
from app.timelines.durations import session_seconds
from benchmarks.peers.base import PeerBase, Publication, Term, Translations
from benchmarks.peers.exercise_parts import (
    ExerciseBenefit,
    ExerciseCitation,
    ExerciseCondition,
    ExerciseContraindication,
    ExerciseDemand,
    ExerciseEquipment,
    ExerciseEvidence,
    ExerciseMuscle,
    ExerciseRegion,
    ExerciseText,
    IntensityLevel,
    Level,
    Media,
    NamesTerm,
    Neighbour,
    Progression,
    SafetyException,
    Step,
    Tip,
    WeighedCondition,
)

OPPOSITE = {"easier": "harder", "harder": "easier"}


class Exercise(PeerBase):
    """One exercise with everything that belongs to it."""

    __table__ = table_of(m.Exercise)
    id: Mapped[int]
    uuid: Mapped[str]
    slug: Mapped[str]
    former_slugs: Mapped[list[str]]
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
    next_review_on: Mapped[str | None]
    safety_assessed: Mapped[bool | None]
    safety_assessed_on: Mapped[str | None]
    safety_by: Mapped[str | None]
    safety_note: Mapped[Translations | None]
    evidence_level: Mapped[str | None]
    evidence_statement: Mapped[Translations | None]

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
    demands: Mapped[list[ExerciseDemand]] = relationship(order_by=ExerciseDemand.__table__.c.position, lazy="raise")
    weighed: Mapped[list[WeighedCondition]] = relationship(order_by=WeighedCondition.__table__.c.position, lazy="raise")
    exceptions: Mapped[list[SafetyException]] = relationship(
        order_by=SafetyException.__table__.c.position, lazy="raise"
    )
    evidence_rows: Mapped[list[ExerciseEvidence]] = relationship(
        order_by=ExerciseEvidence.__table__.c.position, lazy="raise"
    )
    steps: Mapped[list[Step]] = relationship(order_by=Step.number, lazy="raise")
    ladder: Mapped[list[IntensityLevel]] = relationship(order_by=IntensityLevel.intensity, lazy="raise")
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
    def safety(self) -> dict[str, Any]:
        """For which conditions it was weighed; what it rules out was weighed, too."""
        conditions: list[NamesTerm] = [*self.weighed, *self.contraindications] if self.safety_assessed else []
        return {
            "assessed": bool(self.safety_assessed),
            "assessed_on": self.safety_assessed_on,
            "by": self.safety_by,
            "note": self.safety_note,
            "conditions": list(dict.fromkeys(each.slug for each in conditions)),
            "exceptions": self.exceptions,
        }

    @property
    def levels(self) -> Sequence[Level]:
        return [self._level(each) for each in self.ladder]

    def _level(self, row: IntensityLevel) -> Level:
        """A row of the ladder, with the stricter demand for a professional and the conditions ruled out there."""
        start = {"position": self.position, "steps": [{"part": step.part} for step in self.steps]}
        return Level(
            intensity=row.intensity,
            label=row.label,
            adjustment=row.adjustment,
            sensation=row.sensation,
            dose=row.dose,
            seconds=session_seconds(row.dose, start),
            professional=max(self.guidance_professional, row.professional or "none", key=m.PROFESSIONAL.index),
            contraindications=[each.slug for each in self.contraindications if each.from_intensity <= row.intensity],
        )

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
    def evidence(self) -> dict[str, Any] | None:
        if not self.evidence_level:
            return None
        return {
            "level": self.evidence_level,
            "statement": self.evidence_statement,
            "citations": [each.source for each in self.evidence_rows],
        }

    @property
    def licence(self) -> dict[str, Any] | None:
        return self.licence_term.as_licence(self.licence_attribution) if self.licence_term else None

    @property
    def review(self) -> dict[str, Any]:
        return {
            "status": self.review_status or "unreviewed",
            "reviewed_on": self.reviewed_on,
            "reviewer": self.reviewer,
            "next_review_on": self.next_review_on,
        }

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
            "report": f"{origin}/report?about=/v1{page}",
        }
