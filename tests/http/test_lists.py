import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.http.reading import LISTS, counted_queries, everything, get, pages, problem, refusals, slugs
from tests.settings import ORIGIN

FILTERED = (
    "exercises?region=upper-back,neck&condition=neck-pain",
    "routines?condition=upper-back-pain&max_intensity=3",
    "sources?type=book",
    "places?service=physiotherapy,yoga-classes",
    "vocabularies/muscles?sort=-slug",
    "sources/light-on-yoga/exercises?type=yoga,stretch",
)


class TestPages:
    @pytest.mark.parametrize("path", [f"{each}?sort=name" for each in LISTS] + list(FILTERED))
    @pytest.mark.parametrize("limit", [1, 4])
    def test_pages_together_hold_everything_once_in_order(self, client: FlaskClient, path: str, limit: int) -> None:
        whole = slugs(everything(client, f"/v1/{path}"))
        found = list(pages(client, f"/v1/{path}&limit={limit}"))
        assert [slug for page in found for slug in slugs(page["items"])] == whole
        assert len(set(whole)) == len(whole) > 1
        assert {page["page"]["total"] for page in found} == {len(whole)}
        assert all(len(page["items"]) == limit for page in found[:-1])
        assert found[-1]["page"] == {"limit": limit, "total": len(whole), "next": None}

    @pytest.mark.parametrize("collection", LISTS)
    def test_a_page_has_items_and_page_and_nothing_else(self, client: FlaskClient, collection: str) -> None:
        body = get(client, f"/v1/{collection}?limit=2")
        assert list(body) == ["items", "page", "notices"]
        assert set(body["page"]) == {"limit", "total", "next"}

    def test_twenty_documents_are_on_a_page_where_nothing_is_said(self, client: FlaskClient) -> None:
        body = get(client, "/v1/exercises")
        assert len(body["items"]) == body["page"]["limit"] == 20

    @pytest.mark.parametrize("limit", [1, 100])
    def test_one_and_a_hundred_are_the_ends_of_limit(self, client: FlaskClient, limit: int) -> None:
        assert get(client, f"/v1/exercises?limit={limit}")["page"]["limit"] == limit

    @pytest.mark.parametrize(
        "limit", ["0", "101", "-1", "1.0", "1e1", "ten", "", "%20", "99999999999999999999", "0x10"]
    )
    def test_any_other_limit_is_422_and_says_the_ends(self, client: FlaskClient, limit: str) -> None:
        faults = refusals(client.get(f"/v1/exercises?limit={limit}"))
        assert list(faults) == ["limit"]
        assert "1 to 100" in faults["limit"]

    def test_a_page_that_ends_with_the_last_document_has_no_next(self, client: FlaskClient) -> None:
        total = get(client, "/v1/routines")["page"]["total"]
        assert get(client, f"/v1/routines?limit={total}")["page"]["next"] is None
        assert get(client, f"/v1/routines?limit={total - 1}")["page"]["next"] is not None

    def test_a_list_that_nothing_matches_is_an_empty_page(self, client: FlaskClient) -> None:
        body = get(client, "/v1/exercises?min_intensity=5&max_intensity=1")
        assert body == {"items": [], "page": {"limit": 20, "total": 0, "next": None}, "notices": []}

    def test_a_list_of_an_empty_catalogue_is_an_empty_page(self, app: Flask) -> None:
        for collection in LISTS:
            body = get(app.test_client(), f"/v1/{collection}")
            assert body == {"items": [], "page": {"limit": 20, "total": 0, "next": None}, "notices": []}

    def test_terms_of_another_vocabulary_are_not_in_the_list(self, client: FlaskClient) -> None:
        for vocabulary in get(client, "/v1/vocabularies?limit=100")["items"]:
            terms = everything(client, f"/v1/vocabularies/{vocabulary['slug']}")
            assert {term["vocabulary"] for term in terms} == {vocabulary["slug"]}
            assert len(terms) == vocabulary["terms_count"]

    def test_the_list_of_an_unknown_vocabulary_is_404_and_names_those_there_are(self, client: FlaskClient) -> None:
        body = problem(client.get("/v1/vocabularies/nonsense"), 404, "not-found")
        assert "regions, muscles, equipment, conditions, benefits" in body["detail"]


class TestLinks:
    def links(self, client: FlaskClient, path: str) -> dict[str, str]:
        header = client.get(path).headers["Link"]
        return {relation: url for url, relation in re.findall(r'<([^>]*)>; rel="([a-z]+)"', header)}

    @pytest.mark.parametrize("path", FILTERED)
    def test_following_the_links_reads_the_whole_list(self, client: FlaskClient, path: str) -> None:
        expected = slugs(everything(client, f"/v1/{path}"))
        found: list[str] = []
        url: str | None = f"{ORIGIN}/v1/{path}&limit=3"
        while url:
            local = url.removeprefix(ORIGIN)
            found += slugs(get(client, local)["items"])
            url = self.links(client, local).get("next")
        assert found == expected

    def test_first_leads_back_to_the_beginning_of_the_same_list(self, client: FlaskClient) -> None:
        beginning = "/v1/exercises?type=yoga&sort=-name&limit=2&fields=name"
        following = get(client, beginning)["page"]["next"]
        first = self.links(client, f"{beginning}&cursor={following}")["first"]
        assert first.startswith(ORIGIN)
        assert get(client, first.removeprefix(ORIGIN)) == get(client, beginning)

    def test_next_carries_the_cursor_of_the_body(self, client: FlaskClient) -> None:
        response = client.get("/v1/exercises?limit=2")
        assert response.json is not None
        assert f"cursor={response.json['page']['next']}" in self.links(client, "/v1/exercises?limit=2")["next"]

    def test_the_last_page_has_no_next(self, client: FlaskClient) -> None:
        assert list(self.links(client, "/v1/routines?limit=100")) == ["first"]


class TestQueries:
    @pytest.mark.parametrize(
        "path", ["/v1/exercises?", "/v1/vocabularies/muscles?", *(f"/v1/{each}&" for each in FILTERED)]
    )
    def test_2_rows_and_20_take_the_same_number(self, seeded_app: Flask, path: str) -> None:
        client = seeded_app.test_client()
        get(client, f"{path}limit=1")
        with counted_queries(seeded_app) as for_two:
            few = get(client, f"{path}limit=2")
        with counted_queries(seeded_app) as for_twenty:
            many = get(client, f"{path}limit=20")
        assert len(few["items"]) == 2 < len(many["items"])
        assert len(for_two) == len(for_twenty) > 0

    def test_a_list_of_a_state_and_filters_seen_before_takes_two(self, seeded_app: Flask) -> None:
        client, filters = seeded_app.test_client(), "region=neck&muscle=upper-trapezius&benefit=improves-posture"
        get(client, f"/v1/exercises?{filters}")
        with counted_queries(seeded_app) as plain:
            get(client, "/v1/exercises")
        with counted_queries(seeded_app) as filtered:
            get(client, f"/v1/exercises?{filters}")
        assert (len(plain), len(filtered)) == (2, 2)

    @pytest.mark.parametrize("path", ["/v1/exercises/chin-tuck", "/v1/routines/evening-wind-down/stages/1"])
    def test_a_document_takes_one(self, seeded_app: Flask, path: str) -> None:
        with counted_queries(seeded_app) as statements:
            get(seeded_app.test_client(), path)
        assert len(statements) == 1
