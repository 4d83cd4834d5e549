"""Random drafts, patches and bundles: an answer of the contract to each, and never a 500.

`LIMBER_FUZZ_EXAMPLES` is how many of each are tried.
"""

import copy
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.content.completeness import INCOMPLETE
from app.kinds import CATALOGUE
from tests.admin.desk import Desk
from tests.admin.samples import COLLECTIONS, NEEDED, Draft, catalogue, exercise, level, routine

SLOW = settings(
    max_examples=int(os.environ.get("LIMBER_FUZZ_EXAMPLES", "30")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.sampled_from(
        ["lean", "back", "en", "<b>x</b>", "\u202eabc", "x" * 5000, "2026-02-30", "http://[", "1e5", "\u2028"]
    ),
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["slug", "en", "es", "dose", "x"]), inner)
    ),
    max_leaves=6,
)


def fields_of(collection: str) -> list[str]:
    """Every field of a kind's draft."""
    content_type = CATALOGUE.of_collection(collection)
    assert content_type
    return list(content_type.mapped.keys)


def finished(draft: Draft) -> Draft:
    """A draft of an exercise or a routine with all that a release needs."""
    dose = level(1)["dose"]
    if "goal" not in draft:
        whole = {**exercise(draft["slug"]), **draft}
        return {**whole, "levels": [{**each, "dose": dose} for each in whole["levels"]]}
    whole = {**routine(draft["slug"], ("needed", 1)), **draft}
    (empty,) = routine(draft["slug"], ("needed", 1))["stages"]
    stages = [
        {**stage, "items": [{**item, "dose": dose} for item in {**empty, **stage}["items"]]}
        for stage in whole["stages"]
    ]
    return {**whole, "stages": stages}


def release_finished(desk: Desk) -> None:
    """Releases what is pending. What is incomplete is refused for that alone, and is released once it is finished."""
    if not desk.pending():
        return
    response = desk.send("POST", "/releases", json={})
    if response.status_code == 201:
        return
    answer: Any = response.json
    assert (response.status_code, {each["code"] for each in answer["errors"]}) == (409, {INCOMPLETE})
    bundle = {
        collection: [
            finished(desk.get(f"/{collection}/{item['slug']}")["draft"])
            for item in desk.get(f"/{collection}?limit=100")["items"]
        ]
        for collection in ("exercises", "routines")
    }
    bundle["exercises"] += NEEDED["exercises"]
    desk.bring(**bundle)
    desk.release()


class TestRandomMergePatches:
    @pytest.mark.parametrize("collection", COLLECTIONS)
    def test_are_taken_or_refused_and_a_refusal_changes_nothing(self, stocked: Desk, collection: str) -> None:
        slug = stocked.get(f"/{collection}?limit=1")["items"][0]["slug"]
        names = fields_of(collection)

        @given(st.dictionaries(st.sampled_from([*names, "extra"]), values, min_size=1, max_size=3))
        @SLOW
        def patch(body: dict[str, Any]) -> None:
            nonlocal slug
            before = stocked.get(f"/{collection}/{slug}")
            headers = {"If-Match": stocked.etag(f"/{collection}/{slug}")}
            response = stocked.send(
                "PATCH",
                f"/{collection}/{slug}",
                json=body,
                headers=headers,
                content_type="application/merge-patch+json",
            )
            # 400 is for texts that no draft may hold at all, such as NUL.
            assert response.status_code in (200, 400, 409, 422), response.text
            answer: Any = response.json
            if response.status_code == 200:
                slug = answer["slug"]
            else:
                assert all(each["pointer"].startswith("/") for each in answer.get("errors", ()))
                assert ("errors" in answer) == (response.status_code != 400)
                assert stocked.get(f"/{collection}/{slug}") == before

        patch()
        release_finished(stocked)


def places_in(value: Any, *path: Any) -> list[tuple[Any, ...]]:
    """Every place in JSON, as the steps that lead there."""
    found: list[tuple[Any, ...]] = [path] if path else []
    if isinstance(value, dict | list):
        steps = value.items() if isinstance(value, dict) else enumerate(value)
        found += [place for step, inner in steps for place in places_in(inner, *path, step)]
    return found


class TestMutatedBundles:
    def test_are_imported_whole_or_not_at_all(self, stocked: Desk) -> None:
        places = places_in(catalogue())

        @given(
            st.lists(
                st.tuples(st.sampled_from(places), st.one_of(st.just("leave out"), values)), min_size=1, max_size=3
            )
        )
        @SLOW
        def bring(mutations: list[tuple[tuple[Any, ...], Any]]) -> None:
            bundle: Any = copy.deepcopy(catalogue())
            for (*path, last), value in mutations:
                place = bundle
                try:
                    for step in path:
                        place = place[step]
                    if value == "leave out":
                        del place[last]
                    else:
                        place[last] = value
                except (KeyError, IndexError, TypeError):
                    continue
            before = stocked.contents()
            response = stocked.send("POST", "/imports", json=bundle)
            assert response.status_code in (200, 400, 422), response.text
            if response.status_code != 200:
                assert stocked.contents() == before

        bring()
        release_finished(stocked)


class TestRandomBodies:
    @pytest.mark.parametrize("path", ["/places", "/releases", "/rollbacks", "/keys", "/imports"])
    def test_are_never_a_500(self, desk: Desk, path: str) -> None:
        @given(values)
        @SLOW
        def post(body: Any) -> None:
            response = desk.send("POST", path, json=body)
            assert response.status_code < 500, response.text

        post()

    def test_random_headers_are_never_a_500(self, stocked: Desk) -> None:
        latin = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=30)

        @given(st.sampled_from(["If-Match", "If-None-Match", "Authorization", "Idempotency-Key", "Accept"]), latin)
        @SLOW
        def send(name: str, value: str) -> None:
            for method in ("GET", "PUT", "POST"):
                path = "/places" if method == "POST" else "/places/clinic"
                options: dict[str, Any] = {} if method == "GET" else {"json": {"name": 1}}
                response = stocked.send(method, path, headers={name: value}, **options)
                assert response.status_code < 500, (name, value)

        send()
