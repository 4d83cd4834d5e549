import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from app.commands.serve import seed_if_empty
from app.kinds import CATALOGUE
from app.models.tables import audit_entry
from tests.admin.desk import Desk, database_of
from tests.admin.samples import minimal
from tests.imports.records import exercise as free_exercise
from tests.stores import SEED_DATA


class TestEntries:
    def test_every_write_stands_in_it_once_the_newest_first(self, desk: Desk) -> None:
        desk.post("/places", minimal("places"))
        desk.patch("/places/new-one", {"name": "Changed"})
        desk.put("/places/new-one", minimal("places"))
        desk.release("Out")
        desk.delete("/places/new-one")
        desk.bring(sources=[minimal("sources")])
        desk.post("/imports?release=true", {"places": [minimal("places", slug="other")]}, status=200)
        desk.post("/rollbacks", {"revision": 1})
        made = desk.post("/keys", {"name": "K", "scopes": ["keys"]})
        rotated = desk.post(f"/keys/{made['id']}/rotations", {})
        desk.send("DELETE", f"/keys/{rotated['id']}")
        entries = desk.get("/audit")["items"]
        assert [(each["action"], each["target"]) for each in reversed(entries)] == [
            ("create", "places/new-one"),
            ("update", "places/new-one"),
            ("update", "places/new-one"),
            ("release", "releases/1"),
            ("delete", "places/new-one"),
            ("import", "imports"),
            ("import", "imports"),
            ("release", "releases/2"),
            ("rollback", "releases/3"),
            ("create", f"keys/{made['id']}"),
            ("rotate", f"keys/{made['id']}"),
            ("revoke", f"keys/{rotated['id']}"),
        ]
        assert {each["key_id"] for each in entries} == {desk.key.split("_")[1]}
        assert {each["key_name"] for each in entries} == {"Editor"}

    def test_it_names_the_request(self, desk: Desk) -> None:
        desk.send("POST", "/places", json=minimal("places"), headers={"X-Request-Id": "mine-1"})
        assert desk.get("/audit")["items"][0]["request_id"] == "mine-1"

    def test_what_was_refused_or_only_tried_leaves_none(self, desk: Desk) -> None:
        desk.post("/places", {"slug": "x"}, status=422)
        desk.post("/imports?dry_run=true", {"places": [minimal("places")]}, status=200)
        assert desk.get("/audit")["items"] == []

    def test_pages_hold_each_entry_once(self, desk: Desk) -> None:
        for number in range(5):
            desk.post("/places", minimal("places", slug=f"place-{number}"))
        first = desk.get("/audit?limit=3")
        rest = desk.get(f"/audit?limit=3&cursor={first['page']['next']}")
        assert [each["target"][-1] for each in first["items"] + rest["items"]] == ["4", "3", "2", "1", "0"]
        assert rest["page"] == {"limit": 3, "total": 5, "next": None}

    def test_it_is_read_with_the_scope_audit_and_not_with_an_editor_s(self, app: Flask) -> None:
        Desk(app, "audit").get("/audit")
        Desk(app, "content:write", "content:release").get("/audit", status=403)


class TestCommands:
    def test_what_commands_write_stands_in_it_without_a_key(self, app: Flask, tmp_path: Path) -> None:
        free = tmp_path / "exercises.json"
        free.write_text(json.dumps([free_exercise("One")]))
        assert seed_if_empty(database_of(app), CATALOGUE, SEED_DATA)
        assert seed_if_empty(database_of(app), CATALOGUE, SEED_DATA) is None
        for arguments in (
            ["import", "free-exercise-db", str(free), "--release", "More"],
            ["import", "free-exercise-db", str(free), "--release", "Again"],
            ["prune", "--keep-days", "0"],
        ):
            result = app.test_cli_runner().invoke(args=["catalogue", *arguments])
            assert result.exit_code == 0, result.output
        entries = Desk(app).get("/audit")["items"]
        assert [(each["action"], each["target"], each["key_id"]) for each in reversed(entries)] == [
            ("apply", "seed-files", None),
            ("release", "releases/1", None),
            ("import", "free-exercise-db", None),
            ("release", "releases/2", None),
            ("prune", "changes", None),
        ]


class TestAppendOnly:
    def test_the_store_itself_refuses_to_alter_or_delete_an_entry(self, desk: Desk) -> None:
        desk.post("/places", minimal("places"))
        before = desk.contents()
        for statement in (update(audit_entry).values(action="other"), delete(audit_entry)):
            with pytest.raises(DBAPIError, match="append-only"), database_of(desk.app).transaction() as connection:
                connection.execute(statement)
        assert desk.contents() == before

    def test_no_operation_writes_to_it(self, app: Flask) -> None:
        methods = {
            method for rule in app.url_map.iter_rules() if "audit" in str(rule) for method in rule.methods or set()
        }
        assert methods == {"GET", "HEAD", "OPTIONS"}
