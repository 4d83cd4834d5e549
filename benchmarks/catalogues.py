"""Catalogues of any size, with entries as long and as rich as the seed's: `python -m benchmarks.catalogues SIZE ...`.

Up to 1,000 exercises (or as many as `rendered` says) are variations of the seed's, planned, applied and released by the
engine. More are copies of what that release wrote, made by the database itself under other slugs and names; a copy
keeps the texts, facets and search words of its original. Kept in `var/benchmarks/`, by what they are made of.
"""

import hashlib
import random
import shutil
import sys
import time
from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select, text

from app.config import ROOT, Settings
from app.content.content_type import EntityKey
from app.content.mapping import Draft
from app.editing.plan import apply_plan, make_plan
from app.kinds import CATALOGUE
from app.models.tables import published_entity
from app.releasing.release import release
from app.seeding.files import read_folder
from app.store import migrating
from app.store.database import Database

FOLDER = ROOT / "var" / "benchmarks"
SIZES = (1_000, 10_000, 100_000)
RENDERED = 1_000
SEED = ROOT / "seed_data"
MODIFIERS = (
    *("Slow", "Gentle", "Deep", "Short", "Long", "Seated", "Supported", "Paused"),
    *("Assisted", "Easy", "Steady", "Quiet", "Morning", "Evening", "Desk"),
)

COPIED = {
    "published_entity": ("kind", "slug || :suffix", "draft", "draft_digest", "revision"),
    "document": (
        "language",
        "kind",
        "slug || :suffix",
        "BODY",
        "content_digest",
        "sort_name || :suffix",
        "published_at",
        "revision",
    ),
    "facet": ("name", "value", "qualifier", "number"),
    "search_entry": (
        "language",
        "kind",
        "slug || :suffix",
        "titles",
        "folded",
        "name_words",
        "names",
        "aliases",
        "terms",
        "texts",
    ),
}
"""What of an exercise is copied, but for the ids. The change log is not: reading does not look at it."""


