from typing import Any

import pytest

from tests.admin.desk import Desk, Draft, faults
from tests.admin.samples import COLLECTIONS, LICENCE, book, exercise, level, minimal, routine, term

READ_ONLY: Draft = {
    "kind": "exercise",
    "state": "published",
    "released_revision": 3,
    "updated_at": "2026-01-01T00:00:00Z",
    "links": {},
    "revision": 1,
    "published_at": None,
    "id": 1,
    "retired": True,
    "version": 7,
    "nonsense/~": 1,
}


class TestFields:
    def test_unknown_and_read_only_fields_are_422_each_with_its_pointer(self, desk: Desk) -> None:
        before = desk.contents()
        for collection in COLLECTIONS:
            refused = desk.post(f"/{collection}", minimal(collection, **READ_ONLY), status=422)
            expected = {f"/{name}" for name in READ_ONLY} - {"/nonsense/~"} | {"/nonsense~1~0"}
            assert set(faults(refused)) == expected, collection
        assert desk.contents() == before

    def test_derived_fields_of_a_routine_are_not_written(self, desk: Desk) -> None:
        body = minimal("routines", equipment=[], seconds=3, max_intensity=2, guidance={})
        assert set(faults(desk.post("/routines", body, status=422))) == {
            "/equipment", "/seconds", "/max_intensity", "/guidance",
        }  # fmt: skip

    def test_faults_deep_in_a_draft_have_deep_pointers(self, desk: Desk) -> None:
        body = exercise(
            "a", steps=[{"instruction": "Go."}, {"instruction": 3}], levels=[{"intensity": 1, "dose": {"sets": "many"}}]
        )
        refused = desk.post("/exercises", body, status=422)
        assert set(faults(refused)) == {"/steps/1/instruction", "/levels/0/dose/sets"}

    def test_wrong_types_are_422_for_every_field_of_every_kind(self, desk: Desk) -> None:
        for collection in COLLECTIONS:
            for name in minimal(collection):
                wrongs: tuple[Any, ...] = (None, 7, True, [], {}, [[]], {"xx": "no such language"}, "\u0007")
                for wrong in wrongs:
                    body = minimal(collection) | {name: wrong}
                    response = desk.send("POST", f"/{collection}", json=body)
                    assert response.status_code in (201, 422), (collection, name, wrong)
                    if response.status_code == 201:
                        desk.delete(f"/{collection}/new-one")


class TestNames:
    @pytest.mark.parametrize(
        ("collection", "fields", "pointer"),
        [
            ("exercises", {"regions": ["manual"]}, "/regions/0"),
            ("exercises", {"regions": ["wall"]}, "/regions/0"),
            ("exercises", {"regions": ["back", "nothing"]}, "/regions/1"),
            ("exercises", {"citations": [{"source": "lean"}]}, "/citations/0/source"),
            ("exercises", {"harder": [{"slug": "break"}]}, "/harder/0/slug"),
            ("places", {"professionals": ["manual"]}, "/professionals/0"),
            ("sources", {"type": "professional", "places": ["lean"]}, "/places/0"),
            ("vocabularies", {"vocabulary": "muscles", "regions": ["stiffness"]}, "/regions/0"),
            (
                "routines",
                {"stages": [{"name": "S", "items": [{"section": "main", "exercise": "manual", "intensity": 1}]}]},
                "/stages/0/items/0/exercise",
            ),
            (
                "routines",
                {"stages": [{"name": "S", "items": [{"section": "main", "exercise": "lean", "intensity": 2}]}]},
                "/stages/0/items/0/intensity",
            ),
        ],
    )
    def test_slugs_of_other_kinds_and_of_nothing_are_422(
        self, stocked: Desk, collection: str, fields: Draft, pointer: str
    ) -> None:
        before = stocked.contents()
        refused = stocked.post(f"/{collection}", minimal(collection) | fields, status=422)
        assert list(faults(refused)) == [pointer]
        assert stocked.contents() == before

    def test_a_retired_entity_cannot_be_named(self, stocked: Desk) -> None:
        stocked.post("/vocabularies", term("arm"))
        stocked.release()
        stocked.delete("/vocabularies/arm")
        refused = stocked.patch("/exercises/hang", {"regions": ["arm"]}, status=422)
        assert list(faults(refused)) == ["/regions/0"]

    def test_one_isbn_belongs_to_one_book(self, stocked: Desk) -> None:
        body = book("copy", isbn="0-306-40615-2")
        assert list(faults(stocked.post("/sources", body, status=422))) == ["/isbn"]
        stocked.patch("/sources/manual", {"isbn": None})
        stocked.post("/sources", body)


class TestCircles:
    def test_progressions_that_make_a_circle_are_422(self, desk: Desk) -> None:
        desk.bring(terms=[LICENCE], exercises=[exercise("a", harder=["b"]), exercise("b", harder=["c"]), exercise("c")])
        before = desk.contents()
        for path, patch, pointer in (
            ("/exercises/c", {"harder": ["a"]}, "/harder"),
            ("/exercises/a", {"easier": ["c"]}, "/harder"),
            ("/exercises/c", {"harder": ["c"]}, "/harder/0/slug"),
            ("/exercises/a", {"easier": ["b"]}, "/harder/0/slug"),
        ):
            assert list(faults(desk.patch(path, patch, status=422))) == [pointer]
        assert desk.contents() == before
        desk.patch("/exercises/a", {"harder": ["c"]})


class TestDependants:
    def test_what_others_name_cannot_be_deleted(self, stocked: Desk) -> None:
        before = stocked.contents()
        for path, names in {
            "/vocabularies/back": {"/exercises/hang", "/exercises/lean"},
            "/sources/manual": {"/exercises/lean"},
            "/exercises/hang": {"/exercises/lean", "/routines/break"},
            "/places/clinic": {"/sources/therapist"},
        }.items():
            assert set(faults(stocked.delete(path, status=409))) == names
        assert stocked.contents() == before

    def test_what_others_rely_on_cannot_be_changed_away(self, stocked: Desk) -> None:
        before = stocked.contents()
        changes: list[tuple[str, Any, str]] = [
            ("/exercises/hang", {"levels": [{"intensity": 1}]}, "/routines/break/stages/0/items/1/intensity"),
            ("/vocabularies/wall", {"vocabulary": "benefits"}, "/exercises/lean/equipment/0"),
            ("/sources/therapist", {"type": "book", "places": None}, "/places/clinic/professionals/0"),
        ]
        for path, patch, pointer in changes:
            assert list(faults(stocked.patch(path, patch, status=409))) == [pointer]
        assert stocked.contents() == before

    def test_a_retired_dependant_does_not_stand_in_the_way(self, stocked: Desk) -> None:
        stocked.delete("/routines/break")
        stocked.patch("/exercises/hang", {"levels": [level(1)]})
        assert stocked.pending() == {("exercise", "hang"): "updated", ("routine", "break"): "deleted"}
        stocked.release()
        assert stocked.public("/routines/break") == 404

    def test_an_unreleased_routine_is_a_dependant_too(self, stocked: Desk) -> None:
        stocked.post("/routines", routine("longer", ("lean", 3)))
        stocked.patch("/exercises/lean", {"levels": [{"intensity": 1}]}, status=409)
