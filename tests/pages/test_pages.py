import json
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

EXERCISE = "/exercises/open-arm-upper-back-stretch"
ROUTINE = "/routines/four-week-upper-back-progression"
ORIGIN = "https://limber.example"


def page_of(client: FlaskClient, path: str) -> BeautifulSoup:
    response = client.get(path)
    assert response.status_code == 200, response.text
    assert response.mimetype == "text/html"
    return BeautifulSoup(response.text, "html.parser")


def linked_data(page: BeautifulSoup) -> Any:
    script = page.find("script", type="application/ld+json")
    assert script
    return json.loads(script.text)


class TestExercisePage:
    def test_shows_the_whole_document_without_scripts(self, client: FlaskClient) -> None:
        document: Any = client.get(f"/v1{EXERCISE}").json
        text = " ".join(page_of(client, EXERCISE).get_text(" ").split())
        expected = [document["name"], document["summary"], document["guidance"]["note"]]
        expected += [step["instruction"] for step in document["steps"]]
        expected += [level["adjustment"] for level in document["levels"]]
        expected += document["stop_if"] + document["precautions"] + [tip["text"] for tip in document["tips"]]
        expected += [each["name"] for each in document["harder"] + document["easier"] + document["contraindications"]]
        assert [each for each in expected if each not in text] == []

    def test_linked_data_is_an_exercise_plan(self, client: FlaskClient) -> None:
        plan = linked_data(page_of(client, EXERCISE))
        assert (plan["@context"], plan["@type"]) == ("https://schema.org", "ExercisePlan")
        assert plan["url"] == ORIGIN + EXERCISE
        assert plan["intensity"] == "Very gentle"
        document: Any = client.get(f"/v1{EXERCISE}").json
        assert plan["activityDuration"] == f"PT{document['levels'][0]['seconds']}S"

    def test_head_names_the_canonical_address_and_how_to_embed(self, client: FlaskClient) -> None:
        page = page_of(client, EXERCISE)
        canonical = page.find("link", rel="canonical")
        assert canonical
        assert canonical["href"] == ORIGIN + EXERCISE
        found = page.select('link[rel="alternate"][type$="+oembed"]')
        assert [link["type"] for link in found] == ["application/json+oembed", "text/xml+oembed"]
        properties = {str(meta["property"]): meta["content"] for meta in page.select("meta[property]")}
        assert properties["og:url"] == ORIGIN + EXERCISE
        assert properties["og:title"] == "Open-arm upper back stretch"

    def test_link_header_names_how_to_embed(self, client: FlaskClient) -> None:
        header = client.get(EXERCISE).headers["Link"]
        assert 'rel="alternate"; type="application/json+oembed"' in header
        assert 'rel="alternate"; type="text/xml+oembed"' in header
        assert f'<{ORIGIN}{EXERCISE}>; rel="canonical"' in header

    def test_asked_level_is_chosen(self, client: FlaskClient) -> None:
        page = page_of(client, f"{EXERCISE}?intensity=2")
        assert [radio["value"] for radio in page.select("input[name=level][checked]")] == ["2"]

    def test_body_map_is_named_with_its_muscles(self, client: FlaskClient) -> None:
        drawn = page_of(client, EXERCISE).select_one("svg.body-map")
        assert drawn
        document: Any = client.get(f"/v1{EXERCISE}").json
        stretched = [muscle["name"] for muscle in document["muscles"] if muscle["role"] == "stretched"]
        assert f"Stretched: {', '.join(stretched)}." in str(drawn["aria-label"])


class TestRoutinePage:
    def test_shows_every_stage_and_item(self, client: FlaskClient) -> None:
        document: Any = client.get(f"/v1{ROUTINE}").json
        page = page_of(client, ROUTINE)
        assert [each.text for each in page.select(".stage h2")] == [stage["name"] for stage in document["stages"]]
        names = [item["exercise"]["name"] for stage in document["stages"] for item in stage["items"]]
        assert [each.text for each in page.select(".items .name")] == names

    def test_linked_data_has_its_parts(self, client: FlaskClient) -> None:
        plan = linked_data(page_of(client, ROUTINE))
        assert plan["@type"] == "ExercisePlan"
        document: Any = client.get(f"/v1{ROUTINE}").json
        assert len(plan["hasPart"]) == sum(len(stage["items"]) for stage in document["stages"])


class TestBrowsing:
    def test_lists_exercises_and_routines(self, client: FlaskClient) -> None:
        page = page_of(client, "/")
        assert page.select_one('a[href="/exercises/bird-dog"]')
        assert page.select_one('a[href="/routines/desk-break-three-minutes"]')
        assert len(page.select("[data-tiles] > li")) == 24

    def test_following_pages_hold_the_rest(self, client: FlaskClient) -> None:
        more = page_of(client, "/").select_one("a[data-more]")
        assert more
        second = page_of(client, str(more["href"]))
        assert len(second.select("[data-tiles] > li")) == 23
        assert second.select_one("a[data-more]") is None

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("q=wall+angel", {"wall-angel"}),
            ("q=WALL&region=chest&max_intensity=2", {"wall-angel", "wall-push-up"}),
            ("equipment=foam-roller", {"foam-roller-thoracic-extension"}),
        ],
    )
    def test_words_and_filters_narrow(self, client: FlaskClient, query: str, expected: set[str]) -> None:
        links = page_of(client, f"/?{query}").select("[data-tiles] h3 a")
        assert expected <= {str(link["href"]).removeprefix("/exercises/") for link in links}
        assert len(links) < 24

    def test_search_forgives_typing_errors_and_finds_routines(self, client: FlaskClient) -> None:
        assert page_of(client, "/?q=wlal+anegl").select_one("[data-tiles] a[href^='/exercises/wall-angel']")
        assert page_of(client, "/?q=dask+braek").select_one("#routines a[href^='/routines/desk-break']")
        assert page_of(client, "/?lang=es&q=escritoro").select_one("#routines a[href^='/routines/desk-break']")

    def test_nothing_found_says_so(self, client: FlaskClient) -> None:
        page = page_of(client, "/?q=zzzz")
        empty = page.select_one("[data-empty]")
        assert empty
        assert not empty.has_attr("hidden")
        assert page.select("[data-tiles]") == []

    @pytest.mark.parametrize("path", ["/", EXERCISE, ROUTINE, f"/embed{EXERCISE}"])
    def test_a_regional_language_finds_its_language_by_name_and_by_header(self, client: FlaskClient, path: str) -> None:
        asked = client.get(f"{path}?lang=es-MX")
        assert (asked.status_code, asked.headers["Content-Language"]) == (200, "es")
        preferred = client.get(path, headers={"Accept-Language": "es-MX"})
        assert (preferred.status_code, preferred.headers["Content-Language"]) == (200, "es")

    @pytest.mark.parametrize("query", ["region=moon", "max_intensity=9", "colour=red", "lang=xx"])
    def test_what_is_unknown_is_422(self, client: FlaskClient, query: str) -> None:
        assert client.get(f"/?{query}").status_code == 422


