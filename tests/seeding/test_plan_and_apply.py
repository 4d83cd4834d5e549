import pytest

from app.content.identity import made_id
from app.exercises.completeness import NEEDS, NEEDS_TIMES
from app.shapes.languages import LANGUAGES
from tests.content.samples import LICENCE, complete, exercise, place, routine, source, term
from tests.seeding.commands import Catalogue

SUMMARY = "{} were created, {} updated, {} deleted; {} unchanged"


def summary(created: int = 0, updated: int = 0, deleted: int = 0, unchanged: int = 0) -> str:
    return SUMMARY.format(created, updated, deleted, unchanged) + "."


class TestPlan:
    def test_new_entities_are_told_with_all_that_they_hold(self, catalogue: Catalogue) -> None:
        catalogue.write(exercises=[exercise("a")], sources=[source("b")])
        assert catalogue.succeed("plan") == [
            "+ exercises/a",
            '    slug: "a"',
            f'    id: "{made_id("exercise", "a")}"',
            '    name: "A"',
            '    type: "stretch"',
            '    steps[1].instruction: "Stand up."',
            "    levels[1].intensity: 1",
            "    levels[2].intensity: 3",
            '    guidance.professional: "recommended"',
            "+ sources/b",
            '    slug: "b"',
            f'    id: "{made_id("source", "b")}"',
            '    type: "book"',
            '    title: "B"',
            "! exercises/a is incomplete, and cannot be released:",
            f"    licence: {NEEDS['licence']}",
            f"    safety: {NEEDS['safety']}",
            f"    levels[1].dose: {NEEDS_TIMES}",
            f"    levels[2].dose: {NEEDS_TIMES}",
            "2 would be created, 0 updated, 0 deleted; 0 unchanged.",
        ]

    def test_a_change_is_told_field_by_field_with_before_and_after(self, catalogue: Catalogue) -> None:
        licence = term(LICENCE, "licences")
        steps = [{"instruction": "One."}, {"instruction": "Two."}]
        old = exercise("a", summary="Old", position="seated", steps=steps)
        catalogue.put(vocabularies=[licence], exercises=[complete(old)])
        new = exercise("a", summary={"en": "Old", "es": "Viejo"}, steps=[{"instruction": "One.", "part": "hold"}])
        catalogue.write_whole(exercises=[new | {"aliases": ["Cat"]}])
        assert catalogue.succeed("plan") == [
            "~ exercises/a",
            '    summary: "Old" → {"en": "Old", "es": "Viejo"}',
            '    position: "seated" → (none)',
            '    steps[1].part: (none) → "hold"',
            '    steps[2]: {"instruction": "Two."} → (none)',
            '    aliases: (none) → ["Cat"]',
            "0 would be created, 1 updated, 0 deleted; 1 unchanged.",
        ]

    def test_what_stays_though_the_files_lack_it_is_counted(self, catalogue: Catalogue) -> None:
        catalogue.put(sources=[source("a"), source("b")])
        catalogue.write(sources=[source("a")])
        assert catalogue.succeed("plan") == [
            "0 would be created, 0 updated, 0 deleted; 1 unchanged, 1 not in the files and kept."
        ]

    def test_pruning_tells_what_would_go(self, catalogue: Catalogue) -> None:
        catalogue.put(sources=[source("a"), source("b")])
        catalogue.write(sources=[source("a")])
        assert catalogue.succeed("plan", "--prune") == [
            "- sources/b",
            "0 would be created, 0 updated, 1 deleted; 1 unchanged.",
        ]

    def test_planning_changes_nothing(self, catalogue: Catalogue) -> None:
        catalogue.put(exercises=[exercise("a"), exercise("gone")])
        catalogue.write(exercises=[exercise("a", summary="New"), exercise("b")])
        first = catalogue.succeed("plan", "--prune")
        assert catalogue.succeed("plan", "--prune") == first
        assert catalogue.editor.working() == {("exercise", "a"): "active", ("exercise", "gone"): "active"}
        assert "summary" not in catalogue.editor.draft("exercise", "a")

    def test_a_long_value_is_shown_whole(self, catalogue: Catalogue) -> None:
        catalogue.put(exercises=[exercise("a", summary="y" * 499 + "x")])
        catalogue.write(exercises=[exercise("a", summary="y" * 500), exercise("b", summary="z" * 500)])
        lines = catalogue.succeed("plan")
        assert f'    summary: "{"y" * 499}x" → "{"y" * 500}"' in lines
        assert f'    summary: "{"z" * 500}"' in lines


