"""Notices: for each condition that a request names, when to see a professional. They stand above the results."""

from collections.abc import Sequence
from typing import Any

from app.columns.memory import StateReader
from app.content.content_type import Document
from app.delivery.conditions import Condition
from app.delivery.expanding import documents_of
from app.models.vocabulary import URGENCIES


def notices(reader: StateReader, conditions: Sequence[Condition], language: str) -> list[Document]:
    """A notice for each entity that a filter which `warns` names, the most urgent first.

    `safe_for` says whether a filter left out what is not safe with it.
    """
    named: dict[tuple[str, str], tuple[str, bool]] = {}
    for condition in conditions:
        chosen = condition.filter
        for slug in condition.values if chosen.warns and chosen.kind else ():
            _field, excluded = named.get((str(chosen.kind), slug), ("", False))
            named[str(chosen.kind), slug] = (chosen.warns, excluded or chosen.operator == "each")
    if not named:
        return []
    kinds = dict.fromkeys(kind for kind, _slug in named)
    documents = {
        kind: documents_of(reader.connection, kind, [slug for other, slug in named if other == kind], language)
        for kind in kinds
    }
    answered = [
        {
            "condition": {"slug": slug, "name": documents[kind][slug]["name"]},
            field: documents[kind][slug][field],
            "safe_for": excluded,
        }
        for (kind, slug), (field, excluded) in named.items()
    ]
    return sorted(answered, key=_urgency)


def _urgency(notice: dict[str, Any]) -> int:
    signs = notice["see_professional_if"]
    return min((URGENCIES.index(sign["urgency"]) for sign in signs), default=len(URGENCIES))
