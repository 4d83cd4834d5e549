from typing import Any, NoReturn

import pytest
from flask import Flask
from sqlalchemy import select

from app.access import refusals
from app.access.key_store import Holder
from app.access.keys import make_key
from app.access.refusals import Refusal, Refusals
from app.errors import StoreUnavailable
from app.models.tables import audit_entry
from tests.admin.desk import Desk, database_of
from tests.admin.samples import minimal


def refused(app: Flask) -> list[Any]:
    """The audit's entries of what was refused, the oldest first."""
    with database_of(app).reading() as connection:
        statement = select(*audit_entry.c).where(audit_entry.c.action == "refused").order_by(audit_entry.c.id)
        return list(connection.execute(statement))


class TestWhatIsRefused:
    def test_without_a_live_key_it_stands_with_the_address(self, app: Flask) -> None:
        Desk(app).send("DELETE", "/keys/0123456789", headers={"Authorization": f"Bearer {make_key().text}"})
        entry = refused(app)[0]
        assert (entry.key_id, entry.target, entry.detail) == (
            None,
            "revokeKey",
            {"status": 401, "method": "DELETE", "of": "0123456789", "address": "127.0.0.1", "times": 1},
        )
        assert entry.request_id is not None

    def test_what_a_key_may_not_do_stands_with_the_key(self, app: Flask) -> None:
        reader = Desk(app, "content:read")
        reader.post("/releases", {}, status=403)
        entry = refused(app)[0]
        assert (entry.key_id, entry.target) == (reader.key.split("_")[1], "createRelease")
        assert entry.detail == {"status": 403, "method": "POST", "times": 1}

    def test_what_the_present_state_does_not_admit_stands_too(self, desk: Desk) -> None:
        desk.post("/places", minimal("places"))
        desk.post("/places", minimal("places"), status=409)
        assert [(each.target, each.detail["status"]) for each in refused(desk.app)] == [("createDraftPlace", 409)]

    def test_one_write_too_many_stands_too(self, narrow_app: Flask) -> None:
        desk = Desk(narrow_app)
        for number in range(7):
            desk.send("POST", "/places", json=minimal("places", slug=f"place-{number}"))
        assert [each.detail["status"] for each in refused(narrow_app)] == [429]

    def test_other_faults_and_the_public_face_leave_no_entry(self, desk: Desk) -> None:
        desk.get("/keys/0123456789", status=404)
        desk.post("/places", {}, status=422)
        desk.public("/exercises/nothing")
        assert refused(desk.app) == []

    def test_a_secret_in_the_path_is_not_repeated(self, app: Flask) -> None:
        key = make_key().text
        app.test_client().get(f"/v1/admin/keys/{key}")
        app.test_client().get(f"/v1/admin/keys/{key.split('_')[2]}")
        assert key.split("_")[2] not in repr(refused(app))

    def test_who_released_is_not_mistaken_for_who_was_refused(self, app: Flask) -> None:
        Desk(app, "audit").get("/releases/1", status=403)
        desk = Desk(app)
        desk.post("/places", minimal("places"))
        desk.release("Out")
        assert desk.get("/releases/1")["action"] == "release"


class TestFloods:
    def test_a_flood_from_one_address_leaves_an_entry_for_each_power_of_ten(self, app: Flask) -> None:
        client = app.test_client()
        for _ in range(101):
            client.get("/v1/admin/keys")
        assert [each.detail["times"] for each in refused(app)] == [1, 10, 100]

    def test_the_next_hour_counts_anew(self, app: Flask) -> None:
        now = [0.0]
        counted = Refusals(lambda: now[0])
        with app.app_context():
            for at in (0, 3599, 3600, 3601):
                now[0] = at
                counted.count(nobody("192.0.2.1"))
                counted.write()
        assert [each.detail["times"] for each in refused(app)] == [1, 1]

    def test_a_flood_from_many_addresses_is_bounded_and_hides_no_key(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(refusals, "MOST_COUNTED", 5)
        counted = Refusals()
        with app.app_context():
            for number in range(1000):
                counted.count(nobody(f"192.0.2.{number}"))
            counted.count(Refusal(Holder("4fT0aPq2Xz", "Editor", ()), "createRelease", None, {"status": 403}))
            counted.write()
        entries = refused(app)
        assert [each.detail.get("address") for each in entries] == [*(f"192.0.2.{n}" for n in range(5)), "others", None]
        assert entries[-2].detail["times"] == 100
        assert entries[-1].key_name == "Editor"

    def test_what_a_busy_store_does_not_take_is_written_with_the_next_one(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store, counted = database_of(app), Refusals()
        monkeypatch.setattr(store, "transaction", unavailable)
        with app.app_context():
            counted.count(nobody("192.0.2.1"))
            counted.write()
            monkeypatch.undo()
            counted.count(nobody("192.0.2.2"))
            counted.write()
        assert [each.detail["address"] for each in refused(app)] == ["192.0.2.1", "192.0.2.2"]


def nobody(address: str) -> Refusal:
    return Refusal(None, "listKeys", None, {"status": 401, "address": address})


def unavailable() -> NoReturn:
    raise StoreUnavailable("The database does not answer.")