class TestEveryPage:
    @pytest.mark.parametrize("path", ["/", EXERCISE, ROUTINE, "/embed", "/docs", "/problems", "/problems/not-found"])
    def test_cannot_be_framed_and_loads_nothing_from_elsewhere(self, client: FlaskClient, path: str) -> None:
        response = client.get(path)
        policy = response.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy
        assert "script-src 'self'" in policy
        page = BeautifulSoup(response.text, "html.parser")
        loaded = [each.get("src") for each in page.select("[src]")]
        loaded += [each["href"] for each in page.select('link[rel="stylesheet"], link[rel="icon"]')]
        assert loaded
        assert [each for each in loaded if not str(each).startswith(("/", ORIGIN))] == []

    def test_browsers_get_a_page_for_what_is_not_there(self, client: FlaskClient) -> None:
        response = client.get("/exercises/nope", headers={"Accept": "text/html,*/*;q=0.8"})
        assert (response.status_code, response.mimetype) == (404, "text/html")
        assert "Accept" in response.headers["Vary"]

    @pytest.mark.parametrize("accept", [None, "*/*", "application/json", "application/problem+json"])
    def test_others_get_problem_details(self, client: FlaskClient, accept: str | None) -> None:
        response = client.get("/exercises/nope", headers={"Accept": accept} if accept else {})
        assert (response.status_code, response.mimetype) == (404, "application/problem+json")

    @pytest.mark.parametrize("path", ["/exercises/nope", "/nope", "/v1/exercises/nope"])
    def test_the_api_speaks_json_even_to_browsers(self, client: FlaskClient, path: str) -> None:
        response = client.get(path, headers={"Accept": "text/html,*/*;q=0.8"})
        expected = "application/problem+json" if path.startswith("/v1/") else "text/html"
        assert response.mimetype == expected

    def test_styles_are_immutable_under_their_digest_alone(self, client: FlaskClient) -> None:
        style = page_of(client, "/").select_one('link[rel="stylesheet"]')
        assert style
        path = str(style["href"])
        assert "immutable" in client.get(path).headers["Cache-Control"]
        other = client.get("/assets/0000/site.css")
        assert other.status_code == 200
        assert "immutable" not in other.headers["Cache-Control"]
        assert client.get("/assets/0000/settings.py").status_code == 404


CHECKS = [HealthCheck.function_scoped_fixture, HealthCheck.differing_executors]
"""The test runs once on each store: what an example finds on one, it need not find on the other."""


class TestGarbage:
    @settings(max_examples=60, suppress_health_check=CHECKS, deadline=None)
    @given(
        path=st.sampled_from(["/", EXERCISE, ROUTINE, "/embed", "/oembed", f"/embed{EXERCISE}", f"/embed{ROUTINE}"]),
        query=st.dictionaries(
            st.sampled_from(
                ["q", "lang", "theme", "intensity", "partner", "cursor", "region", "show", "url", "maxwidth"]
            )
            | st.text(max_size=5),
            st.text(max_size=30) | st.sampled_from(["exercise:", "routine:wall-angel", "1", "en", "\ud800", "\x00"]),
            max_size=3,
        ),
    )
    def test_is_never_a_500(self, client: FlaskClient, path: str, query: dict[str, str]) -> None:
        text = "&".join(f"{quote(k, errors='replace')}={quote(v, errors='replace')}" for k, v in query.items())
        assert client.get(f"{path}?{text}").status_code in (200, 400, 404, 422, 501)


class TestSitemap:
    def test_names_every_page(self, client: FlaskClient) -> None:
        root = ET.fromstring(client.get("/sitemap.xml").data)  # noqa: S314  # made by ourselves
        found = root.findall("{*}url/{*}loc")
        slugs = {
            f"{ORIGIN}/{collection}/{item['slug']}"
            for collection in ("exercises", "routines")
            for item in client.get(f"/v1/{collection}?limit=100").json["items"]  # type: ignore[index]  # a page
        }
        assert {each.text for each in found} == slugs | {f"{ORIGIN}/"}

    def test_robots_name_the_sitemap(self, client: FlaskClient) -> None:
        assert f"Sitemap: {ORIGIN}/sitemap.xml" in client.get("/robots.txt").text

    def test_there_is_no_part_beyond_the_last(self, client: FlaskClient) -> None:
        assert client.get("/sitemap-2.xml").status_code == 404
