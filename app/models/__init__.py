"""The tables: typed declarative, one file per aggregate; no queries, no HTTP."""

from app.models import exercise, partner, place, publication, routine, source, vocabulary

__all__ = ["exercise", "partner", "place", "publication", "routine", "source", "vocabulary"]
