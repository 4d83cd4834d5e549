import base64
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from app.content import canonical_json
from app.content.identity import made_id
from app.kinds import CATALOGUE
from app.releasing.release import rerender
from app.shapes.languages import LANGUAGES
from app.sync import changes, feed, tokens
from app.sync.feed import Feed
from tests.sync.world import ORIGIN, World, exercise, held, place, routine, term, texts


def small(world: World) -> None:
    """Two regions, three exercises, a routine and a place, released."""
    for slug in ("neck", "back"):
        world.put("term", term(slug))
    for slug in ("a", "b", "c"):
        world.put("exercise", exercise(slug, "back"))
    world.put("routine", routine("r", "a", "b"))
    world.put("place", place("p", latitude=51.0, longitude=-0.000012))
    world.release()


@pytest.fixture
def filled(world: World, tmp_path: Path) -> World:
    world.begin(tmp_path, small)
    return world


def token_of(world: World, query: str = "") -> str:
    return world.enumerate(query)[1]


def changed(world: World, token: str, more: str = "") -> list[Any]:
    return [item for page in world.pages(f"/v1/sync?token={token}{more}") for item in page["items"]]


class TestEnumeration:
    def test_holds_everything_once_as_its_documents_are(self, filled: World) -> None:
        items, _ = filled.enumerate("?limit=2")
        assert len(items) == len(texts(items)) == 7
        assert texts(items) == filled.published()
        for item in items:
            assert filled.get(item["links"]["self"]) == item

    def test_a_page_has_next_or_token_and_never_both(self, filled: World) -> None:
        pages = list(filled.pages("/v1/sync?limit=2"))
        assert [set(page) for page in pages[:-1]] == [{"revision", "items", "next", "digest", "signature"}] * 3
        assert set(pages[-1]) == {"revision", "items", "token", "digest", "signature"}
        assert [len(page["items"]) for page in pages] == [2, 2, 2, 1]

    def test_of_an_empty_catalogue_gives_a_token_that_later_gives_everything(self, world: World) -> None:
        items, token = world.enumerate()
        assert items == []
        small(world)
        assert texts(changed(world, token)) == world.published()

    def test_has_no_tombstones(self, filled: World) -> None:
        filled.drop("exercise", "c")
        filled.release()
        items, _ = filled.enumerate()
        assert len(items) == 6
        assert not any("deleted" in item for item in items)

    def test_comes_in_an_order_in_which_nothing_is_named_before_it_came(self, filled: World) -> None:
        order = [item["kind"] for item in filled.enumerate("?limit=1")[0]]
        assert order == ["term", "term", "place", "exercise", "exercise", "exercise", "routine"]

    def test_of_some_kinds_is_of_these_alone_and_so_is_its_token(self, filled: World) -> None:
        items, token = filled.enumerate("?kinds=routine,term&limit=2")
        assert [item["kind"] for item in items] == ["term", "term", "routine"]
        filled.put("exercise", exercise("a", "neck", note="new"))
        filled.put("term", term("neck", "new"))
        filled.release()
        assert [(item["kind"], item["slug"]) for item in changed(filled, token)] == [("term", "neck"), ("routine", "r")]

    def test_shows_one_revision_whatever_is_released_between_its_pages(self, filled: World) -> None:
        before = filled.published()
        first = filled.get("/v1/sync?limit=3")
        filled.put("exercise", exercise("a", note="changed"))
        filled.drop("exercise", "c")
        filled.put("exercise", exercise("d"))
        filled.release()
        pages = [first, *filled.pages(first["next"])]
        assert {page["revision"] for page in pages} == {1}
        assert texts([item for page in pages for item in page["items"]]) == before
        assert {(item["slug"], item.get("deleted", False)) for item in changed(filled, pages[-1]["token"])} == {
            ("a", False),
            ("c", True),
            ("d", False),
            ("r", False),
        }

    def test_its_pages_stay_the_same_bytes_and_may_be_kept(self, filled: World) -> None:
        following = filled.get("/v1/sync?limit=2")["next"]
        before = filled.http.get(following.removeprefix(ORIGIN))
        filled.put("exercise", exercise("b", note="changed"))
        filled.release()
        after = filled.http.get(following.removeprefix(ORIGIN))
        assert before.data == after.data
        assert before.headers["ETag"] == after.headers["ETag"]
        assert "immutable" in before.headers["Cache-Control"]
        assert "immutable" not in filled.http.get("/v1/sync").headers["Cache-Control"]


