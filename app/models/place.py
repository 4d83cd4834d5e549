"""Places to practise or to get advice."""

from sqlalchemy import CheckConstraint, Float, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.entity import Entity
from app.models.types import Code, OptionalTranslations, Translations, named, one_of, owner, slug_check
from app.store.database import Base

PLACE_TYPES = ("yoga-studio", "clinic", "gym", "community-centre", "online-directory")


class Place(Entity, Base):
    """A studio, a clinic, a gym, a community centre, or a directory that lists them."""

    __tablename__ = "place"
    __table_args__ = (
        slug_check(),
        one_of("type", PLACE_TYPES),
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude_range"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude_range"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="both_coordinates"),
        CheckConstraint("length(country) = 2", name="country_two_letters"),
    )
    name: Mapped[Translations]
    summary: Mapped[OptionalTranslations]
    type: Mapped[str] = mapped_column(Code)
    street: Mapped[str | None] = mapped_column(String)
    locality: Mapped[str | None] = mapped_column(String)
    region: Mapped[str | None] = mapped_column(String)
    postal_code: Mapped[str | None] = mapped_column(String)
    country: Mapped[str | None] = mapped_column(Code)
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    url: Mapped[str | None] = mapped_column(String)
    phone: Mapped[str | None] = mapped_column(String)


class PlaceService(Base):
    """A service that a place gives."""

    __tablename__ = "place_service"
    __table_args__ = (UniqueConstraint("place_id", "term_id"),)
    place_id: Mapped[int] = mapped_column(Integer, owner("place"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    term_id: Mapped[int] = mapped_column(Integer, named("term"), index=True)


class PlaceProfessional(Base):
    """A professional who works at a place, declared by the place."""

    __tablename__ = "place_professional"
    __table_args__ = (UniqueConstraint("place_id", "source_id"),)
    place_id: Mapped[int] = mapped_column(Integer, owner("place"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    source_id: Mapped[int] = mapped_column(Integer, named("source"), index=True)