class TestApply:
    def test_what_was_planned_is_done(self, catalogue: Catalogue) -> None:
        catalogue.put(exercises=[exercise("a", summary="Old"), exercise("gone")])
        wanted = [exercise("a", summary="New"), exercise("b")]
        catalogue.write(exercises=wanted)
        assert catalogue.succeed("apply", "--prune") == [summary(created=1, updated=1, deleted=1)]
        assert set(catalogue.editor.working()) == {("exercise", "a"), ("exercise", "b")}
        assert catalogue.editor.draft("exercise", "a")["summary"] == "New"

    def test_without_release_nothing_becomes_public(self, catalogue: Catalogue) -> None:
        catalogue.write(exercises=[exercise("a")])
        catalogue.succeed("apply")
        assert catalogue.editor.revision() == 0
        assert catalogue.editor.documents() == {}

    def test_applying_twice_changes_nothing(self, catalogue: Catalogue) -> None:
        catalogue.write_whole(
            vocabularies=[term("neck", "regions")],
            exercises=[exercise("a", regions=["neck"])],
            routines=[routine("r", "a")],
        )
        catalogue.succeed("apply", "--release", "First")
        before = catalogue.editor.documents()
        assert catalogue.succeed("apply", "--prune", "--release", "Second") == [
            summary(unchanged=4),
            "Nothing to release: the catalogue stays at revision 1.",
        ]
        assert catalogue.editor.documents() == before
        assert catalogue.editor.revision() == 1

    def test_applying_to_an_entity_counts_one_edit_and_none_where_nothing_changes(self, catalogue: Catalogue) -> None:
        from app.content.working_copy import entries
        from app.kinds import CATALOGUE

        catalogue.write(exercises=[exercise("a"), exercise("b")])
        catalogue.succeed("apply")
        catalogue.write(exercises=[exercise("a", summary="New"), exercise("b")])
        catalogue.succeed("apply")
        with catalogue.editor.database.reading() as connection:
            found = entries(connection, CATALOGUE["exercise"])
        assert {slug: entry.version for slug, entry in found.items()} == {"a": 2, "b": 1}

    def test_everything_that_an_entity_had_before_is_replaced(self, catalogue: Catalogue) -> None:
        full = exercise(
            "a",
            aliases=["Cat"],
            precautions=["Slowly."],
            stop_if=["Pain."],
            tips=[{"text": "Tip"}],
            guidance={"professional": "required", "note": "Ask."},
            review={"status": "unreviewed", "reviewer": "Nobody"},
            levels=[{"intensity": 2, "dose": {"sets": 1}}],
        )
        catalogue.write(exercises=[full])
        catalogue.succeed("apply")
        bare = {"slug": "a", "name": "A", "type": "yoga"}
        catalogue.write(exercises=[bare])
        catalogue.succeed("apply")
        assert catalogue.editor.draft("exercise", "a") == bare | {
            "id": made_id("exercise", "a"),
            "guidance": {"professional": "recommended"},
        }

    def test_a_source_may_become_another_type(self, catalogue: Catalogue) -> None:
        catalogue.write(sources=[source("s", authors=["A. Author"], isbn="9780131103627")])
        catalogue.succeed("apply")
        online = source("s", "online", publisher="Site", accessed_on="2026-01-02")
        catalogue.write(sources=[online])
        catalogue.succeed("apply")
        assert catalogue.editor.draft("source", "s") == online | {"id": made_id("source", "s")}

    def test_an_isbn_may_move_from_one_book_to_another(self, catalogue: Catalogue) -> None:
        catalogue.write(sources=[source("a", isbn="9780131103627"), source("b")])
        catalogue.succeed("apply", "--release", "First")
        catalogue.write(sources=[source("c", isbn="9780131103627"), source("b")])
        catalogue.succeed("apply", "--prune", "--release", "Second")
        assert catalogue.editor.document("source", "c")["isbn"] == "9780131103627"


