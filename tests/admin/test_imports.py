import gzip
import json
from typing import Any

import pytest
import yaml
from flask import Flask

from app.admin.imports import MAX_IMPORT_BYTES
from app.content.identity import made_id
from tests.admin.desk import JSON, Desk, faults
from tests.admin.samples import book, catalogue, exercise, minimal, term

COUNTS = ("created", "updated", "deleted", "unchanged")


def plan(answer: Any) -> dict[str, list[str]]:
    return {name: sorted(each["slug"] for each in answer[name]) for name in COUNTS}


def slugs(*collections: str) -> list[str]:
    return sorted(each["slug"] for name, drafts in catalogue().items() if name in collections for each in drafts)


EVERYTHING = slugs(*catalogue())


class TestApply:
    def test_it_answers_the_plan_and_makes_it_so(self, desk: Desk) -> None:
        answer = desk.bring(**catalogue())
        assert plan(answer) == {"created": EVERYTHING, "updated": [], "deleted": [], "unchanged": []}
        assert (answer["dry_run"], answer["revision"]) == (False, None)
        assert desk.get("/exercises/lean")["draft"] == catalogue()["exercises"][0] | {"id": made_id("exercise", "lean")}
        assert desk.public("/exercises")["page"]["total"] == 0

    def test_a_second_time_it_changes_nothing(self, stocked: Desk) -> None:
        before = stocked.contents()
        assert plan(stocked.bring(**catalogue()))["unchanged"] == EVERYTHING
        after = stocked.contents()
        assert {name for name in after if after[name] != before[name]} == {"audit_entry"}

    def test_updates_name_each_field(self, stocked: Desk) -> None:
        answer = stocked.bring(places=[minimal("places", slug="clinic", professionals=["therapist"])])
        assert answer["updated"] == [
            {
                "kind": "place",
                "slug": "clinic",
                "changes": [{"pointer": "/name", "before": "Clinic", "after": "A clinic"}],
            }
        ]

    def test_terms_may_be_called_vocabularies_as_in_addresses(self, desk: Desk) -> None:
        assert plan(desk.bring(vocabularies=[term("a")], terms=[term("b")]))["created"] == ["a", "b"]

    def test_yaml_says_the_same_as_json(self, desk: Desk) -> None:
        text = yaml.safe_dump(catalogue(), sort_keys=False)
        for media_type in ("application/yaml", "application/x-yaml", "text/yaml"):
            response = desk.send("POST", "/imports", data=text, content_type=media_type)
            assert response.status_code == 200, response.text
        assert plan(desk.bring(**catalogue()))["unchanged"] == EVERYTHING

    def test_a_dry_run_answers_the_same_plan_and_changes_nothing(self, desk: Desk) -> None:
        before = desk.contents()
        for value in ("true", "1"):
            answer = desk.post(f"/imports?dry_run={value}&release=true", catalogue(), status=200)
            assert plan(answer)["created"] == EVERYTHING
            assert (answer["dry_run"], answer["revision"]) == (True, None)
        assert desk.contents() == before


class TestRelease:
    def test_it_releases_what_it_changed_with_the_note_and_nothing_else(self, desk: Desk) -> None:
        desk.post("/places", minimal("places"))
        answer = desk.post("/imports?release=From%20a%20file", catalogue(), status=200)
        assert (answer["revision"], answer["also_released"], answer["still_pending"]) == (1, [], 1)
        assert desk.get("/releases/1")["note"] == "From a file"
        assert desk.get("/releases/1")["released_by"] == "Editor"
        assert desk.public("/exercises/lean")["slug"] == "lean"
        assert desk.pending() == {("place", "new-one"): "created"}
        again = desk.post("/imports?release=true", catalogue(), status=200)
        assert (again["revision"], again["still_pending"]) == (None, 1)

    def test_with_all_it_releases_what_else_is_pending_and_says_what(self, desk: Desk) -> None:
        desk.post("/places", minimal("places"))
        answer = desk.post("/imports?release=true&all=true", catalogue(), status=200)
        assert answer["also_released"] == [{"kind": "place", "slug": "new-one"}]
        assert (answer["revision"], answer["still_pending"], desk.pending()) == (1, 0, {})

    def test_all_without_a_release_is_422(self, desk: Desk) -> None:
        for query in ("all=true", "all=true&release=false"):
            problem = desk.post(f"/imports?{query}", catalogue(), status=422)
            assert [each["parameter"] for each in problem["errors"]] == ["all"]
        assert desk.pending() == {}

    def test_what_follows_a_rename_is_released_with_it_but_not_somebody_s_unreleased_edits(self, stocked: Desk) -> None:
        renamed = {"places": [minimal("places", slug="practice", former_slugs=["clinic"])]}
        stocked.patch("/sources/therapist", {"title": "Half-edited"})
        refused = stocked.post("/imports?release=true", renamed, status=409)
        assert list(faults(refused)) == ["/sources/therapist/places/0"]
        stocked.patch("/sources/therapist", {"title": "A therapist"})
        assert stocked.post("/imports?release=true", renamed, status=200)["still_pending"] == 0
        assert stocked.public("/sources/therapist")["places"][0]["slug"] == "practice"

    def test_what_is_incomplete_is_409_and_nothing_is_imported(self, desk: Desk) -> None:
        bare = {"exercises": [{"slug": "bare", "name": "Bare", "type": "stretch"}]}
        before = desk.contents()
        assert len(faults(desk.post("/imports?release=true", bare, status=409))) == 4
        assert desk.contents() == before
        desk.bring(**bare)

    def test_without_the_scope_to_release_it_is_403_and_nothing_is_written(self, app: Flask) -> None:
        writer = Desk(app, "content:write")
        before = writer.contents()
        writer.post("/imports?release=true", catalogue(), status=403)
        assert writer.contents() == before
        assert writer.post("/imports?release=false", catalogue(), status=200)["revision"] is None


