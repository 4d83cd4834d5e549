"""What both services ask the database: one page of exercises or one exercise, loaded whole.

Lists of an exercise by `selectinload`, what a row names by `joinedload`, as SQLAlchemy's documentation advises.
Tried and no faster: `load_only` on what is named, and loading declared on the relationships.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload, sessionmaker
from sqlalchemy.orm.interfaces import LoaderOption

from app.config import Settings
from app.store.engines import make_engine
from benchmarks.peers import exercise_parts as parts
from benchmarks.peers.base import Publication
from benchmarks.peers.models import Exercise

DEFAULT_LIMIT = 20
MAX_LIMIT = 100


def make_sessions(settings: Settings) -> sessionmaker[Session]:
    """Sessions on an engine set up as Limber's is: the same pool, time-outs and pragmas."""
    return sessionmaker(make_engine(settings), info={"origin": settings.public_origin})


WHOLE: Sequence[LoaderOption] = (
    contains_eager(Exercise.publication),
    joinedload(Exercise.licence_term),
    selectinload(Exercise.texts),
    selectinload(Exercise.regions).joinedload(parts.ExerciseRegion.term),
    selectinload(Exercise.muscles).joinedload(parts.ExerciseMuscle.term),
    selectinload(Exercise.equipment).joinedload(parts.ExerciseEquipment.term),
    selectinload(Exercise.conditions).joinedload(parts.ExerciseCondition.term),
    selectinload(Exercise.benefits).joinedload(parts.ExerciseBenefit.term),
    selectinload(Exercise.contraindications).joinedload(parts.ExerciseContraindication.term),
    selectinload(Exercise.demands),
    selectinload(Exercise.weighed).joinedload(parts.WeighedCondition.term),
    selectinload(Exercise.exceptions).joinedload(parts.SafetyException.term),
    selectinload(Exercise.steps),
    selectinload(Exercise.ladder),
    selectinload(Exercise.tips).options(joinedload(parts.Tip.condition), joinedload(parts.Tip.source)),
    selectinload(Exercise.progressions).joinedload(parts.Progression.other),
    selectinload(Exercise.progressions_to).joinedload(parts.Progression.exercise),
    selectinload(Exercise.citations).joinedload(parts.ExerciseCitation.source),
    selectinload(Exercise.evidence_rows).joinedload(parts.ExerciseEvidence.source),
    selectinload(Exercise.media).joinedload(parts.Media.licence_term),
)


def _published() -> Select[Exercise]:
    return select(Exercise).join(Exercise.publication).options(*WHOLE)


def read_page(session: Session, *, limit: int, offset: int) -> dict[str, Any]:
    """Exercises by name: `{items, page: {limit, total, next}, notices}`, where `next` is the offset of the next page.

    Notices are about conditions that a list is filtered by, which neither service does: there are none.
    """
    found = _published().order_by(Publication.sort_name, Publication.slug).limit(limit).offset(offset)
    items = session.scalars(found).all()
    count = select(func.count()).select_from(Publication)
    total = session.scalars(count.filter_by(kind="exercise", language="en")).one()
    following = offset + limit
    return {
        "items": items,
        "page": {"limit": limit, "total": total, "next": str(following) if following < total else None},
        "notices": [],
    }


def read_exercise(session: Session, slug: str) -> Exercise | None:
    """A published exercise, or None."""
    return session.scalars(_published().where(Exercise.slug == slug)).one_or_none()
