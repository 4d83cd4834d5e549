"""Many releasers and many clients at once on PostgreSQL: no change is lost, no sync sees what never was.

`LIMBER_SYNC_SECONDS` sets how long; `make test-sync` takes 20 seconds.
"""

import os
import random
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.content.working_copy import entries
from app.content.writing import retire
from app.editing.bundle import load_draft
from app.editing.plan import apply_plan, make_plan
from app.errors import NothingToRelease, StoreUnavailable
from app.kinds import CATALOGUE
from app.models import tables
from app.releasing.release import release
from app.store.state import current_state
from tests.sync.world import World, exercise, held, limber_sync, opened, routine
from tests.waiting import wait_for

SECONDS = float(os.environ.get("LIMBER_SYNC_SECONDS", "4"))
RELEASERS, CLIENTS = 8, 20


def test_every_client_ends_equal_to_the_catalogue(make_postgresql: Callable[[], str], tmp_path: Path) -> None:
    with opened(make_postgresql(), tmp_path, connections=40, cached=True) as world:
        world.put("routine", routine("r"))
        for number in range(30):
            world.put("exercise", exercise(f"e-{number}"))
        world.release()
        stop = threading.Event()
        failures: list[BaseException] = []
        seen: list[list[tuple[int, str]]] = [[] for _ in range(CLIENTS)]
        threads = [
            threading.Thread(target=guarded, args=(failures, release_on, world, number, stop))
            for number in range(RELEASERS)
        ]
        threads += [
            threading.Thread(
                target=guarded, args=(failures, sync_on, world, tmp_path / f"{number}.db", stop, seen[number])
            )
            for number in range(CLIENTS)
        ]
        for thread in threads:
            thread.start()
        stop.wait(SECONDS)
        wait_for(lambda: failures or (all(seen) and revision_of(world) > RELEASERS))
        stop.set()
        for thread in threads:
            thread.join()
        assert failures == []
        truth = world.published()
        for number in range(CLIENTS):
            replica = world.replica(tmp_path / f"{number}.db", limit=7)
            assert not replica.sync().reset
            assert held(replica) == truth
            replica.close()
        with world.database.reading() as connection:
            released = set(connection.execute(select(tables.release.c.revision)).scalars())
        told = [each for client in seen for each in client]
        revisions = {revision for revision, _ in told}
        print(f"{len(released)} releases, {len(told)} syncs, {len(revisions)} revisions seen")
        assert released == set(range(1, max(released) + 1)), "Revisions have gaps."
        assert revisions <= released
        digests: dict[int, set[str]] = {}
        for revision, digest in told:
            digests.setdefault(revision, set()).add(digest)
        assert all(len(each) == 1 for each in digests.values()), "One revision was two states."


def revision_of(world: World) -> int:
    with world.database.reading() as connection:
        return current_state(connection).revision


def guarded(failures: list[BaseException], work: Callable[..., None], *given: Any) -> None:
    try:
        work(*given)
    except BaseException as error:  # noqa: BLE001  # told to the main thread
        failures.append(error)


def release_on(world: World, number: int, stop: threading.Event) -> None:
    """Edits, retires and releases until it is enough."""
    chance = random.Random(number)  # noqa: S311  # choices, not secrets
    while not stop.is_set():
        slug = f"e-{chance.randrange(40)}"
        try:
            with world.database.transaction(exclusive=True) as connection:
                if chance.random() < 0.25:
                    known = entries(connection, CATALOGUE["exercise"])
                    retire(connection, CATALOGUE["exercise"], [known[slug]] if slug in known else [], datetime.now(UTC))
                else:
                    written = exercise(slug, note=f"{number} {chance.random()}")
                    wanted = {("exercise", slug): load_draft(CATALOGUE["exercise"], written)}
                    plan, faults = make_plan(connection, CATALOGUE, wanted, prune=False)
                    assert not faults
                    apply_plan(connection, CATALOGUE, plan, datetime.now(UTC))
                release(connection, CATALOGUE)
        except (NothingToRelease, StoreUnavailable):
            continue


def sync_on(world: World, path: Path, stop: threading.Event, seen: list[tuple[int, str]]) -> None:
    """Syncs a copy again and again; every sync that completes has proved its digest."""
    chance = random.Random(path.name)  # noqa: S311  # pauses, not secrets
    http = world.app.test_client()

    def fetch(address: str) -> Any:
        response = http.get(address.removeprefix("https://limber.example"))
        return limber_sync.Answer(response.status_code, response.headers.get("Location"), response.data)

    replica = world.replica(path, fetch, limit=7)
    while not stop.is_set():
        done = replica.sync()
        assert not done.reset
        seen.append((done.revision, replica.digest()))
        # Without a pause the clients take all of the processor, and next to nothing is released.
        time.sleep(chance.uniform(0, 0.3))
    replica.close()
