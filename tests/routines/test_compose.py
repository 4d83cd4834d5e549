import re
from itertools import groupby
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.routines.wishes import Wish

SECTIONS = ["warm-up", "main", "cool-down"]


def everything(client: FlaskClient, path: str) -> dict[str, Any]:
    page = client.get(f"{path}?limit=100").json
    assert page is not None
    return {each["slug"]: each for each in page["items"]}


def slugs(client: FlaskClient, vocabulary: str) -> list[str]:
    return sorted(everything(client, f"/v1/vocabularies/{vocabulary}"))


class TestCompose:
    def test_nothing_that_is_unsafe_too_strong_or_unequipped_ever_appears(self, client: FlaskClient) -> None:
        exercises = everything(client, "/v1/exercises")
        conditions, equipment, regions = (slugs(client, each) for each in ("conditions", "equipment", "regions"))

        @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
        @given(
            condition=st.lists(st.sampled_from(conditions), max_size=2),
            region=st.lists(st.sampled_from(regions), max_size=2),
            safe_for=st.lists(st.sampled_from(conditions), max_size=3),
            can_do_with=st.none() | st.lists(st.sampled_from(equipment), max_size=4),
            minutes=st.integers(1, 60),
            max_intensity=st.integers(1, 5),
            seed=st.integers(0, 1000),
        )
        def holds(
            *,
            condition: list[str],
            region: list[str],
            safe_for: list[str],
            can_do_with: list[str] | None,
            minutes: int,
            max_intensity: int,
            seed: int,
        ) -> None:
            query: dict[str, Any] = {"minutes": minutes, "max_intensity": max_intensity, "seed": seed}
            query |= {"condition": condition, "region": region, "safe_for": safe_for}
            query |= {} if can_do_with is None else {"can_do_with": can_do_with or ""}
            answer = client.get("/v1/routines/compose", query_string=query)
            assert answer.json is not None
            if answer.status_code == 422:
                assert answer.json["errors"]
                given_names = {"minutes", "max_intensity", *(name for name, value in query.items() if value != [])}
                assert {each["parameter"] for each in answer.json["errors"]} <= given_names
                return
            assert answer.status_code == 200
            [stage] = answer.json["stages"]
            assert minutes * 45 <= stage["timeline"]["seconds"] == stage["seconds"] <= minutes * 60
            items = stage["items"]
            assert sum(item["seconds"] for item in items) == stage["seconds"]
            order = [SECTIONS.index(item["section"]) for item in items]
            assert order == sorted(order)
            assert set(order) == {0, 1, 2}
            positions = [exercises[item["exercise"]["slug"]]["position"] for item in items]
            assert len(list(groupby(positions))) == len(set(positions)), "each position is one block"
            names = [item["exercise"]["slug"] for item in items]
            assert len(set(names)) == len(names)
            for item in items:
                exercise = exercises[item["exercise"]["slug"]]
                level = next(each for each in exercise["levels"] if each["intensity"] == item["intensity"])
                assert not {*level["contraindications"]} & {*safe_for, *condition}
                assert {*safe_for, *condition} <= {*exercise["safety"]["conditions"]}
                assert item["intensity"] <= max_intensity
                assert item["section"] == "main" or item["intensity"] <= 2
                assert level["professional"] != "required"
                needed = {each["slug"] for each in exercise["equipment"]}
                assert can_do_with is None or needed <= set(can_do_with)
                assert item["dose"]["repetitions"] >= min(4, level["dose"]["repetitions"])
                assert item["reasons"]

        holds()

    def test_the_same_seed_gives_the_same_and_another_another(self, client: FlaskClient) -> None:
        first = client.get("/v1/routines/compose?minutes=10&seed=1")
        assert first.data == client.get("/v1/routines/compose?minutes=10&seed=1").data
        others = {client.get(f"/v1/routines/compose?minutes=10&seed={seed}").data for seed in range(2, 6)}
        assert len(others | {first.data}) > 2

    def test_the_regions_asked_for_share_the_session(self, client: FlaskClient) -> None:
        exercises = everything(client, "/v1/exercises")
        answer = client.get("/v1/routines/compose?minutes=15&region=neck,chest").json
        assert answer is not None
        items = answer["stages"][0]["items"]
        counts = {
            region: sum(
                region in {each["slug"] for each in exercises[item["exercise"]["slug"]]["regions"]} for item in items
            )
            for region in ("neck", "chest")
        }
        assert min(counts.values()) >= 1

    @pytest.mark.parametrize(
        ("query", "parameter"),
        [
            ("minutes=120&max_intensity=1&position=seated", "minutes"),
            ("condition=rotator-cuff-tear&minutes=10&max_intensity=1", "condition"),
        ],
    )
    def test_where_nothing_fits_it_says_what_to_loosen(self, client: FlaskClient, query: str, parameter: str) -> None:
        answer = client.get(f"/v1/routines/compose?{query}")
        assert answer.status_code == 422
        assert answer.json is not None
        assert parameter in {each["parameter"] for each in answer.json["errors"]}

    def test_it_has_the_shape_of_a_routine_and_links_to_itself(self, client: FlaskClient) -> None:
        composed = client.get("/v1/routines/compose?minutes=5&can_do_with=chair&lang=es")
        routine = client.get("/v1/routines/desk-break-five-minutes").json
        assert composed.json is not None
        assert routine is not None
        assert set(routine) <= set(composed.json)
        assert composed.headers["Content-Language"] == "es"
        path = composed.json["links"]["self"].removeprefix("https://limber.example")
        assert client.get(path).data == composed.data

    @pytest.mark.parametrize(
        ("query", "start"),
        [
            ("minutes=3", "3 minutes: "),
            ("minutes=3&lang=es", "3 minutos: "),
        ],
    )
    def test_its_name_counts_the_minutes(self, client: FlaskClient, query: str, start: str) -> None:
        answer = client.get(f"/v1/routines/compose?{query}").json
        assert answer is not None
        assert answer["name"].startswith(start)

    def test_before_the_first_release_nothing_fits(self, app: Any) -> None:
        assert app.test_client().get("/v1/routines/compose").status_code == 422


