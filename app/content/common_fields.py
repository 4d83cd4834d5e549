"""Pieces of mappings, and filters, that several kinds share."""

from typing import Any

from app.content.content_type import Filter
from app.content.mapping import Group, Named, Plain, Text
from app.models.dose import BREATH_SECONDS, SECONDS

TERM = "term"
SOURCE = "source"

DOSE = Group(
    "dose",
    (
        Plain("sets"),
        Plain("repetitions"),
        *(Plain(name) for name in SECONDS),
        Plain("rest_seconds"),
        Plain("times_per_day"),
        Plain("days_per_week"),
        Plain("per_side"),
        Plain("side_order"),
        Group("breaths", tuple(Plain(name, f"breath_{name}") for name in BREATH_SECONDS)),
    ),
)
LICENCE = Group("licence", (Named("slug", "licence_id", TERM, "licences"), Plain("attribution", "licence_attribution")))
REVIEW = Group(
    "review", (Plain("status", "review_status"), Plain("reviewed_on"), Plain("reviewer"), Plain("next_review_on"))
)
CITATION = (Named("source", "source_id", SOURCE), Plain("locator"), Text("note"))


def term(vocabulary: str, key: str = "") -> tuple[Named]:
    """The only field of a row that does nothing but name a term of a vocabulary."""
    return (Named(key, "term_id", TERM, vocabulary),)


def term_filter(parameter: str, description: str, facet: str, vocabulary: str, **options: Any) -> Filter:
    """A filter whose values are the terms of a vocabulary."""
    group, slugs_of = ("vocabulary", vocabulary), f"`/v1/vocabularies/{vocabulary}`"
    return Filter(parameter, description, facet, kind=TERM, group=group, slugs_of=slugs_of, **options)


RED_FLAGS = "see_professional_if"
"""The field of a condition's document that says when to see a professional."""

SAFETY_FILTERS = (
    term_filter(
        "safe_for",
        "Leaves out what is contraindicated with one of these conditions at every level, or was not weighed for it.",
        "safe",
        "conditions",
        operator="each",
        limits="level",
        warns=RED_FLAGS,
    ),
    term_filter(
        "can_do_with",
        "Needs nothing beyond these things; what needs nothing always passes. Empty stands for nothing at all.",
        "equipment",
        "equipment",
        operator="within",
    ),
)
"""The filters by a person's conditions and equipment, for every kind that has both facets."""
