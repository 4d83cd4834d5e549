"""The slugs that filters are given: former ones are read as the present ones, and unknown ones are refused."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select, tuple_

from app.columns.memory import StateReader
from app.content import canonical_json
from app.content.content_type import EntityKey, Filter
from app.delivery.conditions import Condition
from app.errors import Fault, InvalidParameters
from app.models.tables import facet, published_entity, redirect
from app.shapes.nearest import did_you_mean

HINTS = 3
"""Unknown values for which an error suggests the nearest allowed one: that takes milliseconds each."""

SHOWN = 60
"""How many allowed values an error lists."""

BYTES_OF_A_SLUG = 200

PresentSlugs = Mapping[EntityKey, str]
"""The present slugs of entities by kind and former slug: `{("term", "upper-spine"): "upper-back"}`."""


@dataclass(frozen=True)
class _Remembered:
    """Present slugs as they are remembered in a released state."""

    slugs: PresentSlugs

    @property
    def nbytes(self) -> int:
        """Bytes held, about."""
        return BYTES_OF_A_SLUG * len(self.slugs)


def present_slug(connection: Connection, kind: str, former: str) -> str | None:
    """The present slug of a published entity that had this one before, or None. One query."""
    statement = select(redirect.c.slug).where(redirect.c.kind == kind, redirect.c.former_slug == former)
    return connection.execute(statement).scalar()


def present_conditions(reader: StateReader, conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    """The conditions with present slugs in the place of former ones. Slugs are looked up once in each released state.

    Raises `InvalidParameters` for a slug that is neither published nor a former one of what is.
    """
    naming = [condition for condition in conditions if condition.filter.kind]
    filtered = {(condition.filter, value) for condition in naming for value in condition.values}
    names = sorted((chosen.kind, chosen.group or (), value) for chosen, value in filtered)
    key = ("present slugs", canonical_json.digest(names))
    present = reader.remembered(key, lambda: _Remembered(present_slugs(reader.connection, naming)))
    return tuple(
        replace(condition, values=replaced(condition.values, condition.filter.kind, present.slugs))
        if condition.filter.kind and present.slugs
        else condition
        for condition in conditions
    )


def replaced(slugs: Iterable[str], kind: str, present: PresentSlugs) -> tuple[str, ...]:
    """The slugs of a kind, each once and in order, with present ones in the place of former ones."""
    return tuple(dict.fromkeys(present.get((kind, slug), slug) for slug in slugs))


def present_slugs(connection: Connection, conditions: Sequence[Condition]) -> PresentSlugs:
    """The present slugs for the former ones that filters have. One query, and two more where a slug is not published.

    Raises `InvalidParameters` for a slug that is neither published nor a former one of what is.
    """
    naming = [condition for condition in conditions if condition.filter.kind]
    unknown = _unpublished(connection, naming) if naming else []
    if not unknown:
        return {}
    former = [(chosen.kind, slug) for chosen, slug in unknown]
    columns = (redirect.c.kind, redirect.c.former_slug, redirect.c.slug)
    rows = connection.execute(select(*columns).where(tuple_(redirect.c.kind, redirect.c.former_slug).in_(former)))
    present = {(row.kind, row.former_slug): row.slug for row in rows}
    if present:
        # A renamed term may be one of another vocabulary.
        moved = {(chosen, slug): present.get((chosen.kind, slug), slug) for chosen, slug in unknown}
        elsewhere = _unpublished(connection, [Condition(chosen, (slug,)) for (chosen, _), slug in moved.items()])
        unknown = [(chosen, slug) for (chosen, slug), target in moved.items() if (chosen, target) in elsewhere]
    if unknown:
        slugs = {chosen: _slugs_for(connection, chosen) for chosen in dict(unknown)}
        faults = (
            Fault(chosen.parameter, _refusal(chosen, value, slugs[chosen], hint=place < HINTS))
            for place, (chosen, value) in enumerate(unknown)
        )
        raise InvalidParameters(list(faults))
    return present


def _unpublished(connection: Connection, conditions: Sequence[Condition]) -> list[tuple[Filter, Any]]:
    """The filters' slugs that are not published. One query."""
    published = _published_slugs(connection, conditions)
    return [
        (condition.filter, value)
        for condition in conditions
        for value in condition.values
        if (condition.filter.kind, condition.filter.group, value) not in published
    ]


def _published_slugs(connection: Connection, conditions: Sequence[Condition]) -> set[tuple[Any, Any, Any]]:
    """The published values of conditions, as (kind, group, value) and as (kind, None, value)."""
    groups = {condition.filter.group[0] for condition in conditions if condition.filter.group}
    statement = (
        select(published_entity.c.kind, published_entity.c.slug, facet.c.name, facet.c.value)
        .outerjoin(facet, (facet.c.entity_id == published_entity.c.id) & facet.c.name.in_(groups))
        .where(
            published_entity.c.kind.in_({condition.filter.kind for condition in conditions}),
            published_entity.c.slug.in_([value for condition in conditions for value in condition.values]),
        )
    )
    rows = connection.execute(statement).all()
    return {(row.kind, group, row.slug) for row in rows for group in (None, (row.name, row.value))}


def _slugs_for(connection: Connection, chosen: Filter) -> Sequence[str]:
    """The slugs that a filter allows, at most a thousand."""
    statement = select(published_entity.c.slug).where(published_entity.c.kind == chosen.kind)
    if chosen.group:
        name, value = chosen.group
        entities = select(facet.c.entity_id).where(facet.c.name == name, facet.c.value == value)
        statement = statement.where(published_entity.c.id.in_(entities))
    return connection.execute(statement.order_by(published_entity.c.slug).limit(1000)).scalars().all()


def _refusal(chosen: Filter, value: Any, slugs: Sequence[str], *, hint: bool) -> str:
    """The error of a value that is not published: with the allowed ones, or if they are many, with the nearest."""
    nearest = did_you_mean(str(value), slugs) if hint else ""
    if len(slugs) <= SHOWN:
        return f"'{value}' is not published.{nearest} Allowed: {', '.join(slugs) or 'nothing yet'}."
    return f"'{value}' is not published.{nearest} Allowed: the slugs of published entities of kind {chosen.kind}."
