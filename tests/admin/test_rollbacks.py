from typing import Any

from flask import Flask

from tests.admin.desk import Desk, faults
from tests.admin.samples import book, exercise, level, minimal, routine

ADDRESSES = (
    "/exercises", "/routines", "/sources", "/places", "/vocabularies/regions", "/vocabularies/conditions",
    "/vocabularies/equipment",
)  # fmt: skip
STAMPS = ("revision", "published_at")


def published(desk: Desk) -> dict[str, Any]:
    """Everything that is public, but for when it became so."""
    return {
        f"{address}/{item['slug']}": {key: value for key, value in item.items() if key not in STAMPS}
        for address in ADDRESSES
        for item in desk.public(f"{address}?limit=100")["items"]
    }


def back(desk: Desk, revision: int, **body: Any) -> Any:
    return desk.post("/rollbacks", {"revision": revision, **body})


class TestRollback:
    def test_the_catalogue_is_as_it_was_and_so_are_the_drafts(self, stocked: Desk) -> None:
        first, drafts = published(stocked), stocked.get("/exercises")["items"]
        stocked.patch("/exercises/hang", {"name": "Dead hang"})
        stocked.delete("/routines/break")
        stocked.release()
        released = back(stocked, 1, note="Undo")
        assert (released["revision"], released["note"], released["action"]) == (3, "Undo", "rollback")
        assert published(stocked) == first
        assert [each["draft"] for each in stocked.get("/exercises")["items"]] == [each["draft"] for each in drafts]
        assert stocked.state("/routines/break") == "published"
        assert stocked.pending() == {}
        assert {each["slug"]: each["action"] for each in stocked.get("/releases/3")["items"]} == {
            "hang": "updated", "break": "created",
        }  # fmt: skip

    def test_what_did_not_exist_then_becomes_a_draft(self, stocked: Desk) -> None:
        stocked.bring(exercises=[exercise("new", harder=["hang"])], routines=[routine("newer", ("new", 1))])
        stocked.release()
        back(stocked, 1)
        assert stocked.public("/exercises/new") == 404
        assert [stocked.state(path) for path in ("/exercises/new", "/routines/newer")] == ["draft", "draft"]
        assert stocked.get("/exercises/new")["draft"]["harder"] == [{"slug": "hang"}]
        assert stocked.pending() == {("exercise", "new"): "created", ("routine", "newer"): "created"}

    def test_a_rollback_of_a_rollback_brings_everything_forward_again(self, stocked: Desk) -> None:
        stocked.patch("/exercises/hang", {"name": "Dead hang"})
        stocked.bring(places=[minimal("places")])
        stocked.delete("/routines/break")
        stocked.release()
        second = published(stocked)
        back(stocked, 1)
        back(stocked, 2)
        assert published(stocked) == second
        assert stocked.pending() == {("routine", "break"): "created"}
        back(stocked, 3)
        assert stocked.public("/routines/break")["slug"] == "break"
        assert stocked.public("/places/new-one") == 404
        assert stocked.get("/releases")["page"]["total"] == 5

    def test_drafts_that_are_not_concerned_stay_as_they_are(self, stocked: Desk) -> None:
        stocked.patch("/exercises/hang", {"name": "Dead hang"})
        stocked.release()
        stocked.patch("/exercises/lean", {"name": "Unreleased"})
        stocked.post("/places", minimal("places"))
        back(stocked, 1)
        assert stocked.pending() == {("exercise", "lean"): "updated", ("place", "new-one"): "created"}

    def test_to_the_present_catalogue_it_is_409_and_to_an_unknown_revision_404(self, stocked: Desk) -> None:
        before = stocked.contents()
        stocked.post("/rollbacks", {"revision": 1}, status=409)
        stocked.post("/rollbacks", {"revision": 2}, status=404)
        for wrong in (0, -1, "1", 1.5, None, 2**31):
            assert list(faults(stocked.post("/rollbacks", {"revision": wrong}, status=422))) == ["/revision"]
        assert list(faults(stocked.post("/rollbacks", {}, status=422))) == ["/revision"]
        assert stocked.contents() == before


