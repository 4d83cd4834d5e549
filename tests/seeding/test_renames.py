from tests.content.samples import exercise, routine, term
from tests.seeding.commands import Catalogue


class TestRename:
    def test_an_entity_whose_former_slug_is_there_is_renamed_not_created(self, catalogue: Catalogue) -> None:
        catalogue.editor.put(exercises=[exercise("old", name="Name")])
        catalogue.write(exercises=[exercise("new", name="Name", former_slugs=["old"])])
        assert catalogue.succeed("plan") == [
            "~ exercises/new (was exercises/old)",
            '    slug: "old" → "new"',
            '    former_slugs: (none) → ["old"]',
            "0 would be created, 1 updated, 0 deleted; 0 unchanged.",
        ]
        catalogue.succeed("apply")
        assert catalogue.editor.working() == {("exercise", "new"): "active"}

    def test_what_names_it_and_is_not_in_the_files_follows(self, catalogue: Catalogue) -> None:
        catalogue.editor.put(
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
        catalogue.editor.put(exercises=[exercise("shrug")])
        catalogue.write(exercises=[exercise("shrugs", former_slugs=["shrug"]), exercise("b", harder=["shrug"])])
        assert "No exercise has the slug 'shrug'. It was renamed to 'shrugs'." in catalogue.errors()[0]

    def test_pruning_still_takes_away_what_names_it_and_is_not_in_the_files(self, catalogue: Catalogue) -> None:
        catalogue.write(exercises=[exercise("old")], routines=[routine("r", "old")])
        catalogue.succeed("apply", "--release", "First")
        catalogue.write(exercises=[exercise("new", former_slugs=["old"])])
        catalogue.succeed("apply", "--prune", "--release", "Second")
        assert catalogue.editor.working()["routine", "r"] == "retired"
        assert set(catalogue.editor.documents()) == {("exercise", "new")}
        assert catalogue.succeed("plan", "--prune") == ["0 would be created, 0 updated, 0 deleted; 1 unchanged."]

    def test_applying_a_rename_twice_changes_nothing(self, catalogue: Catalogue) -> None:
        catalogue.editor.put(exercises=[exercise("old")], routines=[routine("r", "old")])
        catalogue.write(exercises=[exercise("new", former_slugs=["old"])])
        catalogue.succeed("apply")
        assert catalogue.succeed("plan") == [
            "0 would be created, 0 updated, 0 deleted; 1 unchanged, 1 not in the files and kept."
        ]

    def test_two_slugs_cannot_be_swapped_at_once(self, catalogue: Catalogue) -> None:
        catalogue.editor.put(exercises=[exercise("a"), exercise("b")])
        catalogue.write(exercises=[exercise("a", former_slugs=["b"]), exercise("b", former_slugs=["a"])])
        assert len(catalogue.errors()) == 2
