import base64
import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.delivery import cursors

Publish = Callable[..., None]
Slugs = Callable[[str], Sequence[str]]


def exercise(slug: str, name: Any, **more: Any) -> tuple[str, dict[str, Any]]:
    return "exercise", {"slug": slug, "name": name, "type": "stretch", **more}


def steps(*instructions: str) -> list[dict[str, str]]:
    return [{"instruction": each} for each in instructions]


NECK = ("term", {"slug": "neck", "vocabulary": "regions", "name": "Neck", "aliases": ["nape"]})


class TestRanking:
    def test_names_come_before_aliases_before_terms_before_steps(self, publish: Publish, slugs: Slugs) -> None:
        publish(
            NECK,
            exercise("in-steps", "Alpha", steps=steps("Turn your neck to the left.")),
            exercise("in-terms", "Beta", regions=["neck"]),
            exercise("in-aliases", "Gamma", aliases=["Neck turn"]),
            exercise("in-name", "Slow neck rotation of the morning"),
        )
        assert slugs("/v1/exercises?q=neck") == ["in-name", "in-aliases", "in-terms", "in-steps"]

    def test_a_name_as_typed_comes_before_longer_names(self, publish: Publish, slugs: Slugs) -> None:
        publish(exercise("a", "Row bent forward"), exercise("b", "Row"), exercise("c", "Band row"))
        assert slugs("/v1/exercises?q=row")[0] == "b"
        assert slugs("/v1/exercises?q=band+row")[0] == "c"

    def test_sort_overrules_relevance(self, publish: Publish, slugs: Slugs) -> None:
        publish(exercise("a", "Row bent forward"), exercise("b", "Row"))
        assert slugs("/v1/exercises?q=row&sort=-name") == ["a", "b"]


class TestForgiveness:
    @pytest.mark.parametrize(
        "query",
        [
            "sholder blad",
            "SHOULDER BLADE",
            "shouldre blades",
            "shoulderblade",
            "should er blade",
            "Shóulder-bladé",
            "blade squeezing",
            "what is good between the shoulder blades?",
            "sh bl sq",
        ],
    )
    def test_it_finds_the_shoulder_blades(self, publish: Publish, slugs: Slugs, query: str) -> None:
        publish(exercise("wanted", "Shoulder blade squeeze"), exercise("other", "Chin tuck"))
        found = slugs(f"/v1/exercises?q={query}")
        assert found[:1] == ["wanted"] or query == "sh bl sq"
        assert "other" not in found

    def test_a_right_word_is_not_taken_for_a_wrong_one(self, publish: Publish, slugs: Slugs) -> None:
        publish(exercise("a", "Back stretch"), exercise("b", "Pack stretch"))
        assert slugs("/v1/exercises?q=back") == ["a"]

    def test_spanish_is_searched_in_spanish(self, publish: Publish, slugs: Slugs) -> None:
        publish(exercise("a", {"en": "Arm circles", "es": "Círculos con los brazos"}), exercise("b", "Brace"))
        assert slugs("/v1/exercises?q=circulo+de+brazo&lang=es") == ["a"]
        assert slugs("/v1/exercises?q=brazos&lang=en") != ["a"]

    def test_what_a_term_is_called_finds_what_bears_it(self, publish: Publish, slugs: Slugs) -> None:
        publish(NECK, exercise("a", "Alpha", regions=["neck"]))
        assert slugs("/v1/exercises?q=nape") == ["a"]
        publish(("term", {**NECK[1], "aliases": ["scruff"]}))
        assert slugs("/v1/exercises?q=scruff") == ["a"]

    def test_what_is_contraindicated_is_not_found_by_its_condition(self, publish: Publish, slugs: Slugs) -> None:
        condition = ("term", {"slug": "glaucoma", "vocabulary": "conditions", "name": "Glaucoma"})
        publish(condition, exercise("a", "Alpha", contraindications=["glaucoma"]))
        assert slugs("/v1/exercises?q=glaucoma") == []


