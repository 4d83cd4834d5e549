"""What an app keeps by an entity's id stays with it when the entity is renamed, whatever the client then does."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.sync.world import World, exercise, held, term

FAVOURITES = "CREATE TABLE favourite (document_id TEXT PRIMARY KEY REFERENCES document (id) ON DELETE CASCADE)"


def four(world: World) -> None:
    """A region and three exercises, released."""
    world.put("term", term("back"))
    for slug in ("a", "b", "c"):
        world.put("exercise", exercise(slug, "back"))
    world.release()


@pytest.fixture
def filled(sqlite_world: World, tmp_path: Path) -> World:
    sqlite_world.begin(tmp_path, four)
    return sqlite_world


@pytest.fixture
def replica(filled: World, tmp_path: Path) -> Iterator[Any]:
    """A copy in which the app has marked the exercise `a`; what loses its row is marked no more."""
    opened = filled.replica(tmp_path / "copy.db", limit=1)
    opened.sync()
    opened._database.execute("PRAGMA foreign_keys = ON")
    opened._database.execute(FAVOURITES)
    opened._database.execute("INSERT INTO favourite SELECT id FROM document WHERE slug = 'a'")
    yield opened
    opened.close()


def rename(world: World, old: str, new: str) -> None:
    draft = world.drafts.pop(("exercise", old))
    world.put("exercise", draft | {"slug": new, "former_slugs": [*draft.get("former_slugs", ()), old]})
    world.release()


def favourites(replica: Any) -> list[str]:
    """The slugs that the marked exercises have now."""
    rows = replica._database.execute("SELECT document_id FROM favourite").fetchall()
    return [replica.find(identifier)["slug"] for (identifier,) in rows]


def test_a_rename_keeps_the_row(filled: World, replica: Any) -> None:
    for old, new in (("a", "m"), ("m", "z")):
        rename(filled, old, new)
    replica.sync()
    assert favourites(replica) == ["z"]
    assert held(replica) == filled.published()


def test_so_does_a_change_and_a_fresh_enumeration(filled: World, replica: Any) -> None:
    filled.put("exercise", filled.drafts["exercise", "a"] | {"summary": "New."})
    filled.release()
    replica.sync()
    assert favourites(replica) == ["a"]
    rename(filled, "a", "z")
    filled.prune()
    assert replica.sync().reset
    assert favourites(replica) == ["z"]
    assert held(replica) == filled.published()


def test_so_does_a_snapshot(filled: World, replica: Any, tmp_path: Path) -> None:
    rename(filled, "a", "z")
    shipped = tmp_path / "snapshot.sqlite"
    shipped.write_bytes(filled.http.get("/v1/snapshot.sqlite").data)
    with closing(sqlite3.connect(shipped)) as database:
        rows = database.execute("SELECT uuid, body FROM document").fetchall()
    assert all(identifier == json.loads(body)["id"] for identifier, body in rows)
    replica.load_snapshot(str(shipped))
    assert favourites(replica) == ["z"]
    assert held(replica) == filled.published()
    assert not replica.sync().reset


def test_what_left_is_gone(filled: World, replica: Any) -> None:
    filled.drop("exercise", "a")
    filled.release()
    replica.sync()
    assert favourites(replica) == []


def test_another_entity_under_the_same_slug_is_another_row(replica: Any) -> None:
    """A restored service, say, on which the slug was given to something else."""
    (identifier,) = replica._database.execute("SELECT id FROM document WHERE slug = 'a'").fetchone()
    body = json.dumps({**replica.find(identifier), "id": "another"})
    replica._keep(json.loads(body), body, 1)
    assert replica.find(identifier) is None
    assert replica.get("exercise", "a")["id"] == "another"


def test_the_file_of_an_older_client_is_taken_over(filled: World, replica: Any, tmp_path: Path) -> None:
    older = tmp_path / "older.db"
    replica._database.execute("VACUUM INTO ?", (str(older),))
    with closing(sqlite3.connect(older)) as database, database:
        database.execute("DROP TABLE favourite")
        database.execute("DROP INDEX document_id")
        database.execute("ALTER TABLE document DROP COLUMN id")
        # A document of a service that gave no ids yet.
        database.execute("UPDATE document SET body = json_remove(body, '$.id') WHERE slug = 'b'")
    rename(filled, "a", "z")
    filled.put("exercise", filled.drafts["exercise", "b"] | {"summary": "New."})
    filled.release()
    upgraded = filled.replica(older)
    rows = dict(upgraded._database.execute("SELECT slug, rowid FROM document").fetchall())
    assert not upgraded.sync().reset
    assert held(upgraded) == filled.published()
    after = dict(upgraded._database.execute("SELECT slug, rowid FROM document").fetchall())
    assert (after["z"], after["b"]) == (rows["a"], rows["b"])
    upgraded.close()
