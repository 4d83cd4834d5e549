import pytest

from tests.content.samples import exercise, place, routine, source, term
from tests.seeding.commands import Catalogue

pytestmark = pytest.mark.one_store

MINIMAL = "slug: {slug}\nname: Name\ntype: stretch\n"


class TestAllErrorsAtOnce:
    def test_every_fault_of_every_file_is_told_with_file_line_and_column(self, catalogue: Catalogue) -> None:
        catalogue.file("exercises/a.yaml", "slug: A!\nname: Name\ntype: strech\nsteps:\n  - cue: Softly\n")
        catalogue.file("exercises/b.yaml", "slug: b\nname: [x]\ntype: yoga\ncolour: red\n")
        catalogue.file("sources/c.yaml", "slug: c\ntype: book\ntitle: T\nisbn: 978-0-13-110362-8\n")
        catalogue.file("routines/d.yaml", "slug: d\n  name: x\n")
        found = catalogue.errors()
        assert sorted(error.split(": ")[0] for error in found) == [
            "exercises/a.yaml:1:7",
            "exercises/a.yaml:3:7",
            "exercises/a.yaml:5:5",
            "exercises/b.yaml:2:7",
            "exercises/b.yaml:4:9",
            "routines/d.yaml:2:7",
            "sources/c.yaml:4:7",
        ]

    @pytest.mark.parametrize("command", ["plan", "apply"])
    def test_one_bad_file_among_good_ones_changes_nothing(self, catalogue: Catalogue, command: str) -> None:
        catalogue.write(vocabularies=[term("rhomboids")], exercises=[exercise("good")])
        catalogue.file("exercises/bad.yaml", "slug: bad\nname: Bad\ntype: none\n")
        catalogue.errors(command)
        assert catalogue.editor.working() == {}

    def test_faults_within_files_and_between_them_both_end_with_status_1(self, catalogue: Catalogue) -> None:
        catalogue.write(exercises=[exercise("a", regions=["nowhere"])])
        assert catalogue.errors("plan") == catalogue.errors("apply")

    def test_a_refused_apply_does_not_release_what_was_pending(self, catalogue: Catalogue) -> None:
        catalogue.editor.put(exercises=[exercise("waiting")])
        catalogue.write(exercises=[exercise("bad", type="none")])
        catalogue.errors("apply", "--release", "Note")
        assert catalogue.editor.revision() == 0

    def test_every_text_that_is_not_yaml_is_told_in_every_file(self, catalogue: Catalogue) -> None:
        catalogue.file("exercises/a.yaml", "slug: a\nname: A: b\nsummary: @c\n")
        catalogue.file("exercises/b.yaml", "<<<<<<< HEAD\n")
        catalogue.file("sources/c.yaml", "slug: c\ntitle: 'It's'\n".encode("utf-16"))
        catalogue.file("sources/d.yaml", "slug: d\ntitle: [Left] x\n")
        assert [error.split(": ")[0] for error in catalogue.errors()] == [
            "exercises/a.yaml:2:8",
            "exercises/a.yaml:3:10",
            "exercises/b.yaml:1:1",
            "sources/c.yaml:1:1",
            "sources/d.yaml:2:15",
        ]


