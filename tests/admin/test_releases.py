from datetime import datetime

from flask import Flask

from app.content.identity import made_id
from app.shapes.languages import LANGUAGES
from tests.admin.desk import Desk, faults
from tests.admin.samples import book, exercise, level, minimal, routine, term


class TestPending:
    def test_it_shows_what_a_release_would_do_before_and_after(self, stocked: Desk) -> None:
        assert stocked.get("/pending") == {"items": [], "page": {"limit": 1000, "total": 0, "next": None}}
        stocked.post("/places", minimal("places"))
        stocked.patch("/exercises/hang", {"name": "Dead hang"})
        stocked.delete("/routines/break")
        items = {each["slug"]: each for each in stocked.get("/pending")["items"]}
        assert [(each["kind"], each["slug"], each["action"]) for each in items.values()] == [
            ("exercise", "hang", "updated"),
            ("place", "new-one", "created"),
            ("routine", "break", "deleted"),
        ]
        assert items["hang"]["changes"] == [{"pointer": "/name", "before": "Hang", "after": "Dead hang"}]
        assert items["hang"]["before"] == items["hang"]["after"] | {"name": "Hang"}
        assert (items["new-one"]["before"], items["new-one"]["after"]) == (
            None,
            minimal("places", id=made_id("place", "new-one")),
        )
        assert items["break"]["before"]["slug"] == "break"
        assert items["break"]["after"] is None

    def test_its_pages_hold_everything_once(self, desk: Desk) -> None:
        desk.bring(places=[minimal("places", slug=f"p{number}") for number in range(5)], terms=[term("a")])
        found, path = [], "/pending?limit=2"
        while path:
            page = desk.get(path)
            found += [each["slug"] for each in page["items"]]
            path = f"/pending?limit=2&cursor={page['page']['next']}" if page["page"]["next"] else ""
        assert found == ["p0", "p1", "p2", "p3", "p4", "a"]
        assert page["page"]["total"] == 6


class TestRelease:
    def test_it_answers_the_revision_and_where_it_is(self, desk: Desk) -> None:
        desk.post("/places", minimal("places"))
        response = desk.send("POST", "/releases", json={"note": "Our first"})
        assert response.status_code == 201
        assert response.headers["Location"] == "/v1/admin/releases/1"
        described = desk.get("/releases/1")
        assert {key: described[key] for key in ("revision", "note", "changed", "deleted", "action", "released_by")} == {
            "revision": 1, "note": "Our first", "changed": len(LANGUAGES), "deleted": 0, "action": "release",
            "released_by": "Editor",
        }  # fmt: skip
        assert datetime.fromisoformat(described["released_at"]).tzinfo is not None

    def test_with_nothing_pending_it_is_409_and_takes_no_number(self, stocked: Desk) -> None:
        before = stocked.contents()
        stocked.post("/releases", {}, status=409)
        stocked.post("/releases", {"items": [{"kind": "exercise", "slug": "hang"}]}, status=409)
        assert stocked.contents() == before
        stocked.post("/places", minimal("places"))
        assert stocked.release() == 2

    def test_what_is_wrong_with_the_request_is_422_with_its_pointer(self, stocked: Desk) -> None:
        stocked.post("/places", minimal("places"))
        before = stocked.contents()
        for body, pointers in (
            ({"note": ""}, ["/note"]),
            ({"revision": 9}, ["/revision"]),
            ({"items": []}, ["/items"]),
            ({"items": [{"kind": "place"}]}, ["/items/0/slug"]),
            ({"items": [{"kind": "place", "slug": "new-one"}, {"kind": "shop", "slug": "x"}]}, ["/items/1/kind"]),
            ({"items": [{"kind": "place", "slug": "new-one"}, {"kind": "place", "slug": "clinic"}]}, ["/items/1"]),
        ):
            assert list(faults(stocked.post("/releases", body, status=422))) == pointers
        assert stocked.contents() == before

    def test_releasing_needs_its_scope(self, app: Flask) -> None:
        writer, releaser = Desk(app, "content:write"), Desk(app, "content:release")
        writer.post("/places", minimal("places"))
        writer.post("/releases", {}, status=403)
        writer.post("/rollbacks", {"revision": 1}, status=403)
        releaser.post("/places", minimal("places", slug="other"), status=403)
        assert releaser.pending() == {("place", "new-one"): "created"}
        assert releaser.release() == 1


