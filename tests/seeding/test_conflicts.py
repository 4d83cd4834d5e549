"""Applying seed files overwrites nothing that somebody changed since the files last had it, unless that is forced."""

from collections.abc import Sequence
from typing import Any

import pytest
from flask import Flask

from app.seeding.conflicts import WHAT_TO_DO
from tests.admin.desk import Desk
from tests.content.samples import place, source
from tests.seeding.commands import Catalogue


@pytest.fixture
def desk(app: Flask) -> Desk:
    """A colleague who edits by the API."""
    return Desk(app, name="Colleague")


def applied(catalogue: Catalogue, *places: dict[str, Any]) -> None:
    catalogue.write(places=places)
    catalogue.succeed("apply")


def without_moments(lines: Sequence[str], desk: Desk, path: str) -> list[str]:
    return [line.replace(desk.get(path)["updated_at"], "MOMENT") for line in lines]


class TestConflict:
    def test_it_is_refused_and_told_with_both_values_and_who_and_where(self, catalogue: Catalogue, desk: Desk) -> None:
        applied(catalogue, place("a", phone="1"), place("b"))
        desk.patch("/places/a", {"phone": "2", "summary": "New"})
        catalogue.write(places=[place("a", phone="3"), place("b", phone="4")])
        since = "(changed by Colleague, MOMENT, since the files last had this place)"
        assert without_moments(catalogue.errors(), desk, "/places/a") == [
            f'places/a.yaml:1:1: summary: The file has (none), the catalogue "New" {since}. {WHAT_TO_DO}',
            f'places/a.yaml:4:8: phone: The file has "3", the catalogue "2" {since}. {WHAT_TO_DO}',
        ]
        assert desk.get("/places/a")["draft"]["phone"] == "2"
        assert "phone" not in desk.get("/places/b")["draft"]

    def test_forced_it_is_overwritten_and_no_conflict_any_more(self, catalogue: Catalogue, desk: Desk) -> None:
        applied(catalogue, place("a"))
        desk.patch("/places/a", {"phone": "2"})
        catalogue.succeed("apply", "--force")
        assert "phone" not in desk.get("/places/a")["draft"]
        applied(catalogue, place("a", phone="3"))

    def test_the_plan_shows_it_and_is_no_error(self, catalogue: Catalogue, desk: Desk) -> None:
        applied(catalogue, place("a"))
        desk.patch("/places/a", {"phone": "2"})
        lines = catalogue.succeed("plan")
        assert lines[:2] == ["~ places/a", '    phone: "2" → (none)']
        conflict = 'places/a.yaml:1:1: phone: The file has (none), the catalogue "2"'
        assert lines[2].startswith(f"! {catalogue.folder}/{conflict}")

    def test_what_the_files_changed_too_and_alike_is_none(self, catalogue: Catalogue, desk: Desk) -> None:
        applied(catalogue, place("a"))
        desk.patch("/places/a", {"phone": "2"})
        applied(catalogue, place("a", phone="2"))
        applied(catalogue, place("a", phone="3"))

    def test_what_was_changed_and_changed_back_is_none(self, catalogue: Catalogue, desk: Desk) -> None:
        applied(catalogue, place("a"))
        desk.patch("/places/a", {"phone": "2"})
        desk.patch("/places/a", {"phone": None})
        applied(catalogue, place("a", phone="3"))

    def test_a_draft_that_the_files_never_had_is_not_overwritten(self, catalogue: Catalogue, desk: Desk) -> None:
        desk.post("/places", place("a", phone="2"))
        catalogue.write(places=[place("a")])
        assert len(catalogue.errors()) == 1
        assert desk.get("/places/a")["draft"]["phone"] == "2"

    def test_what_a_command_brought_and_the_files_never_had_is_theirs_to_take_over(self, catalogue: Catalogue) -> None:
        catalogue.editor.put(places=[place("a", phone="2"), place("gone")])
        catalogue.write(places=[place("a", phone="3")])
        catalogue.succeed("apply", "--prune")
        assert catalogue.editor.draft("place", "a")["phone"] == "3"

    def test_an_import_and_a_rollback_are_changes_that_the_files_do_not_know(
        self, catalogue: Catalogue, desk: Desk
    ) -> None:
        applied(catalogue, place("a"), place("b"))
        desk.release()
        desk.bring(places=[place("a", phone="2")])
        applied(catalogue, place("b", phone="2"))
        desk.release()
        desk.post("/rollbacks", {"revision": 1})
        desk.patch("/places/a", {"phone": "5"})
        catalogue.write(places=[place("a", phone="3"), place("b", phone="2")])
        assert [error.split(" ")[0] for error in catalogue.errors()] == ["places/a.yaml:4:8:", "places/b.yaml:4:8:"]