class TestFilesAndFolders:
    def test_a_folder_that_is_not_there_is_told(self, catalogue: Catalogue) -> None:
        assert catalogue.errors() == [f"{catalogue.folder}: There is no such folder."]

    def test_an_unknown_folder_is_told_with_the_kinds(self, catalogue: Catalogue) -> None:
        catalogue.file("excercises/a.yaml", "slug: a\n")
        (error,) = catalogue.errors()
        assert error.startswith("excercises: Seed files stand in folders named after their kind: vocabularies, ")
        assert error.endswith(" Did you mean 'exercises'?")

    def test_a_file_outside_the_folders_of_kinds_is_told(self, catalogue: Catalogue) -> None:
        catalogue.file("a.yaml", "slug: a\n")
        assert catalogue.errors()[0].startswith("a.yaml: Seed files stand in folders")

    @pytest.mark.parametrize("text", ["", "# Nothing yet\n", "just a text\n"])
    def test_a_file_without_an_entry_is_told(self, catalogue: Catalogue, text: str) -> None:
        catalogue.file("exercises/a.yaml", text)
        assert catalogue.errors() == ["exercises/a.yaml:1:1: The file holds neither an entry nor a list of entries."]

    def test_an_entry_of_a_list_that_is_no_object_is_told_at_its_place(self, catalogue: Catalogue) -> None:
        catalogue.file("vocabularies/a.yaml", "- slug: a\n  vocabulary: regions\n  name: A\n- b\n")
        assert catalogue.errors() == ["vocabularies/a.yaml:4:3: Must be an object with fields."]

    def test_other_files_and_the_schemas_are_left_alone(self, catalogue: Catalogue) -> None:
        catalogue.write(exercises=[exercise("a")])
        for name in (
            "README.md",
            "schemas/exercise.schema.json",
            "exercises/notes.md",
            "exercises/.hidden.yaml",
            ".git/a.yaml",
        ):
            catalogue.file(name, "[")
        assert catalogue.succeed("apply")[-1].startswith("1 were created")

    @pytest.mark.parametrize(
        ("name", "advice"),
        [
            ("a.YAML", " Name it a.yaml, or,"),
            ("a.yaml.txt", " Name it a.yaml, or,"),
            ("a.yml.bak", " Name it a.yml, or,"),
            ("a.json5", " Write it as YAML, or,"),
            ("a.csv", " Write it as YAML, or,"),
            ("a.docx", " Write it as YAML, or,"),
            ("a.txt", " Write it as YAML, or,"),
            ("a", " Write it as YAML, or,"),
            ("below/a.Yml", " Name it a.yml, or,"),
        ],
    )
    def test_a_file_that_would_be_passed_over_is_told(self, catalogue: Catalogue, name: str, advice: str) -> None:
        catalogue.write(exercises=[exercise("good")])
        catalogue.file(f"exercises/{name}", MINIMAL.format(slug="a"))
        (error,) = catalogue.errors()
        assert error.startswith(f"exercises/{name}: This file is not read: seed files end in .yaml, .yml or .json.")
        assert advice in error

    @pytest.mark.parametrize("name", ["a.docx", "a.YAML", "exercises.csv"])
    def test_a_file_beside_the_folders_of_kinds_is_told(self, catalogue: Catalogue, name: str) -> None:
        catalogue.write(exercises=[exercise("good")])
        catalogue.file(name, "x")
        assert catalogue.errors()[0].startswith(f"{name}: Seed files stand in folders")

    def test_a_link_to_nothing_is_told(self, catalogue: Catalogue) -> None:
        catalogue.write(exercises=[exercise("good")])
        (catalogue.folder / "exercises" / "a.yaml").symlink_to("gone.yaml")
        assert catalogue.errors()[0].startswith("exercises/a.yaml: This is no file that can be read.")

    def test_files_in_folders_below_a_kind_and_json_files_are_read(self, catalogue: Catalogue) -> None:
        catalogue.file("exercises/neck/a.yml", MINIMAL.format(slug="a"))
        catalogue.file("exercises/b.json", '{"slug": "b", "name": "B", "type": "yoga"}')
        catalogue.succeed("apply")
        assert set(catalogue.editor.working()) == {("exercise", "a"), ("exercise", "b")}


class TestSlugsThatStandTwice:
    def test_the_second_file_is_told_with_the_place_of_the_first(self, catalogue: Catalogue) -> None:
        catalogue.file("exercises/a.yaml", MINIMAL.format(slug="same"))
        catalogue.file("exercises/b.yaml", "name: B\n" + MINIMAL.format(slug="same").replace("name: Name\n", ""))
        first = f"{catalogue.folder}/exercises/a.yaml:1:7"
        assert catalogue.errors() == [f"exercises/b.yaml:2:7: slug: 'same' stands already at {first}."]

    def test_a_slug_may_stand_once_in_each_kind(self, catalogue: Catalogue) -> None:
        catalogue.write(
            vocabularies=[term("same")],
            sources=[source("same")],
            places=[place("same")],
            exercises=[exercise("same")],
            routines=[routine("same", "same")],
        )
        assert catalogue.succeed("apply")[-1].startswith("5 were created")

    def test_terms_of_two_vocabularies_cannot_share_a_slug(self, catalogue: Catalogue) -> None:
        catalogue.write(vocabularies=[term("neck", "regions"), term("neck", "muscles")])
        assert "'neck' stands already at" in catalogue.errors()[0]

    def test_two_books_cannot_share_an_isbn(self, catalogue: Catalogue) -> None:
        catalogue.write(sources=[source("a", isbn="978-0-13-110362-7"), source("b", isbn="0-13-110362-8")])
        assert catalogue.errors() == [
            "sources/a.yaml:4:7: isbn: The source 'b' has the same isbn.",
            "sources/b.yaml:4:7: isbn: The source 'a' has the same isbn.",
        ]

    def test_a_former_slug_cannot_belong_to_two(self, catalogue: Catalogue) -> None:
        catalogue.write(exercises=[exercise("a", former_slugs=["old"]), exercise("b", former_slugs=["old"])])
        assert [error.partition(": ")[2] for error in catalogue.errors()] == [
            "former_slugs[1]: 'old' is a former slug of 'b' already.",
            "former_slugs[1]: 'old' is a former slug of 'a' already.",
        ]

    def test_a_former_slug_cannot_be_in_use(self, catalogue: Catalogue) -> None:
        catalogue.write(exercises=[exercise("a", former_slugs=["b"]), exercise("b")])
        assert [error.partition(": ")[2] for error in catalogue.errors()] == [
            "former_slugs[1]: 'b' is in use as a present slug."
        ]
