"""A sixth kind is seeded, released, listed, searched, synced and put into snapshots like every other."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect

from app.content.identity import made_id
from app.store import migrating
from app.store.database import Database
from tests.seeding.commands import Catalogue as Seeds
from tests.settings import ORIGIN, settings_for
from tests.sixth_kind.anatomy_articles.kind import ANATOMY_ARTICLE
from tests.sixth_kind.articles import article
from tests.sixth_kind.conftest import KINDS
from tests.stores import MakeStore

TABLES = {"anatomy_article", "anatomy_article_region"}


@pytest.fixture
def http(seeds: Seeds) -> FlaskClient:
    """A client of the released articles."""
    return seeds.app.test_client()


def answer_of(http: FlaskClient, address: str) -> Any:
    """The JSON at an address, whatever the status."""
    return http.get(address).json


def slugs(page: Any) -> list[str]:
    return [item["slug"] for item in page["items"]]


class TestMigrations:
    def test_the_service_is_ready_once_the_migrations_of_the_kind_are_made_too(self, unmigrated: Flask) -> None:
        http = unmigrated.test_client()
        assert http.get("/readyz").status_code == 503
        assert unmigrated.test_cli_runner().invoke(args=["database", "upgrade"]).exit_code == 0
        assert http.get("/readyz").status_code == 200

    def test_a_new_store_gets_all_tables_at_once_and_loses_them_again(self, tmp_path: Path) -> None:
        database = Database(settings_for(f"sqlite:///{tmp_path / 'new.db'}"))
        migrating.upgrade(database, more=KINDS.migrations)
        with database.reading() as connection:
            assert set(inspect(connection).get_table_names()) > {"exercise", *TABLES}
            assert migrating.is_current(connection, KINDS.migrations)
        migrating.downgrade(database, more=KINDS.migrations)
        with database.reading() as connection:
            assert TABLES.isdisjoint(inspect(connection).get_table_names())
            assert not migrating.is_current(connection, KINDS.migrations)
        database.dispose()

    def test_a_store_without_the_kind_stays_as_it_was(self, make_sqlite: MakeStore) -> None:
        database = Database(settings_for(make_sqlite()))
        migrating.upgrade(database)
        with database.reading() as connection:
            assert migrating.is_current(connection)
            assert TABLES.isdisjoint(inspect(connection).get_table_names())
        database.dispose()


class TestSeedFiles:
    def test_an_export_is_a_file_an_article_and_applies_without_a_change(self, seeds: Seeds, tmp_path: Path) -> None:
        exported = Seeds(seeds.app, tmp_path / "exported")
        exported.succeed("export")
        text = (exported.folder / "anatomy-articles" / "the-neck.yaml").read_text(encoding="utf-8")
        assert text.startswith("# yaml-language-server: $schema=../schemas/anatomy-article.schema.json\n")
        assert exported.succeed("apply", "--prune") == ["0 were created, 0 updated, 0 deleted; 4 unchanged."]

    def test_an_error_names_file_and_field(self, seeds: Seeds) -> None:
        seeds.write(**{"anatomy-articles": [article("the-neck", regions=["nowhere"])]})
        assert "anatomy-articles/the-neck.yaml" in seeds.errors()[0]
        assert "regions[1]" in seeds.errors()[0]


class TestReading:
    def test_a_document(self, http: FlaskClient) -> None:
        document = answer_of(http, "/v1/anatomy-articles/the-neck")
        assert document == {
            "kind": "anatomy-article",
            "id": made_id("anatomy-article", "the-neck"),
            "slug": "the-neck",
            "former_slugs": [],
            "language": "en",
            "name": "The neck",
            "summary": None,
            "regions": [{"slug": "neck", "name": "Neck"}],
            "text": "Seven vertebrae carry the head.",
            "revision": 1,
            "published_at": document["published_at"],
            "links": {
                "self": f"{ORIGIN}/v1/anatomy-articles/the-neck",
                "html": None,
                "embed": None,
                "oembed": None,
                "report": f"{ORIGIN}/report?about=/v1/anatomy-articles/the-neck",
            },
        }

    def test_what_is_not_there_is_404_in_words(self, http: FlaskClient) -> None:
        problem = answer_of(http, "/v1/anatomy-articles/nothing")
        assert problem["detail"] == "No published anatomy article has the slug 'nothing'."

    def test_a_list_is_filtered_counted_and_searched(self, http: FlaskClient) -> None:
        address = "/v1/anatomy-articles"
        assert slugs(answer_of(http, address)) == ["the-hand", "the-neck"]
        answer = answer_of(http, f"{address}?region=neck&facets=region")
        assert slugs(answer) == ["the-neck"]
        assert answer["facets"] == {"region": [{"slug": "neck", "name": "Neck", "count": 1}]}
        assert slugs(answer_of(http, f"{address}?q=hand&fields=name")) == ["the-hand"]
        problem = answer_of(http, f"{address}?region=nek")
        assert problem["errors"][0]["detail"] == "'nek' is not published. Did you mean 'neck'? Allowed: chest, neck."

    def test_its_own_routes_stand_beside_list_and_documents(self, http: FlaskClient, seeds: Seeds) -> None:
        seeds.write(**{"anatomy-articles": [article("the-hand", text="One.\n\nTwo.", former_slugs=["hand"])]})
        seeds.succeed("apply", "--release", "Second")
        assert answer_of(http, "/v1/anatomy-articles/the-hand/paragraphs/2") == {"text": "Two."}
        moved = http.get("/v1/anatomy-articles/hand/paragraphs/2")
        assert (moved.status_code, moved.headers["Location"]) == (308, "/v1/anatomy-articles/the-hand/paragraphs/2")

    def test_a_kind_without_pages_has_none(self, http: FlaskClient) -> None:
        assert http.get("/anatomy-articles/the-neck").status_code == 404
        assert "anatomy-articles" not in http.get("/sitemap.xml").text


class TestSync:
    def test_the_feed_enumerates_it_and_tells_of_changes(self, http: FlaskClient, seeds: Seeds) -> None:
        first = answer_of(http, "/v1/sync?kinds=anatomy-article")
        assert {(item["kind"], item["slug"]) for item in first["items"]} == {
            ("anatomy-article", "the-hand"),
            ("anatomy-article", "the-neck"),
        }
        seeds.write(**{"anatomy-articles": [article("the-neck", name="The neck, again")]})
        seeds.succeed("apply", "--prune", "--release", "Second")
        changes = answer_of(http, f"/v1/sync?token={first['token']}")["items"]
        assert [(item["slug"], item.get("deleted", False)) for item in changes] == [
            ("the-neck", False),
            ("the-hand", True),
        ]

    def test_an_unknown_kind_is_told_which_there_are(self, http: FlaskClient) -> None:
        assert "anatomy-article" in answer_of(http, "/v1/sync?kinds=nothing")["errors"][0]["detail"]

    def test_snapshots_hold_it(self, http: FlaskClient, tmp_path: Path) -> None:
        lines = [json.loads(line) for line in http.get("/v1/snapshot.ndjson").text.splitlines()]
        assert {line["slug"] for line in lines if line.get("kind") == ANATOMY_ARTICLE.kind} == {"the-hand", "the-neck"}
        path = tmp_path / "snapshot.db"
        path.write_bytes(http.get("/v1/snapshot.sqlite").data)
        with sqlite3.connect(path) as database:
            counted = database.execute("SELECT count(*) FROM document WHERE kind = 'anatomy-article'").fetchone()
        database.close()
        assert counted == (2,)
