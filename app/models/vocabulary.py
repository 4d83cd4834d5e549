"""Terms: the controlled words that exercises, routines, sources and places are described with."""

from sqlalchemy import Boolean, CheckConstraint, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.entity import Entity
from app.models.types import Code, OptionalTranslations, Translations, named, one_of, owner, slug_check
from app.store.database import Base

URGENCIES = ("emergency", "urgent", "soon")
"""How soon to see a professional: at once by the emergency services, the same day, within days."""

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
        CheckConstraint("symptom IS NULL OR vocabulary = 'conditions'", name="symptom_of_conditions"),
    )
    vocabulary: Mapped[str] = mapped_column(Code)
    name: Mapped[Translations]
    description: Mapped[OptionalTranslations]
    latin_name: Mapped[str | None] = mapped_column(String)
    spdx: Mapped[str | None] = mapped_column(String)
    url: Mapped[str | None] = mapped_column(String)
    symptom: Mapped[bool | None] = mapped_column(Boolean)


class TermText(Base):
    """Another name of a term."""

    __tablename__ = "term_text"
    __table_args__ = (one_of("list", ("alias",)),)
    term_id: Mapped[int] = mapped_column(Integer, owner("term"), primary_key=True)
    list: Mapped[str] = mapped_column(Code, primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    text: Mapped[Translations]


class RedFlag(Base):
    """A sign with which to see a professional, and how soon."""

    __tablename__ = "term_red_flag"
    __table_args__ = (one_of("urgency", URGENCIES),)
    term_id: Mapped[int] = mapped_column(Integer, owner("term"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    text: Mapped[Translations]
    urgency: Mapped[str] = mapped_column(Code)


class TermCode(Base):
    """A term's code in a classification that anybody may use, such as MeSH."""

    __tablename__ = "term_code"
    __table_args__ = (UniqueConstraint("term_id", "system", "code"),)
    term_id: Mapped[int] = mapped_column(Integer, owner("term"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    system: Mapped[str] = mapped_column(Code)
    code: Mapped[str] = mapped_column(Code)
    url: Mapped[str | None] = mapped_column(String)


class TermRegion(Base):
    """A region of the body that a muscle belongs to."""

    __tablename__ = "term_region"
    __table_args__ = (CheckConstraint("term_id <> region_id", name="not_itself"),)
    term_id: Mapped[int] = mapped_column(Integer, owner("term"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    region_id: Mapped[int] = mapped_column(Integer, named("term"), index=True)
