"""Conditions on remembered columns choose what the same conditions choose in SQL."""

import random

import pytest
from flask import Flask
from sqlalchemy import Connection, select

from app.content.content_type import ContentType, Filter
from app.content.facet_rows import meeting
from app.content.rows import rows_of
from app.content.selection import Condition, document, facet, where
from app.kinds import CATALOGUE
from app.search.memory import snapshot

KINDS = ("exercise", "routine", "source", "place")


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
def test_they_choose_what_sql_chooses(seeded_app: Flask, kind: str) -> None:
    chance = random.Random(kind)  # noqa: S311  # nothing secret
    found = 0
    with seeded_app.extensions["limber_database"].reading() as connection:
        seen = snapshot(connection)
        for _ in range(60):
            groups = [some_conditions(connection, CATALOGUE[kind], chance) for _ in range(chance.randint(1, 2))]
            in_sql = connection.execute(select(document.c.entity_id).where(where(kind, "en", *groups))).scalars()
            chosen = rows_of(seen, kind).entity_ids[meeting(seen, kind, *groups)]
            assert chosen.tolist() == sorted(in_sql), groups
            found += bool(len(chosen))
    assert found > 5
