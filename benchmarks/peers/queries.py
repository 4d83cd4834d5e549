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
from app.engines import make_engine
from benchmarks.peers import models as m

DEFAULT_LIMIT = 20
MAX_LIMIT = 100


def make_sessions(settings: Settings) -> sessionmaker[Session]:
    """Sessions on an engine set up as Limber's is: the same pool, time-outs and pragmas."""
    return sessionmaker(make_engine(settings), info={"origin": settings.public_origin})


WHOLE: Sequence[LoaderOption] = (
    contains_eager(m.Exercise.publication),
    joinedload(m.Exercise.licence_term),
    selectinload(m.Exercise.texts),
    selectinload(m.Exercise.regions).joinedload(m.ExerciseRegion.term),
    selectinload(m.Exercise.muscles).joinedload(m.ExerciseMuscle.term),
    selectinload(m.Exercise.equipment).joinedload(m.ExerciseEquipment.term),
    selectinload(m.Exercise.conditions).joinedload(m.ExerciseCondition.term),
    selectinload(m.Exercise.benefits).joinedload(m.ExerciseBenefit.term),
    selectinload(m.Exercise.contraindications).joinedload(m.ExerciseContraindication.term),
    selectinload(m.Exercise.steps),
    selectinload(m.Exercise.levels),
    selectinload(m.Exercise.tips).options(joinedload(m.Tip.condition), joinedload(m.Tip.source)),
    selectinload(m.Exercise.progressions).joinedload(m.Progression.other),
    selectinload(m.Exercise.progressions_to).joinedload(m.Progression.exercise),
    selectinload(m.Exercise.citations).joinedload(m.ExerciseCitation.source),
    selectinload(m.Exercise.media).joinedload(m.Media.licence_term),
)


def _published() -> Select[m.Exercise]:
    return select(m.Exercise).join(m.Exercise.publication).options(*WHOLE)


def read_page(session: Session, *, limit: int, offset: int) -> dict[str, Any]:
    """Exercises by name: `{items, page: {limit, total, next}}`, where `next` is the offset of the next page."""
    found = _published().order_by(m.Publication.sort_name, m.Publication.slug).limit(limit).offset(offset)
    items = session.scalars(found).all()
    count = select(func.count()).select_from(m.Publication)
    total = session.scalars(count.filter_by(kind="exercise", language="en")).one()
    following = offset + limit
    return {
        "items": items,
        "page": {"limit": limit, "total": total, "next": str(following) if following < total else None},
    }


def read_exercise(session: Session, slug: str) -> m.Exercise | None:
    """A published exercise, or None."""
    return session.scalars(_published().where(m.Exercise.slug == slug)).one_or_none()