class TestPrune:
    def test_what_was_never_published_is_deleted(self, catalogue: Catalogue) -> None:
        catalogue.put(exercises=[exercise("a")], routines=[routine("r", "a")])
        catalogue.write(places=[place("p")])
        assert catalogue.succeed("apply", "--prune") == [summary(created=1, deleted=2)]
        assert catalogue.editor.working() == {("place", "p"): "active"}

    @pytest.mark.parametrize("command", ["plan", "apply"])
    def test_a_folder_without_entries_is_refused_and_says_what_to_do(self, catalogue: Catalogue, command: str) -> None:
        catalogue.put(exercises=[exercise("a")])
        catalogue.file("exercises/notes.md", "nothing")
        (refused,) = catalogue.errors(command, "--prune")
        assert "pruning would delete everything" in refused
        assert catalogue.editor.working() == {("exercise", "a"): "active"}
        catalogue.succeed(command)

    def test_what_is_published_is_retired_and_leaves_with_the_next_release(self, catalogue: Catalogue) -> None:
        catalogue.write(places=[place("a"), place("b")])
        catalogue.succeed("apply", "--release", "First")
        catalogue.write(places=[place("b")])
        catalogue.succeed("apply", "--prune")
        assert catalogue.editor.working() == {("place", "a"): "retired", ("place", "b"): "active"}
        assert catalogue.editor.document("place", "a") is not None

        lines = catalogue.succeed("apply", "--prune", "--release", "Second", "--all")
        assert lines[-1] == f"Released revision 2: 0 documents written, {len(LANGUAGES)} taken away."
        assert catalogue.editor.document("place", "a") is None
        assert catalogue.editor.changed_by(2) == {("place", "a"): None}

    def test_what_a_retired_entity_names_is_not_lost_with_it(self, catalogue: Catalogue) -> None:
        catalogue.write_whole(vocabularies=[term("neck", "regions")], exercises=[exercise("a")])
        catalogue.succeed("apply", "--release", "First")
        catalogue.write_whole(
            vocabularies=[term("neck", "regions"), term("chest", "regions")],
            exercises=[exercise("a", regions=["chest"])],
        )
        catalogue.succeed("apply")
        catalogue.write_whole(vocabularies=[term("neck", "regions")])
        catalogue.succeed("apply", "--prune", "--release", "Second")
        assert set(catalogue.editor.documents()) == {("term", "neck"), ("term", LICENCE)}

        catalogue.write_whole(
            vocabularies=[term("neck", "regions"), term("chest", "regions")],
            exercises=[exercise("a", regions=["chest"])],
        )
        lines = catalogue.succeed("plan")
        assert lines[:2] == ["~ exercises/a (back from retirement)", "~ vocabularies/chest (back from retirement)"]
        catalogue.succeed("apply", "--release", "Third")
        assert catalogue.editor.document("exercise", "a")["regions"] == [{"slug": "chest", "name": "Chest"}]

    def test_a_retired_routine_does_not_keep_an_exercise_from_changing_its_levels(self, catalogue: Catalogue) -> None:
        catalogue.write_whole(exercises=[exercise("a")], routines=[routine("r", "a")])
        catalogue.succeed("apply", "--release", "First")
        catalogue.write_whole(exercises=[exercise("a")])
        catalogue.succeed("apply", "--prune", "--release", "Second")
        catalogue.write_whole(exercises=[exercise("a", levels=[{"intensity": 5}])])
        catalogue.succeed("apply", "--prune", "--release", "Third")
        assert [level["intensity"] for level in catalogue.editor.document("exercise", "a")["levels"]] == [5]
        assert catalogue.editor.document("routine", "r") is None

    def test_a_routine_may_leave_as_its_exercise_gives_up_the_level(self, catalogue: Catalogue) -> None:
        catalogue.write_whole(exercises=[exercise("a")], routines=[routine("r", "a")])
        catalogue.succeed("apply", "--release", "First")
        catalogue.write_whole(exercises=[exercise("a", levels=[{"intensity": 5}])])
        catalogue.succeed("apply", "--prune", "--release", "Second")
        assert catalogue.editor.changed_by(2)["routine", "r"] is None

    def test_a_draft_that_something_in_the_files_names_cannot_go(self, catalogue: Catalogue) -> None:
        catalogue.put(exercises=[exercise("a")])
        catalogue.write(routines=[routine("r", "a")])
        assert catalogue.errors("apply", "--prune")[0].endswith("No exercise has the slug 'a'. Allowed: none yet.")