class TestPartialRelease:
    def test_only_what_is_named_becomes_public(self, stocked: Desk) -> None:
        stocked.patch("/exercises/lean", {"name": "Wall lean"})
        stocked.patch("/exercises/hang", {"name": "Dead hang"})
        stocked.release(items=[("exercise", "hang")])
        assert stocked.public("/exercises/hang")["name"] == "Dead hang"
        assert stocked.public("/exercises/lean")["name"] == "Lean"
        assert stocked.public("/routines/break")["stages"][0]["items"][0]["exercise"]["name"] == "Lean"
        assert stocked.pending() == {("exercise", "lean"): "updated"}

    def test_what_names_something_unpublished_is_409_with_the_list(self, stocked: Desk) -> None:
        stocked.bring(
            sources=[book("novel")],
            exercises=[exercise("fresh", citations=[{"source": "novel"}]), exercise("harder-one", easier=["fresh"])],
            routines=[routine("new-break", ("fresh", 1))],
        )
        before = stocked.contents()
        refused = stocked.post(
            "/releases",
            {"items": [{"kind": "exercise", "slug": "fresh"}, {"kind": "routine", "slug": "new-break"}]},
            status=409,
        )
        assert list(faults(refused)) == ["/exercises/fresh/citations/0/source"]
        refused = stocked.post("/releases", {"items": [{"kind": "routine", "slug": "new-break"}]}, status=409)
        assert list(faults(refused)) == ["/routines/new-break/stages/0/items/0/exercise"]
        refused = stocked.post("/releases", {"items": [{"kind": "exercise", "slug": "harder-one"}]}, status=409)
        assert list(faults(refused)) == ["/exercises/harder-one/easier/0/slug"]
        assert stocked.contents() == before
        stocked.release(items=[("exercise", "fresh"), ("source", "novel")])

    def test_what_others_still_name_cannot_leave_without_them(self, stocked: Desk) -> None:
        stocked.patch("/exercises/lean", {"citations": None})
        stocked.delete("/sources/manual")
        refused = stocked.post("/releases", {"items": [{"kind": "source", "slug": "manual"}]}, status=409)
        assert list(faults(refused)) == ["/exercises/lean/citations/0/source"]
        assert stocked.public("/sources/manual")["slug"] == "manual"
        stocked.release(items=[("source", "manual"), ("exercise", "lean")])
        assert stocked.public("/sources/manual") == 404

    def test_what_would_break_a_published_routine_is_409(self, stocked: Desk) -> None:
        stocked.patch("/routines/break", {"stages": [{"name": "One", "items": [{"exercise": "lean", "intensity": 1}]}]})
        stocked.patch("/exercises/hang", {"levels": [level(1)]})
        refused = stocked.post("/releases", {"items": [{"kind": "exercise", "slug": "hang"}]}, status=409)
        assert list(faults(refused)) == ["/routines/break/stages/0/items/1/intensity"]
        stocked.release()

    def test_progressions_that_would_make_a_circle_in_public_are_409(self, stocked: Desk) -> None:
        stocked.patch("/exercises/lean", {"harder": None})
        stocked.patch("/exercises/hang", {"harder": ["lean"]})
        refused = stocked.post("/releases", {"items": [{"kind": "exercise", "slug": "hang"}]}, status=409)
        assert set(faults(refused)) == {"/exercises/hang/harder", "/exercises/lean/harder"}
        stocked.release(items=[("exercise", "hang"), ("exercise", "lean")])

    def test_either_side_of_a_rename_brings_the_other_along(self, desk: Desk) -> None:
        for slug in ("a", "b"):
            desk.post("/places", minimal("places", slug=slug))
        desk.release()
        desk.patch("/places/a", {"slug": "a-two"})
        desk.patch("/places/b", {"slug": "b-two"})
        desk.release(items=[("place", "a-two")])
        assert desk.public("/places/a-two")["slug"] == "a-two"
        assert desk.public("/places/a") == 308
        desk.release(items=[("place", "b")])
        assert desk.public("/places/b-two")["slug"] == "b-two"
        assert desk.public("/places/b") == 308

    def test_a_rename_without_what_names_it_is_409(self, stocked: Desk) -> None:
        stocked.patch("/exercises/hang", {"slug": "dangle"})
        refused = stocked.post("/releases", {"items": [{"kind": "exercise", "slug": "dangle"}]}, status=409)
        assert set(faults(refused)) == {"/exercises/lean/harder/0/slug", "/routines/break/stages/0/items/1/exercise"}


class TestHistory:
    def test_each_release_shows_its_entries_before_and_after_and_who_and_why(self, stocked: Desk) -> None:
        stocked.patch("/exercises/hang", {"name": "Dead hang"})
        stocked.delete("/routines/break")
        stocked.post("/places", minimal("places"))
        stocked.release("Changes")
        stocked.patch("/exercises/hang", {"name": "Later"})
        stocked.release()
        described = stocked.get("/releases/2")
        items = {each["slug"]: each for each in described["items"]}
        assert [(each["slug"], each["action"]) for each in items.values()] == [
            ("hang", "updated"),
            ("new-one", "created"),
            ("break", "deleted"),
        ]
        assert items["hang"]["changes"] == [{"pointer": "/name", "before": "Hang", "after": "Dead hang"}]
        assert (items["break"]["before"]["slug"], items["break"]["after"]) == ("break", None)
        assert (items["new-one"]["before"], items["new-one"]["after"]) == (
            None,
            minimal("places", id=made_id("place", "new-one")),
        )
        told = (described["note"], described["released_by"], described["deleted"])
        assert told == ("Changes", "Editor", len(LANGUAGES))

    def test_the_list_is_the_newest_first_in_pages(self, desk: Desk) -> None:
        for number in range(1, 6):
            desk.post("/places", minimal("places", slug=f"p{number}"))
            desk.release(f"Number {number}")
        first = desk.get("/releases?limit=3")
        rest = desk.get(f"/releases?limit=3&cursor={first['page']['next']}")
        assert [each["revision"] for each in first["items"] + rest["items"]] == [5, 4, 3, 2, 1]
        assert rest["page"] == {"limit": 3, "total": 5, "next": None}
        assert rest["items"][0]["note"] == "Number 2"

    def test_entries_of_one_release_have_pages_too(self, stocked: Desk) -> None:
        whole = stocked.get("/releases/1")
        first = stocked.get("/releases/1?limit=4")
        rest = stocked.get(f"/releases/1?cursor={first['page']['next']}")
        assert first["items"] + rest["items"] == whole["items"]
        assert (len(first["items"]), first["page"]["total"]) == (4, len(whole["items"]))

    def test_a_revision_that_is_not_there_is_404(self, stocked: Desk) -> None:
        for revision in ("2", "999999", "0", "x"):
            stocked.get(f"/releases/{revision}", status=404)