class TestChanges:
    def test_nothing_where_nothing_changed(self, filled: World) -> None:
        token = token_of(filled)
        page = filled.get(f"/v1/sync?token={token}")
        assert page["items"] == []
        assert page["token"] == token

    def test_are_what_was_edited_and_whatever_shows_it(self, filled: World) -> None:
        token = token_of(filled)
        filled.put("exercise", exercise("b", "back", note="renamed"))
        filled.release()
        assert [(item["kind"], item["slug"]) for item in changed(filled, token)] == [
            ("exercise", "b"),
            ("routine", "r"),
        ]

    def test_the_newest_version_alone_comes(self, filled: World) -> None:
        token = token_of(filled)
        for note in ("first", "second", "third"):
            filled.put("exercise", exercise("c", note=note))
            filled.release()
        assert [item["name"] for item in changed(filled, token)] == ["Exercise c third"]

    def test_what_was_retired_leaves_a_tombstone_after_what_named_it(self, filled: World) -> None:
        token = token_of(filled)
        filled.drop("term", "back")
        filled.drop("exercise", "a")
        filled.drop("routine", "r")
        filled.release()
        found = [
            (item["kind"], item["slug"], item.get("deleted", False)) for item in changed(filled, token, "&limit=1")
        ]
        assert found == [
            ("exercise", "b", False),
            ("exercise", "c", False),
            ("routine", "r", True),
            ("exercise", "a", True),
            ("term", "back", True),
        ]
        assert changed(filled, token)[-1] == {
            "kind": "term",
            "id": made_id("term", "back"),
            "slug": "back",
            "deleted": True,
            "revision": 2,
        }

    def test_what_is_created_anew_clears_its_tombstone(self, filled: World) -> None:
        token = token_of(filled)
        filled.drop("exercise", "c")
        filled.release()
        gone = token_of(filled)
        filled.put("exercise", exercise("c"))
        filled.release()
        for since in (token, gone):
            found = changed(filled, since)
            assert [(item["slug"], "deleted" in item) for item in found] == [("c", False)]

    @pytest.mark.parametrize("few", [0, 10_000])
    def test_many_and_few_are_read_in_different_ways_and_are_the_same(
        self, filled: World, monkeypatch: pytest.MonkeyPatch, few: int
    ) -> None:
        tokens_before = [token_of(filled), token_of(filled, "?kinds=exercise,term")]
        for number in range(12):
            filled.put("exercise", exercise(f"n-{number}", "neck"))
            if number % 3 == 0:
                filled.drop("exercise", f"n-{number - 2}")
            filled.release()
        expected = [changed(filled, token, "&limit=1000") for token in tokens_before]
        monkeypatch.setattr(changes, "FEW", few)
        assert [changed(filled, token, "&limit=4") for token in tokens_before] == expected
        assert sum("deleted" in item for item in expected[0]) == 3 + 0 * few
        assert len(expected[0]) == 12

    def test_the_same_token_twice_gives_the_same_or_more(self, filled: World) -> None:
        token = token_of(filled)
        filled.put("exercise", exercise("a", note="one"))
        filled.release()
        first = {item["slug"] for item in changed(filled, token)}
        filled.put("exercise", exercise("c", note="two"))
        filled.release()
        assert first < {item["slug"] for item in changed(filled, token)}


