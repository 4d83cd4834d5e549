"""Imports into a store: what a second one changes, what is recognised, what pruning may remove."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.content.identity import made_id
from app.editing.bundle import load_draft
from app.editing.plan import apply_plan, make_plan
from app.errors import InvalidDrafts
from app.imports.apply import NOTHING_TO_KEEP, read_free_exercise_db, read_wger
from app.imports.terms import BROUGHT
from app.kinds import CATALOGUE
from app.seeding.files import read_folder
from app.store.database import Database
from tests.imports.records import (
    REAL,
    base,
    counts,
    drafts_in,
    exercise,
    free,
    needs_real_data,
    run,
    translation,
    wger_of,
)
from tests.stores import SEED_DATA, apply_seed

ONE, TWO = exercise("One"), exercise("Two", equipment="trapeze")


def edit(database: Database, *written: dict[str, Any], kind: str = "exercise") -> None:
    """What an editor saves, checked as anything else."""
    drafts = {(kind, draft["slug"]): load_draft(CATALOGUE[kind], draft) for draft in written}
    with database.transaction(exclusive=True) as connection:
        plan, faults = make_plan(connection, CATALOGUE, drafts, prune=False)
        assert faults == []
        apply_plan(connection, CATALOGUE, plan, datetime.now(UTC))


class TestAgain:
    def test_a_second_import_changes_nothing(self, database: Database) -> None:
        for found in (free(ONE, TWO), wger_of()):
            assert run(database, found, note="First").plan
            assert not run(database, found).plan

    def test_a_changed_record_is_updated_and_keeps_its_slug(self, database: Database) -> None:
        run(database, wger_of(), note="First")
        renamed = [translation(11, 1, name="Another name"), translation(13, 2)]
        planned = run(database, wger_of(translations=renamed))
        assert [update.key[1] for update in planned.plan.updated] == ["wger-1-curl-1", "wger-2-neck-stretch"]
        assert drafts_in(database)["wger-1-curl-1"]["name"] == "Another name"

    def test_ids_that_spell_alike_keep_their_slugs_when_one_leaves(self, database: Database) -> None:
        run(database, free(exercise("Sit_Up"), exercise("Sit-Up")))
        run(database, free(exercise("Sit-Up")), prune=True)
        assert drafts_in(database).keys() == {"free-exercise-db-sit-up-2"}
        assert not run(database, free(exercise("Sit-Up"))).plan

    def test_what_was_pruned_comes_back_with_a_file_that_has_it(self, database: Database) -> None:
        run(database, free(ONE, TWO), note="First")
        run(database, free(ONE), prune=True, note="Second")
        planned = run(database, free(ONE, TWO), note="Third")
        assert [(update.key[1], update.restored) for update in planned.plan.updated] == [("free-exercise-db-two", True)]


class TestPrune:
    def test_what_the_file_no_longer_has_is_reported_and_kept(self, database: Database) -> None:
        run(database, free(ONE, TWO))
        planned = run(database, free(ONE))
        assert planned.plan.kept == [("exercise", "free-exercise-db-two")]
        assert "free-exercise-db-two" in drafts_in(database)

    @pytest.mark.usefixtures("own_catalogue")
    def test_prune_removes_that_and_nothing_else(self, database: Database) -> None:
        run(database, free(ONE, TWO))
        run(database, wger_of())
        about_wger = {
            "slug": "about",
            "name": "About",
            "type": "stretch",
            "citations": [{"source": "wger", "locator": "uuid-77"}],
        }
        edit(database, about_wger, {"slug": "wger-like", "name": "Like", "type": "stretch"})
        before = {kind.kind: drafts_in(database, kind.kind) for kind in CATALOGUE}
        planned = run(database, wger_of(exercises=[base(2)]), prune=True)
        assert planned.plan.deleted == [("exercise", "wger-1-curl-1")]
        after = {kind.kind: drafts_in(database, kind.kind) for kind in CATALOGUE}
        del before["exercise"]["wger-1-curl-1"]
        assert after == before

    @pytest.mark.parametrize("records", [(), (exercise("Other"),)], ids=["an empty file", "another file"])
    def test_a_file_without_anything_that_was_imported_prunes_nothing(
        self, database: Database, records: tuple[Any, ...]
    ) -> None:
        run(database, free(ONE, TWO))
        with pytest.raises(InvalidDrafts) as refused:
            run(database, free(*records), prune=True)
        assert [fault.detail for fault in refused.value.faults] == [NOTHING_TO_KEEP]
        assert drafts_in(database).keys() == {"free-exercise-db-one", "free-exercise-db-two"}
        run(database, free(*records))

    def test_an_empty_dump_prunes_nothing(self, database: Database) -> None:
        run(database, wger_of())
        with pytest.raises(InvalidDrafts, match="1 error"):
            run(database, wger_of(exercises=[], translations=[]), prune=True)
        assert len(drafts_in(database)) == 2

    def test_the_first_import_may_prune(self, database: Database) -> None:
        run(database, free(ONE), prune=True)
        assert drafts_in(database).keys() == {"free-exercise-db-one"}

    def test_a_record_that_is_left_out_is_still_there_and_not_pruned(self, database: Database) -> None:
        run(database, free(ONE, TWO))
        planned = run(database, free(ONE, exercise("Two", category="juggling")), prune=True)
        assert counts(planned.plan) == (0, 0, 0, 0)

    def test_what_others_name_is_not_pruned(self, database: Database) -> None:
        run(database, free(ONE, TWO))
        own = {"slug": "own", "name": "Own", "type": "stretch", "harder": ["free-exercise-db-two"]}
        edit(database, own)
        with pytest.raises(InvalidDrafts) as refused:
            run(database, free(ONE), prune=True)
        assert [fault.place for fault in refused.value.faults] == ["exercise own (in the catalogue)/harder/0/slug"]
        assert "free-exercise-db-two" in drafts_in(database)


class TestEditors:
    def test_a_renamed_exercise_is_taken_over(self, database: Database) -> None:
        run(database, free(ONE, TWO), note="First")
        taken = drafts_in(database)["free-exercise-db-two"]
        edit(database, taken | {"slug": "my-two", "former_slugs": ["free-exercise-db-two"], "name": "Mine"})
        for found in (free(ONE, TWO), free(ONE)):
            planned = run(database, found, prune=True)
            assert not planned.plan
            assert drafts_in(database)["my-two"]["name"] == "Mine"

    def test_one_renamed_within_the_prefix_is_still_the_imported_one(self, database: Database) -> None:
        run(database, wger_of())
        draft = drafts_in(database)["wger-1-curl-1"]
        edit(database, draft | {"slug": "wger-curl", "former_slugs": ["wger-1-curl-1"]})
        assert not run(database, wger_of()).plan

    def test_one_with_another_citation_before_it_is_still_the_imported_one(self, database: Database) -> None:
        run(database, free(ONE))
        draft = drafts_in(database)["free-exercise-db-one"]
        edit(database, {"slug": "a-book", "type": "book", "title": "A book"}, kind="source")
        edit(database, draft | {"citations": [{"source": "a-book"}, *draft["citations"]]})
        assert counts(run(database, free(ONE)).plan) == (0, 1, 0, 0)

    def test_a_slug_that_an_editor_has_is_left_to_them(self, database: Database) -> None:
        edit(database, {"slug": "free-exercise-db-one", "name": "Own", "type": "stretch"})
        run(database, free(ONE))
        assert drafts_in(database)["free-exercise-db-one"]["name"] == "Own"
        assert drafts_in(database)["free-exercise-db-one-2"]["name"] == "One"

    def test_edited_and_renamed_terms_stay_as_they_are(self, database: Database) -> None:
        run(database, free(ONE, TWO))
        terms = drafts_in(database, "term")
        edit(
            database,
            terms["trapeze"] | {"name": "Flying trapeze"},
            terms["core"] | {"slug": "middle", "former_slugs": ["core"]},
            kind="term",
        )
        assert not run(database, free(ONE, TWO)).plan
        assert drafts_in(database, "term")["trapeze"]["name"] == "Flying trapeze"

    def test_a_source_that_was_renamed_is_still_the_source(self, database: Database) -> None:
        run(database, wger_of())
        source = drafts_in(database, "source")["wger"]
        edit(database, source | {"slug": "wger-project", "former_slugs": ["wger"]}, kind="source")
        assert not run(database, wger_of()).plan
        assert run(database, wger_of(exercises=[base(2)])).plan.kept == [("exercise", "wger-1-curl-1")]


def in_english(value: Any) -> Any:
    return value["en"] if isinstance(value, dict) and "en" in value else value


class TestSeedData:
    def test_brought_terms_are_as_the_seed_files_have_them(self) -> None:
        seeded = {
            slug: draft for (kind, slug), draft in read_folder(SEED_DATA, CATALOGUE).drafts.items() if kind == "term"
        }
        for slug, draft in BROUGHT.items():
            load_draft(CATALOGUE["term"], draft)
            if slug in seeded:
                assert draft.items() <= {field: in_english(value) for field, value in seeded[slug].items()}.items()

    @pytest.mark.usefixtures("own_catalogue")
    def test_an_import_after_the_seed_brings_only_what_it_lacks(self, database: Database) -> None:
        before = drafts_in(database, "term")
        run(database, free(ONE, TWO), note="Import")
        assert drafts_in(database, "term") == before | {
            "trapeze": {
                "slug": "trapeze",
                "id": made_id("term", "trapeze"),
                "vocabulary": "equipment",
                "name": "trapeze",
            }
        }

    def test_the_seed_applies_after_an_import(self, database: Database) -> None:
        run(database, wger_of(), note="Import")
        apply_seed(database)
        assert not run(database, wger_of()).plan


class TestAllOrNothing:
    def test_one_fault_keeps_everything_out(self, database: Database) -> None:
        with pytest.raises(InvalidDrafts) as refused:
            run(database, free(ONE, exercise("Two", name=3), TWO | {"id": "Three", "level": 1}))
        assert [fault.place for fault in refused.value.faults] == ["exercises.json#/1/name", "exercises.json#/2/level"]
        assert all(not drafts_in(database, kind.kind) for kind in CATALOGUE)

    def test_a_draft_that_breaks_a_rule_names_its_record(self, database: Database) -> None:
        words = [f"muscle {number}" for number in range(80)]
        with pytest.raises(InvalidDrafts) as refused:
            run(database, free(ONE, exercise("Two", primaryMuscles=words)))
        assert [(fault.place, fault.detail) for fault in refused.value.faults] == [
            ("exercises.json#/1", "As a draft, /muscles: Must have at most 60 entries.")
        ]


@needs_real_data
class TestRealFiles:
    def test_free_exercise_db_whole(self, database: Database) -> None:
        found = read_free_exercise_db(REAL / "free-exercise-db" / "exercises.json")
        planned = run(database, found, note="Import")
        assert planned.report.converted == planned.report.read == len(drafts_in(database)) >= 600
        assert not run(database, found, prune=True).plan

    @pytest.mark.usefixtures("own_catalogue")
    def test_wger_whole_beside_the_seed(self, database: Database) -> None:
        own = drafts_in(database)
        found = read_wger(REAL / "wger")
        planned = run(database, found, note="Import")
        assert planned.report.converted == planned.report.read >= 600
        drafts = drafts_in(database)
        assert own.items() <= drafts.items()
        assert len(drafts) == len(own) + planned.report.converted
        assert not run(database, found, prune=True).plan
        names = [draft["name"] for slug, draft in drafts.items() if slug.startswith("wger-")]
        languages = {language for name in names if isinstance(name, dict) for language in name}
        assert {"en", "de", "es", "ar", "zh", "ru"} <= languages
