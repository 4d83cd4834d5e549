from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

ORIGIN = "https://limber.example"
PAGE = f"{ORIGIN}/exercises/wall-angel"


def ask(client: FlaskClient, address: str = PAGE, /, **query: Any) -> Any:
    return client.get("/oembed?" + urlencode({"url": address, **query}))


class TestOembed:
    def test_json_frames_the_card(self, client: FlaskClient) -> None:
        answer = ask(client)
        assert answer.mimetype == "application/json"
        assert answer.json["version"] == "1.0"
        assert answer.json["type"] == "rich"
        assert answer.json["title"] == "Wall angel"
        assert f'src="{ORIGIN}/embed/exercises/wall-angel"' in answer.json["html"]

    def test_xml_says_the_same(self, client: FlaskClient) -> None:
        answer = ask(client, format="xml")
        assert answer.mimetype == "text/xml"
        root = ET.fromstring(answer.data)  # noqa: S314  # made by ourselves
        assert root.tag == "oembed"
        assert {each.tag: each.text for each in root} == {key: str(value) for key, value in ask(client).json.items()}

    @pytest.mark.parametrize(
        ("query", "size"),
        [({}, (600, 640)), ({"maxwidth": 320}, (320, 640)), ({"maxwidth": 4000, "maxheight": 200}, (600, 200))],
    )
    def test_sizes_are_respected(self, client: FlaskClient, query: dict[str, int], size: tuple[int, int]) -> None:
        answer = ask(client, **query).json
        assert (answer["width"], answer["height"]) == size
        assert f'width="{size[0]}" height="{size[1]}"' in answer["html"]

    def test_level_language_and_theme_of_the_address_are_kept(self, client: FlaskClient) -> None:
        answer = ask(client, f"{PAGE}?intensity=3&theme=dark&lang=en&utm_source=x")
        frame = BeautifulSoup(answer.json["html"], "html.parser").iframe
        assert frame
        assert frame["src"] == f"{ORIGIN}/embed/exercises/wall-angel?intensity=3&theme=dark&lang=en"

    @pytest.mark.parametrize("path", ["/routines/morning-mobility", "/embed/exercises/wall-angel"])
    def test_answers_for_routines_and_cards_too(self, client: FlaskClient, path: str) -> None:
        assert ask(client, ORIGIN + path).status_code == 200

    @pytest.mark.parametrize(
        "url",
        [
            "https://elsewhere.example/exercises/wall-angel",
            "https://limber.example.evil.example/exercises/wall-angel",
            "https://evil-limber.example/exercises/wall-angel",
            "https://limber.example@evil.example/exercises/wall-angel",
            "https://user:pass@limber.example/exercises/wall-angel",
            "https://limber.example:444/exercises/wall-angel",
            "https://limber.example:x/exercises/wall-angel",
            "http://limber.example/exercises/wall-angel",
            "//limber.example/exercises/wall-angel",
            "javascript:alert(1)//https://limber.example/exercises/wall-angel",
            "data:text/html,x",
            "https://limber.example\\@evil.example/exercises/wall-angel",
            "https://[/exercises/wall-angel",
            " https://limber.example/exercises/wall-angel",
            "https://limber.example/exercises/nope",
            "https://limber.example/exercises/../exercises/wall-angel",
            "https://limber.example/exercises/%77all-angel",
            "https://limber.example/sources/bob-and-brad",
            "https://limber.example/",
            "https://l\u0131mber.example/exercises/wall-angel",
            "x" * 5000,
        ],
    )
    def test_what_is_not_a_page_of_ours_is_404(self, client: FlaskClient, url: str) -> None:
        answer = ask(client, url)
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")

    @pytest.mark.parametrize("wanted", ["yaml", "JSON", "jsonp", "."])
    def test_unknown_format_is_501(self, client: FlaskClient, wanted: str) -> None:
        answer = ask(client, format=wanted)
        assert (answer.status_code, answer.mimetype) == (501, "application/problem+json")

    @pytest.mark.parametrize("query", [{"maxwidth": "0"}, {"maxwidth": "-1"}, {"maxheight": "x"}, {"maxwidth": "٣"}])
    def test_sizes_that_are_none_are_422(self, client: FlaskClient, query: dict[str, str]) -> None:
        assert ask(client, **query).status_code == 422

    def test_address_is_required(self, client: FlaskClient) -> None:
        assert client.get("/oembed").status_code == 422

    def test_parameters_of_consumers_are_ignored(self, client: FlaskClient) -> None:
        assert ask(client, dnt=1, _wpnonce="x").status_code == 200
