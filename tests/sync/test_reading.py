from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from app.sync import routes
from tests.sync.world import World, exercise, routine


@contextmanager
def statements(world: World) -> Iterator[list[tuple[str, Any]]]:
    """What is asked of the database meanwhile."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        asked.append((statement, parameters))

    event.listen(world.database.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(world.database.engine, "before_cursor_execute", note)


def catalogue(world: World, count: int) -> str:
    """So many exercises, the token of a client that holds them, and then every one of them changed."""
    for number in range(count):
        world.put("exercise", exercise(f"e-{number}"))
    world.put("routine", routine("r", "e-1"))
    world.release()
    token = world.enumerate()[1]
    for number in range(count):
        world.put("exercise", exercise(f"e-{number}", note="new"))
    world.release()
    return token


def test_the_history_is_looked_up_and_never_read_as_a_whole(sqlite_world: World) -> None:
    token = catalogue(sqlite_world, 5)
    with statements(sqlite_world) as asked:
        assert len(sqlite_world.enumerate("?limit=2")[0]) == 6
        assert len(sqlite_world.get(f"/v1/sync?token={token}")["items"]) == 6
    read = [each for each in asked if "document_version" in each[0]]
    assert len(read) > 6
    with sqlite_world.database.reading() as connection:
        for statement, parameters in read:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            whole = [row[3] for row in plan if row[3].startswith("SCAN document_version")]
            assert whole == [], statement


def test_a_page_takes_the_same_number_of_queries_however_long_it_is(world: World) -> None:
    counts = []
    for count in (2, 20):
        token = catalogue(world, count)
        for address in ("/v1/sync", f"/v1/sync?token={token}"):
            world.get(address)
            with statements(world) as asked:
                world.get(address)
            counts.append(len(asked))
    assert counts[:2] == counts[2:]


def test_only_short_pages_take_room_in_the_response_cache(
    cached_sqlite_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = catalogue(cached_sqlite_world, 3)
    for most, kept in ((0, 0), (512 * 1024, 2)):
        monkeypatch.setattr(routes, "KEPT_BYTES", most)
        cached_sqlite_world.app.extensions["limber_response_cache"].clear()
        for address in ("/v1/sync", f"/v1/sync?token={token}"):
            cached_sqlite_world.get(address)
        assert cached_sqlite_world.app.extensions["limber_response_cache"].counts().entries == kept
