"""What is not released is not there: asked of every delivery operation that the OpenAPI document lists."""

from collections.abc import Iterator
from typing import Any

from flask import Flask

from tests.access.documented import delivery_operations
from tests.admin.desk import Desk
from tests.admin.samples import COLLECTIONS, NEEDED, book, exercise, minimal, routine, term, whole

NAMES = {
    "exercises": ("lean", "hang", "secret"),
    "routines": ("break", "secret"),
    "sources": ("manual", "therapist", "secret"),
    "places": ("clinic", "secret"),
    "vocabularies": ("back", "stiffness", "wall", "secret"),
}
VOCABULARIES = ("regions", "conditions", "equipment")
Answers = dict[str, tuple[int, bytes, Any]]


def addresses(app: Flask) -> Iterator[str]:
    """Every delivery address of the small catalogue, of what is published and of what is not."""
    for operation in delivery_operations(app):
        if operation.path == "/readyz":
            continue  # tells what the cache did
        collection = operation.path.split("/")[2] if operation.path.startswith("/v1/") else ""
        slugs = NAMES.get(collection, ("",)) if "{slug}" in operation.path else ("",)
        vocabularies = VOCABULARIES if "{vocabulary}" in operation.path else ("",)
        for slug in slugs:
            for vocabulary in vocabularies:
                yield operation.address(slug=slug, vocabulary=vocabulary)
    for collection in NAMES:
        yield f"/v1/{collection}{'/regions' if collection == 'vocabularies' else ''}?limit=1&sort=-published_at"
        if collection != "vocabularies":
            yield from (f"/v1/{collection}?q=secret", f"/v1/{collection}?q=unreleased")
    yield from ("/v1/exercises?region=secret", "/v1/exercises?source=secret", "/v1/routines?exercise=secret")
    yield from ("/v1/exercises?facets=region,type&limit=1", "/v1/exercises?q=lean&facets=region")
    yield from ("/v1/suggestions?q=sec", "/v1/suggestions?q=lea", "/v1/suggestions?q=unrel")
    yield "/v1/routines/compose?region=back&minutes=1&max_intensity=5"
    yield from ("/v1/sync?limit=1000", "/v1/sync?lang=es&kinds=exercise")
    for path in ("exercises/secret", "exercises/lean", "routines/secret", "routines/break"):
        # What is no operation of the document: pages, cards and what embeds them.
        yield from (f"/{path}", f"/embed/{path}", f"/oembed?url=https://limber.example/{path}")
    yield from ("/", "/?q=secret", "/sitemap.xml")


def answers(app: Flask) -> Answers:
    """Status, body and ETag of every delivery address, computed anew: what is kept could not show a draft."""
    client, found = app.test_client(), {}
    app.extensions["limber_response_cache"].clear()
    for address in addresses(app):
        response = client.get(address, headers={"X-Request-Id": "the-same"})
        found[address] = (response.status_code, response.data, response.headers.get("ETag"))
    return found


class TestDrafts:
    def test_new_changed_renamed_and_retired_ones_are_invisible_until_released(self, stocked: Desk) -> None:
        stocked.bring(**NEEDED)
        stocked.release()
        before = answers(stocked.app)
        assert {status for status, _, _ in before.values()} >= {200, 404, 422}
        for collection in COLLECTIONS:
            stocked.post(f"/{collection}", whole(collection, slug="secret"))
            assert answers(stocked.app) == before
        stocked.patch("/vocabularies/back", {"name": "Changed"})
        stocked.patch("/sources/manual", {"slug": "handbook", "title": "Changed"})
        stocked.patch("/exercises/lean", {"summary": "Changed", "regions": None, "easier": ["secret"]})
        stocked.delete("/routines/break")
        stocked.bring(
            terms=[term("more")],
            sources=[book("more")],
            exercises=[exercise("more")],
            routines=[routine("more", ("lean", 1))],
        )
        stocked.post("/imports?dry_run=true&prune=true", {"routines": []}, status=200)
        stocked.get("/pending")
        assert answers(stocked.app) == before
        stocked.release()
        after = answers(stocked.app)
        changed = {address for address in before if before[address] != after[address]}
        assert {"/v1/exercises/lean", "/v1/sources/manual", "/v1/routines/break", "/v1/places/secret"} <= changed

    def test_a_partial_release_shows_its_part_alone(self, stocked: Desk) -> None:
        stocked.post("/places", minimal("places", slug="secret"))
        stocked.release(items=[("place", "secret")])
        before = answers(stocked.app)
        assert before["/v1/places/secret"][0] == 200
        stocked.post("/exercises", exercise("secret", name="Unreleased text"))
        stocked.patch("/places/secret", {"name": "Unreleased text"})
        assert answers(stocked.app) == before
        assert not any(b"Unreleased" in body for _, body, _ in answers(stocked.app).values())

    def test_a_refused_release_shows_nothing(self, stocked: Desk) -> None:
        before = answers(stocked.app)
        stocked.bring(sources=[book("secret")], exercises=[exercise("secret", citations=[{"source": "secret"}])])
        stocked.post("/releases", {"items": [{"kind": "exercise", "slug": "secret"}]}, status=409)
        assert answers(stocked.app) == before
