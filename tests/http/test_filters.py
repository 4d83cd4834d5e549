"""Every filter of every kind, value by value, against what the documents themselves say."""

from collections.abc import Callable, Mapping
from itertools import combinations, pairwise, product

import pytest
from flask.testing import FlaskClient

from app.delivery.slugs import SHOWN
from tests.http.reading import Document, everything, get, problem, refusals, slugs

pytestmark = pytest.mark.one_store

Meets = Callable[[Document, str], bool]


def has(key: str) -> Meets:
    return lambda document, value: value in slugs(document[key])


def equals(key: str) -> Meets:
    return lambda document, value: document[key] == value


def terms(vocabulary: str) -> Callable[[FlaskClient], list[str]]:
    return lambda client: slugs(everything(client, f"/v1/vocabularies/{vocabulary}"))


def of_kind(collection: str) -> Callable[[FlaskClient], list[str]]:
    return lambda client: slugs(everything(client, f"/v1/{collection}"))


def words(text: str) -> Callable[[FlaskClient], list[str]]:
    return lambda _client: text.split()


EXERCISE_TYPES = "stretch mobility strengthening posture breathing relaxation yoga balance aerobic"
SOURCE_TYPES = "book video professional online"
FIVE = words("1 2 3 4 5")
SECONDS = words("1 30 45 60 90 120 180 240 300 360 420 600 900 1200 3600 86400")

Filters = Mapping[str, tuple[Callable[[FlaskClient], list[str]], Meets]]

EXERCISES: Filters = {
    "region": (terms("regions"), has("regions")),
    "muscle": (terms("muscles"), has("muscles")),
    "equipment": (terms("equipment"), has("equipment")),
    "condition": (terms("conditions"), has("conditions")),
    "purpose": (
        words("relieve prevent"),
        lambda exercise, value: any(each["purpose"] == value for each in exercise["conditions"]),
    ),
    "benefit": (terms("benefits"), has("benefits")),
    "type": (words(EXERCISE_TYPES), equals("type")),
    "position": (
        words("standing seated supine prone side-lying kneeling half-kneeling all-fours lying"),
        lambda exercise, value: (
            exercise["position"] in (["supine", "prone", "side-lying"] if value == "lying" else [value])
        ),
    ),
    "source": (
        of_kind("sources"),
        lambda exercise, value: any(each["source"]["slug"] == value for each in exercise["citations"]),
    ),
    "source_type": (
        words(SOURCE_TYPES),
        lambda exercise, value: any(each["source"]["type"] == value for each in exercise["citations"]),
    ),
    "professional": (
        words("none recommended required"),
        lambda exercise, value: exercise["guidance"]["professional"] == value,
    ),
    "min_intensity": (
        FIVE,
        lambda exercise, value: any(each["intensity"] >= int(value) for each in exercise["levels"]),
    ),
    "max_intensity": (
        FIVE,
        lambda exercise, value: any(each["intensity"] <= int(value) for each in exercise["levels"]),
    ),
    "max_seconds": (
        SECONDS,
        lambda exercise, value: any(
            each["seconds"] is not None and each["seconds"] <= int(value) for each in exercise["levels"]
        ),
    ),
}
ROUTINES: Filters = {
    "condition": (terms("conditions"), has("conditions")),
    "region": (terms("regions"), has("regions")),
    "goal": (words("relieve prevent strengthen relax"), equals("goal")),
    "exercise": (
        of_kind("exercises"),
        lambda routine, value: any(
            item["exercise"]["slug"] == value for stage in routine["stages"] for item in stage["items"]
        ),
    ),
    "max_intensity": (
        FIVE,
        lambda routine, value: all(
            item["intensity"] <= int(value) for stage in routine["stages"] for item in stage["items"]
        ),
    ),
    "max_seconds": (
        SECONDS,
        lambda routine, value: all(stage["seconds"] <= int(value) for stage in routine["stages"]),
    ),
}
PLACES: Filters = {
    "type": (words("yoga-studio clinic gym community-centre online-directory"), equals("type")),
    "service": (terms("services"), has("services")),
    "country": (
        words("GB US gb Us CH ES"),
        lambda place, value: place["address"] is not None and place["address"]["country"] == value.upper(),
    ),
}
SOURCES: Filters = {"type": (words(SOURCE_TYPES), equals("type"))}

