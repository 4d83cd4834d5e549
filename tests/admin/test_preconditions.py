import pytest
from flask import Flask

from tests.admin.desk import MERGE_PATCH, Desk
from tests.admin.samples import minimal

PATH = "/places/new-one"
WRITES = (("PUT", minimal("places")), ("PATCH", {"name": "Other"}), ("DELETE", None))


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    desk.post("/places", minimal("places"))
    return desk


def write(desk: Desk, method: str, body: object, path: str = PATH, **headers: str) -> int:
    kind = MERGE_PATCH if method == "PATCH" else "application/json"
    options = {} if body is None else {"json": body, "content_type": kind}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return desk.send(method, path, headers=named, **options).status_code


class TestIfMatch:
    def test_without_it_a_write_is_428_and_with_a_stale_one_412_and_nothing_changes(self, stocked: Desk) -> None:
        current = stocked.etag(PATH)
        before = stocked.contents()
        for method, body in WRITES:
            assert write(stocked, method, body) == 428
            for stale in ('"stale"', f"W/{current}", f'"a", W/{current}', current.strip('"')[:-1], "garbage"):
                assert write(stocked, method, body, If_Match=stale) == 412, stale
            assert write(stocked, method, body, If_None_Match="*", If_Match=current) == 412
        assert stocked.contents() == before

    @pytest.mark.parametrize(("method", "body"), WRITES)
    def test_one_of_several_tags_or_a_star_is_enough(self, stocked: Desk, method: str, body: object) -> None:
        assert write(stocked, method, body, If_Match=f'"other", {stocked.etag(PATH)}') in (200, 204)

    def test_a_star_matches_what_is_there_and_nothing_that_is_not(self, stocked: Desk) -> None:
        assert write(stocked, "PUT", minimal("places", slug="nothing"), "/places/nothing", If_Match="*") == 404
        assert write(stocked, "DELETE", None, If_Match="*") == 204

    def test_the_tag_of_before_a_write_is_stale_after_it(self, stocked: Desk) -> None:
        first = stocked.etag(PATH)
        assert write(stocked, "PATCH", {"name": "Other"}, If_Match=first) == 200
        assert write(stocked, "PATCH", {"name": "Third"}, If_Match=first) == 412


class TestOrder:
    def test_401_403_and_404_come_before_428_and_412(self, stocked: Desk, app: Flask) -> None:
        reader = Desk(app, "content:read")
        for method, body in WRITES:
            for headers in ({}, {"If_Match": '"stale"'}):
                assert write(reader, method, body, **headers) == 403
                assert write(stocked, method, body, Authorization="Bearer wrong", **headers) == 401
            assert write(stocked, method, body, "/places/nothing", If_Match='"stale"') == 404

    def test_412_comes_before_422(self, stocked: Desk) -> None:
        assert write(stocked, "PUT", {"name": 1}, If_Match='"stale"') == 412
        assert write(stocked, "PATCH", {"name": 1}, If_Match='"stale"') == 412
