import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from app.access import idempotency
from app.admin import writing
from app.models.tables import idempotency_record
from app.store.database import Database
from tests.admin.desk import Desk, database_of
from tests.admin.samples import minimal
from tests.applications import application
from tests.settings import settings_for

ONCE = {"Idempotency-Key": "one-of-mine"}
PLACE = minimal("places")


class TestReplay:
    def test_the_same_request_is_done_once_and_answered_the_same(self, desk: Desk) -> None:
        first, again = (desk.send("POST", "/places", json=PLACE, headers=ONCE) for _ in range(2))
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.data == again.data
        assert [first.headers[name] for name in ("ETag", "Location")] == [
            again.headers[name] for name in ("ETag", "Location")
        ]
        assert len(desk.get("/audit")["items"]) == 1

    def test_it_answers_as_then_after_the_entity_was_changed_and_deleted(self, desk: Desk) -> None:
        first = desk.send("POST", "/places", json=PLACE, headers=ONCE)
        desk.patch("/places/new-one", {"name": "Changed"})
        assert desk.send("POST", "/places", json=PLACE, headers=ONCE).data == first.data
        desk.delete("/places/new-one")
        assert desk.send("POST", "/places", json=PLACE, headers=ONCE).data == first.data
        desk.get("/places/new-one", status=404)

    def test_releases_rollbacks_and_imports_are_done_once_too(self, desk: Desk) -> None:
        for number, (path, body) in enumerate(
            [("/imports?release=true", {"places": [PLACE]}), ("/imports", {"sources": [minimal("sources")]})]
        ):
            headers = {"Idempotency-Key": f"import-{number}"}
            assert desk.post(path, body, status=200, headers=headers) == desk.post(
                path, body, status=200, headers=headers
            )
        headers = {"Idempotency-Key": "release"}
        assert desk.post("/releases", {}, headers=headers) == desk.post("/releases", {}, headers=headers)
        headers = {"Idempotency-Key": "back"}
        back = desk.post("/rollbacks", {"revision": 1}, headers=headers)
        assert desk.post("/rollbacks", {"revision": 1}, headers=headers) == back
        assert desk.get("/releases")["page"]["total"] == 3

    @pytest.mark.parametrize(
        ("path", "body"), [("/places", PLACE | {"name": "Other"}), ("/sources", minimal("sources")), ("/releases", {})]
    )
    def test_another_request_with_the_key_is_422_and_does_nothing(self, desk: Desk, path: str, body: Any) -> None:
        desk.post("/places", PLACE, headers=ONCE)
        before = desk.contents()
        refused = desk.post(path, body, status=422, headers=ONCE)
        assert refused["type"].endswith("/problems/idempotency-mismatch")
        assert desk.contents() == before

    def test_a_refused_request_is_not_kept(self, desk: Desk) -> None:
        desk.post("/places", {"slug": "new-one"}, status=422, headers=ONCE)
        desk.post("/places", PLACE, headers=ONCE)

    def test_each_api_key_has_keys_of_its_own(self, desk: Desk) -> None:
        desk.post("/places", PLACE, headers=ONCE)
        Desk(desk.app).post("/places", PLACE, status=409, headers=ONCE)

    def test_after_a_day_the_answer_is_forgotten(self, desk: Desk) -> None:
        desk.post("/places", PLACE, headers=ONCE)
        with database_of(desk.app).transaction() as connection:
            connection.execute(update(idempotency_record).values(created_at=datetime.now(UTC) - timedelta(hours=25)))
        desk.post("/places", PLACE, status=409, headers=ONCE)

    @pytest.mark.parametrize("key", ["", "a b", "ü", "x" * 201])
    def test_what_is_no_key_is_400(self, desk: Desk, key: str) -> None:
        desk.post("/places", PLACE, status=400, headers={"Idempotency-Key": key})


class TestInParallel:
    def test_50_requests_with_one_key_make_one_entity_and_50_equal_answers(self, store_url: str) -> None:
        # Two applications, as two workers would have them, that share nothing but the store and the key.
        apps = [application(settings_for(store_url, writes_per_minute=1_000)) for _ in range(2)]
        desks = [Desk(app) for app in apps]
        desks[1].key = desks[0].key
        start = threading.Barrier(50)

        def ask(number: int) -> tuple[int, bytes, str]:
            start.wait()
            response = desks[number % 2].send("POST", "/places", json=PLACE, headers=ONCE)
            return response.status_code, response.data, response.headers.get("ETag", "")

        with ThreadPoolExecutor(50) as threads:
            answers = list(threads.map(ask, range(50)))
        assert {status for status, _, _ in answers} == {201}
        assert len(set(answers)) == 1
        assert desks[0].get("/places")["page"]["total"] == 1
        assert len(desks[0].get("/audit")["items"]) == 1
        for app in apps:
            database_of(app).dispose()


class TestInFlight:
    """Another worker holds the store; what it does is not seen before it ends."""

    @pytest.fixture(autouse=True)
    def _brief(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(writing, "IN_FLIGHT_SECONDS", 1)

    @pytest.fixture
    def desk(self, store_url: str) -> Iterator[Desk]:
        app = application(settings_for(store_url, database_timeout_seconds=1))
        yield Desk(app)
        database_of(app).dispose()

    def reserve(self, database: Database, desk: Desk, at: datetime) -> None:
        with database.transaction() as connection:
            assert idempotency.reserve(connection, desk.key.split("_")[1], ONCE["Idempotency-Key"], "its", at)

    def test_who_waits_in_vain_behind_the_same_request_gets_409(self, desk: Desk, database: Database) -> None:
        self.reserve(database, desk, datetime.now(UTC))
        with database.transaction(exclusive=True):
            refused = desk.post("/places", PLACE, status=409, headers=ONCE)
        assert "still being answered" in refused["detail"]

    def test_who_waits_in_vain_behind_another_gets_503(self, desk: Desk, database: Database) -> None:
        with database.transaction(exclusive=True):
            desk.post("/places", PLACE, status=503, headers=ONCE)
        self.reserve(database, desk, datetime.now(UTC) - timedelta(hours=1))
        with database.transaction(exclusive=True):
            desk.post("/places", PLACE, status=503, headers=ONCE)

    def test_what_a_dead_process_left_in_flight_is_done_at_once(self, desk: Desk, database: Database) -> None:
        self.reserve(database, desk, datetime.now(UTC))
        made = desk.post("/places", PLACE, headers=ONCE)
        assert desk.post("/places", PLACE, headers=ONCE) == made

    def test_a_refused_request_leaves_nothing_in_flight(self, desk: Desk) -> None:
        before = desk.contents()
        desk.post("/places", {"slug": "new-one"}, status=422, headers=ONCE)
        desk.post("/releases", {}, status=409, headers=ONCE)
        assert desk.contents() == before
