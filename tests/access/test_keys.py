import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import make_url, select, update

from app.access.keys import SCOPES
from app.models.tables import api_key
from tests.admin.desk import Desk, database_of, faults
from tests.admin.samples import minimal

NEW = {"name": "Script", "scopes": ["content:write"]}


def with_key(desk: Desk, key: str, method: str, path: str, **options: Any) -> int:
    """The status that a request with another key gets."""
    headers = {"Authorization": f"Bearer {key}", **options.pop("headers", {})}
    return desk.send(method, path, headers=headers, **options).status_code


def moved_back(desk: Desk, identifier: str, column: str, by: timedelta) -> None:
    """Makes a moment of a key lie in the past."""
    with database_of(desk.app).transaction() as connection:
        values = {column: datetime.now(UTC) - by}
        connection.execute(update(api_key).where(api_key.c.id == identifier).values(values))


class TestMake:
    def test_a_new_key_works_and_is_shown_once(self, desk: Desk) -> None:
        made = desk.post("/keys", NEW)
        assert made["key"].startswith(f"lim_{made['id']}_")
        assert with_key(desk, made["key"], "GET", "/exercises") == 200
        assert "key" not in desk.get(f"/keys/{made['id']}")
        assert all("key" not in each for each in desk.get("/keys")["items"])

    def test_its_scopes_are_all_it_may_do(self, desk: Desk) -> None:
        key = desk.post("/keys", NEW)["key"]
        assert with_key(desk, key, "POST", "/places", json=minimal("places")) == 201
        assert with_key(desk, key, "POST", "/releases", json={}) == 403
        assert with_key(desk, key, "GET", "/keys") == 403

    def test_a_key_cannot_give_scopes_that_it_does_not_have(self, app: Flask) -> None:
        desk = Desk(app, "keys")
        before = desk.contents()
        desk.post("/keys", {"name": "More", "scopes": ["keys", "content:release"]}, status=403)
        assert desk.contents() == before

    @pytest.mark.parametrize(
        ("body", "pointers"),
        [
            ({}, ["/name", "/scopes"]),
            (NEW | {"scopes": []}, ["/scopes"]),
            (NEW | {"scopes": ["content:write", "root"]}, ["/scopes/1"]),
            (NEW | {"expires_in_days": 0}, ["/expires_in_days"]),
            (NEW | {"id": "0123456789"}, ["/id"]),
            (NEW | {"digest": "x"}, ["/digest"]),
        ],
    )
    def test_what_is_wrong_is_422_with_its_pointer(self, desk: Desk, body: Any, pointers: list[str]) -> None:
        before = desk.contents()
        assert sorted(faults(desk.post("/keys", body, status=422))) == pointers
        assert desk.contents() == before

    def test_a_repeated_request_makes_one_key_and_shows_its_secret_once(self, desk: Desk) -> None:
        headers = {"Idempotency-Key": "make-one"}
        first = desk.post("/keys", NEW, headers=headers)
        again = desk.post("/keys", NEW, headers=headers)
        assert again == first | {"key": None}
        assert desk.get("/keys")["page"]["total"] == 2


class TestEnd:
    def test_a_key_expires(self, desk: Desk) -> None:
        made = desk.post("/keys", NEW | {"expires_in_days": 1})
        assert with_key(desk, made["key"], "GET", "/exercises") == 200
        moved_back(desk, made["id"], "expires_at", timedelta(seconds=1))
        assert with_key(desk, made["key"], "GET", "/exercises") == 401

    def test_a_revoked_key_ends_at_once_and_stays_listed(self, desk: Desk) -> None:
        made = desk.post("/keys", NEW)
        assert desk.send("DELETE", f"/keys/{made['id']}").status_code == 204
        assert with_key(desk, made["key"], "GET", "/exercises") == 401
        assert desk.get(f"/keys/{made['id']}")["revoked_at"] is not None
        assert desk.send("DELETE", f"/keys/{made['id']}").status_code == 204

    @pytest.mark.parametrize("identifier", ["0123456789", "%00", "x", "lim_0123456789_secret"])
    def test_an_unknown_id_is_404_and_is_not_repeated(self, desk: Desk, identifier: str) -> None:
        for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/rotations")):
            response = desk.send(method, f"/keys/{identifier}{path}", **({"json": {}} if path else {}))
            assert response.status_code == 404
            assert "secret" not in response.text