KINDS: Mapping[str, Filters] = {"exercises": EXERCISES, "routines": ROUTINES, "places": PLACES, "sources": SOURCES}
ALL = [(collection, parameter) for collection, filters in KINDS.items() for parameter in filters]
NUMBERS = ("min_intensity", "max_intensity", "max_seconds")
LISTED = [(collection, parameter) for collection, parameter in ALL if parameter not in NUMBERS]


def filtered(client: FlaskClient, collection: str, query: str) -> list[str]:
    return slugs(everything(client, f"/v1/{collection}?fields=slug&{query}"))


class TestEachFilter:
    @pytest.mark.parametrize(("collection", "parameter"), ALL)
    def test_each_value_gives_exactly_the_documents_that_have_it(
        self, client: FlaskClient, collection: str, parameter: str
    ) -> None:
        values, meets = KINDS[collection][parameter]
        documents = everything(client, f"/v1/{collection}")
        sizes = set()
        for value in values(client):
            expected = [document["slug"] for document in documents if meets(document, value)]
            assert filtered(client, collection, f"{parameter}={value}") == expected, value
            sizes.add(len(expected))
        assert len(sizes) > 1, "The seed data does not tell this filter from none."

    @pytest.mark.parametrize(("collection", "parameter"), LISTED)
    def test_repeated_and_comma_separated_values_are_alternatives(
        self, client: FlaskClient, collection: str, parameter: str
    ) -> None:
        values, meets = KINDS[collection][parameter]
        documents, given = everything(client, f"/v1/{collection}"), values(client)
        for one, other in pairwise(given):
            either = [each["slug"] for each in documents if meets(each, one) or meets(each, other)]
            assert filtered(client, collection, f"{parameter}={one},{other}") == either
            assert filtered(client, collection, f"{parameter}={other}&{parameter}={one}") == either

    @pytest.mark.parametrize(("collection", "parameter"), LISTED)
    def test_an_unknown_value_is_422_and_names_the_allowed(
        self, client: FlaskClient, collection: str, parameter: str
    ) -> None:
        allowed = KINDS[collection][parameter][0](client)
        for query in (f"{parameter}=nonsense", f"{parameter}={allowed[0]},nonsense", f"{parameter}={allowed[0]},"):
            faults = refusals(client.get(f"/v1/{collection}?{query}"))
            assert list(faults) == [parameter]
        detail = refusals(client.get(f"/v1/{collection}?{parameter}=nonsense"))[parameter]
        # Of very many allowed values an error says where to find them.
        assert all(value in detail for value in allowed) or parameter == "country" or len(allowed) > SHOWN

    @pytest.mark.parametrize(("collection", "parameter"), [each for each in ALL if each not in LISTED])
    @pytest.mark.parametrize("value", ["0", "-1", "1.5", "five", "", "86401", "1&{}=2", "1,2"])
    def test_a_number_is_one_whole_number_within_its_ends(
        self, client: FlaskClient, collection: str, parameter: str, value: str
    ) -> None:
        faults = refusals(client.get(f"/v1/{collection}?{parameter}={value.format(parameter)}"))
        assert list(faults) == [parameter]

    def test_a_country_is_422_unless_it_is_two_letters_of_iso_3166(self, client: FlaskClient) -> None:
        for value in ("GBR", "UK1", "ZZ", "EU", "%C3%9F", "%EF%AC%81", "g%20b"):
            assert "ISO 3166-1" in refusals(client.get(f"/v1/places?country={value}"))["country"]

    def test_a_slip_in_a_slug_is_answered_with_the_nearest(self, client: FlaskClient) -> None:
        assert "Did you mean 'upper-back'?" in refusals(client.get("/v1/exercises?region=uper-back"))["region"]

    def test_the_nearest_is_named_for_the_first_few_wrong_values_alone(self, client: FlaskClient) -> None:
        wrong = ",".join(f"uper-back-{number}" for number in range(5))
        body = problem(client.get(f"/v1/exercises?region={wrong}"), 422, "invalid-parameters")
        assert ["Did you mean" in each["detail"] for each in body["errors"]] == [True, True, True, False, False]

    def test_a_term_of_another_vocabulary_is_422(self, client: FlaskClient) -> None:
        assert list(refusals(client.get("/v1/exercises?region=upper-trapezius"))) == ["region"]
        assert set(refusals(client.get("/v1/exercises?condition=chair&muscle=neck"))) == {"condition", "muscle"}

    def test_sources_are_filtered_by_the_exercises_that_cite_them(self, client: FlaskClient) -> None:
        sources = everything(client, "/v1/sources")
        for exercise in everything(client, "/v1/exercises?fields=citations"):
            cited = {each["source"]["slug"] for each in exercise["citations"]}
            expected = [source["slug"] for source in sources if source["slug"] in cited]
            assert filtered(client, "sources", f"exercise={exercise['slug']}") == expected


