"""Every entity has an id that stays when it is renamed, and its published slugs are no other entity's."""

from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from app.content.identity import NAMESPACE, made_id
from tests.admin.desk import Desk, faults
from tests.admin.samples import COLLECTIONS, KINDS, NEEDED, exercise, minimal, whole

GIVEN = "8f14e45f-ceea-467f-a0e6-1f2f3c4d5e6a"
each_kind = pytest.mark.parametrize("collection", COLLECTIONS)


@pytest.fixture
def desk(app: Flask) -> Desk:
    """The desk of an editor who may do everything, where what the samples name waits for a release."""
    desk = Desk(app)
    desk.bring(**NEEDED)
    return desk


def id_of(item: Any) -> str:
    return str(item["draft"]["id"])


def public(desk: Desk, collection: str, slug: str) -> Any:
    return desk.public(f"/{collection}/regions/{slug}" if collection == "vocabularies" else f"/{collection}/{slug}")


@each_kind
class TestId:
    def test_of_a_new_entity_is_the_uuidv5_of_its_kind_and_first_slug(self, desk: Desk, collection: str) -> None:
        made = UUID(id_of(desk.post(f"/{collection}", whole(collection))))
        assert (str(made), made.version) == (made_id(KINDS[collection], "new-one"), 5)
        moved = desk.post(f"/{collection}", whole(collection, "third", former_slugs=["first", "second"]))
        assert id_of(moved) == made_id(KINDS[collection], "first")

    def test_that_is_given_is_kept_in_lower_case_and_stands_in_the_document(self, desk: Desk, collection: str) -> None:
        desk.post(f"/{collection}", whole(collection, id=GIVEN.upper()))
        assert id_of(desk.get(f"/{collection}/new-one")) == GIVEN
        desk.release()
        document = public(desk, collection, "new-one")
        assert list(document)[:5] == ["kind", "id", "slug", "former_slugs", "language"]
        assert (document["id"], document["former_slugs"]) == (GIVEN, [])

    def test_stays_whatever_is_written_without_it(self, desk: Desk, collection: str) -> None:
        desk.post(f"/{collection}", whole(collection, id=GIVEN))
        path = f"/{collection}/new-one"
        assert id_of(desk.put(path, whole(collection))) == GIVEN
        assert id_of(desk.patch(path, {"id": None})) == GIVEN
        desk.post("/imports", {collection: [whole(collection)]}, status=200)
        assert id_of(desk.get(path)) == GIVEN
        desk.post("/imports", {collection: [whole(collection, "moved", former_slugs=["new-one"])]}, status=200)
        assert id_of(desk.get(f"/{collection}/moved")) == GIVEN

    def test_cannot_be_changed(self, desk: Desk, collection: str) -> None:
        desk.post(f"/{collection}", whole(collection, id=GIVEN))
        before, other = desk.contents(), str(uuid4())
        path = f"/{collection}/new-one"
        expected = {
            "/id": f"The {KINDS[collection]} 'new-one' has the id {GIVEN}, which never changes. Leave `id` out."
        }
        assert faults(desk.put(path, whole(collection, id=other), status=422)) == expected
        assert faults(desk.patch(path, {"id": other}, status=422)) == expected
        refused = desk.post("/imports", {collection: [whole(collection, id=other)]}, status=422)
        assert list(faults(refused)) == [f"/{collection}/0/id"]
        assert desk.contents() == before

    def test_stays_through_renames_in_their_order(self, desk: Desk, collection: str) -> None:
        desk.post(f"/{collection}", whole(collection, "z"))
        desk.release()
        for old, new in (("z", "a"), ("a", "m"), ("m", "b")):
            desk.patch(f"/{collection}/{old}", {"slug": new})
            desk.release()
        document = public(desk, collection, "b")
        assert (document["id"], document["former_slugs"]) == (made_id(KINDS[collection], "z"), ["z", "a", "m"])

    def test_is_that_of_the_same_slug_when_it_is_made_again(self, desk: Desk, collection: str) -> None:
        desk.post(f"/{collection}", whole(collection, id=GIVEN))
        desk.release()
        desk.delete(f"/{collection}/new-one")
        desk.release()
        desk.delete(f"/{collection}/new-one")
        desk.get(f"/{collection}/new-one", status=404)
        assert id_of(desk.post(f"/{collection}", whole(collection))) == GIVEN

    def test_names_a_renamed_entity_in_a_bundle(self, desk: Desk, collection: str) -> None:
        desk.post(f"/{collection}", whole(collection))
        desk.release()
        identifier = id_of(desk.get(f"/{collection}/new-one"))
        answer = desk.post("/imports", {collection: [whole(collection, "moved", id=identifier)]}, status=200)
        assert [each["slug"] for each in answer["updated"]] == ["moved"]
        assert desk.get(f"/{collection}/moved")["draft"]["former_slugs"] == ["new-one"]
        desk.get(f"/{collection}/new-one", status=404)


