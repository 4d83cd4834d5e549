"""The words, names and coordinates that published documents are searched by.

A release writes them, like everything in `models.publication`. The index of the words is made by the migration and
differs between the stores: an FTS5 table on SQLite, a `tsvector` column on PostgreSQL.
"""

from sqlalchemy import JSON, Float, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.types import Code, owner
from app.store.database import Base


class SearchEntry(Base):
    """The words of one document in one language; see `search.words` for what a word is.

    `titles` has its name and then its other names as they are shown. `folded` has the same in folded words, such as
    `|cat cow|marjaryasana|`, to tell whether a query is one of them. `names`, `aliases`, `terms` and `texts` are bags
    of words.
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
    """A word that some document of a language has or had. Misspelt words are compared with these."""

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