class TestAdvice:
    """What is advised where nothing fits is counted by hand, from the documents."""

    MAIN = ("stretch", "mobility", "strengthening", "posture", "yoga")

    @staticmethod
    def is_allowed(exercise: Any, level: Any, named: set[str]) -> bool:
        weighed = named <= set(exercise["safety"]["conditions"])
        return weighed and level["professional"] != "required" and not named & set(level["contraindications"])

    def test_it_counts_only_what_is_safe_with_every_condition_named(self, client: FlaskClient) -> None:
        exercises = [each for each in everything(client, "/v1/exercises").values() if each["type"] in self.MAIN]
        conditions = slugs(client, "conditions")
        counted = []
        for number, condition in enumerate(conditions):
            other = conditions[number - 1]
            for safe_for in ("", other):
                query = {"condition": condition, "safe_for": safe_for, "max_intensity": 5}
                answer = client.get("/v1/routines/compose", query_string={k: v for k, v in query.items() if v})
                advice = {each["parameter"]: each["detail"] for each in (answer.json or {}).get("errors", ())}
                assert "safe_for" not in advice or "known to be safe with" in advice["safe_for"]
                found = re.search(r"'safe_for=(\S+)' instead: (\d+) ", advice.get("condition", ""))
                if not found:
                    continue
                named = {condition, safe_for} - {""}
                safe = [
                    each for each in exercises if any(self.is_allowed(each, level, named) for level in each["levels"])
                ]
                assert (set(found[1].split(",")), int(found[2])) == (named, len(safe))
                counted.append(condition)
        assert {"osteoporosis", "glaucoma"} <= set(counted)

    def test_whoever_follows_it_gets_a_safe_routine(self, client: FlaskClient) -> None:
        exercises = everything(client, "/v1/exercises")
        answer = client.get("/v1/routines/compose?condition=osteoporosis")
        assert answer.json is not None
        [advice] = [each["detail"] for each in answer.json["errors"] if each["parameter"] == "condition"]
        assert "'safe_for=osteoporosis' instead" in advice
        followed = client.get("/v1/routines/compose?safe_for=osteoporosis")
        assert followed.json is not None
        assert followed.status_code == 200
        for item in followed.json["stages"][0]["items"]:
            levels = exercises[item["exercise"]["slug"]]["levels"]
            [level] = [each for each in levels if each["intensity"] == item["intensity"]]
            assert "osteoporosis" not in level["contraindications"]

    @given(
        conditions=st.lists(st.sampled_from("abcd"), max_size=3, unique=True).map(tuple),
        safe_for=st.lists(st.sampled_from("abcd"), max_size=3, unique=True).map(tuple),
        regions=st.lists(st.sampled_from("xy"), max_size=2, unique=True).map(tuple),
        can_do_with=st.none() | st.just(("chair",)),
        max_intensity=st.integers(1, 5),
    )
    def test_no_loosened_wish_avoids_less(self, **asked: Any) -> None:
        wish = Wish(**asked)
        for other in (*wish.loosened().values(), wish.freest()):
            assert set(other.avoided) == set(wish.avoided)

    def test_it_never_says_to_leave_out_what_must_be_avoided(self, client: FlaskClient) -> None:
        everyone = ",".join(["chest-pain", *slugs(client, "conditions")][:50])
        unsafe = ("condition=recent-fracture", "safe_for=recent-fracture", f"safe_for={everyone}&max_intensity=5")
        for query in (*unsafe, f"safe_for={everyone}&condition=glaucoma&region=neck"):
            answer = client.get(f"/v1/routines/compose?{query}")
            assert answer.status_code == 422
            assert answer.json is not None
            for each in answer.json["errors"]:
                assert each["detail"].startswith("No exercise of the sort needed is known to be safe with")

    def test_it_says_what_a_stronger_intensity_means(self, client: FlaskClient) -> None:
        answer = client.get("/v1/routines/compose?minutes=120&position=seated&can_do_with=chair")
        assert answer.json is not None
        [advice] = [each["detail"] for each in answer.json["errors"] if each["parameter"] == "max_intensity"]
        assert "very strong" in advice
