"""When to get help: the signs of the conditions that a page is about, the most urgent first."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from app.look.page_documents import Document, read_many
from app.models.vocabulary import URGENCIES
from app.vocabularies.kind import TERM

Signs = list[tuple[str, list[str]]]
"""Texts by urgency: `[("emergency", ["Call an ambulance if …"]), ("soon", […])]`."""


def red_flags(connection: Connection, conditions: Sequence[Document], language: str) -> Document:
    """The signs of some conditions: `{name, signs, others}`.

    The condition with the most emergencies leads, and its name is the first; of `others`, each has its name and the
    signs that no condition before it has.
    """
    slugs = list(dict.fromkeys(condition["slug"] for condition in conditions))
    terms = read_many(connection, TERM, slugs, language)
    ordered = sorted((terms[slug] for slug in slugs if slug in terms), key=_emergencies, reverse=True)
    shown: set[str] = set()
    listed = [{"name": term["name"], "signs": _signs(term["see_professional_if"], shown)} for term in ordered]
    listed = [condition for condition in listed if condition["signs"]]
    return {**listed[0], "others": listed[1:]} if listed else {"name": "", "signs": [], "others": []}


def _emergencies(term: Document) -> int:
    return sum(sign["urgency"] == URGENCIES[0] for sign in term["see_professional_if"])


def _signs(signs: Sequence[Mapping[str, Any]], shown: set[str]) -> Signs:
    by_urgency: Signs = []
    for urgency in URGENCIES:
        texts = [sign["text"] for sign in signs if sign["urgency"] == urgency and sign["text"] not in shown]
        shown.update(texts)
        if texts:
            by_urgency.append((urgency, texts))
    return by_urgency
