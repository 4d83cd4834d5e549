import base64
import hashlib
import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from app.access.partners import save_partner
from app.embed.elements import elements, elements_integrity
from app.timelines.timeline import all_words, stage_timeline
from tests.applications import application
from tests.settings import settings_for
from tests.stores import apply_seed

EXERCISE = "/embed/exercises/wall-angel"
ROUTINE = "/embed/routines/desk-break-three-minutes"
FIRST_VERSION = "sha384-4ZVy0KiM+a9bnymjk0gefAHYis3bRypQ4SjP+gz1Q6FRlD3fWCaNQsSnsMI93G4g"


def ancestors(client: FlaskClient, path: str) -> str:
    policy = client.get(path).headers["Content-Security-Policy"]
    found = re.search(r"frame-ancestors ([^;]+)", policy)
    assert found
    return found[1]


class TestCards:
    def test_exercise_shows_level_steps_dose_safety_and_attribution(self, client: FlaskClient) -> None:
        page = BeautifulSoup(client.get(EXERCISE).text, "html.parser")
        assert [radio["value"] for radio in page.select("input[name=level]")] == ["2", "3", "4"]
        assert len(page.select(".steps > li")) == 6
        text = " ".join(page.get_text(" ").split())
        for expected in ("Stop if", "6 repetitions", "once a day", "CC-BY-4.0", "Full page on Limber"):
            assert expected in text

    def test_routine_gives_the_player_what_it_plays(self, client: FlaskClient) -> None:
        page = BeautifulSoup(client.get(ROUTINE).text, "html.parser")
        document = client.get("/v1/routines/desk-break-three-minutes").get_json()
        data = page.find("script", id="session")
        assert data
        session = json.loads(data.text)
        timelines = [stage_timeline(items, session["exercises"], session["language"]) for items in session["stages"]]
        assert [timeline["seconds"] for timeline in timelines] == [stage["seconds"] for stage in document["stages"]]
        assert session["words"] == all_words()

    @pytest.mark.parametrize(("asked", "shown"), [("", "2"), ("1", "2"), ("3", "3"), ("5", "4")])
    def test_level_is_the_asked_one_or_the_next_below(self, client: FlaskClient, asked: str, shown: str) -> None:
        page = BeautifulSoup(client.get(f"{EXERCISE}?intensity={asked}").text, "html.parser")
        assert [radio["value"] for radio in page.select("input[checked]")] == [shown]

    @pytest.mark.parametrize(("theme", "attribute"), [("auto", None), ("light", "light"), ("dark", "dark")])
    def test_theme_is_marked(self, client: FlaskClient, theme: str, attribute: str | None) -> None:
        root = BeautifulSoup(client.get(f"{EXERCISE}?theme={theme}").text, "html.parser").html
        assert root
        assert root.get("data-theme") == attribute

    @pytest.mark.parametrize(
        "query",
        ["theme=purple", "intensity=0", "intensity=6", "intensity=x", "lang=xx", "partner=nobody", "x=1"],
    )
    def test_what_is_unknown_is_a_card_that_says_so(self, client: FlaskClient, query: str) -> None:
        response = client.get(f"{EXERCISE}?{query}")
        assert (response.status_code, response.mimetype) == (422, "text/html")

    def test_unknown_slug_is_a_small_helpful_card(self, client: FlaskClient) -> None:
        response = client.get("/embed/exercises/nope?theme=dark")
        assert (response.status_code, response.mimetype) == (404, "text/html")
        page = BeautifulSoup(response.text, "html.parser")
        assert page.select_one('a[href="https://limber.example/"]')
        assert len(response.data) < 4096

    def test_problem_details_for_who_asks_for_json(self, client: FlaskClient) -> None:
        response = client.get("/embed/exercises/nope", headers={"Accept": "application/json"})
        assert response.mimetype == "application/problem+json"


