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
from benchmarks.peers.base import PeerBase, Publication, Term, Translations
from benchmarks.peers.exercise_parts import (
    ExerciseBenefit,
    ExerciseCitation,
    ExerciseCondition,
    ExerciseContraindication,
    ExerciseEquipment,
    ExerciseMuscle,
    ExerciseRegion,
    ExerciseText,
    IntensityLevel,
    Media,
    Neighbour,
    Progression,
    Step,
    Tip,
)

OPPOSITE = {"easier": "harder", "harder": "easier"}


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
