"""API keys, the audit of what was written with them, and the answers recorded for repeated requests."""

from datetime import datetime

from sqlalchemy import JSON, DateTime, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.types import Code
from app.store.database import Base


class ApiKey(Base):
    """A key without its secret: `digest` is the SHA-256 of the whole key, `replaced_by` the key it was rotated to."""

    __tablename__ = "api_key"
    id: Mapped[str] = mapped_column(Code, primary_key=True)
    name: Mapped[str] = mapped_column(String)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(Code, unique=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    replaced_by: Mapped[str | None] = mapped_column(Code)


class AuditEntry(Base):
    """One write: who, when, what. Appended in the write's own transaction; triggers refuse to alter or delete it."""

    __tablename__ = "audit_entry"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    key_id: Mapped[str | None] = mapped_column(Code)
    key_name: Mapped[str | None] = mapped_column(String)
    action: Mapped[str] = mapped_column(Code)
    target: Mapped[str] = mapped_column(Code, index=True)
    detail: Mapped[dict[str, object]] = mapped_column(JSON)
    request_id: Mapped[str | None] = mapped_column(Code)


class IdempotencyRecord(Base):
    """The answer to a request that may be repeated, written in the request's transaction. Until then `status` is 0."""

    __tablename__ = "idempotency_record"
    key_id: Mapped[str] = mapped_column(Code, primary_key=True)
    idempotency_key: Mapped[str] = mapped_column(Code, primary_key=True)
    fingerprint: Mapped[str] = mapped_column(Code)
    status: Mapped[int] = mapped_column(Integer)
    headers: Mapped[dict[str, str]] = mapped_column(JSON)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
