"""What stands below a document: steps, levels, citations, stages, and the exercises of a source."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.content.editing import Editor
from tests.content.samples import exercise, source
from tests.http.reading import everything, get, problem, refusals, slugs
from tests.settings import ORIGIN

OUTSIDE = ("0", "6", "-1", "1.0", "01", "five", "%D9%A1", "99999999999999999999")


class TestSteps:
    def test_they_are_those_of_the_document(self, client: FlaskClient) -> None:
        documents = everything(client, "/v1/exercises")
        assert any(document["citations"] for document in documents)
        for document in documents:
            assert get(client, f"/v1/exercises/{document['slug']}/steps") == {
                "exercise": {"slug": document["slug"], "name": document["name"]},
                "level": None,
                "items": document["steps"],
            }

    def test_with_an_intensity_they_come_with_that_level(self, client: FlaskClient) -> None:
        for document in everything(client, "/v1/exercises"):
            for level in document["levels"]:
                body = get(client, f"/v1/exercises/{document['slug']}/steps?intensity={level['intensity']}")
                assert body["level"] == level
                assert body["items"] == document["steps"]

    def test_an_intensity_that_the_exercise_lacks_is_422_and_names_its_own(self, client: FlaskClient) -> None:
        for document in everything(client, "/v1/exercises"):
            own = [level["intensity"] for level in document["levels"]]
            for intensity in {1, 2, 3, 4, 5} - set(own):
                response = client.get(f"/v1/exercises/{document['slug']}/steps?intensity={intensity}")
                assert f"Allowed: {', '.join(map(str, own))}." in refusals(response)["intensity"]

    @pytest.mark.parametrize("intensity", [*OUTSIDE[:-4], *OUTSIDE[-3:], ""])
    def test_what_is_no_intensity_is_422_and_says_the_ends(self, client: FlaskClient, intensity: str) -> None:
        response = client.get(f"/v1/exercises/chin-tuck/steps?intensity={intensity}")
        assert "1 to 5" in refusals(response)["intensity"]


class TestLevels:
    def test_they_are_those_of_the_document_from_gentle_to_strong(self, client: FlaskClient) -> None:
        for document in everything(client, "/v1/exercises"):
            body = get(client, f"/v1/exercises/{document['slug']}/levels")
            assert body["exercise"] == {"slug": document["slug"], "name": document["name"]}
            assert body["items"] == document["levels"]
            intensities = [level["intensity"] for level in body["items"]]
            assert intensities == sorted(set(intensities))

    def test_one_is_that_of_the_document_and_one_it_lacks_is_404(self, client: FlaskClient) -> None:
        for document in everything(client, "/v1/exercises"):
            own = {level["intensity"]: level for level in document["levels"]}
            for intensity in (*range(11), 999_999):
                path = f"/v1/exercises/{document['slug']}/levels/{intensity}"
                if intensity in own:
                    assert get(client, path) == own[intensity]
                else:
                    refused = problem(client.get(path), 404, "not-found")
                    assert refused["detail"].endswith(f"It has {', '.join(map(str, own))}.")

    @pytest.mark.parametrize("intensity", OUTSIDE)
    def test_what_is_no_intensity_is_404(self, client: FlaskClient, intensity: str) -> None:
        problem(client.get(f"/v1/exercises/chin-tuck/levels/{intensity}"), 404, "not-found")

    def test_an_exercise_without_levels_has_an_empty_list(self, app: Flask) -> None:
        Editor(app.extensions["limber_database"]).publish(exercises=[exercise("a", levels=[])])
        client = app.test_client()
        assert get(client, "/v1/exercises/a/levels")["items"] == []
        assert "none" in refusals(client.get("/v1/exercises/a/steps?intensity=1"))["intensity"]
        assert "It has none." in problem(client.get("/v1/exercises/a/levels/9"), 404, "not-found")["detail"]


class TestCitations:
    def test_they_are_those_of_the_document(self, client: FlaskClient) -> None:
        documents = everything(client, "/v1/exercises")
        assert any(document["citations"] for document in documents)
        for document in documents:
            body = get(client, f"/v1/exercises/{document['slug']}/citations")
            assert body["exercise"] == {"slug": document["slug"], "name": document["name"]}
            assert body["items"] == document["citations"]


class TestStages:
    def test_each_is_that_of_the_document_and_there_are_no_more(self, client: FlaskClient) -> None:
        several = 0
        for document in everything(client, "/v1/routines"):
            path = f"/v1/routines/{document['slug']}/stages"
            for number, stage in enumerate(document["stages"], start=1):
                assert get(client, f"{path}/{number}") == stage
                assert stage["number"] == number
            problem(client.get(f"{path}/{len(document['stages']) + 1}"), 404, "not-found")
            several += len(document["stages"]) > 1
        assert several > 0

    @pytest.mark.parametrize("number", ["0", "-1", "01", "1.0", "one", "%D9%A1", "1000000", "99999999999999999999"])
    def test_what_is_no_number_is_404(self, client: FlaskClient, number: str) -> None:
        problem(client.get(f"/v1/routines/evening-wind-down/stages/{number}"), 404, "not-found")


class TestExercisesOfASource:
    def test_they_are_the_exercises_that_cite_it(self, client: FlaskClient) -> None:
        exercises = everything(client, "/v1/exercises")
        for each in everything(client, "/v1/sources"):
            citing = [
                document
                for document in exercises
                if each["slug"] in [citation["source"]["slug"] for citation in document["citations"]]
            ]
            assert everything(client, f"/v1/sources/{each['slug']}/exercises") == citing

    def test_they_take_the_parameters_of_the_list_of_exercises(self, client: FlaskClient) -> None:
        yoga = everything(client, "/v1/exercises?type=yoga&source=light-on-yoga&sort=-name&fields=name")
        found = everything(client, "/v1/sources/light-on-yoga/exercises?type=yoga&sort=-name&fields=name")
        assert found == yoga != []

    def test_another_source_as_a_filter_leaves_those_that_cite_both(self, client: FlaskClient) -> None:
        both = everything(client, "/v1/sources/light-on-yoga/exercises?source=yoga-anatomy")
        either = everything(client, "/v1/exercises?source=yoga-anatomy")
        assert both == [
            each for each in either if "light-on-yoga" in [citation["source"]["slug"] for citation in each["citations"]]
        ]
        assert 0 < len(both) < len(either)

    def test_a_source_that_nothing_cites_has_none(self, app: Flask) -> None:
        Editor(app.extensions["limber_database"]).publish(sources=[source("a")], exercises=[exercise("b")])
        assert everything(app.test_client(), "/v1/sources/a/exercises") == []

    def test_an_unknown_source_is_404(self, client: FlaskClient) -> None:
        problem(client.get("/v1/sources/nonsense/exercises"), 404, "not-found")


class TestPartsOfNothing:
    @pytest.mark.parametrize(
        "path",
        [
            "exercises/nonsense/steps",
            "exercises/nonsense/steps?intensity=1",
            "exercises/nonsense/levels",
            "exercises/nonsense/levels/1",
            "exercises/nonsense/citations",
            "routines/nonsense/stages/1",
        ],
    )
    def test_it_is_404(self, client: FlaskClient, path: str) -> None:
        problem(client.get(f"/v1/{path}"), 404, "not-found")


class TestVocabularies:
    NAMES = {"regions", "muscles", "equipment", "conditions", "benefits", "services", "licences"}

    def test_the_list_of_them_counts_their_terms_and_leads_to_them(self, client: FlaskClient) -> None:
        body = get(client, "/v1/vocabularies")
        assert set(slugs(body["items"])) == self.NAMES
        for vocabulary in body["items"]:
            terms = get(client, vocabulary["url"].removeprefix(ORIGIN))
            assert terms["page"]["total"] == vocabulary["terms_count"] > 0
            assert vocabulary["name"]
            assert vocabulary["description"]

    def test_an_empty_catalogue_has_them_without_terms(self, app: Flask) -> None:
        items = get(app.test_client(), "/v1/vocabularies")["items"]
        assert {each["slug"]: each["terms_count"] for each in items} == dict.fromkeys(self.NAMES, 0)

    @pytest.mark.parametrize("limit", [1, 3, 7, 100])
    def test_they_are_paged_as_every_list(self, client: FlaskClient, limit: int) -> None:
        found, cursor = [], ""
        for _ in range(8):
            page = get(client, f"/v1/vocabularies?limit={limit}{cursor}")
            assert (page["page"]["limit"], page["page"]["total"]) == (limit, 7)
            found += slugs(page["items"])
            if page["page"]["next"] is None:
                break
            cursor = f"&cursor={page['page']['next']}"
        assert found == sorted(self.NAMES)

    def test_every_term_that_a_document_names_is_published_in_its_vocabulary(self, client: FlaskClient) -> None:
        terms = {name: set(slugs(everything(client, f"/v1/vocabularies/{name}"))) for name in self.NAMES}
        keys = {"contraindications": "conditions"} | {key: key for key in ("regions", "muscles", "equipment")}
        keys |= {"conditions": "conditions", "benefits": "benefits"}
        for document in everything(client, "/v1/exercises"):
            for key, vocabulary in keys.items():
                assert set(slugs(document[key])) <= terms[vocabulary]