class TestTokens:
    def test_every_character_of_a_token_matters(self, filled: World) -> None:
        token = token_of(filled)
        for place_ in range(len(token)):
            other = "A" if token[place_] != "A" else "B"
            altered = token[:place_] + other + token[place_ + 1 :]
            problem = filled.get(f"/v1/sync?token={altered}", 400)
            assert problem["type"] == f"{ORIGIN}/problems/malformed-token"

    @pytest.mark.parametrize(
        "garbage", ["x", "%20x", "AAAA", "a" * 1999, "%F0%9F%98%80", "-", "=", "W10", "eyJhIjoxfQ", "%E2%80%8B"]
    )
    @pytest.mark.parametrize("parameter", ["token", "page"])
    def test_garbage_is_400(self, filled: World, parameter: str, garbage: str) -> None:
        assert filled.get(f"/v1/sync?{parameter}={garbage}", 400)["status"] == 400

    @pytest.mark.parametrize("parameter", ["token", "page"])
    def test_an_overlong_or_an_empty_one_is_422(self, filled: World, parameter: str) -> None:
        for given in ("", "a" * 2001):
            assert filled.get(f"/v1/sync?{parameter}={given}", 422)["errors"][0]["parameter"] == parameter

    @pytest.mark.parametrize(
        "content",
        [
            [],
            [1, [], "en", "00000000", -1],
            [1, [], "en", "00000000", 2**80],
            [1, [], "en", "00000000", True],
            [1, ["x y"], "en", "00000000", 1],
            [1, "exercise", "en", "00000000", 1],
            [1, [], "e\x00n", "00000000", 1],
            ["1", [], "en", "00000000", 1],
            [1, [], "en", "00000000", None, 1, 10, 0, "A B", "0" * 64],
            [1, [], "en", "00000000", None, 1, 0, 0, "", "0" * 64],
            [1, [], "en", "00000000", 1.5, 1, 10, 0, "", "0" * 64],
            {"a": 1},
        ],
    )
    def test_one_with_a_right_checksum_and_a_wrong_content_is_400(self, filled: World, content: Any) -> None:
        sealed = b"s" * tokens.SEAL_BYTES + canonical_json.dump(content)
        forged = base64.urlsafe_b64encode(tokens._check(sealed) + sealed).decode().rstrip("=")
        for parameter in ("token", "page"):
            filled.get(f"/v1/sync?{parameter}={forged}", 400)

    def test_one_that_was_forged_without_the_history_is_gone(self, filled: World) -> None:
        selection = tokens.Selection((), "en", tokens.origin_fingerprint(ORIGIN))
        for revision in (0, 1, 2, 2**31 - 1):
            forged = tokens.encode(tokens.Token(selection, revision), "f" * 64)
            filled.get(f"/v1/sync?token={forged}", 410)

    def test_a_token_is_no_page_and_a_page_no_token(self, filled: World) -> None:
        page = parse_qs(urlsplit(filled.get("/v1/sync?limit=1")["next"]).query)["page"][0]
        filled.get(f"/v1/sync?token={page}", 400)
        filled.get(f"/v1/sync?page={token_of(filled)}", 400)

    def test_other_kinds_or_another_language_than_the_token_s_are_400(self, filled: World) -> None:
        token = token_of(filled, "?kinds=exercise")
        filled.get(f"/v1/sync?token={token}&kinds=exercise", 200)
        filled.get(f"/v1/sync?token={token}&kinds=exercise,exercise", 200)
        filled.get(f"/v1/sync?token={token}&kinds=routine", 400)
        filled.get(f"/v1/sync?token={token_of(filled)}&kinds=routine", 400)

    def test_parameters_that_are_unknown_or_not_allowed_are_422(self, filled: World) -> None:
        for query, parameter in (
            ("limit=0", "limit"),
            ("limit=1001", "limit"),
            ("kinds=dog", "kinds"),
            ("lang=xx", "lang"),
            ("since=3", "since"),
            ("token=a&token=b", "token"),
        ):
            problem = filled.get(f"/v1/sync?{query}", 422)
            assert [each["parameter"] for each in problem["errors"]] == [parameter]

    def test_a_page_stands_alone(self, filled: World) -> None:
        following = filled.get("/v1/sync?limit=1")["next"]
        problem = filled.get(f"{following}&limit=2", 422)
        assert [each["parameter"] for each in problem["errors"]] == ["limit"]