class TestUnreleasedEdits:
    def test_they_stand_in_the_way_by_name_unless_they_may_be_discarded(self, stocked: Desk) -> None:
        for name in ("Second", "Unreleased"):
            stocked.patch("/exercises/hang", {"name": name})
            if name == "Second":
                stocked.release()
        stocked.delete("/routines/break")
        before = stocked.contents()
        refused = stocked.post("/rollbacks", {"revision": 1}, status=409)
        assert list(faults(refused)) == ["/exercises/hang"]
        assert stocked.contents() == before
        back(stocked, 1, discard_pending=True)
        assert stocked.get("/exercises/hang")["draft"]["name"] == "Hang"
        assert stocked.pending() == {("routine", "break"): "deleted"}

    def test_edits_of_what_becomes_a_draft_are_kept(self, stocked: Desk) -> None:
        stocked.post("/places", minimal("places"))
        stocked.release()
        stocked.patch("/places/new-one", {"name": "Unreleased"})
        back(stocked, 1)
        assert stocked.get("/places/new-one")["draft"]["name"] == "Unreleased"
        assert stocked.state("/places/new-one") == "draft"

    def test_a_draft_that_the_old_catalogue_would_break_is_409_with_its_place(self, stocked: Desk) -> None:
        stocked.patch("/exercises/lean", {"levels": [level(1), level(2)]})
        stocked.post("/routines", routine("gentle", ("lean", 2)))
        stocked.release()
        before = stocked.contents()
        refused = stocked.post("/rollbacks", {"revision": 1, "discard_pending": True}, status=409)
        assert list(faults(refused)) == ["/routines/gentle/stages/0/items/0/intensity"]
        assert stocked.contents() == before
        stocked.patch("/routines/gentle", {"stages": None})
        back(stocked, 1)
        assert stocked.state("/routines/gentle") == "draft"


class TestRenamesInBetween:
    def test_what_was_renamed_has_its_former_slug_again_and_no_copy_stays(self, stocked: Desk) -> None:
        first = published(stocked)
        stocked.patch("/exercises/hang", {"slug": "dangle"})
        stocked.patch("/sources/manual", {"slug": "handbook"})
        stocked.release()
        second = published(stocked)
        stocked.post("/routines", routine("drafted", ("dangle", 1)))
        back(stocked, 1)
        assert published(stocked) == first
        stocked.get("/exercises/dangle", status=404)
        assert stocked.get("/routines/drafted")["draft"]["stages"][0]["items"][0]["exercise"] == "hang"
        assert stocked.pending() == {("routine", "drafted"): "created"}
        assert stocked.public("/exercises/dangle") == 404
        back(stocked, 2)
        assert published(stocked) == second
        assert stocked.public("/exercises/hang") == 308
        assert stocked.get("/routines/drafted")["draft"]["stages"][0]["items"][0]["exercise"] == "dangle"

    def test_two_renames_are_undone_at_once(self, desk: Desk) -> None:
        desk.post("/places", minimal("places", slug="a"))
        desk.release()
        for old, new in (("a", "b"), ("b", "c")):
            desk.patch(f"/places/{old}", {"slug": new})
            desk.release()
        back(desk, 1)
        assert desk.public("/places/a")["slug"] == "a"
        assert [each["slug"] for each in desk.get("/places")["items"]] == ["a"]
        back(desk, 2)
        assert desk.public("/places/b")["slug"] == "b"
        assert [each["slug"] for each in desk.get("/places")["items"]] == ["b"]
        assert (desk.public("/places/a"), desk.public("/places/c")) == (308, 404)

    def test_slugs_that_were_exchanged_are_exchanged_back(self, desk: Desk) -> None:
        for slug in ("a", "b"):
            desk.post("/places", minimal("places", slug=slug, name=f"Was {slug}"))
        desk.release()
        desk.patch("/places/a", {"name": "Was b"})
        desk.patch("/places/b", {"name": "Was a"})
        desk.release()
        back(desk, 1)
        assert desk.public("/places/a")["name"] == "Was a"


class TestRetirementsInBetween:
    def test_what_was_retired_and_removed_comes_back_whole(self, stocked: Desk) -> None:
        first = published(stocked)
        stocked.delete("/routines/break")
        stocked.patch("/exercises/lean", {"citations": None})
        stocked.delete("/sources/manual")
        stocked.release()
        for path in ("/routines/break", "/sources/manual"):
            stocked.delete(path)
            stocked.get(path, status=404)
        back(stocked, 1)
        assert published(stocked) == first

    def test_what_was_retired_and_recreated_as_something_else_is_what_it_was(self, stocked: Desk) -> None:
        first = published(stocked)
        stocked.patch("/exercises/lean", {"citations": None})
        stocked.delete("/sources/manual")
        stocked.release()
        stocked.post("/sources", {"slug": "manual", "type": "online", "title": "Now a page"})
        stocked.post("/sources", book("heir", isbn="9780306406157"))
        stocked.release()
        refused = stocked.post("/rollbacks", {"revision": 1}, status=409)
        assert "/isbn" in " ".join(faults(refused))
        stocked.patch("/sources/heir", {"isbn": None})
        back(stocked, 1)
        assert published(stocked) == first
        assert stocked.state("/sources/heir") == "draft"


class TestScope:
    def test_it_needs_content_release(self, stocked: Desk, app: Flask) -> None:
        Desk(app, "content:write", "content:read").post("/rollbacks", {"revision": 1}, status=403)
