"""The filters by what a person must avoid and by what they have, for every kind that bears both facets."""

from app.content.content_type import Filter

SAFETY_FILTERS = (
    Filter(
        "safe_for",
        "Leaves out whatever is contraindicated with one of these conditions.",
        "contraindication",
        operator="without",
        vocabulary="conditions",
    ),
    Filter(
        "can_do_with",
        "Needs nothing beyond these things; what needs nothing always passes. Empty stands for nothing at all.",
        "equipment",
        operator="within",
        vocabulary="equipment",
    ),
)
