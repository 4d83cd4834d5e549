from typing import Any

import pytest
from flask import Flask

from tests.admin.desk import Desk, faults

CLINIC = {"id": "clinic", "name": "Clinic", "origins": ["https://clinic.example"]}


class TestPartners:
    def test_one_is_added_read_replaced_changed_and_removed(self, desk: Desk) -> None:
        made = desk.send("POST", "/partners", json={**CLINIC, "origins": ["https://Clinic.example:443/"]})
        assert (made.status_code, made.json) == (201, CLINIC)
        assert made.headers["Location"] == "/v1/admin/partners/clinic"
        assert made.headers["ETag"] == desk.etag("/partners/clinic")
        other = {**CLINIC, "name": "The clinic", "origins": ["https://a.example", "https://b.example"]}
        assert desk.put("/partners/clinic", other) == other
        changed = desk.patch("/partners/clinic", {"origins": ["https://c.example"]})
        assert changed == desk.get("/partners/clinic") == {**other, "origins": ["https://c.example"]}
        desk.delete("/partners/clinic")
        desk.get("/partners/clinic", status=404)
        entries = desk.get("/audit")["items"]
        assert [each["action"] for each in entries] == ["delete", "update", "update", "create"]
        assert {each["target"] for each in entries} == {"partners/clinic"}

    def test_a_put_creates_with_if_none_match_and_not_without(self, desk: Desk) -> None:
        body = {"name": "Clinic", "origins": CLINIC["origins"]}
        assert desk.send("PUT", "/partners/clinic", json=body).status_code == 428
        assert desk.send("PUT", "/partners/clinic", json=body, headers={"If-Match": '"x"'}).status_code == 404
        created = desk.send("PUT", "/partners/clinic", json=body, headers={"If-None-Match": "*"})
        assert (created.status_code, created.json) == (201, CLINIC)
        assert desk.send("PUT", "/partners/clinic", json=body, headers={"If-None-Match": "*"}).status_code == 412

    def test_a_write_needs_the_present_etag(self, desk: Desk) -> None:
        desk.post("/partners", CLINIC)
        stale = {"If-Match": '"stale"'}
        patch: Any = {"json": {"name": "x"}, "content_type": "application/merge-patch+json"}
        for method, options in (("PUT", {"json": CLINIC}), ("PATCH", patch), ("DELETE", {})):
            assert desk.send(method, "/partners/clinic", **options).status_code == 428
            assert desk.send(method, "/partners/clinic", **options, headers=stale).status_code == 412
        assert desk.get("/partners/clinic") == CLINIC

    def test_one_that_exists_is_409(self, desk: Desk) -> None:
        desk.post("/partners", CLINIC)
        assert faults(desk.post("/partners", CLINIC, status=409)) == {"/id": "'clinic' is taken."}

    @pytest.mark.parametrize(
        ("fields", "pointer"),
        [
            ({"id": "Clinic"}, "/id"),
            ({"id": None}, "/id"),
            ({"name": ""}, "/name"),
            ({"name": 5}, "/name"),
            ({"origins": []}, "/origins"),
            ({"origins": "https://clinic.example"}, "/origins"),
            ({"origins": ["https://clinic.example", "*"]}, "/origins/1"),
            ({"origins": ["https://clinic.example/path"]}, "/origins/0"),
            ({"origins": [f"https://a{number}.example" for number in range(51)]}, "/origins"),
            ({"created_at": "2020-01-01"}, "/created_at"),
        ],
    )
    def test_what_is_wrong_is_422_with_its_place_and_changes_nothing(
        self, desk: Desk, fields: dict[str, Any], pointer: str
    ) -> None:
        before = desk.contents()
        assert pointer in faults(desk.post("/partners", {**CLINIC, **fields}, status=422))
        assert desk.contents() == before

    def test_the_id_stays(self, desk: Desk) -> None:
        desk.post("/partners", CLINIC)
        assert "/id" in faults(desk.patch("/partners/clinic", {"id": "other"}, status=422))
        assert "/id" in faults(desk.put("/partners/clinic", {**CLINIC, "id": "other"}, status=422))

    def test_pages_hold_each_once_by_id(self, desk: Desk) -> None:
        for name in ("c", "a", "b"):
            desk.post("/partners", {**CLINIC, "id": name})
        first = desk.get("/partners?limit=2")
        rest = desk.get(f"/partners?limit=2&cursor={first['page']['next']}")
        assert [each["id"] for each in first["items"] + rest["items"]] == ["a", "b", "c"]
        assert rest["page"] == {"limit": 2, "total": 3, "next": None}

    def test_who_may_frame_follows_at_once(self, stocked: Desk) -> None:
        def ancestors() -> str:
            answer = stocked.app.test_client().get("/embed/exercises/lean?partner=clinic")
            return answer.headers["Content-Security-Policy"].split("frame-ancestors ")[1].split()[0]

        stocked.post("/partners", CLINIC)
        assert ancestors() == "https://clinic.example"
        stocked.patch("/partners/clinic", {"origins": ["https://other.example"]})
        assert ancestors() == "https://other.example"

    def test_reading_takes_any_content_scope_and_writing_that_of_releases(self, app: Flask) -> None:
        for scope in ("content:read", "content:write", "content:release"):
            Desk(app, scope).get("/partners")
        Desk(app, "content:write").post("/partners", CLINIC, status=403)
        Desk(app, "content:release").post("/partners", CLINIC)


class TestCommands:
    def test_they_are_audited(self, desk: Desk) -> None:
        run = desk.app.test_cli_runner().invoke
        for origin in ("https://a.example", "https://b.example"):
            run(args=["partners", "add", "clinic", "--name", "Clinic", "--origin", origin])
        run(args=["partners", "remove", "clinic"])
        entries = desk.get("/audit")["items"]
        assert [(each["action"], each["key_id"]) for each in entries] == [
            ("delete", None),
            ("update", None),
            ("create", None),
        ]
