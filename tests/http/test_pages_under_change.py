"""Releases between two pages: what stays is neither missed nor repeated, whatever comes or goes around it."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app.releasing.release import release
from tests.content.editing import UNFINISHED, Editor
from tests.content.samples import Draft, exercise, place, routine, source, term
from tests.http.reading import get, slugs

SORTS = ("name", "-name", "slug", "-slug", "published_at", "-published_at", "-published_at,-slug", "name,published_at")
DRAFTS = {"exercises": exercise, "routines": routine, "sources": source, "places": place, "vocabularies": term}
NAMES = ("Same", "same", "Émile", "emile", "Zone", "alpha", "Beta", "Ωmega")
RELEASES = 5
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


class Catalogue:
    """A collection whose content is replaced as a whole, each release an hour after the one before."""

    def __init__(self, app: Flask, collection: str) -> None:
        self.editor = Editor(app.extensions["limber_database"])
        self.collection, self.releases = collection, 0

    def draft(self, slug: str) -> Draft:
        """A draft whose name many share, so that positions are told apart by the last key alone."""
        name = NAMES[sum(slug.encode()) % len(NAMES)]
        title = "title" if self.collection == "sources" else "name"
        return DRAFTS[self.collection](slug, **{title: name})

    def publish(self, present: Sequence[str]) -> None:
        """Makes exactly these the published ones."""
        self.releases += 1
        drafts = {self.collection: [self.draft(slug) for slug in present]}
        plan = self.editor.put(prune=True, **drafts)
        if plan:
            with self.editor.database.transaction(exclusive=True) as connection:
                release(connection, UNFINISHED, now=BEGINNING + timedelta(hours=self.releases))


def address(collection: str) -> str:
    return "/v1/vocabularies/muscles" if collection == "vocabularies" else f"/v1/{collection}"


class TestReleasesBetweenPages:
    @pytest.mark.parametrize(
        ("collection", "sort"), [(each, "name") for each in DRAFTS] + [("vocabularies", each) for each in SORTS[1:]]
    )
    def test_what_stays_comes_once_and_in_order(self, app: Flask, collection: str, sort: str) -> None:
        chance = random.Random(f"{collection} {sort}")  # noqa: S311 - a reproducible choice, no secret
        catalogue, client = Catalogue(app, collection), app.test_client()
        everyone = [f"entry-{number}" for number in range(40)]
        present = set(chance.sample(everyone, 24))
        catalogue.publish(sorted(present))
        stayed, came, cursor = set(present), [], ""
        for turn in range(20):
            page = get(client, f"{address(collection)}?sort={sort}&limit=3{cursor}")
            came += slugs(page["items"])
            if page["page"]["next"] is None:
                break
            cursor = f"&cursor={page['page']['next']}"
            if turn >= RELEASES:
                continue
            going = chance.sample(sorted(present), 3)
            coming = chance.sample([each for each in everyone if each not in present], 3)
            present = (present - set(going)) | set(coming)
            stayed -= set(going)
            catalogue.publish(sorted(present))
        else:
            pytest.fail("The pages do not end.")
        assert len(stayed) > 2
        surviving = [slug for slug in came if slug in stayed]
        assert sorted(surviving) == sorted(stayed)
        whole = slugs(get(client, f"{address(collection)}?sort={sort}&limit=100")["items"])
        assert surviving == [slug for slug in whole if slug in stayed]

    def test_the_row_that_a_cursor_stands_on_may_go(self, app: Flask) -> None:
        catalogue, client = Catalogue(app, "vocabularies"), app.test_client()
        catalogue.publish(["a", "b", "c", "d"])
        page = get(client, "/v1/vocabularies/muscles?sort=slug&limit=2")
        catalogue.publish(["a", "c", "d"])
        rest = get(client, f"/v1/vocabularies/muscles?sort=slug&limit=2&cursor={page['page']['next']}")
        assert slugs(page["items"]) + slugs(rest["items"]) == ["a", "b", "c", "d"]
        assert rest["page"] == {"limit": 2, "total": 3, "next": None}

    def test_what_comes_behind_the_position_is_shown_and_what_comes_before_is_not(self, app: Flask) -> None:
        catalogue, client = Catalogue(app, "vocabularies"), app.test_client()
        catalogue.publish(["b", "d", "f"])
        page = get(client, "/v1/vocabularies/muscles?sort=slug&limit=2")
        catalogue.publish(["a", "b", "c", "d", "e", "f"])
        rest = get(client, f"/v1/vocabularies/muscles?sort=slug&limit=9&cursor={page['page']['next']}")
        assert slugs(rest["items"]) == ["e", "f"]

    def test_a_page_that_loses_all_its_rows_is_empty_and_the_last(self, app: Flask) -> None:
        catalogue, client = Catalogue(app, "vocabularies"), app.test_client()
        catalogue.publish(["a", "b", "c"])
        page = get(client, "/v1/vocabularies/muscles?sort=slug&limit=2")
        catalogue.publish(["a"])
        rest = get(client, f"/v1/vocabularies/muscles?sort=slug&limit=2&cursor={page['page']['next']}")
        assert rest == {"items": [], "page": {"limit": 2, "total": 1, "next": None}, "notices": []}
