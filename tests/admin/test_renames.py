from flask import Flask

from tests.admin.desk import Desk, faults
from tests.admin.samples import COLLECTIONS, KINDS, NEEDED, exercise, minimal, whole


class TestRename:
    def test_of_every_kind_leaves_an_old_address_that_leads_to_the_new_one(self, desk: Desk) -> None:
        desk.bring(**NEEDED)
        for collection in COLLECTIONS:
            desk.post(f"/{collection}", whole(collection, slug="old"))
        desk.release()
        for collection in COLLECTIONS:
            renamed = desk.put(f"/{collection}/old", whole(collection, slug="new"))
            assert renamed["slug"] == "new"
            assert renamed["draft"]["former_slugs"] == ["old"]
            desk.get(f"/{collection}/old", status=404)
            place = f"/{collection}/regions" if collection == "vocabularies" else f"/{collection}"
            assert desk.public(f"{place}/old")["slug"] == "old"
            assert desk.public(f"{place}/new") == 404
            assert desk.pending() == {(KINDS[collection], "old"): "deleted", (KINDS[collection], "new"): "created"}
            desk.release()
            moved = desk.app.test_client().get(f"/v1{place}/old")
            assert (moved.status_code, moved.headers["Location"]) == (308, f"/v1{place}/new")

    def test_by_patch_it_keeps_every_other_field(self, stocked: Desk) -> None:
        before = stocked.get("/exercises/lean")["draft"]
        after = stocked.patch("/exercises/lean", {"slug": "tilt"})["draft"]
        assert after == before | {"slug": "tilt", "former_slugs": ["lean"]}

    def test_whatever_names_it_follows(self, stocked: Desk) -> None:
        stocked.patch("/exercises/hang", {"slug": "dangle"})
        stocked.patch("/vocabularies/back", {"slug": "upper-back"})
        assert stocked.get("/exercises/lean")["draft"]["harder"] == [{"slug": "dangle"}]
        assert stocked.get("/routines/break")["draft"]["stages"][0]["items"][1]["exercise"] == "dangle"
        stocked.release()
        assert [each["slug"] for each in stocked.public("/exercises/lean")["regions"]] == ["upper-back"]
        assert stocked.public("/routines/break")["stages"][0]["items"][1]["exercise"]["slug"] == "dangle"

    def test_the_location_of_a_draft_that_was_never_public_is_free_again(self, desk: Desk) -> None:
        desk.post("/places", minimal("places", slug="typo"))
        assert "former_slugs" not in desk.patch("/places/typo", {"slug": "right"})["draft"]
        desk.post("/places", minimal("places", slug="typo"))

    def test_every_former_slug_leads_to_the_newest(self, desk: Desk) -> None:
        desk.post("/places", minimal("places", slug="a"))
        desk.release()
        for old, new in (("a", "b"), ("b", "c")):
            desk.put(f"/places/{old}", minimal("places", slug=new))
            desk.release()
        for old in ("a", "b"):
            assert desk.app.test_client().get(f"/v1/places/{old}").headers["Location"] == "/v1/places/c"
        desk.put("/places/c", minimal("places", slug="c", name="Replaced without its former slugs"))
        desk.release()
        assert desk.app.test_client().get("/v1/places/a").status_code == 308

    def test_renamed_back_it_has_its_first_address(self, desk: Desk) -> None:
        desk.post("/places", minimal("places", slug="a"))
        desk.release()
        desk.patch("/places/a", {"slug": "b"})
        desk.release()
        desk.patch("/places/b", {"slug": "a"})
        desk.release()
        assert desk.public("/places/a")["slug"] == "a"
        assert desk.app.test_client().get("/v1/places/b").headers["Location"] == "/v1/places/a"


class TestTakenSlugs:
    def test_another_one_s_slug_is_409_and_changes_nothing(self, stocked: Desk) -> None:
        before = stocked.contents()
        assert list(faults(stocked.patch("/exercises/hang", {"slug": "lean"}, status=409))) == ["/slug"]
        assert stocked.contents() == before

    def test_another_one_s_former_slug_is_409(self, stocked: Desk) -> None:
        stocked.patch("/exercises/lean", {"slug": "tilt"})
        assert list(faults(stocked.post("/exercises", exercise("lean"), status=409))) == ["/slug"]
        assert list(faults(stocked.patch("/exercises/hang", {"slug": "lean"}, status=409))) == ["/slug"]

    def test_an_import_cannot_take_it_either(self, stocked: Desk) -> None:
        stocked.patch("/exercises/lean", {"slug": "tilt"})
        before = stocked.contents()
        bundle = {"exercises": [exercise("other"), exercise("lean")]}
        refused = faults(stocked.post("/imports", bundle, status=422))
        assert refused == {"/exercises/1/slug": "'lean' is a former slug of 'tilt' and leads there."}
        assert stocked.contents() == before

    def test_nor_when_the_one_that_had_it_gives_it_up(self, stocked: Desk) -> None:
        stocked.patch("/exercises/lean", {"slug": "tilt"})
        assert stocked.patch("/exercises/tilt", {"former_slugs": None})["draft"]["former_slugs"] == ["lean"]
        tilt = {**stocked.get("/exercises/tilt")["draft"], "former_slugs": []}
        refused = stocked.post("/imports", {"exercises": [tilt, exercise("lean")]}, status=422)
        assert set(faults(refused)) == {"/exercises/0/former_slugs/0", "/exercises/1/slug"}

    def test_former_slugs_that_are_another_one_s_are_422(self, stocked: Desk) -> None:
        stocked.patch("/exercises/lean", {"slug": "tilt"})
        for slug in ("tilt", "lean"):
            refused = stocked.patch("/exercises/hang", {"former_slugs": [slug]}, status=422)
            assert list(faults(refused)) == ["/former_slugs/0"]


class TestRetireAndRecreate:
    def test_a_retired_entity_leaves_at_the_next_release_and_may_come_back(self, desk: Desk, app: Flask) -> None:
        desk.post("/places", minimal("places"))
        desk.release()
        desk.delete("/places/new-one")
        assert desk.public("/places/new-one")["slug"] == "new-one"
        desk.release()
        assert desk.public("/places/new-one") == 404
        back = desk.post("/places", minimal("places", name="Back again"))
        assert (back["state"], back["released_revision"]) == ("draft", None)
        desk.release()
        assert desk.public("/places/new-one")["name"] == "Back again"

    def test_before_the_release_it_is_as_if_it_had_never_left(self, desk: Desk) -> None:
        desk.post("/places", minimal("places"))
        desk.release()
        desk.delete("/places/new-one")
        response = desk.send("PUT", "/places/new-one", json=minimal("places"), headers={"If-None-Match": "*"})
        assert response.status_code == 201
        assert desk.state("/places/new-one") == "published"
        assert desk.pending() == {}

    def test_a_second_delete_after_its_release_removes_it_from_the_working_copy(self, desk: Desk) -> None:
        desk.post("/places", minimal("places"))
        desk.release()
        desk.delete("/places/new-one")
        desk.release()
        desk.delete("/places/new-one")
        desk.get("/places/new-one", status=404)
