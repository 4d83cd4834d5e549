"""Pieces of mappings that several kinds share."""

from app.content.mapping import Group, Named, Plain, Text

TERM = "term"
SOURCE = "source"

DOSE = Group(
    "dose",
    (
        Plain("sets"),
        Plain("repetitions"),
        Plain("hold_seconds"),
        Plain("rest_seconds"),
        Plain("times_per_day"),
        Plain("days_per_week"),
        Plain("per_side"),
    ),
)
LICENCE = Group("licence", (Named("slug", "licence_id", TERM, "licences"), Plain("attribution", "licence_attribution")))
REVIEW = Group("review", (Plain("status", "review_status"), Plain("reviewed_on"), Plain("reviewer")))
CITATION = (Named("source", "source_id", SOURCE), Plain("locator"), Text("note"))


def term(vocabulary: str, key: str = "") -> tuple[Named]:
    """The fields of a row that names a term of a vocabulary and nothing else."""
    return (Named(key, "term_id", TERM, vocabulary),)
