from typing import Any

import pytest

from app.content.identity import made_id
from tests.admin.desk import MERGE_PATCH, Desk, faults
from tests.admin.samples import COLLECTIONS, KINDS, NEEDED, minimal, title_key, whole

each_kind = pytest.mark.parametrize("collection", COLLECTIONS)


def title(item: Any, collection: str) -> str:
    return str(item["draft"][title_key(collection)])


@each_kind
class TestCreate:
    def test_post_answers_the_whole_item_and_where_it_is(self, desk: Desk, collection: str) -> None:
        response = desk.send("POST", f"/{collection}", json=minimal(collection))
        assert response.status_code == 201
        assert response.headers["Location"] == f"/v1/admin/{collection}/new-one"
        item: Any = response.json
        identifier = made_id(KINDS[collection], "new-one")
        assert item["draft"] == minimal(collection, id=identifier)
        assert {key: item[key] for key in ("kind", "slug", "state", "released_revision")} == {
            "kind": KINDS[collection],
            "slug": "new-one",
            "state": "draft",
            "released_revision": None,
        }
        again = desk.send("GET", f"/{collection}/new-one")
        assert again.json == item
        assert again.headers["ETag"] == response.headers["ETag"]
        assert again.headers["Cache-Control"] == "no-store"

    def test_a_taken_slug_is_409_and_changes_nothing(self, desk: Desk, collection: str) -> None:
        desk.post(f"/{collection}", minimal(collection))
        before = desk.contents()
        refused = desk.post(f"/{collection}", minimal(collection), status=409)
        assert list(faults(refused)) == ["/slug"]
        assert desk.contents() == before

    def test_put_with_if_none_match_star_creates(self, desk: Desk, collection: str) -> None:
        draft = minimal(collection)
        del draft["slug"]
        path = f"/{collection}/new-one"
        response = desk.send("PUT", path, json=draft, headers={"If-None-Match": "*"})
        assert response.status_code == 201
        assert desk.get(path)["slug"] == "new-one"
        again = desk.send("PUT", path, json=draft, headers={"If-None-Match": "*"})
        assert again.status_code == 412

    def test_put_that_creates_under_another_slug_than_its_address_is_422(self, desk: Desk, collection: str) -> None:
        draft = minimal(collection, slug="another")
        response = desk.send("PUT", f"/{collection}/new-one", json=draft, headers={"If-None-Match": "*"})
        assert response.status_code == 422
        assert list(faults(response.json)) == ["/slug"]


@each_kind
class TestChange:
    def test_put_replaces_and_gives_a_new_etag(self, desk: Desk, collection: str) -> None:
        path = f"/{collection}/new-one"
        desk.post(f"/{collection}", minimal(collection, former_slugs=["old-one"]))
        first = desk.etag(path)
        changed = minimal(collection, **{title_key(collection): "Changed"})
        response = desk.send("PUT", path, json=changed, headers={"If-Match": first})
        assert response.status_code == 200
        assert title(response.json, collection) == "Changed"
        assert response.headers["ETag"] == desk.etag(path) != first

    def test_patch_changes_the_fields_it_names_and_null_takes_one_away(self, desk: Desk, collection: str) -> None:
        path = f"/{collection}/new-one"
        desk.post(f"/{collection}", minimal(collection, former_slugs=["old-one"]))
        desk.patch(path, {title_key(collection): "Patched"})
        assert desk.get(path)["draft"] == minimal(
            collection,
            id=made_id(KINDS[collection], "old-one"),
            former_slugs=["old-one"],
            **{title_key(collection): "Patched"},
        )
        assert "former_slugs" not in desk.patch(path, {"former_slugs": None})["draft"]

    def test_a_patch_that_takes_a_required_field_away_is_422(self, desk: Desk, collection: str) -> None:
        desk.post(f"/{collection}", minimal(collection))
        refused = desk.patch(f"/{collection}/new-one", {title_key(collection): None}, status=422)
        assert list(faults(refused)) == [f"/{title_key(collection)}"]

    def test_delete_of_what_was_never_published_leaves_nothing(self, desk: Desk, collection: str) -> None:
        desk.post(f"/{collection}", minimal(collection))
        desk.delete(f"/{collection}/new-one")
        desk.get(f"/{collection}/new-one", status=404)
        assert desk.pending() == {}

    def test_a_recreated_draft_has_another_etag_than_the_deleted_one(self, desk: Desk, collection: str) -> None:
        path = f"/{collection}/new-one"
        desk.post(f"/{collection}", minimal(collection))
        first = desk.etag(path)
        desk.delete(path)
        desk.post(f"/{collection}", minimal(collection))
        assert desk.etag(path) != first


class TestStates:
    @each_kind
    def test_an_entity_goes_from_draft_through_published_and_changed_to_retired(
        self, desk: Desk, collection: str
    ) -> None:
        path = f"/{collection}/new-one"
        desk.bring(**NEEDED)
        desk.post(f"/{collection}", whole(collection))
        states = [desk.state(path)]
        desk.release()
        states.append(desk.state(path))
        desk.patch(path, {title_key(collection): "Changed"})
        states.append(desk.state(path))
        desk.patch(path, {title_key(collection): whole(collection)[title_key(collection)]})
        states.append(desk.state(path))
        desk.delete(path)
        states.append(desk.state(path))
        assert states == ["draft", "published", "changed", "published", "retired"]
        assert desk.get(path)["released_revision"] == 1
        desk.release()
        assert desk.get(path)["released_revision"] is None
        assert desk.state(path) == "retired"

    @each_kind
    def test_a_release_gives_a_new_etag_to_what_it_published(self, desk: Desk, collection: str) -> None:
        desk.bring(**NEEDED)
        desk.post(f"/{collection}", whole(collection))
        before = desk.etag(f"/{collection}/new-one")
        desk.release()
        assert desk.etag(f"/{collection}/new-one") != before


class TestConditionalReading:
    def test_the_etag_of_an_item_answers_304(self, desk: Desk) -> None:
        desk.post("/places", minimal("places"))
        tag = desk.etag("/places/new-one")
        response = desk.send("GET", "/places/new-one", headers={"If-None-Match": f'W/{tag}, "other"'})
        assert (response.status_code, response.data, response.headers["ETag"]) == (304, b"", tag)

    def test_head_answers_what_get_does_without_the_body(self, desk: Desk) -> None:
        desk.post("/places", minimal("places"))
        head, get = (desk.send(method, "/places/new-one") for method in ("HEAD", "GET"))
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["ETag"] == get.headers["ETag"]


class TestWhatIsNotThere:
    def test_every_method_on_an_unknown_slug_of_every_kind_is_404(self, desk: Desk) -> None:
        for collection in COLLECTIONS:
            for method in ("GET", "PUT", "PATCH", "DELETE"):
                body: dict[str, Any] = {"json": minimal(collection, slug="nothing")} if method.startswith("P") else {}
                body |= {"content_type": MERGE_PATCH} if method == "PATCH" else {}
                response = desk.send(method, f"/{collection}/nothing", headers={"If-Match": '"x"'}, **body)
                assert response.status_code == 404, (collection, method)

    def test_put_without_any_condition_on_an_unknown_slug_is_428(self, desk: Desk) -> None:
        response = desk.send("PUT", "/places/nothing", json=minimal("places", slug="nothing"))
        assert response.status_code == 428
