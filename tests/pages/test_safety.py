"""When to get help, what to take care of, and how far a text can be trusted: shown wherever somebody exercises."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from environs import EnvValidationError
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.config import load_settings
from tests.settings import settings_for

EXERCISE = "exercises/cat-cow"
ROUTINE = "routines/desk-break-five-minutes"
FACES = ("/exercises/cat-cow", "/embed/exercises/cat-cow", f"/{ROUTINE}", f"/embed/{ROUTINE}")


def page_of(client: FlaskClient, path: str) -> BeautifulSoup:
    response = client.get(path)
    assert response.status_code == 200, response.text
    return BeautifulSoup(response.text, "html.parser")


def words_of(page: BeautifulSoup) -> str:
    return " ".join(page.get_text(" ").split())


def signs(client: FlaskClient, slug: str, language: str = "en") -> dict[str, list[str]]:
    """The texts of a condition's signs, by urgency."""
    term: Any = client.get(f"/v1/vocabularies/conditions/{slug}?lang={language}").json
    by_urgency: dict[str, list[str]] = {}
    for sign in term["see_professional_if"]:
        by_urgency.setdefault(sign["urgency"], []).append(sign["text"])
    return by_urgency


@pytest.mark.parametrize("path", FACES)
@pytest.mark.parametrize("language", ["en", "es"])
class TestEveryFace:
    def test_says_when_to_get_help_before_what_to_do(self, client: FlaskClient, path: str, language: str) -> None:
        page = page_of(client, f"{path}?lang={language}")
        text = words_of(page)
        known = signs(client, "upper-back-pain", language)
        assert set(known) == {"emergency", "urgent", "soon"}
        missing = [sign for texts in known.values() for sign in texts if sign not in text]
        assert missing == []
        places = [text.index(known[urgency][0]) for urgency in ("emergency", "urgent", "soon")]
        assert places == sorted(places)
        html = str(page)
        doing = next(name for name in ('class="steps"', 'class="items"', 'class="queue"') if name in html)
        assert html.index("red-flags") < html.index(doing)

    def test_says_what_to_take_care_of_and_who_reviewed_it(self, client: FlaskClient, path: str, language: str) -> None:
        text = words_of(page_of(client, f"{path}?lang={language}"))
        document: Any = client.get(f"/v1/{path.removeprefix('/embed').strip('/')}?lang={language}").json
        assert [each for each in document.get("precautions", ()) if each not in text] == []
        assert document["guidance"]["note"] in text
        unreviewed = {"en": "Not yet reviewed by a health professional.", "es": "profesional de la salud"}[language]
        assert unreviewed in text
        assert document["review"]["next_review_on"] is None or document["review"]["next_review_on"] in text

    def test_leads_to_where_a_harm_is_reported(self, client: FlaskClient, path: str, language: str) -> None:
        page = page_of(client, f"{path}?lang={language}")
        links = [str(link["href"]) for link in page.select("a[href]") if "/report?" in str(link["href"])]
        assert links
        report = page_of(client, links[0].removeprefix("https://limber.example"))
        assert report.select_one("html[lang]")["lang"] == language  # type: ignore[index]  # it is there


def test_an_exercise_says_from_which_level_it_is_not_for_somebody(client: FlaskClient) -> None:
    document: Any = client.get(f"/v1/{EXERCISE}").json
    later = [each for each in document["contraindications"] if each["from_intensity"] > 1]
    assert later
    text = words_of(page_of(client, f"/{EXERCISE}"))
    for each in later:
        assert f"{each['name']} (from level {each['from_intensity']})" in text


def test_an_exercise_says_what_is_known_of_its_effect(client: FlaskClient) -> None:
    document: Any = client.get(f"/v1/{EXERCISE}").json
    assert document["evidence"]["statement"] in words_of(page_of(client, f"/{EXERCISE}"))


def test_home_says_when_to_get_help(client: FlaskClient) -> None:
    text = words_of(page_of(client, "/"))
    assert [sign for sign in signs(client, "upper-back-pain")["emergency"] if sign not in text] == []


class TestReporting:
    def test_every_document_has_the_address_of_its_report_page(self, client: FlaskClient) -> None:
        for path in ("exercises/cat-cow", ROUTINE, "vocabularies/conditions/stress", "routines/compose"):
            document: Any = client.get(f"/v1/{path}").json
            assert document["links"]["report"].startswith("https://limber.example/report?about=")
            assert client.get(document["links"]["report"].removeprefix("https://limber.example")).status_code == 200

    def test_without_a_setting_the_page_says_that_nobody_gave_an_address(self, client: FlaskClient) -> None:
        page = page_of(client, "/report?about=%3Cscript%3Ealert(1)%3C/script%3E")
        assert "has not said yet where to write to" in words_of(page)
        assert page.select("main a[href]") == []

    def test_with_one_it_leads_there(self, seeded_app: Flask) -> None:
        url = str(seeded_app.extensions["limber_settings"].database_url)
        app = create_app(settings_for(url, report_address="mailto:care@limber.example"))
        page = page_of(app.test_client(), "/report?about=/v1/exercises/cat-cow")
        assert [str(link["href"]) for link in page.select("main a[href]")] == ["mailto:care@limber.example"]
        assert "/v1/exercises/cat-cow" in words_of(page)
        app.extensions["limber_database"].dispose()

    @pytest.mark.parametrize("address", ["javascript:alert(1)", "http://plain.example", "care@limber.example"])
    def test_an_address_that_is_none_is_refused_at_the_start(
        self, monkeypatch: pytest.MonkeyPatch, address: str
    ) -> None:
        monkeypatch.setenv("REPORT_ADDRESS", address)
        with pytest.raises(EnvValidationError, match="REPORT_ADDRESS"):
            load_settings()
