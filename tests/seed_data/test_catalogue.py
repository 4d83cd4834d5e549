"""The seed data as a whole: large enough to be of use, and whole in itself."""

from collections import Counter
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.editing.bundle import Bundle
from app.kinds import CATALOGUE
from app.models.source import SOURCE_TYPES
from app.seeding.files import SeedEntry
from app.seeding.planning import plan_folder
from app.store.database import Database
from tests.contract.live_document import items_of
from tests.seed_data.conftest import Drafts
from tests.stores import SEED_DATA

MAX_SESSION_SECONDS = 60 * 60


class TestTheWhole:
    def test_every_reference_resolves(self, database: Database, folder: Bundle[SeedEntry]) -> None:
        with database.reading() as connection:
            planned = plan_folder(connection, CATALOGUE, SEED_DATA, prune=False, read=folder)
        assert len(planned.changes) == len(folder.drafts)

    def test_there_are_enough_exercises_of_each_sort(self, exercises: Drafts) -> None:
        types = Counter(draft["type"] for draft in exercises.values())
        assert types.total() >= 40
        assert types["yoga"] >= 10
        assert types["breathing"] + types["relaxation"] >= 5

    @pytest.mark.parametrize("region", ["upper-back", "neck", "shoulders", "chest"])
    def test_there_are_exercises_for_each_region_that_the_catalogue_is_for(
        self, exercises: Drafts, region: str
    ) -> None:
        assert sum(region in draft["regions"] for draft in exercises.values()) >= 5

    def test_there_are_enough_routines_and_places(self, routines: Drafts, places: Drafts) -> None:
        assert len(routines) >= 10
        assert {"first-week-with-a-professional", "evening-wind-down", "three-day-prevention"} <= routines.keys()
        assert {"relieve", "prevent"} <= {draft["goal"] for draft in routines.values()}
        assert "online-directory" in {draft["type"] for draft in places.values()}

    def test_there_are_enough_sources_of_all_types(self, sources: Drafts) -> None:
        assert len(sources) >= 20
        assert {draft["type"] for draft in sources.values()} == set(SOURCE_TYPES)


class TestSources:
    def test_books_have_an_isbn_where_one_is_known(self, sources: Drafts) -> None:
        assert sum("isbn" in draft for draft in sources.values()) >= 8

    def test_online_places_have_their_addresses(self, places: Drafts) -> None:
        online = [draft for draft in places.values() if draft["type"].startswith("online")]
        assert [draft["slug"] for draft in online if not draft.get("url", "").startswith("https://")] == []


class TestRoutines:
    def test_each_is_cited(self, routines: Drafts) -> None:
        assert [slug for slug, draft in routines.items() if not draft.get("citations")] == []

    def test_a_session_takes_less_than_an_hour(self, client: FlaskClient) -> None:
        for routine in items_of(lambda path: client.get(path).json, "/v1/routines?limit=100"):
            assert 0 < routine["seconds"] < MAX_SESSION_SECONDS, routine["slug"]

    def test_no_item_is_above_the_intensity_that_its_routine_states(self, client: FlaskClient) -> None:
        def ask(path: str) -> Any:
            return client.get(path).json

        for routine in items_of(ask, "/v1/routines?limit=100"):
            items = [item for stage in routine["stages"] for item in stage["items"]]
            assert items
            assert all(item["intensity"] <= routine["max_intensity"] for item in items), routine["slug"]
