from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
            assert abs(answer.json["seconds"] - minutes * 60) <= minutes * 6
            items = answer.json["stages"][0]["items"]
            order = [SECTIONS.index(item["section"]) for item in items]
            assert order == sorted(order)
            assert set(order) == {0, 1, 2}
            main = [item["intensity"] for item in items if item["section"] == "main"]
            assert main == sorted(main)
            names = [item["exercise"]["slug"] for item in items]
            assert len(set(names)) == len(names)
            for item in items:
                exercise = exercises[item["exercise"]["slug"]]
                unsafe = {each["slug"] for each in exercise["contraindications"]}
                assert not unsafe & {*safe_for, *condition}
                assert item["intensity"] <= max_intensity
                assert item["section"] == "main" or item["intensity"] <= 2
                assert exercise["guidance"]["professional"] != "required"
                needed = {each["slug"] for each in exercise["equipment"]}
                assert can_do_with is None or needed <= set(can_do_with)
                level = next(each for each in exercise["levels"] if each["intensity"] == item["intensity"])
                assert item["seconds"] <= level["seconds"]
                assert item["reasons"]

        holds()

    def test_the_same_seed_gives_the_same_and_another_another(self, client: FlaskClient) -> None:
        first = client.get("/v1/routines/compose?minutes=10&seed=1")
        assert first.data == client.get("/v1/routines/compose?minutes=10&seed=1").data
        others = {client.get(f"/v1/routines/compose?minutes=10&seed={seed}").data for seed in range(2, 6)}
        assert len(others | {first.data}) > 2

    def test_the_regions_asked_for_share_the_main_part(self, client: FlaskClient) -> None:
        exercises = everything(client, "/v1/exercises")
        answer = client.get("/v1/routines/compose?minutes=15&region=neck,chest").json
        assert answer is not None
        main = [item for item in answer["stages"][0]["items"] if item["section"] == "main"]
        counts = {
            region: sum(
                region in {each["slug"] for each in exercises[item["exercise"]["slug"]]["regions"]} for item in main
            )
            for region in ("neck", "chest")
        }
        assert min(counts.values()) >= 2

    @pytest.mark.parametrize(
        ("query", "parameter"),
        [
            ("minutes=120&max_intensity=5", "minutes"),
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

    def test_before_the_first_release_nothing_fits(self, app: Any) -> None:
        assert app.test_client().get("/v1/routines/compose").status_code == 422