class TestPrune:
    def test_it_deletes_what_the_named_collections_do_not_have_and_no_other(self, stocked: Desk) -> None:
        stocked.bring(exercises=[exercise("extra")], sources=[book("extra-book")])
        answer = stocked.post("/imports?prune=true", {"exercises": catalogue()["exercises"]}, status=200)
        assert plan(answer) == {
            "created": [], "updated": [], "deleted": ["extra"], "unchanged": ["hang", "lean"],
        }  # fmt: skip
        stocked.get("/exercises/extra", status=404)
        assert stocked.state("/sources/extra-book") == "draft"

    def test_what_others_still_name_is_422_and_nothing_is_deleted(self, stocked: Desk) -> None:
        before = stocked.contents()
        refused = stocked.post("/imports?prune=true", {"sources": catalogue()["sources"][1:]}, status=422)
        assert list(faults(refused)) == ["/exercises/lean/citations/0/source"]
        assert stocked.contents() == before

    def test_an_empty_list_prunes_a_whole_collection(self, stocked: Desk) -> None:
        answer = stocked.post("/imports?prune=true", {"routines": []}, status=200)
        assert plan(answer)["deleted"] == ["break"]
        assert stocked.state("/routines/break") == "retired"


class TestErrors:
    def test_every_record_s_faults_come_at_once_with_their_pointers_and_nothing_is_written(self, desk: Desk) -> None:
        before = desk.contents()
        bundle = catalogue()
        bundle["exercises"][0]["levels"][0]["intensity"] = 9
        bundle["sources"].append(book("bad", isbn="123"))
        bundle["places"].append({"slug": "Not a slug", "name": "X", "type": "shop", "links": {}})
        bundle["routines"].append(bundle["routines"][0])
        refused = desk.post("/imports", {**bundle, "exercise~s/x": [], "tips": []}, status=422)
        assert set(faults(refused)) == {
            "/exercises/0/levels/0/intensity",
            "/sources/2/isbn",
            "/places/1/slug",
            "/places/1/type",
            "/places/1/links",
            "/routines/1/slug",
            "/exercise~0s~1x",
            "/tips",
        }
        assert desk.contents() == before

    def test_references_are_checked_as_a_whole(self, desk: Desk) -> None:
        before = desk.contents()
        bundle = catalogue()
        bundle["terms"].pop(1)
        bundle["routines"][0]["stages"][0]["items"][0]["intensity"] = 2
        refused = desk.post("/imports", bundle, status=422)
        assert set(faults(refused)) == {
            "/exercises/0/regions/0", "/exercises/1/regions/0", "/routines/0/stages/0/items/0/intensity",
        }  # fmt: skip
        assert desk.contents() == before

    @pytest.mark.parametrize(
        "bundle", [{"exercises": {}}, {"exercises": None}, {"exercises": [None]}, {"exercises": ["x"]}]
    )
    def test_what_is_no_list_of_drafts_is_422(self, desk: Desk, bundle: Any) -> None:
        assert all(each.startswith("/exercises") for each in faults(desk.post("/imports", bundle, status=422)))

    @pytest.mark.parametrize(
        "text", ["- a\n- b", "a: *x", "a: &x 1", "{a: 1, a: 2}", "a: !!python/object x", "\x00", "'", ""]
    )
    def test_yaml_that_is_refused_is_400_and_names_the_place(self, desk: Desk, text: str) -> None:
        response = desk.send("POST", "/imports", data=text.encode(), content_type="application/yaml")
        assert response.status_code == 400, response.text

    def test_unknown_parameters_and_values_are_422(self, desk: Desk) -> None:
        for query in ("dryrun=true", "dry_run=maybe", "prune=yes-please", "release="):
            assert desk.send("POST", f"/imports?{query}", json={}).status_code == 422


class TestBodies:
    def test_a_coded_body_is_415_whatever_it_would_become(self, desk: Desk) -> None:
        bomb = gzip.compress(b" " * 10_000_000)
        for coding in ("gzip", "br", "deflate", "zstd", "identity, gzip"):
            response = desk.send("POST", "/imports", data=bomb, content_type=JSON, headers={"Content-Encoding": coding})
            assert response.status_code == 415

    def test_a_body_of_64_mib_is_read_and_one_byte_more_is_413(self, desk: Desk) -> None:
        content = json.dumps({"places": [minimal("places")]}).encode()
        whole = content + b" " * (MAX_IMPORT_BYTES - len(content))
        assert desk.send("POST", "/imports?dry_run=true", data=whole, content_type=JSON).status_code == 200
        assert desk.send("POST", "/imports", data=whole + b" ", content_type=JSON).status_code == 413

    def test_one_over_1_mib_is_taken_here_alone(self, desk: Desk) -> None:
        content = json.dumps(minimal("places")).encode()
        content += b" " * (1024 * 1024 + 1 - len(content))
        assert desk.send("POST", "/places", data=content, content_type=JSON).status_code == 413
        assert desk.send("POST", "/places", data=content[:-1], content_type=JSON).status_code == 201
