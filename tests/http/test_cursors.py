import base64
import json

import pytest
from flask.testing import FlaskClient

from tests.http.reading import get, problem

pytestmark = pytest.mark.one_store

LIST = "/v1/exercises?type=yoga&sort=-name&limit=2"


def next_cursor(client: FlaskClient, path: str = LIST) -> str:
    cursor: str = get(client, path)["page"]["next"]
    return cursor


def packed(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def unpacked(cursor: str) -> list[str]:
    values: list[str] = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    return values


class TestForeignCursors:
    @pytest.mark.parametrize(
        "other",
        [
            "/v1/exercises?type=stretch&sort=-name",
            "/v1/exercises?type=yoga,stretch&sort=-name",
            "/v1/exercises?sort=-name",
            "/v1/exercises?type=yoga&sort=-name&position=lying",
            "/v1/exercises?type=yoga&sort=name",
            "/v1/exercises?type=yoga&sort=-slug",
            "/v1/exercises?type=yoga&sort=-name,published_at",
            "/v1/exercises?type=yoga",
            "/v1/routines?sort=-name",
            "/v1/vocabularies/regions?sort=-name",
            "/v1/sources/light-on-yoga/exercises?type=yoga&sort=-name",
        ],
    )
    def test_a_cursor_of_another_list_is_400(self, client: FlaskClient, other: str) -> None:
        body = problem(client.get(f"{other}&cursor={next_cursor(client)}"), 400, "malformed-cursor")
        assert "other filters or another order" in body["detail"]

    def test_a_cursor_of_another_vocabulary_is_400(self, client: FlaskClient) -> None:
        cursor = next_cursor(client, "/v1/vocabularies/muscles?limit=1")
        problem(client.get(f"/v1/vocabularies/regions?limit=1&cursor={cursor}"), 400, "malformed-cursor")

    def test_a_cursor_of_a_list_is_400_for_the_vocabularies_and_the_other_way_round(self, client: FlaskClient) -> None:
        problem(client.get(f"/v1/vocabularies?cursor={next_cursor(client)}"), 400, "malformed-cursor")
        cursor = next_cursor(client, "/v1/vocabularies?limit=1")
        problem(client.get(f"/v1/exercises?cursor={cursor}"), 400, "malformed-cursor")

    @pytest.mark.parametrize(
        "same", ["/v1/exercises?sort=-name&type=yoga,yoga", "/v1/exercises?sort=-name,name&type=yoga"]
    )
    def test_the_same_list_said_otherwise_takes_the_cursor(self, client: FlaskClient, same: str) -> None:
        cursor = next_cursor(client)
        assert get(client, f"{same}&limit=2&cursor={cursor}") == get(client, f"{LIST}&cursor={cursor}")

    def test_limit_and_fields_may_change_between_pages(self, client: FlaskClient) -> None:
        cursor = next_cursor(client)
        wide = get(client, f"/v1/exercises?type=yoga&sort=-name&limit=5&fields=name&cursor={cursor}")
        narrow = get(client, f"{LIST}&cursor={cursor}")
        assert [each["slug"] for each in wide["items"]][:2] == [each["slug"] for each in narrow["items"]]


class TestTamperedCursors:
    def test_a_change_of_any_one_character_is_400(self, client: FlaskClient) -> None:
        cursor = next_cursor(client)
        for place, character in enumerate(cursor):
            other = "A" if character != "A" else "B"
            tampered = cursor[:place] + other + cursor[place + 1 :]
            problem(client.get(f"{LIST}&cursor={tampered}"), 400, "malformed-cursor")

    def test_the_last_character_has_one_form_only(self, client: FlaskClient) -> None:
        # The last character of base64 has bits that decode to nothing.
        cursor = next_cursor(client)
        for other in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".replace(cursor[-1], ""):
            problem(client.get(f"{LIST}&cursor={cursor[:-1]}{other}"), 400, "malformed-cursor")

    @pytest.mark.parametrize("cut", [1, 2, 5, 40])
    def test_a_part_of_a_cursor_is_400(self, client: FlaskClient, cut: int) -> None:
        cursor = next_cursor(client)
        for part in (cursor[cut:], cursor[:-cut]):
            problem(client.get(f"{LIST}&cursor={part}"), 400, "malformed-cursor")

    def test_another_position_under_the_same_digests_is_400(self, client: FlaskClient) -> None:
        values = unpacked(next_cursor(client))
        for position in ([*values[:-1], "bridge-pose"], values[:-1], [*values, "more"], values[:1], []):
            problem(client.get(f"{LIST}&cursor={packed(position)}"), 400, "malformed-cursor")

    @pytest.mark.parametrize(
        "cursor",
        [
            "",
            "x",
            "%20",
            "garbage",
            "null",
            "%2e%2e%2fetc",
            "'%20OR%201=1--",
            "=",
            "====",
            "%C3%A9",
            "%F0%9F%A7%98",
            "%01",
            "%FF%FE",
            "%ED%A0%80",
            "a" * 1999,
            "a" * 6000,
            packed(None),
            packed({}),
            packed([1, 2, 3]),
            packed(["", "", ""]),
            packed([["a"], "b", "c"]),
            packed(["a", "b\x00", "c"]),
            packed(["a", "\ud800", "c"]),
            base64.urlsafe_b64encode(b"[" * 1400).decode(),
            base64.urlsafe_b64encode(b"\xff\xfe\xfd").decode(),
        ],
    )
    def test_what_is_no_cursor_is_400(self, client: FlaskClient, cursor: str) -> None:
        for path in ("/v1/exercises", "/v1/vocabularies", "/v1/vocabularies/regions"):
            problem(client.get(f"{path}?cursor={cursor}"), 400, "malformed-cursor")

    def test_two_cursors_are_422(self, client: FlaskClient) -> None:
        cursor = next_cursor(client)
        problem(client.get(f"{LIST}&cursor={cursor}&cursor={cursor}"), 422, "invalid-parameters")
