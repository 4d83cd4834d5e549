"""Sources: books, videos, professionals and online pages. Joined inheritance: each type has a table of its own."""

from sqlalchemy import CheckConstraint, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.entity import Entity
from app.models.types import Code, OptionalTranslations, named, one_of, owner, positive, slug_check
from app.store.database import Base

SOURCE_TYPES = ("book", "video", "professional", "online")


class Source(Entity, Base):
    """The columns that every source has."""

    __tablename__ = "source"
    __table_args__: tuple[CheckConstraint, ...] = (slug_check(), one_of("type", SOURCE_TYPES))
    __mapper_args__ = {"polymorphic_on": "type"}
    type: Mapped[str] = mapped_column(Code)
    title: Mapped[str] = mapped_column(String)
    summary: Mapped[OptionalTranslations]
    url: Mapped[str | None] = mapped_column(String)


class Book(Source):
    """A book, identified by its ISBN where that is certain."""

    __tablename__ = "book"
    __table_args__ = (
        CheckConstraint("year BETWEEN 1450 AND 2200", name="year_of_print"),
        CheckConstraint("length(isbn) = 13 AND trim(isbn, '0123456789') = ''", name="isbn_13_digits"),
    )
    __mapper_args__ = {"polymorphic_identity": "book"}
    source_id: Mapped[int] = mapped_column(Integer, owner("source"), primary_key=True)
    publisher: Mapped[str | None] = mapped_column(String)
    year: Mapped[int | None] = mapped_column(Integer)
    isbn: Mapped[str | None] = mapped_column(Code)
    edition: Mapped[str | None] = mapped_column(String)


class Video(Source):
    """A film or a series."""

    __tablename__ = "video"
    __table_args__ = positive("duration_seconds")
    __mapper_args__ = {"polymorphic_identity": "video"}
    source_id: Mapped[int] = mapped_column(Integer, owner("source"), primary_key=True)
    creator: Mapped[str | None] = mapped_column(String)
    platform: Mapped[str | None] = mapped_column(String)
    duration_seconds: Mapped[int | None] = mapped_column(Integer)
    published_on: Mapped[str | None] = mapped_column(Code)


class Professional(Source):
    """A professional, or the profession as its body stands for it."""

    __tablename__ = "professional"
    __mapper_args__ = {"polymorphic_identity": "professional"}
    source_id: Mapped[int] = mapped_column(Integer, owner("source"), primary_key=True)
    profession: Mapped[str | None] = mapped_column(String)
    organisation: Mapped[str | None] = mapped_column(String)
    credentials: Mapped[str | None] = mapped_column(String)


class Online(Source):
    """A page or a site."""

    __tablename__ = "online"
    __table_args__ = (CheckConstraint("accessed_on >= published_on", name="accessed_after_published"),)
    __mapper_args__ = {"polymorphic_identity": "online"}
    source_id: Mapped[int] = mapped_column(Integer, owner("source"), primary_key=True)
    publisher: Mapped[str | None] = mapped_column(String)
    published_on: Mapped[str | None] = mapped_column(Code)
    accessed_on: Mapped[str | None] = mapped_column(Code)


class OfSource:
    """A row of a source's list, in the list's order."""

    source_id: Mapped[int] = mapped_column(Integer, owner("source"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)


class BookAuthor(OfSource, Base):
    """An author of a book."""

    __tablename__ = "book_author"
    name: Mapped[str] = mapped_column(String)


class ProfessionalService(OfSource, Base):
    """A service that a professional gives."""

    __tablename__ = "professional_service"
    __table_args__ = (UniqueConstraint("source_id", "term_id"),)
    term_id: Mapped[int] = mapped_column(Integer, named("term"), index=True)


class ProfessionalPlace(OfSource, Base):
    """A place where a professional works, declared by the professional."""

    __tablename__ = "professional_place"
    __table_args__ = (UniqueConstraint("source_id", "place_id"),)
    place_id: Mapped[int] = mapped_column(Integer, named("place"), index=True)