class TestDeleting:
    def test_pruning_takes_away_nothing_that_the_files_do_not_know(self, catalogue: Catalogue, desk: Desk) -> None:
        applied(catalogue, place("a"), place("gone"))
        desk.post("/places", place("new"))
        desk.patch("/places/gone", {"phone": "2"})
        catalogue.write(places=[place("a")])
        refused = catalogue.errors("apply", "--prune")
        assert [error.split(" (")[0] for error in refused] == ["places/gone", "places/new"]
        assert "Would be deleted, but was changed by Colleague" in refused[0]
        catalogue.succeed("apply", "--prune", "--force")
        assert set(catalogue.editor.working()) == {("place", "a")}

    def test_what_somebody_retired_does_not_come_back_by_itself(self, catalogue: Catalogue, desk: Desk) -> None:
        applied(catalogue, place("a"))
        desk.release()
        desk.delete("/places/a")
        (refused,) = catalogue.errors()
        assert "places/a.yaml:1:1: The catalogue retired this place (changed by Colleague" in refused
        catalogue.succeed("apply", "--force")
        assert desk.state("/places/a") == "published"

    def test_what_the_files_took_away_themselves_may_come_back(self, catalogue: Catalogue, desk: Desk) -> None:
        applied(catalogue, place("a"), place("b"))
        desk.release()
        catalogue.write(places=[place("b")])
        catalogue.succeed("apply", "--prune")
        applied(catalogue, place("a"), place("b"))


class TestRenaming:
    def test_what_somebody_changed_is_in_conflict_under_its_new_slug(self, catalogue: Catalogue, desk: Desk) -> None:
        applied(catalogue, place("a"))
        desk.patch("/places/a", {"phone": "2"})
        catalogue.write(places=[place("b", former_slugs=["a"])])
        assert any("phone" in error for error in catalogue.errors())
        catalogue.succeed("apply", "--force")
        assert desk.get("/places/b")["draft"]["former_slugs"] == ["a"]

    def test_what_only_follows_is_no_conflict_and_stays_unknown_to_the_files(
        self, catalogue: Catalogue, desk: Desk
    ) -> None:
        catalogue.write(places=[place("a")], sources=[source("s", "professional")])
        catalogue.succeed("apply")
        desk.patch("/sources/s", {"places": ["a"]})
        desk.post("/sources", source("new", "professional", places=["a"]))
        renamed = place("b", former_slugs=["a"])
        catalogue.write(places=[renamed])
        catalogue.succeed("apply")
        assert desk.get("/sources/s")["draft"]["places"] == ["b"]
        catalogue.write(places=[renamed], sources=[source("s", "professional"), source("new", "professional")])
        assert len(catalogue.errors()) == 2


class TestExport:
    def test_what_an_export_shows_is_known_and_what_comes_after_is_not(self, catalogue: Catalogue, desk: Desk) -> None:
        desk.post("/places", place("a", phone="1"))
        catalogue.succeed("export")
        file = catalogue.folder / "places" / "a.yaml"
        edited = file.read_text(encoding="utf-8").replace("phone: '1'", "phone: '2'")
        file.write_text(edited, encoding="utf-8")
        catalogue.succeed("apply")
        assert desk.get("/places/a")["draft"]["phone"] == "2"
        desk.patch("/places/a", {"phone": "3"})
        assert 'The file has "2", the catalogue "3"' in catalogue.errors()[0]

    def test_it_does_not_make_an_edit_of_it(self, catalogue: Catalogue, desk: Desk) -> None:
        desk.post("/places", place("a"))
        before = desk.etag("/places/a")
        catalogue.succeed("export")
        assert desk.etag("/places/a") == before
