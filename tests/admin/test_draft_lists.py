"""Drafts are found by words, state, who changed them and what they lack, in the order asked for."""

import pytest
from sqlalchemy import event, update

from app.editing.listing import is_worked_out, work_out
from app.kinds import CATALOGUE
from tests.admin.desk import Desk, database_of
from tests.admin.samples import COLLECTIONS, LICENCE, book, exercise, level, minimal, term

REVIEWED = {"status": "editorial", "reviewed_on": "2026-01-02"}


def slugs(desk: Desk, path: str) -> list[str]:
    """Every slug of a list, by pages of two."""
    found, cursor = [], ""
    while True:
        page = desk.get(f"{path}{'&' if '?' in path else '?'}limit=2{cursor}")
        found += [each["slug"] for each in page["items"]]
        if page["page"]["next"] is None:
            assert page["page"]["total"] == len(found)
            return found
        cursor = f"&cursor={page['page']['next']}"


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """The desk, and exercises that each lack something."""
    steps = [{"instruction": {"en": "Up.", "es": "Arriba."}}]
    wholly = exercise("d", name={"en": "Élan", "es": "Impulso"}, steps=steps, review=REVIEWED)
    desk.bring(
        terms=[LICENCE],
        exercises=[
            exercise("a", name="Zebra lean", levels=[level(1), {"intensity": 2}], review=REVIEWED),
            {"slug": "b", "name": "élan of walls", "type": "yoga", "aliases": ["Wall-lean"]},
            exercise("c-lean", name="Apple", review={"status": "unreviewed"}),
            wholly,
        ],
    )
    return desk


class TestMissing:
    @pytest.mark.parametrize(
        ("parts", "found"),
        [
            ("steps", ["b"]),
            ("levels", ["a", "b"]),
            ("safety", ["b"]),
            ("licence", ["b"]),
            ("review", ["b", "c-lean"]),
            ("translation:es", ["a", "b", "c-lean"]),
            ("steps,review", ["b", "c-lean"]),
            ("steps&missing=levels", ["a", "b"]),
            ("stages", []),
        ],
    )
    def test_it_finds_what_lacks_one_of_the_parts(self, filled: Desk, parts: str, found: list[str]) -> None:
        assert slugs(filled, f"/exercises?missing={parts}") == found

    def test_an_item_says_what_it_lacks(self, filled: Desk) -> None:
        assert {"steps", "levels", "translation:es"} <= set(filled.get("/exercises/b")["missing"])
        assert not {"steps", "levels", "translation:es", "review"} & set(filled.get("/exercises/d")["missing"])

    def test_an_edit_is_seen_at_once(self, filled: Desk) -> None:
        filled.patch("/exercises/b", {"steps": [{"instruction": "Go."}]})
        assert slugs(filled, "/exercises?missing=steps") == []

    def test_a_part_that_the_kind_or_sort_does_not_have_matches_nothing(self, desk: Desk) -> None:
        for collection in COLLECTIONS[:-1]:
            assert slugs(desk, f"/{collection}?missing=stages,levels") == []
        desk.bring(
            terms=[term("neck"), term("stiffness", "conditions")],
            sources=[book("one"), {"slug": "two", "type": "video", "title": "Two"}],
        )
        assert slugs(desk, "/vocabularies?missing=see_professional_if") == ["stiffness"]
        assert slugs(desk, "/sources?missing=isbn") == ["one"]

    def test_an_unknown_part_is_422_with_those_there_are(self, desk: Desk) -> None:
        problem = desk.get("/exercises?missing=legs", status=422)
        assert problem["errors"][0]["parameter"] == "missing"
        assert "translation:es" in problem["errors"][0]["detail"]

    def test_a_translation_is_missing_where_one_text_of_any_depth_is(self, filled: Desk) -> None:
        routine = {
            "slug": "r", "name": {"en": "Rest", "es": "Pausa"}, "goal": "relax",
            "stages": [{"name": {"en": "All", "es": "Todo"}, "items": [{"exercise": "d", "intensity": 1}]}],
        }  # fmt: skip
        filled.post("/routines", routine)
        assert slugs(filled, "/routines?missing=translation:es") == []
        routine["stages"][0]["items"][0]["note"] = "Slowly."  # type: ignore[index]  # a list, as it stands above
        filled.put("/routines/r", routine)
        assert slugs(filled, "/routines?missing=translation:es") == ["r"]


