"""Whatever is asked for, nothing that is composed or listed as safe is ruled out or was not weighed, at any level."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.http.reading import everything

pytestmark = pytest.mark.one_store


def conditions(client: FlaskClient) -> list[dict[str, Any]]:
    return everything(client, "/v1/vocabularies/conditions")


def is_allowed(exercise: dict[str, Any], condition: str, at_most: int) -> bool:
    """Whether a level up to an intensity may be done with a condition that was weighed."""
    weighed = exercise["safety"]["assessed"] and condition in exercise["safety"]["conditions"]
    return weighed and any(
        level["intensity"] <= at_most and condition not in level["contraindications"] for level in exercise["levels"]
    )


def test_safe_for_lists_exactly_what_may_be_done_at_some_level(client: FlaskClient) -> None:
    exercises = everything(client, "/v1/exercises")
    for condition in conditions(client):
        for at_most in range(1, 6):
            path = f"/v1/exercises?fields=slug&safe_for={condition['slug']}&max_intensity={at_most}"
            expected = [each["slug"] for each in exercises if is_allowed(each, condition["slug"], at_most)]
            assert [each["slug"] for each in everything(client, path)] == expected, path


def test_safe_for_lists_routines_of_which_every_item_may_be_done(client: FlaskClient) -> None:
    exercises = {each["slug"]: each for each in everything(client, "/v1/exercises")}
    for condition in conditions(client):
        slug = condition["slug"]
        for routine in everything(client, f"/v1/routines?safe_for={slug}"):
            for item in (item for stage in routine["stages"] for item in stage["items"]):
                exercise = exercises[item["exercise"]["slug"]]
                assert slug in exercise["safety"]["conditions"]
                [level] = [each for each in exercise["levels"] if each["intensity"] == item["intensity"]]
                assert slug not in level["contraindications"]


def test_no_symptom_is_weighed_and_so_each_rules_everything_out(client: FlaskClient) -> None:
    symptoms = [each["slug"] for each in conditions(client) if each["symptom"]]
    assert "chest-pain" in symptoms
    for slug in symptoms:
        assert everything(client, f"/v1/exercises?safe_for={slug}") == []
        answer = client.get(f"/v1/routines/compose?safe_for={slug}")
        assert answer.status_code == 422
        assert {each["code"] for each in (answer.json or {})["errors"]} == {"nothing-safe"}


def test_what_is_composed_is_safe_with_each_condition_and_keeps_its_minutes(client: FlaskClient) -> None:
    exercises = {each["slug"]: each for each in everything(client, "/v1/exercises")}
    composed = 0
    for number, condition in enumerate(each for each in conditions(client) if not each["symptom"]):
        slug, minutes = condition["slug"], number % 60 + 1
        for strongest in (1, 3, 5):
            query = f"minutes={minutes}&max_intensity={strongest}&seed={number % 20}&safe_for={slug}"
            answer = client.get(f"/v1/routines/compose?{query}")
            if answer.status_code == 422:
                continue
            assert answer.json is not None
            [stage] = answer.json["stages"]
            composed += 1
            assert stage["timeline"]["seconds"] == stage["seconds"] <= minutes * 60, query
            for item in stage["items"]:
                exercise = exercises[item["exercise"]["slug"]]
                assert slug in exercise["safety"]["conditions"]
                [level] = [each for each in exercise["levels"] if each["intensity"] == item["intensity"]]
                assert slug not in level["contraindications"], query
                assert item["intensity"] <= strongest
                assert level["professional"] != "required"
    assert composed > 100


@pytest.mark.parametrize("minutes", range(1, 61))
def test_every_session_keeps_its_minutes_on_its_own_clock(client: FlaskClient, minutes: int) -> None:
    things = ("", "chair", "mat", "chair,wall", "chair,mat,cushion,wall,resistance-band")
    for seed, equipment in enumerate(things):
        answer = client.get(f"/v1/routines/compose?minutes={minutes}&can_do_with={equipment}&seed={minutes + seed}")
        if answer.status_code == 200:
            assert answer.json is not None
            [stage] = answer.json["stages"]
            items = stage["timeline"]["items"]
            assert items[-1]["at"] == stage["timeline"]["seconds"] == answer.json["seconds"] <= minutes * 60
            assert sum(item["seconds"] for item in stage["items"]) == stage["seconds"]
