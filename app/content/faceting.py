"""Counts of facets: how many documents of a list have each value, under all other filters."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from babel import Locale
from sqlalchemy import Connection, Select, func, literal, select, union_all

from app.content.content_type import ContentType, Filter
from app.content.rankings import Ranking
from app.content.selection import Condition, document, facet, row_conditions, where
from app.search.index import entry
from app.shapes.labels import label

MAX_VALUES = 100
"""Values of one facet that are told, the most frequent first."""

Facets = Mapping[str, Sequence[Mapping[str, Any]]]


def matching(
    kind: str, language: str, groups: Sequence[Sequence[Condition]], rankings: Sequence[Ranking], *columns: Any
) -> Select[Any]:
    """The columns of the documents that meet all groups of conditions and are found by every ranking."""
    source: Any = document
    for ranking in rankings:
        source = source.join(ranking.found, ranking.found.c.entity_id == document.c.entity_id)
    return select(*columns).select_from(source).where(where(kind, language, *groups))


def count(
    connection: Connection,
    content_type: ContentType,
    *,
    language: str,
    scope: Sequence[Condition],
    conditions: Sequence[Condition],
    rankings: Sequence[Ranking],
    asked: Sequence[str],
) -> tuple[int, Facets]:
    """The number of documents in the list, and the values of the facets asked for, in one statement.

    A facet's own filter does not narrow its counts. Values without a document are left out.
    """
    if not asked:
        number = matching(content_type.kind, language, (scope, conditions), rankings, func.count())
        return int(connection.execute(number).scalar_one()), {}
    ids = matching(content_type.kind, language, (scope, conditions), rankings, document.c.entity_id).cte("listed")
    total = select(literal("").label("facet"), literal("").label("value"), func.count().label("count"))
    statements: list[Any] = [total.select_from(ids)]
    for name in asked:
        own = content_type.facets[name]
        others = [each for each in conditions if each.filter is not own]
        entities = ids
        if len(others) < len(conditions):
            narrowed = matching(content_type.kind, language, (scope, others), rankings, document.c.entity_id)
            entities = narrowed.cte(f"listed_without_{name}")
        same_row = [each for each in others if each.filter.facet == own.facet]
        value = facet.c[own.column]
        statements.append(
            select(literal(name), value, func.count(facet.c.entity_id.distinct()))
            .join(entities, entities.c.entity_id == facet.c.entity_id)
            .where(facet.c.name == own.facet, *row_conditions(same_row))
            .group_by(value)
        )
    counts: dict[str, dict[str, int]] = {name: {} for name in asked}
    found = 0
    for name, value, number in connection.execute(union_all(*statements)):
        if name:
            counts[name][value] = number
        else:
            found = number
    return found, _named(connection, content_type, language, counts)


def _named(
    connection: Connection, content_type: ContentType, language: str, counts: Mapping[str, Mapping[str, int]]
) -> Facets:
    shown = {name: _most_frequent(values) for name, values in counts.items()}
    names = _titles(connection, content_type, language, shown)
    return {
        name: [
            {
                "slug": value,
                "name": _name(content_type.facets[name], value, language, names),
                "count": counts[name][value],
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
    """The names of the entities among the values, in one query for each kind."""
    slugs: dict[str, set[str]] = defaultdict(set)
    for name, values in shown.items():
        given = content_type.facets[name]
        if kind := _kind(given):
            slugs[kind].update(values)
    titles: dict[tuple[str, str], str] = {}
    for kind, wanted in slugs.items():
        statement = select(entry.c.slug, entry.c.titles).where(
            entry.c.kind == kind, entry.c.language == language, entry.c.slug.in_(sorted(wanted))
        )
        titles |= {(kind, row.slug): row.titles[0] for row in connection.execute(statement)}
    return titles


def _kind(given: Filter) -> str | None:
    return "term" if given.vocabulary else given.kind


def _name(given: Filter, value: str, language: str, titles: Mapping[tuple[str, str], str]) -> str:
    if kind := _kind(given):
        return titles.get((kind, value), value)
    if given.country:
        return str(Locale(language).territories.get(value, value))
    return label(value, language)
