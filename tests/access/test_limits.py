import re

from flask import Flask

from app.access.keys import make_key
from tests.admin.desk import Desk
from tests.admin.samples import minimal


class TestWrites:
    def test_each_write_tells_what_is_left(self, narrow_app: Flask) -> None:
        desk = Desk(narrow_app)
        for left in (4, 3):
            response = desk.send("POST", "/places", json=minimal("places", slug=f"place-{left}"))
            assert response.headers["RateLimit-Policy"] == '"writes";q=5;w=60'
            assert re.fullmatch(rf'"writes";r={left};t=\d+', response.headers["RateLimit"])
        assert "RateLimit" not in desk.send("GET", "/places").headers

    def test_one_too_many_is_429_with_retry_after_and_does_nothing(self, narrow_app: Flask) -> None:
        desk = Desk(narrow_app)
        for number in range(5):
            desk.post("/places", minimal("places", slug=f"place-{number}"))
        before = desk.contents()
        refused = desk.send("POST", "/places", json=minimal("places"))
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["Retry-After"]) <= 60
        assert "r=0" in refused.headers["RateLimit"]
        assert desk.contents() == before
        assert desk.send("GET", "/places").status_code == 200

    def test_refused_writes_count_too_and_other_keys_have_limits_of_their_own(self, narrow_app: Flask) -> None:
        desk, other = Desk(narrow_app), Desk(narrow_app)
        statuses = [
            desk.send("POST", "/places", data=b"{", content_type="application/json").status_code for _ in range(6)
        ]
        assert statuses == [400] * 5 + [429]
        other.post("/places", minimal("places"))


class TestFailedAuthentications:
    def test_wrong_keys_are_429_after_the_limit_but_a_live_one_still_passes(self, narrow_app: Flask) -> None:
        desk = Desk(narrow_app)
        wrong = {"Authorization": f"Bearer {make_key().text}"}
        responses = [desk.send("GET", "/places", headers=wrong) for _ in range(5)]
        assert [each.status_code for each in responses] == [401, 401, 401, 429, 429]
        assert responses[0].headers["RateLimit-Policy"] == '"failed-authentications";q=3;w=60'
        assert int(responses[-1].headers["Retry-After"]) >= 1
        assert desk.send("GET", "/places").status_code == 200

    def test_requests_without_a_key_do_not_count(self, narrow_app: Flask) -> None:
        client = narrow_app.test_client()
        assert {client.get("/v1/admin/places").status_code for _ in range(6)} == {401}
