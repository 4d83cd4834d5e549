"""Writers at the same moment. `LIMBER_RACES` is how many races are run; 200 is the full size."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

from flask import Flask

from tests.admin.desk import Desk, database_of
from tests.admin.samples import minimal
from tests.applications import application
from tests.settings import settings_for

RACES = int(os.environ.get("LIMBER_RACES", "20"))
MANY = 1_000_000


class TestTwoWritersWithOneETag:
    def test_one_succeeds_and_one_gets_412_every_time(self, store_url: str) -> None:
        app = application(settings_for(store_url, writes_per_minute=MANY))
        desk = Desk(app)
        desk.post("/places", minimal("places"))
        start = threading.Barrier(2)

        def put(name: str, tag: str) -> int:
            start.wait()
            body = minimal("places", name=name)
            return desk.send("PUT", "/places/new-one", json=body, headers={"If-Match": tag}).status_code

        with ThreadPoolExecutor(2) as threads:
            for race in range(RACES):
                tag = desk.etag("/places/new-one")
                writers = {name: threads.submit(put, name, tag) for name in (f"A{race}", f"B{race}")}
                statuses = {name: each.result() for name, each in writers.items()}
                assert sorted(statuses.values()) == [200, 412], race
                winner = next(name for name, status in statuses.items() if status == 200)
                assert desk.get("/places/new-one")["draft"]["name"] == winner
        assert desk.get("/audit?limit=1")["page"]["total"] == 1 + RACES
        database_of(app).dispose()


class TestManyWriters:
    def test_parallel_releases_take_numbers_without_gaps(self, app: Flask) -> None:
        desk = Desk(app)

        def publish(number: int) -> int:
            desk.post("/places", minimal("places", slug=f"p{number}"))
            response = desk.send("POST", "/releases", json={})
            return response.json["revision"] if response.status_code == 201 and response.json else 0

        with ThreadPoolExecutor(6) as threads:
            revisions = [revision for revision in threads.map(publish, range(12)) if revision]
        assert sorted(revisions) == list(range(1, len(revisions) + 1))
        assert desk.pending() == {}
        assert desk.public("/places?limit=100")["page"]["total"] == 12

    def test_parallel_creations_of_one_slug_make_one_entity(self, app: Flask) -> None:
        desk = Desk(app)
        with ThreadPoolExecutor(6) as threads:
            statuses = list(
                threads.map(lambda _: desk.send("POST", "/places", json=minimal("places")).status_code, range(12))
            )
        assert sorted(statuses) == [201] + [409] * 11
