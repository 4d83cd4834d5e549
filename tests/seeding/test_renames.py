from app.content.identity import made_id
from tests.content.samples import LICENCE, exercise, place, routine, source, term
from tests.seeding.commands import Catalogue


class TestRename:
    def test_an_entity_whose_former_slug_is_there_is_renamed_not_created(self, catalogue: Catalogue) -> None:
        catalogue.put(places=[place("old", name="Name")])
        catalogue.write(places=[place("new", name="Name", former_slugs=["old"])])
        assert catalogue.succeed("plan") == [
            "~ places/new (was places/old)",
            '    slug: "old" → "new"',
            '    former_slugs: (none) → ["old"]',
            "0 would be created, 1 updated, 0 deleted; 0 unchanged.",
        ]
        catalogue.succeed("apply")
        assert catalogue.editor.working() == {("place", "new"): "active"}

    def test_what_names_it_and_is_not_in_the_files_follows(self, catalogue: Catalogue) -> None:
        catalogue.put(
            vocabularies=[term("old", "regions")],
            exercises=[exercise("a", regions=["old"]), exercise("b", harder=["a"])],
            routines=[routine("r", "a")],
        )
        catalogue.write(
            vocabularies=[term("new", "regions", former_slugs=["old"])],
            exercises=[exercise("z", regions=["new"], former_slugs=["a"])],
        )
        lines = catalogue.succeed("plan")
        assert '    stages[1].items[1].exercise: "a" → "z"' in lines
        assert '    harder[1].slug: "a" → "z"' in lines
        catalogue.succeed("apply")
        assert catalogue.editor.draft("exercise", "b")["harder"] == [{"slug": "z"}]
        assert catalogue.editor.draft("routine", "r")["stages"][0]["items"][0]["exercise"] == "z"

    def test_what_names_it_by_the_former_slug_in_the_files_is_an_error(self, catalogue: Catalogue) -> None:
        catalogue.put(exercises=[exercise("shrug")])
        catalogue.write(exercises=[exercise("shrugs", former_slugs=["shrug"]), exercise("b", harder=["shrug"])])
        assert "No exercise has the slug 'shrug'. It was renamed to 'shrugs'." in catalogue.errors()[0]

    def test_pruning_still_takes_away_what_names_it_and_is_not_in_the_files(self, catalogue: Catalogue) -> None:
        catalogue.write_whole(exercises=[exercise("old")], routines=[routine("r", "old")])
        catalogue.succeed("apply", "--release", "First")
        catalogue.write_whole(exercises=[exercise("new", former_slugs=["old"])])
        catalogue.succeed("apply", "--prune", "--release", "Second")
        assert catalogue.editor.working()["routine", "r"] == "retired"
        assert set(catalogue.editor.documents()) == {("exercise", "new"), ("term", LICENCE)}
        assert catalogue.succeed("plan", "--prune") == ["0 would be created, 0 updated, 0 deleted; 2 unchanged."]

    def test_applying_a_rename_twice_changes_nothing(self, catalogue: Catalogue) -> None:
        catalogue.put(places=[place("old")], sources=[source("s", "professional", places=["old"])])
        catalogue.write(places=[place("new", former_slugs=["old"])])
        catalogue.succeed("apply")
        assert catalogue.succeed("plan") == [
            "0 would be created, 0 updated, 0 deleted; 1 unchanged, 1 not in the files and kept."
        ]

    def test_two_slugs_cannot_be_swapped_at_once(self, catalogue: Catalogue) -> None:
        catalogue.put(exercises=[exercise("a"), exercise("b")])
        catalogue.write(exercises=[exercise("a", former_slugs=["b"]), exercise("b", former_slugs=["a"])])
        assert len(catalogue.errors()) == 2


class TestIds:
    def test_an_entry_with_the_id_of_what_is_stored_under_another_slug_renames_it(self, catalogue: Catalogue) -> None:
        catalogue.write_whole(exercises=[exercise("old")])
        catalogue.succeed("apply", "--release", "First")
        catalogue.write_whole(exercises=[exercise("new", id=made_id("exercise", "old"))])
        assert catalogue.succeed("plan", "--prune")[0] == "~ exercises/new (was exercises/old)"
        catalogue.succeed("apply", "--prune", "--release", "Second")
        assert catalogue.editor.redirects() == {("exercise", "old"): "new"}
        assert catalogue.succeed("plan", "--prune")[-1].endswith("0 updated, 0 deleted; 2 unchanged.")

    def test_files_from_before_a_rename_are_an_error_and_with_prune_take_it_back(self, catalogue: Catalogue) -> None:
        catalogue.editor.publish(exercises=[exercise("old")])
        catalogue.editor.publish(exercises=[exercise("new", former_slugs=["old"])])
        catalogue.write(exercises=[exercise("old")])
        assert "'old' is a former slug of 'new' and leads there." in catalogue.errors()[0]
        catalogue.succeed("apply", "--prune")
        assert catalogue.editor.working() == {("exercise", "old"): "active"}
        assert catalogue.editor.draft("exercise", "old")["former_slugs"] == ["new"]

    def test_another_id_and_a_text_that_is_none_are_told_with_their_places(self, catalogue: Catalogue) -> None:
        catalogue.editor.put(exercises=[exercise("a")])
        catalogue.write(exercises=[exercise("a", id=made_id("exercise", "b"))])
        assert "id: The exercise 'a' has the id " in catalogue.errors()[0]
        catalogue.write(exercises=[exercise("a", id="wall-lean")])
        assert "id: Must be a UUID such as " in catalogue.errors()[0]

    def test_deployments_that_are_seeded_from_the_same_files_agree(self, catalogue: Catalogue) -> None:
        catalogue.write_whole(
            exercises=[exercise("a"), exercise("c", former_slugs=["b"])], routines=[routine("r", "a")]
        )
        catalogue.succeed("apply", "--release", "First")
        documents = [
            catalogue.editor.document(*key) for key in (("exercise", "a"), ("exercise", "c"), ("routine", "r"))
        ]
        assert [each["id"] for each in documents] == [
            made_id("exercise", "a"),
            made_id("exercise", "b"),
            made_id("routine", "r"),
        ]
