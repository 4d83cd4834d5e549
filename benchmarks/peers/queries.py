"""What both services ask the database: one page of exercises or one exercise, loaded whole.

Lists of an exercise by `selectinload`, what a row names by `joinedload`, as SQLAlchemy's documentation advises; of
what is only named, the columns that are shown.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, contains_eager, joinedload, selectinload, sessionmaker
from sqlalchemy.orm.interfaces import LoaderOption

from app.config import Settings
from app.db import make_engine
from benchmarks.peers import models as m

DEFAULT_LIMIT = 20
MAX_LIMIT = 100


def make_sessions(settings: Settings) -> sessionmaker[Session]:
    """Sessions on an engine set up as Limber's is: the same pool, time-outs and pragmas."""
    return sessionmaker(make_engine(settings), info={"origin": settings.public_origin})


def _with_term(rows: InstrumentedAttribute[Any], term: InstrumentedAttribute[Any]) -> LoaderOption:
    return selectinload(rows).joinedload(term).load_only(m.Term.slug, m.Term.name)


def _neighbours(rows: InstrumentedAttribute[Any], end: InstrumentedAttribute[Any]) -> LoaderOption:
    return selectinload(rows).joinedload(end).load_only(m.Exercise.slug, m.Exercise.name)


LICENCE = (m.Term.spdx, m.Term.name, m.Term.url)
CITED = (m.Source.slug, m.Source.type, m.Source.title)
WHOLE: Sequence[LoaderOption] = (
    contains_eager(m.Exercise.publication),
    joinedload(m.Exercise.licence_term).load_only(*LICENCE),
    selectinload(m.Exercise.texts),
    _with_term(m.Exercise.regions, m.ExerciseRegion.term),
    _with_term(m.Exercise.muscles, m.ExerciseMuscle.term),
    _with_term(m.Exercise.equipment, m.ExerciseEquipment.term),
    _with_term(m.Exercise.conditions, m.ExerciseCondition.term),
    _with_term(m.Exercise.benefits, m.ExerciseBenefit.term),
    _with_term(m.Exercise.contraindications, m.ExerciseContraindication.term),
    selectinload(m.Exercise.steps),
    selectinload(m.Exercise.levels),
    selectinload(m.Exercise.tips).options(
        joinedload(m.Tip.condition).load_only(m.Term.slug, m.Term.name), joinedload(m.Tip.source).load_only(*CITED)
    ),
    _neighbours(m.Exercise.progressions, m.Progression.other),
    _neighbours(m.Exercise.progressions_to, m.Progression.exercise),
    selectinload(m.Exercise.citations).joinedload(m.ExerciseCitation.source).load_only(*CITED),
    selectinload(m.Exercise.media).joinedload(m.Media.licence_term).load_only(*LICENCE),
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
