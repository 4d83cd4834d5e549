"""The rules of section 1 of the contract that a schema cannot say, over every document of the seeded catalogue."""

import re
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from license_expression import get_spdx_licensing

from app.content.mapping import Draft
from app.kinds import CATALOGUE
from app.seeding.files import read_folder
from tests.contract.live_document import items_of
from tests.settings import ORIGIN
from tests.stores import SEED_DATA

pytestmark = pytest.mark.one_store

COMMON = "kind id slug former_slugs language revision published_at links"
FIELDS = {
    "exercise": f"{COMMON} name aliases summary type position regions muscles equipment conditions benefits"
    " contraindications safety steps levels guidance precautions stop_if tips easier harder citations evidence media"
    " licence review",
    "routine": f"{COMMON} name summary goal conditions regions equipment guidance max_intensity seconds stages"
    " citations licence review",
    "source": f"{COMMON} type title summary url citations_count",
    "place": f"{COMMON} name type address latitude longitude services professionals url phone",
    "term": f"{COMMON} vocabulary name aliases description codes see_professional_if",
}
FIELDS_OF_SOURCES = {
    "book": "authors publisher year isbn edition",
    "video": "creator platform duration_seconds published_on",
    "professional": "profession organisation credentials services places",
    "online": "publisher published_on accessed_on",
}
FIELDS_OF_PARTS = {
    "steps": "number instruction cue breathing part",
    "levels": "intensity label adjustment sensation dose seconds professional contraindications",
    "muscles": "slug name role",
    "conditions": "slug name purpose",
    "easier": "slug name why",
    "harder": "slug name why",
    "tips": "text condition source",
    "citations": "source locator note",
}
TIMES = ("move_seconds", "hold_seconds", "return_seconds", "pause_seconds")
TIMES_OF_A_BREATH = ("in_seconds", "hold_seconds", "out_seconds", "pause_seconds")
DOSE = f"sets repetitions {' '.join(TIMES)} rest_seconds times_per_day days_per_week per_side side_order breaths"
ITEM = "position section exercise intensity dose seconds note"
STAGE = "number name weeks times_per_day days_per_week seconds items"
STRICTNESS = ("none", "recommended", "required")
UPRIGHT = ("standing", "seated")

Documents = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def documents(seeded_app: Flask) -> Documents:
    """Every published document, by kind and slug."""
    client = seeded_app.test_client()

    def ask(path: str) -> Any:
        return client.get(path).json

    lists = [f"/v1/{each}" for each in ("exercises", "routines", "sources", "places")]
    lists += [f"/v1/vocabularies/{each['slug']}" for each in ask("/v1/vocabularies?limit=100")["items"]]
    found: Documents = {each.kind: {} for each in CATALOGUE}
    for path in lists:
        for document in items_of(ask, f"{path}?limit=100"):
            found[document["kind"]][document["slug"]] = document
    return found


@pytest.fixture(scope="module")
def drafts() -> dict[tuple[str, str], Draft]:
    """Every draft of the seed data."""
    return read_folder(SEED_DATA, CATALOGUE).drafts


def expected_seconds(dose: dict[str, Any] | None, exercise: dict[str, Any]) -> int | None:
    """Getting ready and a session at a dose, by the rule of docs/timelines/README.md."""
    if dose is None:
        return None
    timed, names = (dose["breaths"], TIMES_OF_A_BREATH) if dose["breaths"] else (dose, TIMES)
    one = sum(timed[name] or 0 for name in names)
    if not one:
        return None
    ready = 6 * max(1, [step["part"] for step in exercise["steps"]].count("set-up"))
    sets, work, rest = dose["sets"], dose["repetitions"] * one, dose["rest_seconds"] or 0
    if dose["per_side"]:
        work *= 2
    if dose["side_order"] == "one-after-other":
        switch = 10 if exercise["position"] == "side-lying" else 5
        work, rest = work + switch, rest or switch
    return int(ready + sets * work + (sets - 1) * rest)


def expected_change(before: str | None, after: str | None) -> int:
    """Changing position between two items, by the same rule."""
    if before == after:
        return 0
    return 10 if (before in UPRIGHT) == (after in UPRIGHT) else 20


def shown_dose(given: dict[str, Any]) -> dict[str, Any]:
    """A dose as documents have it: with all its fields."""
    given = {"sets": 1, "repetitions": 1, "per_side": False, **given}
    if given["per_side"]:
        given.setdefault("side_order", "one-after-other")
    if "breaths" in given:
        given["breaths"] = {**dict.fromkeys(TIMES_OF_A_BREATH), **given["breaths"]}
    return {**dict.fromkeys(DOSE.split()), **given}


def slugs(entries: list[dict[str, Any]]) -> set[str]:
    return {each["slug"] for each in entries}


