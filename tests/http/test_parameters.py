import pytest
from flask.testing import FlaskClient

from tests.http.reading import ADDRESSES, LISTS, Document, everything, get, problem, refusals, slugs

pytestmark = pytest.mark.one_store


class TestUnknownParameters:
    @pytest.mark.parametrize("path", ADDRESSES)
    def test_every_operation_refuses_one_and_names_those_it_takes(self, client: FlaskClient, path: str) -> None:
        faults = refusals(client.get(f"{path}?nonsense=1"))
        assert list(faults) == ["nonsense"]
        assert "Unknown parameter. Allowed: " in faults["nonsense"]

    def test_the_allowed_are_those_of_the_operation(self, client: FlaskClient) -> None:
        exercises = refusals(client.get("/v1/exercises?x=1"))["x"].partition("Allowed: ")[2].rstrip(".").split(", ")
        assert {"region", "max_seconds", "limit", "cursor", "sort", "fields"} <= set(exercises)
        for name in exercises:
            assert "Unknown" not in str(client.get(f"/v1/exercises?{name}=x").json)
        assert "Allowed: expand, fields, lang." in refusals(client.get("/v1/exercises/chin-tuck?x=1"))["x"]
        assert "Allowed: intensity, lang." in refusals(client.get("/v1/exercises/chin-tuck/steps?x=1"))["x"]
        assert "Allowed: lang." in refusals(client.get("/v1/exercises/chin-tuck/levels?x=1"))["x"]

    @pytest.mark.parametrize("name", ["Limit", "limit[]", "limit.x", "a/b", "~a", "~1", "_schema", "é", "🧘", "sort "])
    def test_the_name_comes_back_as_it_was_given(self, client: FlaskClient, name: str) -> None:
        assert list(refusals(client.get("/v1/exercises", query_string={name: "1"}))) == [name]

    def test_an_empty_name_is_refused_too(self, client: FlaskClient) -> None:
        assert list(refusals(client.get("/v1/exercises?=1"))) == [""]

    def test_all_faults_come_at_once(self, client: FlaskClient) -> None:
        faults = refusals(
            client.get("/v1/exercises?limit=0&sort=x&fields=y&type=z&min_intensity=9&nonsense=1&region=A")
        )
        assert set(faults) == {"limit", "sort", "fields", "type", "min_intensity", "nonsense", "region"}

    @pytest.mark.parametrize("name", ["limit", "max_seconds", "min_intensity"])
    def test_what_takes_one_value_is_given_once(self, client: FlaskClient, name: str) -> None:
        assert "once" in refusals(client.get(f"/v1/exercises?{name}=1&{name}=1"))[name]

    def test_an_unknown_parameter_is_told_before_an_unknown_slug(self, client: FlaskClient) -> None:
        problem(client.get("/v1/exercises/nonsense?nonsense=1"), 422, "invalid-parameters")
        problem(client.get("/v1/exercises/nonsense"), 404, "not-found")

    def test_more_values_than_fifty_are_refused(self, client: FlaskClient) -> None:
        assert list(refusals(client.get(f"/v1/exercises?region={','.join(['neck'] * 51)}"))) == ["region"]
        assert client.get(f"/v1/exercises?region={','.join(['neck'] * 50)}").status_code == 200


class TestFields:
    def trimmed(self, document: Document, names: set[str]) -> Document:
        return {key: value for key, value in document.items() if key in {"kind", "id", "slug", *names}}

    @pytest.mark.parametrize("collection", LISTS)
    def test_each_field_may_be_asked_for_alone_in_list_and_detail(self, client: FlaskClient, collection: str) -> None:
        documents = everything(client, f"/v1/{collection}")
        for name in documents[0]:
            expected = [self.trimmed(document, {name}) for document in documents]
            assert everything(client, f"/v1/{collection}?fields={name}") == expected
            detail = get(client, f"/v1/{collection}/{documents[0]['slug']}?fields={name}")
            assert detail == expected[0]

    def test_kind_and_slug_always_stay(self, client: FlaskClient) -> None:
        assert list(get(client, "/v1/exercises/chin-tuck?fields=name,steps")) == ["kind", "id", "slug", "name", "steps"]

    def test_fields_stand_in_the_documents_order_whatever_the_order_asked(self, client: FlaskClient) -> None:
        one = client.get("/v1/exercises/chin-tuck?fields=steps,name,links").data
        assert one == client.get("/v1/exercises/chin-tuck?fields=links&fields=name,steps&fields=name").data

    def test_a_field_of_another_shape_of_the_kind_is_left_out(self, client: FlaskClient) -> None:
        online = get(client, "/v1/sources?type=online&fields=isbn,accessed_on&limit=1")["items"][0]
        assert list(online) == ["kind", "id", "slug", "accessed_on"]

    @pytest.mark.parametrize("collection", LISTS)
    @pytest.mark.parametrize("given", ["nonsense", "Name", "name,nonsense", "", "name,", "links.self", "_sa_instance"])
    def test_an_unknown_field_is_422_and_names_the_allowed(
        self, client: FlaskClient, collection: str, given: str
    ) -> None:
        document = get(client, f"/v1/{collection}?limit=1")["items"][0]
        for path in (f"/v1/{collection}", f"/v1/{collection}/{document['slug']}"):
            faults = refusals(client.get(f"{path}?fields={given}"))
            assert list(faults) == ["fields"]
            assert all(name in faults["fields"] for name in document)

    def test_trimming_keeps_the_page_and_the_order(self, client: FlaskClient) -> None:
        whole, trimmed = (get(client, f"/v1/exercises?limit=3{more}") for more in ("", "&fields=slug"))
        assert trimmed["page"] == whole["page"]
        assert slugs(trimmed["items"]) == slugs(whole["items"])
