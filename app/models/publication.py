"""The published state, its history, and which documents show something of which entities.

A release derives all of this from the working copy. It is never edited.
"""

from datetime import datetime

from sqlalchemy import JSON, Boolean, CheckConstraint, DateTime, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.types import Code, owner, positive
from app.store.database import Base


class RevisionCounter(Base):
    """One row: the newest revision. Updating it is what makes revisions gap-free."""

    __tablename__ = "revision_counter"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"), CheckConstraint("revision >= 0", name="from_zero"))
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(Integer)


class Release(Base):
    """One release; its digest chains the one before (see `releasing.digests`).

    `signature` is over its revision and digest, `signed_by` the id of the key; both are NULL where nothing signs.
    """

    __tablename__ = "release"
    __table_args__ = positive("revision")
    revision: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    released_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    note: Mapped[str | None] = mapped_column(String)
    digest: Mapped[str] = mapped_column(Code, unique=True)
    changed: Mapped[int] = mapped_column(Integer)
    deleted: Mapped[int] = mapped_column(Integer)
    signed_by: Mapped[str | None] = mapped_column(Code)
    signature: Mapped[str | None] = mapped_column(Code)


class SigningKey(Base):
    """A public key, in base64, that releases were signed with since a moment. The private key is never in the store."""

    __tablename__ = "signing_key"
    id: Mapped[str] = mapped_column(Code, primary_key=True)
    public_key: Mapped[str] = mapped_column(Code)
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class PublishedEntity(Base):
    """An entity that is published now, with the draft it was rendered from."""

    __tablename__ = "published_entity"
    __table_args__ = (Index("uq_published_entity_kind_slug", "kind", "slug", unique=True),)
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(Code)
    slug: Mapped[str] = mapped_column(Code)
    draft: Mapped[dict[str, object]] = mapped_column(JSON)
    draft_digest: Mapped[str] = mapped_column(Code)
    revision: Mapped[int] = mapped_column(Integer)


class DraftVersion(Base):
    """The draft that an entity was published with at a revision, or NULL where it left. For history and rollback."""

    __tablename__ = "draft_version"
    __table_args__ = (Index("ix_draft_version_entity", "kind", "slug", "revision"),)
    revision: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(Code, primary_key=True)
    slug: Mapped[str] = mapped_column(Code, primary_key=True)
    draft: Mapped[dict[str, object] | None] = mapped_column(JSON(none_as_null=True))


class ReleasedSlug(Base):
    """A slug under which an entity was ever published, from which revision on. No other entity may take it."""

    __tablename__ = "released_slug"
    kind: Mapped[str] = mapped_column(Code, primary_key=True)
    slug: Mapped[str] = mapped_column(Code, primary_key=True)
    uuid: Mapped[str] = mapped_column(Code, index=True)
    since: Mapped[int] = mapped_column(Integer)


class Document(Base):
    """An entity's public JSON in one language, as the bytes that are sent, but for the origin (`content.documents`)."""

    __tablename__ = "document"
    __table_args__ = (
        Index("uq_document_kind_language_slug", "kind", "language", "slug", unique=True),
        Index("ix_document_name", "kind", "language", "sort_name", "slug", "entity_id"),
        Index("ix_document_published", "kind", "language", "published_at", "slug", "entity_id"),
    )
    entity_id: Mapped[int] = mapped_column(Integer, owner("published_entity"), primary_key=True)
    language: Mapped[str] = mapped_column(Code, primary_key=True)
    kind: Mapped[str] = mapped_column(Code)
    slug: Mapped[str] = mapped_column(Code)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    content_digest: Mapped[str] = mapped_column(Code)
    sort_name: Mapped[str] = mapped_column(Code)
    published_at: Mapped[str] = mapped_column(Code)
    revision: Mapped[int] = mapped_column(Integer)


class DocumentVersion(Base):
    """What each release changed, appended and never altered: a document, or a tombstone (`deleted`)."""

    __tablename__ = "document_version"
    __table_args__ = (
        CheckConstraint("deleted = (body IS NULL)", name="tombstones_have_no_body"),
        Index("ix_document_version_entity", "kind", "slug", "language", "revision"),
    )
    revision: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(Code, primary_key=True)
    slug: Mapped[str] = mapped_column(Code, primary_key=True)
    language: Mapped[str] = mapped_column(Code, primary_key=True)
    deleted: Mapped[bool] = mapped_column(Boolean)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)


class Facet(Base):
    """A value that a published entity is filtered by.

    `qualifier` narrows the value (the purpose of a condition); `number` is compared with (the seconds of a level).
    Examples as (name, value, qualifier, number): `("condition", "neck-pain", "relieve", NULL)` and `("level", "2", "",
    180)`.
    """

    __tablename__ = "facet"
    __table_args__ = (Index("ix_facet_value", "name", "value", "qualifier", "number", "entity_id"),)
    entity_id: Mapped[int] = mapped_column(Integer, owner("published_entity"), primary_key=True)
    name: Mapped[str] = mapped_column(Code, primary_key=True)
    value: Mapped[str] = mapped_column(Code, primary_key=True)
    qualifier: Mapped[str] = mapped_column(Code, primary_key=True, default="")
    number: Mapped[int | None] = mapped_column(Integer)


class Reference(Base):
    """Which documents may change when another entity, the target, changes.

    There are two sorts of `relation`. `embeds`: this entity's document showed something of the target, such as its
    name. Otherwise it is the field of this entity's draft that names the target, where the target's document shows who
    names it.
    """

    __tablename__ = "reference"
    __table_args__ = (Index("ix_reference_target", "target_kind", "target_slug", "relation"),)
    kind: Mapped[str] = mapped_column(Code, primary_key=True)
    slug: Mapped[str] = mapped_column(Code, primary_key=True)
    relation: Mapped[str] = mapped_column(Code, primary_key=True)
    target_kind: Mapped[str] = mapped_column(Code, primary_key=True)
    target_slug: Mapped[str] = mapped_column(Code, primary_key=True)


class Redirect(Base):
    """A former slug of an entity. Its address answers 308 with the address of the present slug."""

    __tablename__ = "redirect"
    kind: Mapped[str] = mapped_column(Code, primary_key=True)
    former_slug: Mapped[str] = mapped_column(Code, primary_key=True)
    slug: Mapped[str] = mapped_column(Code)
