"""Migration 0013 gives ids to what a store has, and to its history, so that nothing seems to have changed."""

import json
from typing import Any

from sqlalchemy import text, update

from app.content.identity import made_id
from app.kinds import CATALOGUE
from app.models.tables import document
from app.releasing.pending import find_pending
from app.releasing.release import rerender
from app.store import migrating
from app.store.database import Database
from tests.content.editing import Editor
from tests.content.samples import exercise, term

NEWEST_BEFORE = "0012"


def rows(database: Database, statement: str) -> list[Any]:
    with database.reading() as connection:
        return list(connection.execute(text(statement)))


def migrate_again(database: Database) -> None:
    """Goes back to a store without ids, and forward."""
    migrating.downgrade(database, NEWEST_BEFORE)
    assert "uuid" not in rows(database, "SELECT * FROM exercise")[0]._fields
    drafts = rows(database, "SELECT draft FROM published_entity")
    assert not [row for row in drafts if "id" in (json.loads(row.draft) if isinstance(row.draft, str) else row.draft)]
    migrating.upgrade(database)


def test_ids_come_of_the_slugs_that_were_published_first(editor: Editor) -> None:
    editor.publish(exercises=[exercise("z"), exercise("gone"), exercise("retired")], vocabularies=[term("neck")])
    editor.publish(exercises=[exercise("m", former_slugs=["z"])])
    editor.publish(exercises=[exercise("b", former_slugs=["z", "m"])], vocabularies=[term("neck")], prune=True)
    editor.put(exercises=[exercise("drafted", former_slugs=["x", "w"])])
    migrate_again(editor.database)
    first = made_id("exercise", "z")
    assert editor.draft("exercise", "b")["id"] == first
    assert editor.draft("exercise", "drafted")["id"] == made_id("exercise", "x")
    released = rows(
        editor.database, "SELECT slug, uuid, since FROM released_slug WHERE kind = 'exercise' ORDER BY slug"
    )
    assert [tuple(row) for row in released] == [
        ("b", first, 3),
        ("gone", made_id("exercise", "gone"), 1),
        ("m", first, 2),
        ("retired", made_id("exercise", "retired"), 1),
        ("z", first, 1),
    ]


def test_nothing_is_pending_by_it_and_seeds_change_nothing(editor: Editor) -> None:
    exercises, terms = [exercise("a", summary="One")], [term("neck")]
    editor.publish(exercises=exercises, vocabularies=terms)
    migrate_again(editor.database)
    with editor.database.reading() as connection:
        assert not find_pending(connection, CATALOGUE)
    assert not editor.put(exercises=exercises, vocabularies=terms)


def test_two_that_claim_one_slug_have_ids_of_their_own(editor: Editor) -> None:
    editor.publish(exercises=[exercise("old"), exercise("other")])
    with editor.database.transaction() as connection:
        connection.execute(text("UPDATE exercise SET retired = true WHERE slug = 'old'"))
        connection.execute(text("""UPDATE exercise SET former_slugs = '["old"]' WHERE slug = 'other'"""))
    migrate_again(editor.database)
    assert editor.draft("exercise", "other")["id"] == made_id("exercise", "old")
    assert editor.draft("exercise", "old")["id"] == made_id("exercise", "old", 2)


def test_rerender_gives_published_documents_their_ids(editor: Editor) -> None:
    editor.publish(exercises=[exercise("a")])
    with editor.database.transaction() as connection:
        connection.execute(update(document).values(body=b"{}", content_digest="of a document without an id"))
    migrate_again(editor.database)
    with editor.database.transaction(exclusive=True) as connection:
        assert rerender(connection, CATALOGUE)
    assert editor.document("exercise", "a")["id"] == made_id("exercise", "a")