class TestClashes:
    def test_two_entities_with_one_id_are_a_fault(self, desk: Desk) -> None:
        desk.post("/exercises", exercise("a", id=GIVEN))
        expected = {"/id": "The exercise 'a' has this id. Leave `id` out, and a new one is made."}
        assert faults(desk.post("/exercises", exercise("b", id=GIVEN), status=422)) == expected
        assert faults(desk.post("/places", minimal("places", id=GIVEN), status=422)) == expected
        twins = {"exercises": [exercise("c", id=str(uuid4()))]}
        twins["exercises"].append(twins["exercises"][0] | {"slug": "d"})
        refused = desk.post("/imports", twins, status=422)
        assert set(faults(refused)) == {"/exercises/0/id", "/exercises/1/id"}

    @pytest.mark.parametrize(
        "wrong", ["", "x", GIVEN[:-1], GIVEN + "0", f"{{{GIVEN}}}", str(UUID(int=0)), str(UUID(int=2**128 - 1)), 7, []]
    )
    def test_what_is_no_uuid_is_422(self, desk: Desk, wrong: Any) -> None:
        assert list(faults(desk.post("/places", minimal("places", id=wrong), status=422))) == ["/id"]

    def test_one_that_was_never_public_and_was_renamed_keeps_its_id_from_the_next(self, desk: Desk) -> None:
        desk.post("/places", minimal("places", "typo"))
        assert id_of(desk.patch("/places/typo", {"slug": "right"})) == made_id("place", "typo")
        assert id_of(desk.post("/places", minimal("places", "typo"))) == made_id("place", "typo", 2)


class TestReleasedSlugs:
    def released(self, desk: Desk, *slugs: str) -> str:
        """Publishes an exercise under each of these slugs, then takes it away; answers its id."""
        identifier = id_of(desk.post("/exercises", exercise(slugs[0])))
        desk.release()
        for old, new in pairwise(slugs):
            desk.patch(f"/exercises/{old}", {"slug": new})
            desk.release()
        desk.delete(f"/exercises/{slugs[-1]}")
        desk.release()
        desk.delete(f"/exercises/{slugs[-1]}")
        return identifier

    def test_no_other_entity_takes_one(self, desk: Desk) -> None:
        gone = self.released(desk, "old", "new")
        desk.post("/exercises", exercise("other"))
        for slug in ("old", "new"):
            detail = f"'{slug}' was published as another exercise, with the id {gone}. Choose a slug that was not."
            refused = desk.post("/exercises", exercise(slug, id=GIVEN), status=422)
            assert faults(refused) == {"/slug": detail}
            assert faults(desk.patch("/exercises/other", {"slug": slug}, status=422)) == {"/slug": detail}
            refused = desk.patch("/exercises/other", {"former_slugs": [slug]}, status=422)
            assert faults(refused) == {"/former_slugs/0": detail}

    def test_under_any_of_them_it_comes_back_as_itself(self, desk: Desk) -> None:
        gone = self.released(desk, "old", "new")
        draft = desk.post("/exercises", exercise("old"))["draft"]
        assert (draft["id"], draft["former_slugs"]) == (gone, ["new"])

    def test_what_is_retired_comes_back_under_a_former_one(self, desk: Desk) -> None:
        identifier = id_of(desk.post("/exercises", exercise("old")))
        desk.release()
        desk.patch("/exercises/old", {"slug": "new"})
        desk.release()
        desk.delete("/exercises/new")
        back = desk.post("/exercises", exercise("old"))
        assert (id_of(back), back["draft"]["former_slugs"]) == (identifier, ["new"])
        desk.get("/exercises/new", status=404)
        desk.release()
        assert desk.public("/exercises/old")["id"] == identifier
        assert desk.app.test_client().get("/v1/exercises/new").status_code == 308

    def test_going_back_and_forth_keeps_them(self, desk: Desk) -> None:
        identifier = id_of(desk.post("/exercises", exercise("old")))
        desk.release()
        desk.patch("/exercises/old", {"slug": "new"})
        desk.release()
        desk.post("/rollbacks", {"revision": 1})
        assert (desk.public("/exercises/old")["id"], desk.public("/exercises/old")["former_slugs"]) == (identifier, [])
        assert list(faults(desk.post("/exercises", exercise("new"), status=422))) == ["/slug"]
        desk.post("/rollbacks", {"revision": 2})
        assert (desk.public("/exercises/new")["id"], desk.public("/exercises/new")["former_slugs"]) == (
            identifier,
            ["old"],
        )


def test_the_namespace_never_changes() -> None:
    assert made_id("exercise", "chin-tuck") == "c5b4fcd5-cdb2-5959-89c5-4790cb00bbd4"
    assert str(NAMESPACE) == "695f0f2f-326e-596a-a9d4-f0bdb42d828f"
