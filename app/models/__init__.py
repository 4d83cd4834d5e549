"""The tables as typed declarative models, one file an aggregate. No queries and no HTTP here."""

from app.models import access, exercise, partner, place, publication, routine, search, source, sync, vocabulary, webhook  # noqa: F401  # importing them fills the metadata
