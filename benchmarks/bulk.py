"""Planning, applying and releasing many exercises, over a bare insert of the working copy's rows, which it leaves.

`python -m benchmarks.bulk [SIZE]`. Both begin with what they write in memory and end with the commit. No two texts of
the exercises are alike, as in a catalogue that people write: what is remembered of a text would help too much else.
"""

import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert, select

from app.config import Settings
from app.content.content_type import EntityKey
from app.content.mapping import Draft
from app.store import migrating
from app.store.database import Base, Database
from benchmarks.catalogues import drafts, publish
from benchmarks.figures import Figure

SIZE = 10_000
BATCH = 1_000
LONG = 3
"""Words from which on a text is one that only its exercise has, not a word of a list."""

NOT_WORKING_COPY = ("publication", "search", "sync", "access", "partner", "webhook")
"""Modules of tables that hold something else than the working copy."""


def figures(size: int = SIZE) -> Iterator[Figure]:
    """The figure, in one round: what is compared takes minutes."""
    with tempfile.TemporaryDirectory() as name:
        engine = _store(Path(name) / "engine.db")
        wanted = distinct(drafts(size))
        held = _peak()
        began = time.perf_counter()
        seconds = publish(engine, wanted)
        whole = time.perf_counter() - began
        grown = _peak() - held
        bare = _store(Path(name) / "bare.db")
        taken = copy_working_copy(engine, bare)
        engine.dispose()
        bare.dispose()
    seconds["commit"] = whole - sum(seconds.values())
    parts = ", ".join(f"{name} {value:.1f} s" for name, value in seconds.items())
    detail = f"{parts}; bare insert {taken:.1f} s; memory {held:.0f} MiB with the drafts, {grown:.0f} MiB more at most"
    name = f"plan, apply and release of {size:,}, over a bare bulk insert"
    yield Figure(name, whole / taken, f"{whole / taken:.1f}", 4, at_most=True, detail=detail)


def distinct(wanted: Mapping[EntityKey, Draft]) -> dict[EntityKey, Draft]:
    """The drafts with the words of the exercises' texts in another order in each of them."""
    chance = random.Random(len(wanted))

    def shuffled(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {key: shuffled(each, key) for key, each in value.items()}
        if isinstance(value, list):
            return [shuffled(each, key) for each in value]
        words = value.split() if isinstance(value, str) and key != "name" else []
        return " ".join(chance.sample(words, len(words))) if len(words) >= LONG else value

    return {key: shuffled(draft) if key[0] == "exercise" else draft for key, draft in wanted.items()}


def _peak() -> float:
    """The most memory that the process had until now, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10


def _store(path: Path) -> Database:
    database = Database(Settings(f"sqlite:///{path}", "http://127.0.0.1"))
    migrating.upgrade(database)
    return database


def working_copy_tables() -> list[Table]:
    """The tables that editors' drafts are in, those that others refer to first."""
    elsewhere = {
        mapper.local_table.name
        for mapper in Base.registry.mappers
        if mapper.class_.__module__.rpartition(".")[2] in NOT_WORKING_COPY and isinstance(mapper.local_table, Table)
    }
    return [table for table in Base.metadata.sorted_tables if table.name not in elsewhere]


def copy_working_copy(source: Database, target: Database) -> float:
    """Inserts the working copy's rows into another store, a thousand at a time; how many seconds that took."""
    with source.reading() as connection:
        rows = {
            table: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in working_copy_tables()
        }
    began = time.perf_counter()
    with target.transaction(exclusive=True) as connection:
        for table, found in rows.items():
            for start in range(0, len(found), BATCH):
                connection.execute(insert(table), found[start : start + BATCH])
    return time.perf_counter() - began


if __name__ == "__main__":
    for figure in figures(int(sys.argv[1]) if len(sys.argv) > 1 else SIZE):
        print(figure.line())
