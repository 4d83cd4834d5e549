"""Webhooks: the subscriptions, the events of the outbox, and the deliveries of events to subscriptions."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, DateTime, ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.types import Code, one_of
from app.store.database import Base

DELIVERY_STATES = ("pending", "delivered", "failed")


class WebhookSubscription(Base):
    """An address that is told of events.

    The secrets are stored as they are, since a digest cannot sign. A former secret signs too until it ends. `version`
    counts the changes; `disabled_because` says why nothing is sent.
    """

    __tablename__ = "webhook_subscription"
    id: Mapped[str] = mapped_column(Code, primary_key=True)
    url: Mapped[str] = mapped_column(String)
    description: Mapped[str | None] = mapped_column(String)
    events: Mapped[list[str]] = mapped_column(JSON)
    secret: Mapped[str] = mapped_column(String)
    former_secret: Mapped[str | None] = mapped_column(String)
    former_secret_ends: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    disabled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    disabled_because: Mapped[str | None] = mapped_column(String)


class OutboxEvent(Base):
    """An event, written in the transaction in which it happened. Each attempt sends these bytes, with the origin."""

    __tablename__ = "outbox_event"
    id: Mapped[str] = mapped_column(Code, primary_key=True)
    type: Mapped[str] = mapped_column(Code)
    occurred_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    payload: Mapped[bytes] = mapped_column(LargeBinary)


class WebhookDelivery(Base):
    """An event on its way to one subscription.

    `next_attempt_at` is also the lease: a worker that takes a delivery puts it off, so that another one takes over if
    that worker dies. `attempts` counts the attempts that were begun.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        one_of("state", DELIVERY_STATES),
        CheckConstraint("(state = 'pending') = (next_attempt_at IS NOT NULL)", name="pending_has_a_time"),
        Index("ix_webhook_delivery_due", "next_attempt_at", "id"),
        Index("ix_webhook_delivery_subscription", "subscription_id", "id"),
        Index("ix_webhook_delivery_event", "event_id"),
    )
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    subscription_id: Mapped[str] = mapped_column(Code, ForeignKey("webhook_subscription.id", ondelete="CASCADE"))
    event_id: Mapped[str] = mapped_column(Code, ForeignKey("outbox_event.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(Code)
    attempts: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    next_attempt_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    attempted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    status_code: Mapped[int | None] = mapped_column(Integer)
    error: Mapped[str | None] = mapped_column(String)
