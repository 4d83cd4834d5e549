"""The exercises that a routine may be composed of.

They are chosen on remembered columns (`columns.memory`), so that a larger catalogue costs only a few longer operations
on whole columns. The drafts of a few exercises are read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select

from app.columns.ids import Ids
from app.columns.least import least
from app.columns.memory import StateReader
from app.content.mapping import Draft
from app.delivery.facet_columns import meeting
from app.delivery.orders import rows_of
from app.models.tables import published_entity
from app.routines.composing import TooShort
from app.routines.doses import Candidate, at_level
from app.routines.seed_order import seed_order
from app.routines.wishes import Wish

KIND = "exercise"

CONSIDERED = {"main": 100, "warm-up": 30, "cool-down": 30}
"""How many exercises of each section are considered, chosen by the seed: several times as many as it ever takes."""


class NothingFits(Exception):
    """There is no exercise at all for a section."""

    def __init__(self, section: str) -> None:
        super().__init__(section)
        self.section = section


@dataclass(frozen=True)
class Pools:
    """The candidates of each section, those that suit the wish first, and others to fill up the main part with."""

    sections: Mapping[str, Sequence[Candidate]]
    fillers: Sequence[Candidate]


def number_of(reader: StateReader, wish: Wish, section: str) -> int:
    """How many exercises there are for a section."""
    purposes = wish.purposes() if section == "main" else ()
    return int(np.count_nonzero(meeting(reader, KIND, wish.needed(section), purposes)))


def pools(reader: StateReader, wish: Wish) -> Pools:
    """The candidates for a wish in the order of its seed. Their drafts are read in one query.

    Raises `NothingFits`, and `TooShort` if every section has exercises but, for one of them, all take too long.
    """
    rows = _considered(reader, wish)
    drafts = _drafts(reader, np.concatenate([numbers for both in rows.values() for numbers in both]))

    def candidates(numbers: Ids, section: str) -> list[Candidate]:
        strongest, limits = section == "main", wish.level_limits(section)
        levels = (at_level(drafts[number], limits, strongest=strongest) for number in numbers)
        return list(filter(None, levels))

    main, fillers = (candidates(numbers, "main") for numbers in rows["main"])
    easing = {section: candidates(np.concatenate(rows[section]), section) for section in rows if section != "main"}
    return Pools({"main": main, **easing}, fillers)


def _considered(reader: StateReader, wish: Wish) -> Mapping[str, tuple[Ids, Ids]]:
    """For each section the rows of exercises that are for what the wish names, and of others if those are few."""
    purposes = wish.purposes()
    for_all = meeting(reader, KIND, purposes)
    # A main exercise is for all that the wish names; one of the warm-up or cool-down may be for some of it.
    for_some = np.logical_or.reduce([meeting(reader, KIND, [purpose]) for purpose in purposes]) if purposes else for_all
    order = seed_order(reader, KIND, wish.seed)
    rows, too_short = {}, False
    for section, limit in CONSIDERED.items():
        fitting = meeting(reader, KIND, wish.needed(section, fitting=True))
        meant = fitting & (for_all if section == "main" else for_some)
        if not (meant if section == "main" else fitting).any():
            if not number_of(reader, wish, section):
                raise NothingFits(section)
            too_short = True
        first = least(order, np.flatnonzero(meant), limit)
        rows[section] = first, least(order, np.flatnonzero(fitting & ~meant), limit - len(first))
    if too_short:
        raise TooShort
    return rows


def _drafts(reader: StateReader, numbers: Ids) -> Mapping[int, Draft]:
    """The published drafts of some rows, by row."""
    entity_ids = rows_of(reader, KIND).entity_ids
    number_by_id = dict(zip(entity_ids[numbers].tolist(), numbers.tolist(), strict=True))
    statement = select(published_entity.c.id, published_entity.c.draft).where(published_entity.c.id.in_(number_by_id))
    return {number_by_id[row.id]: row.draft for row in reader.connection.execute(statement)}
