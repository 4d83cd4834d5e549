from typing import Any

from sqlalchemy import event

from tests.admin.desk import Desk, database_of
from tests.admin.samples import COLLECTIONS, NEEDED, minimal, whole


def slugs(desk: Desk, path: str) -> list[str]:
    """The slugs of every page."""
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = desk.get(path + (f"&cursor={cursor}" if cursor else ""))
        found += [each["slug"] for each in page["items"]]
        cursor = page["page"]["next"]
    assert page["page"]["total"] == len(found)
    return found


class TestLists:
    def test_of_every_kind_are_pages_by_slug_filtered_by_state(self, desk: Desk) -> None:
        def found(path: str) -> list[str]:
            return [slug for slug in slugs(desk, path) if slug not in ("free", "needed")]

        desk.bring(**NEEDED)
        desk.release()
        for collection in COLLECTIONS:
            for slug in ("e", "d", "c", "b", "a"):
                desk.post(f"/{collection}", whole(collection, slug=slug))
            desk.post(
                "/releases",
                {"items": [{"kind": desk.get(f"/{collection}/{slug}")["kind"], "slug": slug} for slug in "abc"]},
            )
            desk.patch(f"/{collection}/b", {"former_slugs": ["older"]})
            desk.delete(f"/{collection}/c")
            path = f"/{collection}?limit=2"
            assert found(path) == ["a", "b", "c", "d", "e"]
            assert found(f"{path}&state=draft") == ["d", "e"]
            assert found(f"{path}&state=published") == ["a"]
            assert found(f"{path}&state=changed,retired") == ["b", "c"]
            assert found(f"{path}&state=changed&state=retired") == ["b", "c"]

    def test_an_item_is_the_same_in_a_list_and_alone(self, desk: Desk) -> None:
        desk.post("/places", minimal("places"))
        assert desk.get("/places")["items"] == [desk.get("/places/new-one")]

    def test_link_names_the_first_and_the_next_page(self, desk: Desk) -> None:
        for slug in ("a", "b"):
            desk.post("/places", minimal("places", slug=slug))
        link = desk.send("GET", "/places?limit=1").headers["Link"]
        assert 'rel="first"' in link
        assert 'rel="next"' in link

    def test_a_cursor_belongs_to_its_kind_and_states(self, desk: Desk) -> None:
        for slug in ("a", "b"):
            desk.post("/places", minimal("places", slug=slug))
        cursor = desk.get("/places?limit=1")["page"]["next"]
        desk.get(f"/places?state=draft&cursor={cursor}", status=400)
        desk.get(f"/sources?cursor={cursor}", status=400)

    def test_unknown_parameters_states_and_limits_are_422_and_say_what_is_allowed(self, desk: Desk) -> None:
        for query, parameter in (
            ("stat=draft", "stat"),
            ("state=gone", "state"),
            ("limit=0", "limit"),
            ("limit=101", "limit"),
        ):
            problem = desk.get(f"/places?{query}", status=422)
            assert [each["parameter"] for each in problem["errors"]] == [parameter]
        assert "retired" in desk.get("/places?state=gone", status=422)["errors"][0]["detail"]

    def test_twenty_items_take_no_more_queries_than_two(self, desk: Desk) -> None:
        def queries(path: str) -> int:
            count = 0

            def counted(*_: Any) -> None:
                nonlocal count
                count += 1

            engine = database_of(desk.app).engine
            event.listen(engine, "before_cursor_execute", counted)
            desk.get(path)
            event.remove(engine, "before_cursor_execute", counted)
            return count

        desk.bring(exercises=[minimal("exercises", slug=f"e{number}") for number in range(2)])
        few = [queries(path) for path in ("/exercises", "/pending")]
        desk.bring(exercises=[minimal("exercises", slug=f"e{number}") for number in range(20)])
        assert [queries(path) for path in ("/exercises", "/pending")] == few