class TestFields:
    def test_everything_in_the_seed_data_is_published(
        self, documents: Documents, drafts: dict[tuple[str, str], Draft]
    ) -> None:
        assert {(kind, slug) for kind, found in documents.items() for slug in found} == set(drafts)

    @pytest.mark.parametrize("kind", FIELDS)
    def test_a_document_has_the_fields_of_the_contract(self, documents: Documents, kind: str) -> None:
        for document in documents[kind].values():
            assert set(FIELDS[kind].split()) <= document.keys()
            assert (document["kind"], document["language"]) == (kind, "en")

    def test_a_source_has_the_fields_of_its_type_and_of_no_other(self, documents: Documents) -> None:
        assert {each["type"] for each in documents["source"].values()} == set(FIELDS_OF_SOURCES)
        every = {name for names in FIELDS_OF_SOURCES.values() for name in names.split()}
        for source in documents["source"].values():
            assert every & source.keys() == set(FIELDS_OF_SOURCES[source["type"]].split())

    def test_parts_have_the_fields_of_the_contract(self, documents: Documents) -> None:
        for exercise in documents["exercise"].values():
            for part, names in FIELDS_OF_PARTS.items():
                assert all(set(names.split()) <= each.keys() for each in exercise[part])
            assert all(set(DOSE.split()) <= each["dose"].keys() for each in exercise["levels"])
        for routine in documents["routine"].values():
            for stage in routine["stages"]:
                assert set(STAGE.split()) <= stage.keys()
                assert all(set(ITEM.split()) <= item.keys() for item in stage["items"])

    def test_links_are_absolute_and_lead_back(self, documents: Documents, seeded_app: Flask) -> None:
        client = seeded_app.test_client()
        for kind, found in documents.items():
            for document in found.values():
                links = document["links"]
                assert {"self", "html", "embed", "oembed", "report"} <= links.keys()
                assert all(link is None or link.startswith(f"{ORIGIN}/") for link in links.values())
                assert client.get(links["self"].removeprefix(ORIGIN)).json == document
                assert (links["html"] is None) == (kind not in ("exercise", "routine"))


class TestWhatIsDerived:
    def test_steps_count_from_one_and_levels_rise(self, documents: Documents) -> None:
        for exercise in documents["exercise"].values():
            assert [step["number"] for step in exercise["steps"]] == list(range(1, len(exercise["steps"]) + 1))
            intensities = [level["intensity"] for level in exercise["levels"]]
            assert intensities == sorted(set(intensities))

    def test_the_seconds_of_a_level_and_of_an_item_follow_from_its_dose(self, documents: Documents) -> None:
        timed = 0
        for exercise in documents["exercise"].values():
            for level in exercise["levels"]:
                assert level["seconds"] == expected_seconds(level["dose"], exercise)
                timed += level["seconds"] is not None
        for stage in (stage for routine in documents["routine"].values() for stage in routine["stages"]):
            exercises = [documents["exercise"][item["exercise"]["slug"]] for item in stage["items"]]
            positions = [exercise["position"] for exercise in exercises]
            changes = [0, *(expected_change(*pair) for pair in pairwise(positions))]
            for item, exercise, change in zip(stage["items"], exercises, changes, strict=True):
                expected = expected_seconds(item["dose"], exercise)
                assert expected is not None
                assert item["seconds"] == change + expected
                timed += 1
        assert timed > 100

    def test_easier_and_harder_stand_both_ways_round_and_say_why(self, documents: Documents) -> None:
        pairs = {
            direction: {
                (slug, other["slug"], bool(other["why"]))
                for slug, each in documents["exercise"].items()
                for other in each[direction]
            }
            for direction in ("easier", "harder")
        }
        assert pairs["harder"]
        assert pairs["harder"] == {(other, slug, True) for slug, other, _ in pairs["easier"]}

    def test_an_item_has_its_own_dose_else_that_of_the_level_which_it_is_done_at(
        self, documents: Documents, drafts: dict[tuple[str, str], Draft]
    ) -> None:
        own = 0
        for slug, routine in documents["routine"].items():
            written = [item for stage in drafts["routine", slug]["stages"] for item in stage["items"]]
            shown = [item for stage in routine["stages"] for item in stage["items"]]
            for draft, item in zip(written, shown, strict=True):
                levels = documents["exercise"][draft["exercise"]]["levels"]
                (level,) = (each for each in levels if each["intensity"] == draft["intensity"])
                given = draft.get("dose")
                own += given is not None
                assert item["dose"] == (shown_dose(given) if given else level["dose"])
        assert own > 0

    def test_a_routine_needs_what_its_items_need(self, documents: Documents) -> None:
        for routine in documents["routine"].values():
            items = [item for stage in routine["stages"] for item in stage["items"]]
            exercises = [documents["exercise"][item["exercise"]["slug"]] for item in items]
            assert slugs(routine["equipment"]) == {slug for each in exercises for slug in slugs(each["equipment"])}
            strictest = max((each["guidance"]["professional"] for each in exercises), key=STRICTNESS.index)
            assert routine["guidance"]["professional"] == strictest
            assert routine["max_intensity"] == max(item["intensity"] for item in items)

    def test_a_stage_takes_as_long_as_its_items_and_a_routine_as_its_longest_stage(self, documents: Documents) -> None:
        for routine in documents["routine"].values():
            for number, stage in enumerate(routine["stages"], start=1):
                assert stage["number"] == number
                assert [item["position"] for item in stage["items"]] == list(range(1, len(stage["items"]) + 1))
                assert stage["seconds"] == sum(item["seconds"] or 0 for item in stage["items"])
            assert routine["seconds"] == max(stage["seconds"] for stage in routine["stages"])

    def test_a_source_counts_who_cites_it_and_lists_the_exercises(
        self, documents: Documents, seeded_app: Flask
    ) -> None:
        client = seeded_app.test_client()
        citing: dict[str, set[tuple[str, str]]] = {slug: set() for slug in documents["source"]}
        for kind in ("exercise", "routine"):
            for slug, document in documents[kind].items():
                for citation in document["citations"]:
                    citing[citation["source"]["slug"]].add((kind, slug))
        for slug, source in documents["source"].items():
            assert source["citations_count"] == len(citing[slug])
            page: Any = client.get(f"/v1/sources/{slug}/exercises?limit=100&fields=slug").json
            assert slugs(page["items"]) == {citer for kind, citer in citing[slug] if kind == "exercise"}

    def test_a_professional_and_a_place_name_each_other(self, documents: Documents) -> None:
        there = {(place, slug) for place, each in documents["place"].items() for slug in slugs(each["professionals"])}
        here = {
            (place, slug)
            for slug, each in documents["source"].items()
            if each["type"] == "professional"
            for place in slugs(each["places"])
        }
        assert there == here
        assert there

    def test_what_is_named_has_the_name_of_its_own_document(self, documents: Documents) -> None:
        for exercise in documents["exercise"].values():
            for part in ("regions", "muscles", "equipment", "conditions", "benefits", "contraindications"):
                for each in exercise[part]:
                    assert each["name"] == documents["term"][each["slug"]]["name"]
            for each in (*exercise["easier"], *exercise["harder"]):
                assert each["name"] == documents["exercise"][each["slug"]]["name"]
            for citation in exercise["citations"]:
                source = documents["source"][citation["source"]["slug"]]
                assert citation["source"] == {key: source[key] for key in ("slug", "type", "title")}