class TestFraming:
    def test_anyone_may_frame_without_a_partner(self, client: FlaskClient) -> None:
        assert ancestors(client, EXERCISE) == "*"

    def test_partner_lists_its_origins(self, own_catalogue: str) -> None:
        app = application(settings_for(own_catalogue))
        origins = ["https://Clinic.example:443", "http://localhost:5000"]
        with app.extensions["limber_database"].transaction() as connection:
            save_partner(connection, slug="clinic", name="Clinic", origins=origins)
        found = ancestors(app.test_client(), f"{EXERCISE}?partner=clinic").split()
        app.extensions["limber_database"].dispose()
        assert found == ["http://localhost:5000", "https://clinic.example", "'self'"]

    def test_nobody_may_frame_without_a_partner_where_that_is_set(self, own_catalogue: str) -> None:
        app = application(settings_for(own_catalogue, embed_anywhere=False))
        assert ancestors(app.test_client(), EXERCISE) == "'self'"
        app.extensions["limber_database"].dispose()


class TestElements:
    def test_version_1_never_changes(self) -> None:
        digest = base64.b64encode(hashlib.sha384(elements()).digest()).decode()
        assert f"sha384-{digest}" == elements_integrity() == FIRST_VERSION

    def test_is_immutable_small_and_open_to_any_origin(self, client: FlaskClient) -> None:
        response = client.get("/embed/v1/limber.js", headers={"Accept-Encoding": "br"})
        assert response.mimetype == "text/javascript"
        assert "immutable" in response.headers["Cache-Control"]
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert len(response.data) <= 4096

    def test_snippet_pins_it(self, client: FlaskClient) -> None:
        page = BeautifulSoup(client.get("/embed?show=exercise:wall-angel&theme=dark").text, "html.parser")
        element, frame, address = (each.text for each in page.select("textarea"))
        assert elements_integrity() in element
        assert '<limber-exercise slug="wall-angel" theme="dark"><a href="https://limber.example/exercises/' in element
        assert 'src="https://limber.example/embed/exercises/wall-angel?theme=dark"' in frame
        assert address.strip() == "https://limber.example/exercises/wall-angel?theme=dark"


NASTY = "</script><img src=x onerror=alert(1)>\"'&<!--"


class TestHostileTexts:
    def test_are_inert_everywhere(self, app: Flask, tmp_path: Path) -> None:
        for folder in ("exercises", "routines", "vocabularies"):
            (tmp_path / folder).mkdir()
        text = json.dumps(NASTY)
        (tmp_path / "vocabularies" / "nasty.yaml").write_text(
            f"slug: nasty\nvocabulary: licences\nname: {text}\nspdx: CC0-1.0\nurl: https://example.org/\n"
        )
        (tmp_path / "exercises" / "nasty.yaml").write_text(
            f"slug: nasty\nname: {text}\nsummary: {text}\ntype: stretch\naliases: [{text}]\nstop_if: [{text}]\n"
            f"precautions: [{text}]\nguidance: {{professional: recommended, note: {text}}}\n"
            f"steps: [{{instruction: {text}, cue: {text}, breathing: {text}}}]\ntips: [{{text: {text}}}]\n"
            f"levels: [{{intensity: 1, label: {text}, adjustment: {text}, sensation: {text},"
            f" dose: {{repetitions: 2, move_seconds: 3}}}}]\n"
            f"safety: {{assessed: false, note: {text}}}\nlicence: {{slug: nasty, attribution: {text}}}\n"
        )
        (tmp_path / "routines" / "nasty.yaml").write_text(
            f"slug: nasty\nname: {text}\nsummary: {text}\ngoal: relieve\nlicence: {{slug: nasty}}\n"
            f"stages: [{{name: {text}, items: [{{exercise: nasty, intensity: 1, note: {text}}}]}}]\n"
        )
        apply_seed(app.extensions["limber_database"], tmp_path)
        client = app.test_client()
        origin = "https://limber.example"
        paths = ["/", "/embed", "/embed?routine=nasty", f"/oembed?url={origin}/exercises/nasty&format=xml"]
        paths += [f"{face}/{kind}/nasty" for face in ("", "/embed") for kind in ("exercises", "routines")]
        for path in paths:
            response = client.get(path)
            assert response.status_code == 200, response.text
            assert "<img" not in response.text.lower()
        page = BeautifulSoup(client.get("/exercises/nasty").text, "html.parser")
        data = page.find("script", type="application/ld+json")
        assert data
        assert json.loads(data.text)["name"] == NASTY
