"""Editors write a sixth kind, see it pending, release it, import it and go back, like every other."""

from app.content.identity import made_id
from tests.admin.desk import Desk, faults
from tests.sixth_kind.articles import PATH, article

KEY = ("anatomy-article", "the-foot")


class TestDrafts:
    def test_one_is_created_changed_released_and_retired(self, desk: Desk) -> None:
        created = desk.post(PATH, article("the-foot", regions=["chest"]))
        assert (created["kind"], created["state"]) == ("anatomy-article", "draft")
        desk.patch(f"{PATH}/the-foot", {"name": "The foot", "regions": None})
        assert desk.pending() == {KEY: "created"}
        assert desk.public(f"{PATH}/the-foot") == 404
        desk.release(items=[KEY])
        assert desk.public(f"{PATH}/the-foot")["name"] == "The foot"
        desk.delete(f"{PATH}/the-foot")
        assert desk.state(f"{PATH}/the-foot") == "retired"
        desk.release()
        assert desk.public(f"{PATH}/the-foot") == 404

    def test_a_list_names_every_draft(self, desk: Desk) -> None:
        assert [item["slug"] for item in desk.get(PATH)["items"]] == ["the-hand", "the-neck"]

    def test_a_renamed_one_is_found_under_its_former_slug(self, desk: Desk) -> None:
        desk.patch(f"{PATH}/the-neck", {"slug": "neck"})
        desk.release()
        moved = desk.app.test_client().get(f"/v1{PATH}/the-neck")
        assert (moved.status_code, moved.headers["Location"]) == (308, f"/v1{PATH}/neck")

    def test_what_is_wrong_is_told_by_field(self, desk: Desk) -> None:
        refused = desk.post(PATH, {"slug": "x", "name": "X", "muscles": []}, status=422)
        assert set(faults(refused)) == {"/text", "/muscles"}

    def test_what_an_article_names_cannot_be_taken_away(self, desk: Desk) -> None:
        assert "the-neck" in desk.send("DELETE", "/vocabularies/neck", headers={"If-Match": "*"}).text


class TestReleases:
    def test_an_unknown_kind_cannot_be_named(self, desk: Desk) -> None:
        desk.post(PATH, article("the-foot"))
        refused = desk.post("/releases", {"items": [{"kind": "anatomy_article", "slug": "the-foot"}]}, status=422)
        assert "/items/0/kind" in faults(refused)

    def test_going_back_takes_it_along(self, desk: Desk) -> None:
        desk.patch(f"{PATH}/the-neck", {"name": "Another"})
        desk.release()
        desk.post("/rollbacks", {"revision": 1})
        assert desk.public(f"{PATH}/the-neck")["name"] == "The neck"
        assert desk.get(f"{PATH}/the-neck")["draft"] == article(
            "the-neck", regions=["neck"], id=made_id("anatomy-article", "the-neck")
        )


class TestBundles:
    def test_the_list_of_a_bundle_is_named_like_the_collection(self, desk: Desk) -> None:
        answer = desk.bring(**{"anatomy-articles": [article("the-foot"), article("the-neck", regions=["neck"])]})
        assert answer["created"] == [{"kind": "anatomy-article", "slug": "the-foot"}]
        assert answer["unchanged"] == [{"kind": "anatomy-article", "slug": "the-neck"}]

    def test_pruning_keeps_to_the_collections_that_the_bundle_names(self, desk: Desk) -> None:
        answer = desk.post("/imports?prune=true&release=true", {"anatomy-articles": [article("the-hand")]}, status=200)
        assert answer["deleted"] == [{"kind": "anatomy-article", "slug": "the-neck"}]
        assert desk.public("/vocabularies/regions/neck")["name"] == "Neck"

    def test_another_name_is_refused_with_those_that_there_are(self, desk: Desk) -> None:
        refused = desk.post("/imports", {"anatomy_articles": []}, status=422)
        allowed = "anatomy-articles, exercises, places, routines, sources, terms, vocabularies"
        assert faults(refused) == {"/anatomy_articles": f"Unknown collection. Allowed: {allowed}."}
