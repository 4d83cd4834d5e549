"""Tombstones say which entity left a slug, and where it lives on."""

from pathlib import Path

import pytest

from app.content.identity import made_id
from tests.sync.test_feed import changed, small, token_of
from tests.sync.world import World, exercise


@pytest.fixture
def filled(world: World, tmp_path: Path) -> World:
    world.begin(tmp_path, small)
    return world


def test_a_rename_is_a_document_and_a_tombstone(filled: World) -> None:
    token = token_of(filled)
    filled.drafts.pop(("exercise", "c"))
    filled.put("exercise", exercise("z", former_slugs=["c"]))
    filled.release()
    document, tombstone = changed(filled, token)
    assert (document["slug"], document["id"], document["former_slugs"]) == ("z", made_id("exercise", "c"), ["c"])
    assert (tombstone["slug"], tombstone["id"], tombstone["renamed_to"]) == ("c", document["id"], "z")


def test_a_tombstone_names_the_slug_of_its_page_and_none_where_the_entity_left(filled: World) -> None:
    first = token_of(filled)
    for former, slug in (("c", "y"), ("y", "z")):
        draft = filled.drafts.pop(("exercise", former))
        filled.put("exercise", draft | {"slug": slug, "former_slugs": [*draft.get("former_slugs", ()), former]})
        filled.release()
    assert {item["slug"]: item["renamed_to"] for item in changed(filled, first) if "deleted" in item} == {
        "c": "z",
        "y": "z",
    }
    page = filled.get(f"/v1/sync?token={first}&limit=1")["next"]
    filled.drop("exercise", "z")
    filled.release()
    assert {item["slug"] for item in changed(filled, first) if "deleted" in item} == {"c", "y", "z"}
    assert not [item for item in changed(filled, first) if "renamed_to" in item]
    rest = [item for shown in filled.pages(page) for item in shown["items"]]
    assert {item["slug"]: item.get("renamed_to") for item in rest} == {"c": "z", "y": "z"}