def drafts(size: int) -> dict[EntityKey, Draft]:
    """The seed's drafts, and variations of its exercises until there are `size` of them."""
    found = dict(read_folder(SEED, CATALOGUE).drafts)
    originals = [draft for (kind, _), draft in found.items() if kind == "exercise"]
    chance = random.Random(size)
    terms = {
        relation: sorted({each for draft in originals for each in draft.get(relation, ())})
        for relation in ("regions", "equipment", "benefits")
    }
    slugs = [
        f"{MODIFIERS[number // len(originals) % len(MODIFIERS)].lower()}-{draft['slug']}-{number}"
        for number, draft in zip(range(size - len(originals)), cycle(originals), strict=False)
    ]
    for number, slug in enumerate(slugs):
        draft = deepcopy(originals[number % len(originals)])
        modifier = MODIFIERS[number // len(originals) % len(MODIFIERS)]
        draft["slug"] = slug
        # Easier and harder than it are variations of its round: an original that thousands name would be nobody's.
        begun = number - number % len(originals)
        peers = dict(zip((each["slug"] for each in originals), slugs[begun:], strict=False))
        for each in (*draft.get("easier", ()), *draft.get("harder", ())):
            each["slug"] = peers.get(each["slug"], each["slug"])
        name = draft["name"] if isinstance(draft["name"], str) else draft["name"]["en"]
        draft["name"] = f"{modifier} {name[0].lower()}{name[1:]} {number}"
        draft.pop("former_slugs", None)
        draft["regions"] = chance.sample(terms["regions"], chance.randrange(1, 3))
        draft["equipment"] = chance.sample(terms["equipment"], chance.randrange(2))
        keys = CATALOGUE["exercise"].mapped.keys
        found["exercise", draft["slug"]] = {key: draft[key] for key in keys if draft.get(key, []) != []}
    return found


def publish(database: Database, wanted: Mapping[EntityKey, Draft]) -> dict[str, float]:
    """Plans, applies and releases drafts; the seconds of each."""
    seconds = {}
    with database.transaction(exclusive=True) as connection:
        begun = time.perf_counter()
        plan, faults = make_plan(connection, CATALOGUE, wanted, prune=False)
        assert not faults, faults[:3]
        seconds["plan"] = time.perf_counter() - begun
        begun = time.perf_counter()
        apply_plan(connection, CATALOGUE, plan, datetime.now(UTC))
        seconds["apply"] = time.perf_counter() - begun
        begun = time.perf_counter()
        now = datetime(2026, 1, 1, tzinfo=UTC)
        release(connection, CATALOGUE, note="A catalogue for measuring", now=now, written=plan.changes)
        seconds["release"] = time.perf_counter() - begun
    return seconds


def fill(database: Database, size: int, *, rendered: int = RENDERED) -> None:
    """A migrated, empty store becomes a catalogue of `size` exercises."""
    publish(database, drafts(min(size, rendered)))
    if size > rendered:
        with database.transaction(exclusive=True) as connection:
            multiply(connection, size, is_sqlite=database.is_sqlite)
    with database.transaction() as connection:
        connection.execute(text("ANALYZE"))


def multiply(connection: Connection, size: int, *, is_sqlite: bool) -> None:
    """Copies the exercises that there are, under other slugs and names, until there are `size`."""
    exercises = select(published_entity.c.id).where(published_entity.c.kind == "exercise")
    present = connection.execute(select(func.count()).select_from(exercises.subquery())).scalar_one()
    highest = connection.execute(select(func.max(published_entity.c.id))).scalar_one()
    body = (
        "CAST(replace(CAST(body AS TEXT), slug, slug || :suffix) AS BLOB)"
        if is_sqlite
        else "convert_to(replace(convert_from(body, 'UTF8'), slug, slug || :suffix), 'UTF8')"
    )
    round_number = 0
    while present < size:
        round_number += 1
        room = min(size - present, _count(connection, highest))
        values: dict[str, Any] = {"suffix": f"-c{round_number}", "offset": highest * round_number, "last": highest}
        for table, columns in COPIED.items():
            identifier = "id" if table == "published_entity" else "entity_id"
            names = ", ".join(each.split()[0].replace("BODY", "body") for each in columns)
            given = ", ".join(columns).replace("BODY", body)
            originals = (
                f"SELECT id FROM published_entity WHERE kind = 'exercise' AND id <= :last ORDER BY id LIMIT {room}"
            )
            connection.execute(
                text(
                    f"INSERT INTO {table} ({identifier}, {names}) SELECT {identifier} + :offset, {given} FROM {table}"
                    f" WHERE {identifier} IN ({originals})"
                ),
                {key: value for key, value in values.items() if f":{key}" in given or key in ("offset", "last")},
            )
        present += room


def _count(connection: Connection, last: int) -> int:
    statement = text("SELECT count(*) FROM published_entity WHERE kind = 'exercise' AND id <= :last")
    return int(connection.execute(statement, {"last": last}).scalar_one())


def sqlite_catalogue(size: int) -> Path:
    """The file of a catalogue on SQLite, made on the first call. Copy it to write to it."""
    made_of = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted([*SEED.rglob("*.yaml"), *(ROOT / "migrations" / "versions").glob("*.py")]):
        made_of.update(path.read_bytes())
    path = FOLDER / f"catalogue-{size}-{made_of.hexdigest()[:12]}.db"
    if not path.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        building = path.with_suffix(".building")
        building.unlink(missing_ok=True)
        database = Database(Settings(database_url=f"sqlite:///{building}", public_origin="http://127.0.0.1:8000"))
        migrating.upgrade(database)
        fill(database, size)
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        database.dispose()
        shutil.move(building, path)
    return path


def main() -> None:
    """Makes the catalogues of the sizes given, all where none is."""
    for size in [int(each) for each in sys.argv[1:]] or SIZES:
        begun = time.perf_counter()
        path = sqlite_catalogue(size)
        print(
            f"{size:,} exercises in {path}, {path.stat().st_size / 2**20:.0f} MiB, {time.perf_counter() - begun:.0f} s"
        )


if __name__ == "__main__":
    main()
