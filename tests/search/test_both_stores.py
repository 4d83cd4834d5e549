import time
from collections.abc import Iterator
from statistics import median
from typing import Any

import pytest
from flask import Flask

from app.content.content_type import ContentType
from app.delivery.conditions import SORT_COLUMNS
from app.kinds import CATALOGUE
from benchmarks.search_speed import texts
from tests.applications import application
from tests.settings import settings_for
from tests.stores import MakeStore

LISTS = (
    "/v1/exercises?q=sholder+blad",
    "/v1/exercises?q=what+helps+with+a+stiff+neck&facets=region,condition,type,equipment",
    "/v1/exercises?q=respiraci%C3%B3n&lang=es&facets=region",
    "/v1/exercises?q=omoplatos+tensos&lang=es",
    "/v1/exercises?q=catcow",
    "/v1/exercises?q=yoga&safe_for=osteoporosis,glaucoma&can_do_with=mat,cushion&sort=-name",
    "/v1/exercises?region=neck,chest&max_intensity=2&facets=muscle,benefit,purpose,professional,source_type",
    "/v1/routines?q=desk&facets=goal,condition&max_seconds=600",
    "/v1/places?q=physiotherapy&facets=country,service",
    "/v1/sources?q=yoga&facets=type",
    "/v1/vocabularies/conditions?q=head",
    "/v1/suggestions?q=sholder",
    "/v1/suggestions?q=dol&lang=es",
    "/v1/routines/compose?minutes=12&condition=desk-strain&safe_for=osteoporosis",
)


@pytest.fixture(scope="module")
def both(make_seeded_sqlite: MakeStore, make_seeded_postgresql: MakeStore) -> Iterator[tuple[Flask, Flask]]:
    """The seeded catalogue on either store."""
    apps = []
    for make in (make_seeded_sqlite, make_seeded_postgresql):
        created = application(settings_for(make()))
        apps.append(created)
    yield apps[0], apps[1]
    for created in apps:
        created.extensions["limber_database"].dispose()


def found(app: Flask, path: str) -> Any:
    answer = app.test_client().get(path).json
    assert answer is not None
    shown = [each.get("slug") for each in answer.get("items", ())]
    stages = [[item["exercise"], item["dose"]] for stage in answer.get("stages", ()) for item in stage["items"]]
    return shown, stages, answer.get("facets"), answer.get("page", {}).get("total")


@pytest.mark.parametrize("path", LISTS)
def test_both_stores_answer_the_same(both: tuple[Flask, Flask], path: str) -> None:
    sqlite, postgresql = (found(app, path) for app in both)
    assert sqlite == postgresql
    assert any(sqlite[:2])


@pytest.mark.parametrize("content_type", CATALOGUE.types, ids=lambda each: each.kind)
def test_both_stores_have_the_same_orders_filters_and_counts(
    both: tuple[Flask, Flask], content_type: ContentType
) -> None:
    collection = "vocabularies/conditions" if content_type.kind == "term" else content_type.collection
    keys = [f"{sign}{key}" for key in SORT_COLUMNS for sign in ("", "-")]
    queries = [f"sort={first},{second}" for first in keys for second in keys]
    if content_type.facets:
        counted = found(both[0], f"/v1/{collection}?facets={','.join(content_type.facets)}")[2]
        queries.append(f"facets={','.join(content_type.facets)}")
        queries += [f"{name}={each['slug']}&facets={name}" for name, values in counted.items() for each in values[:5]]
    queries += [f"{each.parameter}={bound}" for each in content_type.filters for bound in each.bounds or ()]
    for query in queries:
        sqlite, postgresql = (found(app, f"/v1/{collection}?{query}&limit=100") for app in both)
        assert sqlite == postgresql, query


def test_no_text_is_an_error_or_slow_on_either_store(both: tuple[Flask, Flask]) -> None:
    """The short form of `make search-speed`, by the time that this machine takes for the usual text."""
    for app in both:
        client = app.test_client()
        seconds: dict[str, float] = {}
        for number, text in enumerate(texts(502)):
            path = "/v1/suggestions" if number % 3 == 0 else "/v1/exercises"
            begun = time.thread_time()
            assert client.get(path, query_string={"q": text}).status_code in (200, 400, 414), ascii(text)
            seconds[text] = time.thread_time() - begun
        usual, slowest = median(seconds.values()), max(seconds, key=lambda text: seconds[text])
        assert seconds[slowest] < 50 * usual, ascii(slowest)
