"""What exercises name, and what is known of their publication, as ORM classes."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import DeclarativeBase, Mapped, object_session

from app.models.publication import Document
from app.models.source import Source as SourceRow
from app.models.tables import table_of
from app.models.vocabulary import Term as TermRow

Translations = Mapping[str, str]
"""`{language tag: text}`."""


class PeerBase(DeclarativeBase):
    """A registry of its own: the application's classes stay as they are."""

    def origin(self) -> str:
        """Where the service is reached, as its sessions know it (`queries.make_sessions`)."""
        session = object_session(self)
        return str(session.info["origin"]) if session else ""


class Term(PeerBase):
    """One word of a vocabulary."""

    __table__ = table_of(TermRow)
    id: Mapped[int]
    slug: Mapped[str]
    name: Mapped[Translations]
    spdx: Mapped[str | None]
    url: Mapped[str | None]

    def as_licence(self, attribution: str | None) -> dict[str, Any]:
        """A licence and who is to be named."""
        return {"id": self.spdx, "name": self.name, "url": self.url, "attribution": attribution}


class Source(PeerBase):
    """A source, of whatever type."""

    __table__ = table_of(SourceRow)
    id: Mapped[int]
    slug: Mapped[str]
    type: Mapped[str]
    title: Mapped[str]


class Publication(PeerBase):
    """What is known of a published document, but for its body."""

    __table__ = table_of(Document)
    __mapper_args__ = {"exclude_properties": ["body", "content_digest"]}
    entity_id: Mapped[int]
    kind: Mapped[str]
    slug: Mapped[str]
    language: Mapped[str]
    sort_name: Mapped[str]
    published_at: Mapped[str]
    revision: Mapped[int]
