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
from tests.seed_data.doses import session_seconds
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
    def test_an_isbn_passes_its_check_digit(self, sources: Drafts) -> None:
        isbns = [draft["isbn"] for draft in sources.values() if "isbn" in draft]
        assert len(isbns) >= 3
        for isbn in isbns:
            digits = [int(digit) for digit in isbn]
            assert len(digits) == 13
            assert sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10 == 0, isbn

    def test_a_page_has_its_address(self, sources: Drafts, places: Drafts) -> None:
        pages = [draft for draft in (*sources.values(), *places.values()) if draft["type"].startswith("online")]
        assert [draft["slug"] for draft in pages if not draft.get("url", "").startswith("https://")] == []

    def test_a_book_has_its_authors(self, sources: Drafts) -> None:
        books = [draft for draft in sources.values() if draft["type"] == "book"]
        assert [draft["slug"] for draft in books if not draft.get("authors")] == []


class TestRoutines:
    def test_each_says_what_it_is_for_and_where_it_comes_from(self, routines: Drafts) -> None:
        for slug, draft in routines.items():
            for field in ("summary", "conditions", "regions", "stages", "citations", "licence"):
                assert draft.get(field), (slug, field)

    def test_each_stage_has_exercises_in_the_order_of_its_sections(self, routines: Drafts) -> None:
        order = ("warm-up", "main", "cool-down")
        for slug, draft in routines.items():
            for stage in draft["stages"]:
                sections = [order.index(item["section"]) for item in stage["items"]]
                assert sections, slug
                assert sections == sorted(sections), slug

    def test_doses_are_sane(self, routines: Drafts, exercises: Drafts) -> None:
        for slug, draft in routines.items():
            for stage in draft["stages"]:
                doses = [self.dose_of(item, exercises) for item in stage["items"]]
                assert all(dose.get("sets", 1) <= 5 and dose.get("repetitions", 1) <= 30 for dose in doses), slug
                assert sum(map(session_seconds, doses)) < MAX_SESSION_SECONDS, slug

    @staticmethod
    def dose_of(item: dict[str, Any], exercises: Drafts) -> dict[str, Any]:
        (level,) = (each for each in exercises[item["exercise"]]["levels"] if each["intensity"] == item["intensity"])
        dose: dict[str, Any] = item.get("dose") or level["dose"]
        return dose

    def test_no_item_is_above_the_intensity_that_its_routine_states(self, client: FlaskClient) -> None:
        def ask(path: str) -> Any:
            return client.get(path).json

        for routine in items_of(ask, "/v1/routines?limit=100"):
            items = [item for stage in routine["stages"] for item in stage["items"]]
            assert items
            assert all(item["intensity"] <= routine["max_intensity"] for item in items), routine["slug"]

    def test_a_later_stage_is_never_gentler_than_the_first(self, routines: Drafts) -> None:
        for slug, draft in routines.items():
            strongest = [max(item["intensity"] for item in stage["items"]) for stage in draft["stages"]]
            assert strongest[0] == min(strongest), slug