class TestFiltersTogether:
    @pytest.mark.parametrize("collection", ["exercises", "routines", "places"])
    def test_different_parameters_must_all_be_met(self, client: FlaskClient, collection: str) -> None:
        documents = everything(client, f"/v1/{collection}")
        filters = {
            name: (meets, sorted(values(client), key=lambda value: -sum(meets(each, value) for each in documents))[1:3])
            for name, (values, meets) in KINDS[collection].items()
        }
        of_one_row = {"purpose", "condition", *NUMBERS} if collection == "exercises" else set()
        tried = 0
        for one, other in combinations(filters, 2):
            if {one, other} <= of_one_row:
                continue
            (meets_one, values), (meets_other, others) = filters[one], filters[other]
            for value, second in product(values, others):
                expected = [each["slug"] for each in documents if meets_one(each, value) and meets_other(each, second)]
                query = f"{one}={value}&{other}={second}"
                assert filtered(client, collection, query) == expected, query
                tried += bool(expected)
        assert tried > 0

    def test_purpose_is_that_of_the_condition_given(self, client: FlaskClient) -> None:
        exercises = everything(client, "/v1/exercises")
        told_apart = 0
        for condition, purpose in product(terms("conditions")(client), ("relieve", "prevent")):
            expected = [
                exercise["slug"]
                for exercise in exercises
                if any(each["slug"] == condition and each["purpose"] == purpose for each in exercise["conditions"])
            ]
            assert filtered(client, "exercises", f"condition={condition}&purpose={purpose}") == expected
            told_apart += filtered(client, "exercises", f"condition={condition}") != expected
        assert told_apart > 0

    def test_one_level_meets_intensities_and_seconds_together(self, client: FlaskClient) -> None:
        exercises = everything(client, "/v1/exercises")
        told_apart = 0
        for low, high, seconds in product(range(1, 6), range(1, 6), (45, 90, 180, 400)):
            whole, apart = [], []
            for exercise in exercises:
                levels = [(each["intensity"], each["seconds"]) for each in exercise["levels"]]
                if any(low <= each <= high and long is not None and long <= seconds for each, long in levels):
                    whole.append(exercise["slug"])
                if any(low <= each <= high for each, _ in levels) and any(
                    long and long <= seconds for _, long in levels
                ):
                    apart.append(exercise["slug"])
            query = f"min_intensity={low}&max_intensity={high}&max_seconds={seconds}"
            assert filtered(client, "exercises", query) == whole, query
            told_apart += whole != apart
        assert told_apart > 0

    def test_the_same_value_twice_is_once(self, client: FlaskClient) -> None:
        assert get(client, "/v1/exercises?region=neck,neck") == get(client, "/v1/exercises?region=neck")

    def test_totals_count_what_the_filters_leave(self, client: FlaskClient) -> None:
        body = get(client, "/v1/exercises?type=yoga&limit=1")
        assert body["page"]["total"] == len(filtered(client, "exercises", "type=yoga")) > 1
