"""The tables: typed declarative, one file per aggregate; no queries, no HTTP."""

from app.models import access, exercise, partner, place, publication, routine, search, source, sync, vocabulary, webhook

__all__ = [
    "access",
    "exercise",
    "partner",
    "place",
    "publication",
    "routine",
    "search",
    "source",
    "sync",
    "vocabulary",
    "webhook",
]