class TestTruth:
    def test_a_licence_is_an_spdx_identifier_with_the_address_of_its_text(self, documents: Documents) -> None:
        known = set(get_spdx_licensing().known_symbols)
        licensed = [each["licence"] for kind in ("exercise", "routine") for each in documents[kind].values()]
        licensed += [media["licence"] for each in documents["exercise"].values() for media in each["media"]]
        for licence in licensed:
            assert licence["id"] in known
            assert licence["url"].startswith("https://")
            assert licence["name"]
            assert licence["attribution"]

    @pytest.mark.parametrize("kind", ["source", "place"])
    def test_what_nobody_wrote_is_null_or_empty_never_a_guess(
        self, documents: Documents, drafts: dict[tuple[str, str], Draft], kind: str
    ) -> None:
        derived = {*COMMON.split(), "citations_count", "places", "services", "professionals", "address"}
        for slug, document in documents[kind].items():
            draft = drafts[kind, slug]
            for field in document.keys() - derived:
                written = draft.get(field, [] if field == "authors" else None)
                expected = written["en"] if isinstance(written, dict) else written
                assert document[field] == expected, (slug, field)

    def test_an_address_is_as_exact_as_it_was_written(
        self, documents: Documents, drafts: dict[tuple[str, str], Draft]
    ) -> None:
        for slug, place in documents["place"].items():
            given = {key: value for key, value in (place["address"] or {}).items() if value is not None}
            assert given == drafts["place", slug].get("address", {})
            if not {"street", "locality", "postal_code"} & given.keys():
                assert (place["latitude"], place["longitude"]) == (None, None)

    def test_a_review_is_claimed_only_where_a_person_made_one(
        self, documents: Documents, drafts: dict[tuple[str, str], Draft]
    ) -> None:
        nobody = {"status": "unreviewed", "reviewed_on": None, "reviewer": None, "next_review_on": None}
        for kind in ("exercise", "routine"):
            for slug, document in documents[kind].items():
                assert document["review"] == {**nobody, **drafts[kind, slug].get("review", {})}

    def test_every_document_says_when_it_was_published(self, documents: Documents) -> None:
        for found in documents.values():
            for document in found.values():
                assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", document["published_at"])
                assert document["revision"] == 1