class TestRotation:
    def test_both_keys_live_until_the_former_one_ends(self, desk: Desk) -> None:
        old = desk.post("/keys", NEW)
        new = desk.post(f"/keys/{old['id']}/rotations", {"grace_hours": 2})
        assert [with_key(desk, each["key"], "GET", "/exercises") for each in (old, new)] == [200, 200]
        former = desk.get(f"/keys/{old['id']}")
        ends = datetime.fromisoformat(former["expires_at"])
        assert timedelta(minutes=115) < ends - datetime.now(UTC) <= timedelta(hours=2)
        assert former["replaced_by"] == new["id"]
        assert (new["name"], new["scopes"], new["expires_at"]) == (old["name"], old["scopes"], None)
        moved_back(desk, old["id"], "expires_at", timedelta(seconds=1))
        assert [with_key(desk, each["key"], "GET", "/exercises") for each in (old, new)] == [401, 200]

    def test_it_gives_no_longer_life_than_the_former_key_had(self, desk: Desk) -> None:
        old = desk.post("/keys", NEW | {"expires_in_days": 1})
        new = desk.post(f"/keys/{old['id']}/rotations", {"grace_hours": 720})
        assert new["expires_at"] == old["expires_at"] == desk.get(f"/keys/{old['id']}")["expires_at"]

    def test_a_key_has_one_successor(self, desk: Desk) -> None:
        old = desk.post("/keys", NEW)
        desk.post(f"/keys/{old['id']}/rotations", {})
        desk.post(f"/keys/{old['id']}/rotations", {}, status=409)

    def test_a_revoked_key_does_not_come_back_by_rotation(self, desk: Desk) -> None:
        old = desk.post("/keys", NEW)
        desk.send("DELETE", f"/keys/{old['id']}")
        desk.post(f"/keys/{old['id']}/rotations", {}, status=409)

    def test_rotating_a_mightier_key_is_403(self, app: Flask, desk: Desk) -> None:
        mighty = desk.post("/keys", {"name": "All", "scopes": list(SCOPES)})
        Desk(app, "keys").post(f"/keys/{mighty['id']}/rotations", {}, status=403)


class TestLastUse:
    def test_reading_and_writing_note_it_at_most_once_an_hour(self, desk: Desk) -> None:
        made = desk.post("/keys", NEW)
        assert made["last_used_at"] is None
        with_key(desk, made["key"], "GET", "/exercises")
        noted = desk.get(f"/keys/{made['id']}")["last_used_at"]
        assert noted is not None
        moved_back(desk, made["id"], "last_used_at", timedelta(minutes=30))
        half_an_hour_ago = desk.get(f"/keys/{made['id']}")["last_used_at"]
        with_key(desk, made["key"], "GET", "/exercises")
        assert desk.get(f"/keys/{made['id']}")["last_used_at"] == half_an_hour_ago


class TestList:
    def test_pages_hold_every_key_once_the_newest_first(self, desk: Desk) -> None:
        for number in range(5):
            desk.post("/keys", NEW | {"name": f"Key {number}"})
        seen: list[str] = []
        path: str | None = "/keys?limit=2"
        while path:
            page = desk.get(path)
            seen += [each["id"] for each in page["items"]]
            following = page["page"]["next"]
            path = f"/keys?limit=2&cursor={following}" if following else None
        assert len(set(seen)) == len(seen) == page["page"]["total"] == 6
        assert seen == [each["id"] for each in desk.get("/keys?limit=100")["items"]]
        desk.get("/keys?cursor=nonsense", status=400)


class TestSecrecy:
    def test_the_secret_stands_nowhere_in_database_log_or_answers(
        self, desk: Desk, store_url: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        made = desk.post("/keys", NEW, headers={"Idempotency-Key": "once"})
        key = made["key"]
        secret = key.split("_")[2]
        rotated = desk.post(f"/keys/{made['id']}/rotations", {}, headers={"Idempotency-Key": "twice"})["key"]
        answers = [desk.send("POST", "/keys", json=NEW, headers={"Idempotency-Key": "once"}).text]
        answers += [
            desk.send("GET", path, headers={"Authorization": f"Bearer {text}"}).text
            for text in (key, key[:-1] + "!", f"{key} {key}")
            for path in ("/exercises", "/keys", f"/keys/{key}", f"/exercises?key={key}")
        ]
        answers += [desk.send("GET", path).text for path in ("/keys", "/audit", f"/keys/{made['id']}")]
        stored = repr(desk.contents())
        for text in (secret, rotated.split("_")[2]):
            assert text not in stored
            assert text not in caplog.text
            assert not any(text in each for each in answers)
        url = make_url(store_url)
        if url.get_backend_name() == "sqlite":
            for file in Path(str(url.database)).parent.glob(f"{Path(str(url.database)).name}*"):
                assert secret.encode() not in file.read_bytes()

    def test_the_store_holds_the_digest_alone(self, desk: Desk) -> None:
        with database_of(desk.app).reading() as connection:
            row = connection.execute(select(api_key)).one()
        assert len(row.digest) == 64
        assert set(row._asdict()) == {
            "id", "name", "scopes", "digest", "created_at", "expires_at", "revoked_at", "last_used_at", "replaced_by",
        }  # fmt: skip
