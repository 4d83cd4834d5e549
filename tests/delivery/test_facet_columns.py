"""Conditions on remembered columns choose what the rules of `Filter` choose, document by document."""

import operator
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, Row, select

from app.columns.memory import state_reader
from app.content.content_type import ContentType, Filter
from app.delivery.conditions import Condition
from app.delivery.facet_columns import meeting
from app.delivery.orders import rows_of
from app.kinds import CATALOGUE
from app.models.tables import document, facet

KINDS = [each.kind for each in CATALOGUE if each.filters]
COMPARISONS = {"<=": operator.le, ">=": operator.ge}

FacetsOf = Mapping[str, Sequence[Row[Any]]]
"""The facet rows of one document, by the facet's name."""


def facets_of(connection: Connection, kind: str) -> Mapping[int, FacetsOf]:
    """The facet rows of every document of a kind, by entity id."""
    statement = select(document.c.entity_id).where(document.c.kind == kind, document.c.language == "en")
    found: dict[int, dict[str, list[Row[Any]]]] = {
        entity_id: defaultdict(list) for entity_id in connection.execute(statement).scalars()
    }
    for row in connection.execute(select(facet)):
        if row.entity_id in found:
            found[row.entity_id][row.name].append(row)
    return found


def is_met(row: Row[Any], condition: Condition) -> bool:
    """Whether a row's value is one of those given, or compares to the one given as it should."""
    value = getattr(row, condition.filter.column)
    if condition.filter.operator not in COMPARISONS:
        return value in condition.values
    bound = condition.values[0] if condition.filter.column == "number" else str(condition.values[0])
    return value is not None and COMPARISONS[condition.filter.operator](value, bound)


def meets(facets: FacetsOf, conditions: Sequence[Condition]) -> bool:
    """Whether a document meets one group of conditions."""

    def name(condition: Condition) -> str:
        return condition.filter.facet

    each_of = [each for each in conditions if each.filter.operator == "each"]
    within = [each for each in conditions if each.filter.operator == "within"]
    others = sorted((each for each in conditions if each not in each_of and each not in within), key=name)
    limits = {each.filter.limits: limit_of(facets, each_of) for each in each_of}
    return (
        all(value in {row.value for row in facets.get(name(each), ())} for each in each_of for value in each.values)
        and any_within(facets, limits, others)
        and all(is_met(row, each) for each in within for row in facets.get(name(each), ()))
        and all(
            any(all(is_met(row, each) for each in same) for row in facets.get(facet_name, ()))
            for facet_name, group in groupby(others, name)
            for same in [list(group)]
        )
    )


def limit_of(facets: FacetsOf, each_of: Sequence[Condition]) -> float:
    """The least number of the rows that the values of `each` conditions have; infinite where they have none."""
    rows = [row for each in each_of for row in facets.get(each.filter.facet, ()) if row.value in each.values]
    return min((row.number for row in rows if row.number is not None), default=float("inf"))


def any_within(facets: FacetsOf, limits: Mapping[str, float], others: Sequence[Condition]) -> bool:
    """Whether each limited facet has a row within its limit that meets what else is asked of that facet."""
    return all(
        any(
            float(row.value) <= limit and all(is_met(row, each) for each in others if each.filter.facet == facet_name)
            for row in facets.get(facet_name, ())
        )
        for facet_name, limit in limits.items()
    )


def values_of(connection: Connection, each: Filter, chance: random.Random) -> tuple[object, ...]:
    """Some values that a filter may be given."""
    if each.bounds:
        return (chance.choice((each.bounds[0], 2, 3, 60, 120, 600, each.bounds[1])),)
    column = facet.c[each.column]
    there = connection.execute(select(column).where(facet.c.name == each.facet).distinct().order_by(column)).scalars()
    values = [*there, "nothing-has-this"]
    return tuple(chance.sample(values, chance.randint(0 if each.operator == "within" else 1, min(3, len(values)))))


def some_conditions(connection: Connection, content_type: ContentType, chance: random.Random) -> tuple[Condition, ...]:
    filters = chance.sample(content_type.filters, chance.randint(0, min(4, len(content_type.filters))))
    return tuple(Condition(each, values_of(connection, each, chance)) for each in filters)


@pytest.mark.parametrize("kind", KINDS)
def test_they_choose_what_meets_the_rules(seeded_app: Flask, kind: str) -> None:
    chance = random.Random(kind)  # noqa: S311  # nothing secret
    found = 0
    with seeded_app.extensions["limber_database"].reading() as connection:
        reader, facets = state_reader(connection), facets_of(connection, kind)
        for _ in range(60):
            groups = [some_conditions(connection, CATALOGUE[kind], chance) for _ in range(chance.randint(1, 2))]
            expected = [each for each in sorted(facets) if all(meets(facets[each], group) for group in groups)]
            chosen = rows_of(reader, kind).entity_ids[meeting(reader, kind, *groups)]
            assert chosen.tolist() == expected, groups
            found += bool(len(chosen))
    assert found > 5