class TestPages:
    def test_pages_of_a_search_hold_each_once_under_a_release_between_them(
        self, app: Flask, publish: Publish, slugs: Slugs
    ) -> None:
        publish(*(exercise(f"row-{number}", f"Row number {number}") for number in range(9)))
        client = app.test_client()
        first = client.get("/v1/exercises?q=rwo+number&limit=4").json
        assert first is not None
        publish(
            exercise("rwo", "Rwo"),
            *(exercise(f"row-number-{number}", f"Row number number {number}") for number in range(5)),
        )
        seen = [each["slug"] for each in first["items"]]
        cursor = first["page"]["next"]
        while cursor:
            page = client.get(f"/v1/exercises?q=rwo+number&limit=4&cursor={cursor}").json
            assert page is not None
            seen += [each["slug"] for each in page["items"]]
            cursor = page["page"]["next"]
        assert len(seen) == len(set(seen))
        assert {f"row-{number}" for number in range(9)} <= set(seen)

    def test_a_cursor_belongs_to_its_query(self, client: FlaskClient) -> None:
        page = client.get("/v1/exercises?q=neck&limit=1").json
        assert page is not None
        cursor = page["page"]["next"]
        assert client.get(f"/v1/exercises?q=shoulder&limit=1&cursor={cursor}").status_code == 400
        assert client.get(f"/v1/exercises?limit=1&cursor={cursor}").status_code == 400

    @pytest.mark.parametrize(
        "state",
        [
            "",
            "[]",
            '[[],"",0]',
            '[[[["a\'"],"",[]]],"",1]',
            '[[[[],"*",[]]],"",1]',
            "[[[[1],1,[1]]],1,1]",
            "[" * 900,
            '[[[[],"",[]]],"neck",1]',
            '[[[["neck"],"",[]]],"neck",-5]',
            '[[[["neck"],"",[]]],"neck",true]',
            '[[[["neck"],"",[]]],"neck",1000000000000000000000000]',
        ],
    )
    def test_a_forged_cursor_is_400(self, client: FlaskClient, state: str) -> None:
        page = client.get("/v1/exercises?q=shoulder&limit=1").json
        assert page is not None
        _, mark, _, *position = json.loads(base64.urlsafe_b64decode(page["page"]["next"] + "=="))
        # As whoever knows how cursors are made could make it.
        cursor = cursors.encode(mark, [state, *position])
        assert client.get(f"/v1/exercises?q=shoulder&limit=1&cursor={cursor}").status_code == 400

    def test_a_retired_exercise_is_found_no_more(self, publish: Publish, slugs: Slugs) -> None:
        publish(exercise("a", "Row"), exercise("b", "Band row"))
        publish(exercise("b", "Band row"), prune=True)
        assert slugs("/v1/exercises?q=row") == ["b"]
        publish(exercise("b", "Pull"))
        assert slugs("/v1/exercises?q=row") == []


class TestAnyText:
    @pytest.mark.parametrize(
        "query",
        [
            "",
            "   ",
            "*",
            '"',
            "'",
            "AND",
            "OR NOT",
            "NEAR/2",
            "C++",
            "-x",
            "a:b",
            "{names}",
            "^a",
            "(",
            "a AND (b",
            "&|!<->",
            "%",
            "\\",
        ],
    )
    def test_no_text_is_an_error(self, client: FlaskClient, query: str) -> None:
        for path in ("/v1/exercises", "/v1/suggestions", "/v1/places"):
            assert client.get(path, query_string={"q": query}).status_code == 200

    def test_a_text_without_words_leaves_the_list_whole(self, client: FlaskClient) -> None:
        assert client.get("/v1/exercises", query_string={"q": "***"}).data == client.get("/v1/exercises").data

    def test_words_that_nothing_has_find_nothing(self, client: FlaskClient) -> None:
        page = client.get("/v1/exercises?q=xyzzyplugh").json
        assert page is not None
        assert page["items"] == []
        assert page["page"] == {"limit": 20, "total": 0, "next": None}


class TestSuggestions:
    def test_it_completes_what_is_typed(self, client: FlaskClient) -> None:
        answer = client.get("/v1/suggestions?q=shoulder+bl")
        assert answer.json is not None
        items = answer.json["items"]
        assert 0 < len(items) <= 10
        assert items[0]["text"].lower().startswith("shoulder bl")
        assert set(items[0]) == {"text", "kind", "slug"}

    @pytest.mark.parametrize("typed", ["s", "sh", "sho", "shou", "shold", "sholder", "shuolder"])
    def test_each_key_on_the_way_finds_shoulders(self, client: FlaskClient, typed: str) -> None:
        answer = client.get(f"/v1/suggestions?q={typed}").json
        assert answer is not None
        assert typed == "s" or any("shoulder" in each["text"].lower() for each in answer["items"])

    def test_q_is_needed_and_an_empty_one_suggests_nothing(self, client: FlaskClient) -> None:
        assert client.get("/v1/suggestions").status_code == 422
        assert client.get("/v1/suggestions?q=").json == {"items": []}
