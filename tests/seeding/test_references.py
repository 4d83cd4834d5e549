from tests.content.samples import exercise, place, routine, source, stage, term
from tests.seeding.commands import Catalogue


def harder(*slugs: str) -> list[dict[str, str]]:
    return [{"slug": slug} for slug in slugs]


class TestUnknownSlugs:
    def test_a_slug_that_is_nearly_right_is_suggested(self, catalogue: Catalogue) -> None:
        catalogue.write(
            vocabularies=[term("upper-back", "regions"), term("neck", "regions")],
            exercises=[exercise("a", regions=["uper-back"])],
        )
        (error,) = catalogue.errors()
        assert error.startswith("exercises/a.yaml:")
        assert error.endswith(
            "regions[1]: No term of regions has the slug 'uper-back'. Did you mean 'upper-back'?"
            " Allowed: neck, upper-back."
        )

    def test_a_former_slug_is_told_with_the_present_one(self, catalogue: Catalogue) -> None:
        catalogue.write(
            vocabularies=[term("thoracic", "regions", former_slugs=["upper-back"]), term("upper-arm", "regions")],
            exercises=[exercise("a", regions=["upper-back"])],
        )
        (error,) = catalogue.errors()
        assert "No term of regions has the slug 'upper-back'. It was renamed to 'thoracic'." in error

    def test_the_place_is_the_very_slug(self, catalogue: Catalogue) -> None:
        catalogue.file(
            "exercises/a.yaml",
            "slug: a\nname: A\ntype: yoga\ncitations:\n  - locator: 12\n    source: nobody\nregions: [here, there]\n",
        )
        assert sorted(error.split(": No ")[0] for error in catalogue.errors()) == [
            "exercises/a.yaml:6:13: citations[1].source",
            "exercises/a.yaml:7:11: regions[1]",
            "exercises/a.yaml:7:17: regions[2]",
        ]

    def test_every_kind_of_reference_is_checked(self, catalogue: Catalogue) -> None:
        nothing = "nothing"
        catalogue.write(
            vocabularies=[term("m", regions=[nothing])],
            sources=[source("s", "professional", services=[nothing], places=[nothing])],
            places=[place("p", services=[nothing], professionals=[nothing])],
            exercises=[
                exercise(
                    "e",
                    regions=[nothing],
                    muscles=[{"slug": nothing, "role": "stretched"}],
                    equipment=[nothing],
                    conditions=[nothing],
                    benefits=[nothing],
                    contraindications=[nothing],
                    tips=[{"text": "Tip", "condition": nothing, "source": nothing}],
                    easier=[nothing],
                    harder=[],
                    citations=[{"source": nothing}],
                    media=[{"url": "/a.png", "type": "image", "alt": "A", "licence": nothing}],
                    licence=nothing,
                )
            ],
            routines=[
                routine(
                    "r", nothing, conditions=[nothing], regions=[nothing], citations=[{"source": nothing}], licence="x"
                )
            ],
        )
        errors = catalogue.errors()
        assert {error.split(": ")[1] for error in errors if error.startswith("exercises/")} == {
            "regions[1]",
            "muscles[1].slug",
            "equipment[1]",
            "conditions[1].slug",
            "benefits[1]",
            "contraindications[1].slug",
            "tips[1].condition",
            "tips[1].source",
            "easier[1].slug",
            "citations[1].source",
            "media[1].licence",
            "licence.slug",
        }
        assert {error.split(": ")[1] for error in errors if error.startswith("routines/")} == {
            "stages[1].items[1].exercise",
            "conditions[1]",
            "regions[1]",
            "citations[1].source",
            "licence.slug",
        }
        assert {error.split(":")[0] + error.split(": ")[1] for error in errors if error[0] in "vps"} == {
            "vocabularies/terms.yamlregions[1]",
            "sources/s.yamlservices[1]",
            "sources/s.yamlplaces[1]",
            "places/p.yamlservices[1]",
            "places/p.yamlprofessionals[1]",
        }

    def test_a_term_of_another_vocabulary_is_told_apart(self, catalogue: Catalogue) -> None:
        catalogue.write(
            vocabularies=[term("neck", "regions"), term("chair", "equipment")],
            exercises=[exercise("a", regions=["chair"])],
        )
        (error,) = catalogue.errors()
        assert error.endswith("'chair' is a term of equipment, not of regions. Allowed: neck.")

    def test_a_place_names_only_sources_that_are_professionals(self, catalogue: Catalogue) -> None:
        catalogue.write(sources=[source("book")], places=[place("p", professionals=["book"])])
        (error,) = catalogue.errors()
        assert error.endswith("'book' is a source of book, not of professional. Allowed: none yet.")

    def test_a_slug_that_is_only_in_the_catalogue_may_be_named(self, catalogue: Catalogue) -> None:
        catalogue.editor.put(vocabularies=[term("neck", "regions")])
        catalogue.write(exercises=[exercise("a", regions=["neck"])])
        assert catalogue.succeed("apply")[-1].startswith("1 were created")

    def test_a_slug_that_pruning_takes_away_may_not(self, catalogue: Catalogue) -> None:
        catalogue.editor.put(vocabularies=[term("neck", "regions")])
        catalogue.write(exercises=[exercise("a", regions=["neck"])])
        assert "No term of regions has the slug 'neck'." in catalogue.errors("apply", "--prune")[0]
        assert catalogue.editor.working() == {("term", "neck"): "active"}

    def test_a_change_that_breaks_what_is_not_in_the_files_is_told(self, catalogue: Catalogue) -> None:
        catalogue.editor.put(
            vocabularies=[term("neck", "regions")], exercises=[exercise("in-the-catalogue", regions=["neck"])]
        )
        catalogue.write(vocabularies=[term("neck", "muscles")])
        (error,) = catalogue.errors()
        assert error.startswith("exercises/in-the-catalogue (in the catalogue, not in the files): regions[1]: ")


