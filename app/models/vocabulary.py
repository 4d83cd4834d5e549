"""Terms: the controlled words that exercises, routines, sources and places are described with."""

from sqlalchemy import CheckConstraint, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.entity import Entity
from app.models.types import Code, OptionalTranslations, Translations, named, one_of, owner, slug_check
from app.store.database import Base

VOCABULARIES = ("regions", "muscles", "equipment", "conditions", "benefits", "services", "licences")


class Term(Entity, Base):
    """One word of one vocabulary. Slugs are unique over all vocabularies, as (kind, slug) names an entity."""

    __tablename__ = "term"
    __table_args__ = (
        slug_check(),
        one_of("vocabulary", VOCABULARIES),
        CheckConstraint("latin_name IS NULL OR vocabulary = 'muscles'", name="latin_name_of_muscles"),
        CheckConstraint("vocabulary <> 'licences' OR (url IS NOT NULL AND spdx IS NOT NULL)", name="licences_complete"),
        CheckConstraint("spdx IS NULL OR vocabulary = 'licences'", name="spdx_of_licences"),
    )
    vocabulary: Mapped[str] = mapped_column(Code)
    name: Mapped[Translations]
    description: Mapped[OptionalTranslations]
    latin_name: Mapped[str | None] = mapped_column(String)
    spdx: Mapped[str | None] = mapped_column(String)
    url: Mapped[str | None] = mapped_column(String)


class TermText(Base):
    """A text of one of a term's lists of texts: other names, and when to see a professional."""

    __tablename__ = "term_text"
    __table_args__ = (one_of("list", ("alias", "see_professional_if")),)
    term_id: Mapped[int] = mapped_column(Integer, owner("term"), primary_key=True)
    list: Mapped[str] = mapped_column(Code, primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    text: Mapped[Translations]


class TermRegion(Base):
    """A region of the body that a muscle belongs to."""

    __tablename__ = "term_region"
    __table_args__ = (CheckConstraint("term_id <> region_id", name="not_itself"),)
    term_id: Mapped[int] = mapped_column(Integer, owner("term"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    region_id: Mapped[int] = mapped_column(Integer, named("term"), index=True)
