"""Counts of facets: how many documents of a list have each value, under all other filters."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from babel import Locale
from sqlalchemy import Connection, select

from app.content.content_type import ContentType, Filter
from app.delivery.conditions import OF_THE_DOCUMENT, Condition
from app.delivery.facet_counts import Counted, counts
from app.delivery.listing import Listing
from app.models.tables import search_entry
from app.shapes.labels import label

MAX_VALUES = 100
"""How many values of a facet an answer has at most, the most frequent first."""

Facets = Mapping[str, Sequence[Mapping[str, Any]]]


def count(
    listing: Listing, content_type: ContentType, *, conditions: Sequence[Condition], asked: Sequence[str]
) -> Facets:
    """The values of the facets asked for, with how many documents of the list have each.

    A facet's own filter does not narrow its counts. Values without a document are left out.
    """
    counted = {}
    for name in asked:
        own = content_type.facets[name]
        others = [condition for condition in conditions if condition.filter is not own]
        same_facet = [condition for condition in others if condition.filter.facet == own.facet]
        same_row = [condition for condition in same_facet if condition.filter.operator not in OF_THE_DOCUMENT]
        listed = listing.chosen if len(others) == len(conditions) else listing.under(others)
        counted[name] = counts(listing.reader, Counted(listing.kind, own.facet, own.column), listed, same_row)
    return _named(listing.reader.connection, content_type, listing.language, counted)


def _named(
    connection: Connection, content_type: ContentType, language: str, counted: Mapping[str, Mapping[str, int]]
) -> Facets:
    shown = {name: _most_frequent(values) for name, values in counted.items()}
    names = _titles(connection, content_type, language, shown)
    return {
        name: [
            {
                "slug": value,
                "name": _name(content_type.facets[name], value, language, names),
                "count": counted[name][value],
            }
            for value in values
        ]
        for name, values in shown.items()
    }


def _most_frequent(values: Mapping[str, int]) -> Sequence[str]:
    return sorted(values, key=lambda value: (-values[value], value))[:MAX_VALUES]


def _titles(
    connection: Connection, content_type: ContentType, language: str, shown: Mapping[str, Sequence[str]]
) -> Mapping[tuple[str, str], str]:
    """The names of the entities that are values, by kind and slug, in one query for each kind."""
    slugs: dict[str, set[str]] = defaultdict(set)
    for name, values in shown.items():
        if kind := content_type.facets[name].kind:
            slugs[kind].update(values)
    titles: dict[tuple[str, str], str] = {}
    for kind, wanted in slugs.items():
        statement = select(search_entry.c.slug, search_entry.c.titles).where(
            search_entry.c.kind == kind,
            search_entry.c.language == language,
            search_entry.c.slug.in_(sorted(wanted)),
        )
        titles |= {(kind, row.slug): row.titles[0] for row in connection.execute(statement)}
    return titles


def _name(counted: Filter, value: str, language: str, titles: Mapping[tuple[str, str], str]) -> str:
    if counted.kind:
        return titles.get((counted.kind, value), value)
    if counted.country:
        return str(Locale(language).territories.get(value, value))
    return label(value, language)