class TestProgressions:
    def test_an_exercise_is_not_harder_than_itself(self, catalogue: Catalogue) -> None:
        catalogue.file("exercises/a.yaml", "slug: a\nname: A\ntype: yoga\nharder: [{slug: a}]\n")
        assert catalogue.errors() == ["exercises/a.yaml:4:17: harder[1].slug: An exercise is not harder than itself."]

    def test_an_exercise_is_not_both_easier_and_harder(self, catalogue: Catalogue) -> None:
        catalogue.write(exercises=[exercise("a", easier=["b"], harder=["b"]), exercise("b")])
        assert catalogue.errors()[0].endswith("harder[1].slug: 'b' cannot be both easier and harder.")

    def test_a_circle_of_harder_ones_is_told_with_its_way(self, catalogue: Catalogue) -> None:
        catalogue.write(
            exercises=[
                exercise("a", harder=harder("b")),
                exercise("b", harder=harder("c")),
                exercise("c", harder=harder("a")),
            ]
        )
        assert [error.split(": ", 1)[1] for error in catalogue.errors()] == [
            "harder: Progressions make a circle: a → b → c → a.",
            "harder: Progressions make a circle: b → c → a → b.",
            "harder: Progressions make a circle: c → a → b → c.",
        ]

    def test_easier_and_harder_mixed_make_a_circle_too(self, catalogue: Catalogue) -> None:
        catalogue.write(
            exercises=[exercise("a", harder=harder("b")), exercise("b"), exercise("c", easier=["b"], harder=["a"])]
        )
        found = [error.split(": ", 1)[1] for error in catalogue.errors()]
        assert "harder: Progressions make a circle: a → b → c → a." in found

    def test_two_that_each_call_the_other_easier_make_a_circle(self, catalogue: Catalogue) -> None:
        catalogue.write(exercises=[exercise("a", easier=["b"]), exercise("b", easier=["a"])])
        assert catalogue.errors()[0].endswith("easier: Progressions make a circle: a → b → a.")

    def test_a_circle_that_closes_over_the_catalogue_is_found(self, catalogue: Catalogue) -> None:
        catalogue.editor.put(exercises=[exercise("a", harder=["b"]), exercise("b")])
        catalogue.write(exercises=[exercise("b", harder=["a"])])
        assert any("b → a → b" in error for error in catalogue.errors())

    def test_the_same_step_declared_from_both_sides_is_no_circle(self, catalogue: Catalogue) -> None:
        catalogue.write(exercises=[exercise("a", harder=["b"]), exercise("b", easier=["a"])])
        catalogue.succeed("apply")

    def test_two_ways_to_the_same_exercise_are_no_circle(self, catalogue: Catalogue) -> None:
        catalogue.write(
            exercises=[
                exercise("a", harder=["b", "c"]),
                exercise("b", harder=["d"]),
                exercise("c", harder=["d"]),
                exercise("d"),
            ]
        )
        catalogue.succeed("apply")


class TestLevelsOfItems:
    def test_an_item_at_a_level_that_its_exercise_lacks_is_told_with_the_levels(self, catalogue: Catalogue) -> None:
        catalogue.write(
            exercises=[exercise("a", levels=[{"intensity": 2}, {"intensity": 4}])],
            routines=[routine("r", stages=[stage({"exercise": "a", "intensity": 3})])],
        )
        (error,) = catalogue.errors()
        assert error.startswith("routines/r.yaml:")
        assert error.endswith("stages[1].items[1].intensity: 'a' has no level of intensity 3. Allowed: 2, 4.")

    def test_an_exercise_without_levels_fits_no_item(self, catalogue: Catalogue) -> None:
        catalogue.write(exercises=[exercise("a", levels=[])], routines=[routine("r", "a")])
        assert catalogue.errors()[0].endswith("Allowed: none; it has no levels.")

    def test_a_level_that_a_routine_of_the_catalogue_needs_cannot_go(self, catalogue: Catalogue) -> None:
        catalogue.editor.put(exercises=[exercise("a")], routines=[routine("r", "a")])
        catalogue.write(exercises=[exercise("a", levels=[{"intensity": 5}])])
        (error,) = catalogue.errors()
        assert error.startswith("routines/r (in the catalogue, not in the files): stages[1].items[1].intensity: ")
