import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.applications import application
from tests.content.editing import Editor
from tests.content.samples import exercise, term
from tests.http.reading import LISTS, everything, get
from tests.settings import ORIGIN, settings_for

# The minimum that the contract promises of each kind.
EVERY = "kind slug language revision published_at links"
FIELDS = {
    "exercises": "name aliases summary type position regions muscles equipment conditions benefits contraindications"
    " steps levels guidance precautions stop_if tips easier harder citations media licence review",
    "routines": "name summary goal conditions regions equipment guidance max_intensity seconds stages citations licence"
    " review",
    "sources": "type title summary url citations_count",
    "places": "name type address latitude longitude services professionals url phone",
    "vocabularies/conditions": "name vocabulary",
}
OF_SOURCES = {
    "book": "authors publisher year isbn edition",
    "video": "creator platform duration_seconds published_on",
    "professional": "profession organisation credentials services places",
    "online": "publisher published_on accessed_on",
}
VOCABULARIES = ("regions", "muscles", "equipment", "conditions", "benefits", "services", "licences")
KINDS = dict(zip(FIELDS, ("exercise", "routine", "source", "place", "term"), strict=True))

LEVEL = "intensity label adjustment sensation dose seconds professional contraindications"


class TestDocuments:
    @pytest.mark.parametrize("collection", [*LISTS, *(f"vocabularies/{each}" for each in VOCABULARIES)])
    def test_a_document_is_the_same_bytes_in_list_and_detail(self, client: FlaskClient, collection: str) -> None:
        page = client.get(f"/v1/{collection}?limit=100").data
        documents = json.loads(page)["items"]
        for document in documents:
            assert client.get(f"/v1/{collection}/{document['slug']}").data in page

    @pytest.mark.parametrize("collection", list(FIELDS))
    def test_every_document_has_the_fields_of_its_kind(self, client: FlaskClient, collection: str) -> None:
        for document in everything(client, f"/v1/{collection}"):
            expected = {*EVERY.split(), *FIELDS[collection].split()}
            if collection == "sources":
                expected |= set(OF_SOURCES[document["type"]].split())
            assert expected <= set(document)
            assert document["kind"] == KINDS[collection]
            assert document["language"] == "en"

    def test_the_parts_of_an_exercise_have_their_fields(self, client: FlaskClient) -> None:
        for document in everything(client, "/v1/exercises"):
            for step in document["steps"]:
                assert {"number", "instruction", "cue", "breathing", "part"} <= set(step)
            for level in document["levels"]:
                assert {
                    "intensity",
                    "label",
                    "adjustment",
                    "sensation",
                    "dose",
                    "seconds",
                    "professional",
                    "contraindications",
                } <= set(level)
            assert [step["number"] for step in document["steps"]] == list(range(1, len(document["steps"]) + 1))
            assert {"professional", "note"} <= set(document["guidance"])

    @pytest.mark.parametrize("collection", list(FIELDS))
    def test_its_link_to_itself_leads_to_itself(self, client: FlaskClient, collection: str) -> None:
        for document in everything(client, f"/v1/{collection}"):
            assert document["links"]["self"] == f"{ORIGIN}/v1/{collection}/{document['slug']}"
            assert get(client, document["links"]["self"].removeprefix(ORIGIN)) == document

    def test_exercises_and_routines_have_pages_and_cards_and_the_others_none(self, client: FlaskClient) -> None:
        for collection in FIELDS:
            document = get(client, f"/v1/{collection}?limit=1")["items"][0]
            links, path = document["links"], f"{collection}/{document['slug']}"
            if collection in ("exercises", "routines"):
                assert links["html"] == f"{ORIGIN}/{path}"
                assert links["embed"] == f"{ORIGIN}/embed/{path}"
                assert links["oembed"].startswith(f"{ORIGIN}/oembed?url=")
            else:
                assert (links["html"], links["embed"], links["oembed"]) == (None, None, None)

    @pytest.mark.parametrize("collection", list(FIELDS))
    def test_answers_say_their_language(self, client: FlaskClient, collection: str) -> None:
        assert client.get(f"/v1/{collection}").headers["Content-Language"] == "en"


class TestOrigin:
    @pytest.mark.parametrize("collection", LISTS)
    def test_answers_hold_the_public_origin_and_never_the_host_asked(
        self, client: FlaskClient, collection: str
    ) -> None:
        plain = client.get(f"/v1/{collection}?limit=2")
        forwarded = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
        other = client.get(f"/v1/{collection}?limit=2", headers=forwarded)
        assert other.data == plain.data
        assert other.headers["Link"] == plain.headers["Link"]
        assert "\ufdd0" not in plain.text

    def test_another_origin_needs_no_other_documents(self, app: Flask, store_url: str) -> None:
        Editor(app.extensions["limber_database"]).publish(exercises=[exercise("a")])
        settings = settings_for(store_url)
        moved = application(type(settings)(database_url=store_url, public_origin="https://moved.example:8443"))
        before, after = (each.test_client().get("/v1/exercises/a") for each in (app, moved))
        assert after.text == before.text.replace(ORIGIN, "https://moved.example:8443")
        assert after.headers["ETag"] != before.headers["ETag"]
        moved.extensions["limber_database"].dispose()

    def test_media_on_this_service_are_absolute_and_others_as_they_are(self, app: Flask) -> None:
        media = [
            {"url": url, "type": "image", "alt": "A drawing.", "licence": "cc"}
            for url in ("/media/stretch.svg", "https://media.example/stretch.svg")
        ]
        Editor(app.extensions["limber_database"]).publish(
            vocabularies=[term("cc", "licences")], exercises=[exercise("a", media=media)]
        )
        found = [each["url"] for each in get(app.test_client(), "/v1/exercises/a")["media"]]
        assert found == [f"{ORIGIN}/media/stretch.svg", "https://media.example/stretch.svg"]


class TestUnicode:
    NAMES = ("Ω 🧘🏽‍♀️ مرحبا", 'quote " backslash \\ slash /', "Å e\u0301 ﬁ", "\u202eright to left", "<b>&amp;</b>")

    def test_texts_come_back_as_they_were_written(self, app: Flask) -> None:
        drafts = [exercise(f"e{number}", name=name, summary=name) for number, name in enumerate(self.NAMES)]
        Editor(app.extensions["limber_database"]).publish(exercises=drafts)
        for number, name in enumerate(self.NAMES):
            document = get(app.test_client(), f"/v1/exercises/e{number}")
            assert (document["name"], document["summary"]) == (name, name)
        assert app.test_client().get("/v1/exercises").json is not None
