"""What published documents are searched by: words, names as they are shown, and coordinates.

Written by a release, like everything in `models.publication`. How the words are indexed differs between the stores
and is made by the migration: an FTS5 table on SQLite, a `tsvector` column on PostgreSQL.
"""

from sqlalchemy import JSON, Float, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.types import Code, owner
from app.store.database import Base


class SearchEntry(Base):
    """The words of one document in one language; see `search.words` for what a word is.

    `titles` are its name and its other names as they are shown. `folded` holds the same as `|cat cow|marjaryasana|`,
    the name first, to know a text that is one of them. `names`, `aliases`, `terms` and `texts` are bags of words.
    """

    __tablename__ = "search_entry"
    __table_args__ = (
        Index("uq_search_entry_entity_language", "entity_id", "language", unique=True),
        Index("ix_search_entry_slug", "kind", "language", "slug"),
    )
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    entity_id: Mapped[int] = mapped_column(Integer, owner("published_entity"))
    language: Mapped[str] = mapped_column(Code)
    kind: Mapped[str] = mapped_column(Code)
    slug: Mapped[str] = mapped_column(Code)
    titles: Mapped[list[str]] = mapped_column(JSON)
    folded: Mapped[str] = mapped_column(Code)
    name_words: Mapped[int] = mapped_column(Integer)
    names: Mapped[str] = mapped_column(String)
    aliases: Mapped[str] = mapped_column(String)
    terms: Mapped[str] = mapped_column(String)
    texts: Mapped[str] = mapped_column(String)


class SearchWord(Base):
    """A word that some document of a language has or had: what typing errors are measured against."""

    __tablename__ = "search_word"
    language: Mapped[str] = mapped_column(Code, primary_key=True)
    word: Mapped[str] = mapped_column(Code, primary_key=True)


class Location(Base):
    """Where a published place is, in decimal degrees (WGS 84)."""

    __tablename__ = "location"
    __table_args__ = (Index("ix_location_coordinates", "latitude", "longitude"),)
    entity_id: Mapped[int] = mapped_column(Integer, owner("published_entity"), primary_key=True)
    latitude: Mapped[float] = mapped_column(Float)
    longitude: Mapped[float] = mapped_column(Float)
