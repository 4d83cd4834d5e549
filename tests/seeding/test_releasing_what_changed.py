"""`apply --release` releases what it changed and nothing else; with `--all`, what else is pending, and says what."""

from itertools import dropwhile

import pytest
from flask import Flask

from app.exercises.completeness import NEEDS_TIMES
from app.shapes.languages import LANGUAGES
from tests.admin.desk import Desk
from tests.content.samples import LICENCE, complete, exercise, place, routine, source, term
from tests.seeding.commands import Catalogue


@pytest.fixture
def desk(app: Flask) -> Desk:
    """A colleague who edits by the API."""
    return Desk(app, name="Colleague")


class TestRelease:
    def test_what_others_left_pending_stays_so_and_is_counted(self, catalogue: Catalogue, desk: Desk) -> None:
        desk.post("/exercises", {"slug": "half-edited", "name": "Half", "type": "yoga"})
        catalogue.write(places=[place("a")])
        assert catalogue.succeed("apply", "--release", "Spring") == [
            "1 were created, 0 updated, 0 deleted; 0 unchanged, 1 not in the files and kept.",
            "Also pending, and not released: 1. With --all they are released too.",
            f"Released revision 1: {len(LANGUAGES)} documents written, 0 taken away.",
        ]
        assert set(catalogue.editor.documents()) == {("place", "a")}
        assert [(row.revision, row.note) for row in catalogue.editor.releases()] == [(1, "Spring")]

    def test_with_all_they_are_released_and_told_with_who_changed_them(self, catalogue: Catalogue, desk: Desk) -> None:
        desk.post("/places", place("waiting"))
        catalogue.put(sources=[source("s")])
        catalogue.write(places=[place("a")])
        moment = desk.get("/places/waiting")["updated_at"]
        lines = catalogue.succeed("apply", "--release", "Spring", "--all")
        assert lines[1] == "Also pending, and released too: 2."
        assert lines[2] == f"  places/waiting (changed by Colleague, {moment})"
        assert lines[3].startswith("  sources/s (changed by a command, ")
        assert lines[4] == f"Released revision 1: {3 * len(LANGUAGES)} documents written, 0 taken away."
        assert desk.pending() == {}

    def test_where_it_changes_nothing_it_releases_nothing(self, catalogue: Catalogue, desk: Desk) -> None:
        catalogue.write(places=[place("a")])
        catalogue.succeed("apply")
        assert catalogue.succeed("apply", "--release", "Second")[1:] == [
            "Also pending, and not released: 1. With --all they are released too.",
            "Nothing to release: the catalogue stays at revision 0.",
        ]
        assert desk.pending() == {("place", "a"): "created"}

    def test_what_it_takes_away_and_renames_is_released_whole(self, catalogue: Catalogue, desk: Desk) -> None:
        catalogue.write(places=[place("a"), place("b"), place("c")])
        catalogue.succeed("apply", "--release", "First")
        desk.patch("/places/c", {"phone": "1"})
        catalogue.put(places=[place("c", phone="1")])
        catalogue.write(places=[place("d", former_slugs=["a"]), place("c", phone="1")])
        catalogue.succeed("apply", "--prune", "--release", "Second")
        assert set(catalogue.editor.documents()) == {("place", "c"), ("place", "d")}
        assert catalogue.editor.redirects() == {("place", "a"): "d"}
        assert desk.pending() == {("place", "c"): "updated"}

    def test_what_names_something_unpublished_is_refused_and_nothing_is_applied(
        self, catalogue: Catalogue, desk: Desk
    ) -> None:
        desk.post("/places", place("waiting"))
        catalogue.write(sources=[source("s", "professional", places=["waiting"])])
        result = catalogue.run("apply", "--release", "Spring")
        assert result.exit_code == 1
        assert result.stderr.splitlines() == [
            "/sources/s/places/0: place 'waiting' is not published.",
            "Error: 1 fault stands in the way; nothing was released.",
        ]
        assert ("source", "s") not in catalogue.editor.working()

    def test_all_without_release_is_a_mistake_in_the_command(self, catalogue: Catalogue) -> None:
        result = catalogue.run("apply", "--all")
        assert result.exit_code == 2
        assert "--all is for a release: give --release NOTE too." in result.stderr


def after_the_changes(lines: list[str]) -> list[str]:
    """The lines of a plan from the first that says what is incomplete."""
    return list(dropwhile(lambda line: not line.startswith("! "), lines))


class TestCompleteness:
    def test_the_plan_says_what_is_incomplete(self, catalogue: Catalogue) -> None:
        bare = {"slug": "bare", "name": "Bare", "type": "yoga", "levels": [{"intensity": 1}]}
        catalogue.write_whole(exercises=[exercise("whole")], routines=[routine("r", "whole")])
        catalogue.file("exercises/bare.json", str(bare).replace("'", '"'))
        assert after_the_changes(catalogue.succeed("plan")) == [
            "! exercises/bare is incomplete, and cannot be released:",
            "    steps: An exercise needs steps.",
            "    licence: An exercise needs the licence of its texts.",
            "    safety: An exercise needs its safety stated; `assessed: false` says that nobody weighed it.",
            f"    levels[1].dose: {NEEDS_TIMES}",
            "4 would be created, 0 updated, 0 deleted; 0 unchanged.",
        ]

    def test_it_looks_at_the_doses_of_exercises_that_are_not_in_the_files(self, catalogue: Catalogue) -> None:
        licence = term(LICENCE, "licences")
        catalogue.put(vocabularies=[licence], exercises=[exercise("untimed"), complete(exercise("timed"))])
        catalogue.write(routines=[complete(routine("r", "untimed", "timed"))])
        assert after_the_changes(catalogue.succeed("plan"))[:-1] == [
            "! routines/r is incomplete, and cannot be released:",
            "    stages[1].items[1].dose: An item needs a dose with times; level 1 of 'untimed' has none.",
        ]

    def test_a_release_of_what_is_incomplete_is_refused_with_every_gap(self, catalogue: Catalogue) -> None:
        catalogue.write(exercises=[exercise("bare")])
        result = catalogue.run("apply", "--release", "No")
        assert result.exit_code == 1
        assert [line.split(":")[0] for line in result.stderr.splitlines()] == [
            "/exercises/bare/licence",
            "/exercises/bare/safety",
            "/exercises/bare/levels/0/dose",
            "/exercises/bare/levels/1/dose",
            "Error",
        ]
        assert catalogue.editor.working() == {}
        catalogue.succeed("apply")