class TestGone:
    def gone(self, world: World, address: str, fresh: str) -> None:
        response = world.http.get(address.removeprefix(ORIGIN))
        assert response.status_code == 410
        assert response.headers["Location"] == f"{ORIGIN}{fresh}"
        assert "Location" in response.headers["Access-Control-Expose-Headers"]
        assert response.json
        assert response.json["type"] == f"{ORIGIN}/problems/gone"
        assert texts(world.enumerate(fresh.removeprefix("/v1/sync"))[0])

    def test_a_token_from_before_what_was_pruned(self, filled: World) -> None:
        token = token_of(filled, "?kinds=exercise,term")
        page = filled.get("/v1/sync?limit=2")["next"]
        filled.drop("exercise", "c")
        filled.release()
        kept, expected = token_of(filled), filled.published()
        filled.prune()
        self.gone(filled, f"/v1/sync?token={token}&limit=7", "/v1/sync?kinds=term,exercise&lang=en&limit=7")
        self.gone(filled, page, "/v1/sync?lang=en&limit=2")
        assert texts(filled.enumerate()[0]) == expected
        assert changed(filled, kept) == []
        filled.put("exercise", exercise("c"))
        filled.release()
        assert [item["slug"] for item in changed(filled, kept)] == ["c"]

    def test_a_token_of_a_revision_that_a_restored_database_does_not_have(self, filled: World) -> None:
        copy = filled.store.back_up()
        kept = token_of(filled)
        filled.put("exercise", exercise("a", note="lost"))
        filled.release()
        lost = token_of(filled)
        page = filled.get("/v1/sync?limit=2")["next"]
        filled.store.restore(copy)
        self.gone(filled, f"/v1/sync?token={lost}", "/v1/sync?lang=en&limit=100")
        filled.put("exercise", exercise("a", note="another"))
        filled.release()
        self.gone(filled, f"/v1/sync?token={lost}", "/v1/sync?lang=en&limit=100")
        self.gone(filled, page, "/v1/sync?lang=en&limit=2")
        assert [item["slug"] for item in changed(filled, kept)] == ["a", "r"]

    def test_a_token_of_a_catalogue_on_another_origin(self, filled: World, monkeypatch: pytest.MonkeyPatch) -> None:
        token = token_of(filled)
        elsewhere = Feed([each.kind for each in CATALOGUE], "https://elsewhere.example")
        monkeypatch.setitem(filled.app.extensions, "limber_sync", elsewhere)
        self.gone(filled, f"/v1/sync?token={token}", "/v1/sync?lang=en&limit=100")

    def test_a_token_of_a_later_schema(self, filled: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(feed, "SCHEMA_VERSION", 0)
        self.gone(filled, f"/v1/sync?token={token_of(filled)}", "/v1/sync")


class TestDigest:
    def test_is_that_of_everything_that_was_sent(self, filled: World, tmp_path: Path) -> None:
        replica = filled.replica(tmp_path / "replica.db")
        replica.sync()
        assert replica.digest() == filled.get("/v1/sync")["digest"]
        assert held(replica) == filled.published()

    def test_a_coordinate_is_written_as_every_language_writes_it(self, filled: World) -> None:
        body = filled.http.get("/v1/places/p").text
        assert '"latitude":51,"longitude":0,' in body

    def test_kept_up_by_changes_is_that_of_the_whole(self, filled: World) -> None:
        for number in range(4):
            filled.put("exercise", exercise(f"m-{number}", "neck"))
            filled.drop("exercise", f"m-{number - 2}")
            filled.put("term", term("neck", str(number)))
            filled.release()
            kept_up = [filled.get(f"/v1/sync{query}")["digest"] for query in ("", "?kinds=term", "?kinds=exercise")]
            filled.app.extensions["limber_sync"].digests._sums.clear()
            anew = [filled.get(f"/v1/sync{query}")["digest"] for query in ("", "?kinds=term", "?kinds=exercise")]
            assert kept_up == anew
            assert len(set(anew)) == 3

    def test_differs_where_one_character_does(self, filled: World) -> None:
        before = filled.get("/v1/sync")["digest"]
        filled.put("place", place("p", "!"))
        filled.release()
        assert filled.get("/v1/sync")["digest"] != before


class TestSchemaChange:
    def test_a_field_added_later_is_delivered_again_to_old_tokens(
        self, filled: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        replica = filled.replica(tmp_path / "replica.db")
        replica.sync()
        token = token_of(filled)
        filled.drafts["exercise", "a"]["name"] = "Not to be released"
        filled.save()
        original = CATALOGUE["exercise"].render

        def with_new_field(draft: Any, context: Any) -> Any:
            rendered = original(draft, context)
            new = {"difficulty": len(draft["slug"])}
            return rendered._replace(document=rendered.document | new)

        object.__setattr__(CATALOGUE["exercise"], "render", with_new_field)
        try:
            with filled.database.transaction(exclusive=True) as connection:
                released = rerender(connection, CATALOGUE, note="Difficulty")
            assert released
            assert released.documents == 3 * len(LANGUAGES)
            with filled.database.transaction(exclusive=True) as connection:
                assert rerender(connection, CATALOGUE) is None
        finally:
            object.__setattr__(CATALOGUE["exercise"], "render", original)
        # The next version of the service names its schema in its tokens, and still takes the old ones.
        for module in (tokens, feed):
            monkeypatch.setattr(module, "SCHEMA_VERSION", 2)
        found = changed(filled, token)
        assert {item["slug"]: item["difficulty"] for item in found} == {"a": 1, "b": 1, "c": 1}
        assert not any("Not to be" in item["name"] for item in found)
        assert not replica.sync().reset
        assert held(replica) == filled.published()


def test_next_is_an_absolute_address_of_one_parameter(filled: World) -> None:
    following = filled.get("/v1/sync?limit=1&kinds=term")["next"]
    assert re.fullmatch(rf"{ORIGIN}/v1/sync\?page=[A-Za-z0-9_-]+", following)