class TestWords:
    @pytest.mark.parametrize(
        ("words", "found"),
        [
            ("lean", ["a", "b", "c-lean"]),
            ("LEAN zeb", ["a"]),
            ("elan", ["b", "d"]),
            ("impulso", ["d"]),
            ("c-lean", ["c-lean"]),
            ("%25", ["a", "b", "c-lean", "d"]),
            ("nothing", []),
        ],
    )
    def test_all_of_them_are_in_a_name_an_alias_or_the_slug(self, filled: Desk, words: str, found: list[str]) -> None:
        assert slugs(filled, f"/exercises?q={words}") == found

    def test_only_the_first_200_characters_are_read_and_no_text_is_an_error(self, filled: Desk) -> None:
        assert slugs(filled, f"/exercises?q={'lean%20' * 40}nothing") == ["a", "b", "c-lean"]
        for text in ("%F0%9F%92%AA", "*", "'", "a" * 3000, "a%20" * 1500):
            filled.get(f"/exercises?q={text}")


class TestChangedBy:
    def test_it_is_the_name_of_the_key_that_edited_last(self, filled: Desk) -> None:
        Desk(filled.app, name="Colleague").patch("/exercises/b", {"summary": "Mine"})
        assert slugs(filled, "/exercises?changed_by=Colleague") == ["b"]
        assert slugs(filled, "/exercises?changed_by=Editor") == ["a", "c-lean", "d"]
        assert slugs(filled, "/exercises?changed_by=Nobody") == []
        assert filled.get("/exercises/b")["changed_by"] == "Colleague"


class TestSort:
    def test_by_name_without_case_and_accents_both_ways(self, filled: Desk) -> None:
        assert slugs(filled, "/exercises?sort=name") == ["c-lean", "d", "b", "a"]
        assert slugs(filled, "/exercises?sort=-name") == ["a", "b", "d", "c-lean"]

    def test_by_the_last_edit_both_ways(self, filled: Desk) -> None:
        for slug in ("b", "a"):
            filled.patch(f"/exercises/{slug}", {"summary": "Later"})
        assert slugs(filled, "/exercises?sort=updated_at") == ["c-lean", "d", "b", "a"]
        assert slugs(filled, "/exercises?sort=-updated_at") == ["a", "b", "c-lean", "d"]

    def test_a_cursor_belongs_to_its_order_and_filters(self, filled: Desk) -> None:
        cursor = filled.get("/exercises?limit=1&sort=name")["page"]["next"]
        filled.get(f"/exercises?limit=1&sort=name&cursor={cursor}")
        for query in ("", "sort=-name", "sort=updated_at", "sort=name&q=lean", "sort=name&missing=steps"):
            filled.get(f"/exercises?limit=1&{query}&cursor={cursor}", status=400)

    def test_everything_narrows_together(self, filled: Desk) -> None:
        path = "/exercises?sort=-name&q=lean&missing=levels,review&state=draft&changed_by=Editor"
        assert slugs(filled, path) == ["a", "b", "c-lean"]


class TestCost:
    def test_a_list_takes_the_same_statements_for_two_entities_as_for_twenty(self, desk: Desk) -> None:
        def statements() -> int:
            sent: list[str] = []
            note = lambda *args: sent.append(args[2])  # noqa: E731  # taken away again below
            event.listen(database_of(desk.app).engine, "before_cursor_execute", note)
            desk.get("/exercises?missing=steps,translation:es&q=e&sort=name")
            event.remove(database_of(desk.app).engine, "before_cursor_execute", note)
            return len(sent)

        desk.bring(exercises=[minimal("exercises", slug=f"e{number}") for number in range(2)])
        few = statements()
        desk.bring(exercises=[minimal("exercises", slug=f"e{number}") for number in range(20)])
        assert statements() == few


class TestAfterAnUpgrade:
    def test_what_a_migration_left_open_is_worked_out(self, filled: Desk) -> None:
        before = filled.contents()
        table = CATALOGUE["exercise"].mapped.table
        with database_of(filled.app).transaction() as connection:
            assert is_worked_out(connection, CATALOGUE)
            connection.execute(update(table).values(sort_name=None, words=None, missing=None))
            assert not is_worked_out(connection, CATALOGUE)
        assert slugs(filled, "/exercises?sort=name") == ["a", "b", "c-lean", "d"]
        with database_of(filled.app).transaction() as connection:
            work_out(connection, CATALOGUE)
        assert filled.contents() == before
