from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.editing.bundle import load_draft
from app.editing.plan import apply_plan, make_plan
from app.kinds import CATALOGUE
from app.releasing.release import release
from app.shapes.languages import lookup
from tests.applications import application
from tests.content.editing import UNFINISHED
from tests.settings import settings_for
from tests.stores import MakeStore

pytestmark = pytest.mark.one_store

DRAFTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("term", {"slug": "neck", "vocabulary": "regions", "name": {"en": "Neck", "es": "Cuello"}}),
    (
        "exercise",
        {
            "slug": "chin-tuck",
            "name": {"en": "Chin tuck", "es": "Retracción de barbilla"},
            "summary": "Only in English.",
            "type": "posture",
            "regions": ["neck"],
            "steps": [{"instruction": {"en": "Sit tall.", "es": "Siéntese erguido."}, "cue": "Look ahead."}],
            "levels": [{"intensity": 1, "label": {"en": "Soft", "es": "Suave"}}],
            "citations": [{"source": "a-page", "note": {"en": "How to", "es": "Cómo"}}],
        },
    ),
    ("source", {"slug": "a-page", "type": "online", "title": "A page", "url": "https://example.org/"}),
    (
        "routine",
        {
            "slug": "short",
            "name": "Short",
            "goal": "relieve",
            "stages": [{"name": {"en": "Once", "es": "Una vez"}, "items": [{"exercise": "chin-tuck", "intensity": 1}]}],
        },
    ),
)


@pytest.fixture(scope="module")
def bilingual_app(make_sqlite: MakeStore) -> Iterator[Flask]:
    """A small catalogue of which some texts are Spanish too. Tests only read it."""
    app = application(settings_for(make_sqlite()))
    wanted = {(kind, draft["slug"]): load_draft(CATALOGUE[kind], draft) for kind, draft in DRAFTS}
    with app.extensions["limber_database"].transaction(exclusive=True) as connection:
        plan, faults = make_plan(connection, CATALOGUE, wanted, prune=False)
        assert not faults
        apply_plan(connection, CATALOGUE, plan, datetime.now(UTC))
        release(connection, UNFINISHED)
    yield app
    app.extensions["limber_database"].dispose()


@pytest.fixture
def bilingual(bilingual_app: Flask) -> FlaskClient:
    """A client of that catalogue."""
    return bilingual_app.test_client()


PATHS = (
    "/v1/exercises",
    "/v1/exercises/chin-tuck",
    "/v1/exercises/chin-tuck/steps",
    "/v1/exercises/chin-tuck/levels",
    "/v1/exercises/chin-tuck/levels/1",
    "/v1/exercises/chin-tuck/citations",
    "/v1/routines/short/stages/1",
    "/v1/sources/a-page/exercises",
    "/v1/vocabularies",
    "/v1/vocabularies/regions",
    "/v1/vocabularies/regions/neck",
)


class TestLanguages:
    @pytest.mark.parametrize("path", PATHS)
    def test_lang_chooses_and_then_nothing_varies_by_the_header(self, bilingual: FlaskClient, path: str) -> None:
        spanish = bilingual.get(f"{path}?lang=es", headers={"Accept-Language": "en"})
        assert spanish.headers["Content-Language"] == "es"
        assert "Accept-Language" not in spanish.headers["Vary"]
        english = bilingual.get(f"{path}?lang=en")
        assert english.headers["Content-Language"] == "en"
        assert english.data != spanish.data

    @pytest.mark.parametrize("path", PATHS)
    def test_the_header_chooses_where_lang_is_absent(self, bilingual: FlaskClient, path: str) -> None:
        answer = bilingual.get(path, headers={"Accept-Language": "fr, es-MX;q=0.8, en;q=0.5"})
        assert answer.headers["Content-Language"] == "es"
        assert "Accept-Language" in answer.headers["Vary"]
        assert answer.data == bilingual.get(f"{path}?lang=es").data
        again = bilingual.get(path, headers={"Accept-Language": "es", "If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
        assert "Accept-Language" in again.headers["Vary"]

    def test_a_missing_translation_falls_back_text_by_text(self, bilingual: FlaskClient) -> None:
        document = bilingual.get("/v1/exercises/chin-tuck?lang=es").json
        assert document is not None
        assert document["language"] == "es"
        assert document["name"] == "Retracción de barbilla"
        assert document["summary"] == "Only in English."
        assert document["regions"] == [{"slug": "neck", "name": "Cuello"}]
        step = document["steps"][0]
        assert (step["instruction"], step["cue"]) == ("Siéntese erguido.", "Look ahead.")

    def test_an_unknown_lang_is_422_and_names_the_allowed_ones(self, bilingual: FlaskClient) -> None:
        answer = bilingual.get("/v1/exercises?lang=xx")
        assert answer.status_code == 422
        assert answer.json is not None
        detail = "Must be one of: en, es; a region may follow, as in es-MX."
        assert answer.json["errors"] == [{"parameter": "lang", "detail": detail}]

    @pytest.mark.parametrize("lang", ["es-MX", "ES", "es-419", "es-Latn-MX", "es-x-a"])
    @pytest.mark.parametrize("path", [*PATHS, "/v1/suggestions?q=a", "/v1/sync"])
    def test_a_regional_lang_finds_its_language(self, bilingual: FlaskClient, path: str, lang: str) -> None:
        separator = "&" if "?" in path else "?"
        answer = bilingual.get(f"{path}{separator}lang={lang}")
        assert answer.status_code == 200
        assert answer.headers["Content-Language"] == "es"
        assert answer.data == bilingual.get(f"{path}{separator}lang=es").data

    @pytest.mark.parametrize(
        "lang", ["", "e", "esp", "fr-es", "es-", "es--MX", "es_MX", "es-" + "a" * 9, "es" + "-a" * 20]
    )
    def test_what_is_no_range_of_a_language_is_422(self, bilingual: FlaskClient, lang: str) -> None:
        assert bilingual.get("/v1/exercises", query_string={"lang": lang}).status_code == 422

    def test_a_cursor_belongs_to_its_language(self, client: FlaskClient) -> None:
        first = client.get("/v1/exercises?lang=es&limit=1").json
        assert first is not None
        cursor = first["page"]["next"]
        assert client.get(f"/v1/exercises?lang=es&limit=1&cursor={cursor}").status_code == 200
        assert client.get(f"/v1/exercises?lang=en&limit=1&cursor={cursor}").status_code == 400

    @pytest.mark.parametrize("header", ["", "*", ";;;", "es;q=x", "q=1", "\x7f", "-", "a-" * 500, "es" * 500])
    def test_no_header_is_an_error(self, bilingual: FlaskClient, header: str) -> None:
        assert bilingual.get("/v1/exercises", headers={"Accept-Language": header}).status_code == 200


@pytest.mark.parametrize(
    ("ranges", "expected"),
    [
        ([], "en"),
        ([("*", 1.0)], "en"),
        ([("fr", 1.0)], "en"),
        ([("es-419", 1.0)], "es"),
        ([("ES-mx-x-a", 1.0)], "es"),
        ([("en", 0.5), ("es", 0.9)], "es"),
        ([("en", 0.5), ("es", 0.5)], "en"),
        ([("es", 0.0), ("fr", 1.0)], "en"),
        ([("fr-CH", 1.0), ("es", 0.1)], "es"),
        ([("es-x-private-y", 1.0)], "es"),
    ],
)
def test_lookup_follows_rfc_4647(ranges: list[tuple[str, float]], expected: str) -> None:
    assert lookup(ranges) == expected
