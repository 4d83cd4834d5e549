"""Partners: sites that frame cards, and the origins that they do it from."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.types import Code, slug_check
from app.store.database import Base


class Partner(Base):
    """A site that frames cards; its slug stands in the cards' addresses."""

    __tablename__ = "partner"
    __table_args__ = (slug_check(),)
    slug: Mapped[str] = mapped_column(Code, primary_key=True)
    name: Mapped[str] = mapped_column(String)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class PartnerOrigin(Base):
    """An origin that may frame the partner's cards, as browsers write it (RFC 6454, section 6.2)."""

    __tablename__ = "partner_origin"
    __table_args__ = (CheckConstraint("origin LIKE 'http%://%'", name="origin_form"),)
    partner_slug: Mapped[str] = mapped_column(Code, ForeignKey("partner.slug", ondelete="CASCADE"), primary_key=True)
    origin: Mapped[str] = mapped_column(Code, primary_key=True)
