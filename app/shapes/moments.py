"""Moments as they are read from either store, and as answers show them."""

from datetime import UTC, datetime


def aware(moment: datetime) -> datetime:
    """The moment in UTC. SQLite stores no time zone, so a time without one is in UTC already."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def moment_text(moment: datetime) -> str:
    """The moment in UTC, to the second, as RFC 3339 writes it: `2026-01-02T03:04:05Z`."""
    return aware(moment).strftime("%Y-%m-%dT%H:%M:%SZ")
