"""No input costs more than its length: each header and each parameter at its bound and at half of it.

What is compared is the processor time of this thread, so that neither the machine's speed nor its load matters.
"""

import gc
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, run_wsgi_app

from app import create_app
from app.edge.cache import ResponseCache, response_cache
from app.edge.files import StoredFile, byte_range
from app.edge.finishing import MAX_QUERY_BYTES
from app.edge.headers import LENGTHS, MOST_OF_ALL, MOST_OF_ONE, variable
from app.imports.texts import sentences
from app.shapes import languages
from app.web import openapi
from tests.http.reading import problem
from tests.settings import settings_for
from tests.stores import MakeStore, apply_seed

TIMES_FOR_TWICE = 3.0
"""Linear work takes twice as long for twice the length, quadratic work four times."""

FLOOR_SECONDS = 0.004
"""Processor time below which nobody is held up, and in which noise is more than what is measured."""

OTHERS = ("Cookie", "User-Agent", "X-Anything", "Origin", "Forwarded", "Accept-Charset", "If-Modified-Since")
SHAPES: dict[str, Callable[[int], str]] = {
    "one word": lambda length: "a" * length,
    "subtags": lambda length: "a-" * (length // 2),
    "list": lambda length: "a," * (length // 2),
    "weights": lambda length: "a;q=1," * (length // 6),
    "options": lambda length: "a" + ";b=c" * (length // 4),
    "semicolons": lambda length: "a" + ";" * (length - 1),
    "spaces": lambda length: "a" + " " * (length - 2) + "x",
    "range": lambda length: "bytes=" + " " * (length - 7) + "x",
    "tags": lambda length: '"a",' * (length // 4),
    "quotes": lambda length: '"' * length,
    "broken tags": lambda length: '"a"b,' * (length // 5),
    "escapes": lambda length: '"' + "\\" * (length - 1),
    "digits": lambda length: "9" * length,
    "slashes": lambda length: "a/" * (length // 2),
    "dots": lambda length: "a." * (length // 2),
}


def seconds(work: Callable[[], object]) -> float:
    """The least processor time of several runs, or of the first one that nobody is held up by."""
    least = float("inf")
    gc.disable()
    try:
        for _ in range(5):
            begun = time.thread_time()
            work()
            least = min(least, time.thread_time() - begun)
            if least <= FLOOR_SECONDS:
                break
    finally:
        gc.enable()
    return least


def is_linear(work: Callable[[str], object], shape: Callable[[int], str], most: int) -> bool:
    """Whether the work on a text of the greatest length takes no more than its length."""
    whole = seconds(lambda: work(shape(most)))
    return whole <= FLOOR_SECONDS or whole <= TIMES_FOR_TWICE * seconds(lambda: work(shape(most // 2)))


@pytest.fixture(scope="module")
def sqlite_app(make_sqlite: MakeStore) -> Iterator[Flask]:
    """The seeded application: what is looked at here is the same on both stores."""
    created = create_app(settings_for(make_sqlite()))
    apply_seed(created.extensions["limber_database"])
    yield created
    created.extensions["limber_database"].dispose()


@pytest.fixture(scope="module")
def reader(sqlite_app: Flask) -> FlaskClient:
    return sqlite_app.test_client(use_cookies=False)


class TestHeaders:
    @pytest.mark.parametrize("name", [*LENGTHS, *OTHERS])
    def test_a_header_at_its_length_takes_no_more_than_its_length(self, reader: FlaskClient, name: str) -> None:
        most = LENGTHS.get(name, MOST_OF_ONE)
        for path in ("/v1/exercises/chin-tuck", "/v1/snapshot.ndjson", "/exercises/chin-tuck", "/v1/admin/audit"):
            reader.get(path)
            for told, shape in SHAPES.items():
                work = partial(_status, reader, path, name)
                assert is_linear(work, shape, most), (path, told)

    @pytest.mark.parametrize("name", [*LENGTHS, *OTHERS])
    @pytest.mark.parametrize(
        "path", ["/v1/exercises", "/v1/exercises/chin-tuck", "/livez", "/", "/nothing", "/v1/admin/audit"]
    )
    def test_a_longer_one_is_431_and_named(self, reader: FlaskClient, name: str, path: str) -> None:
        most = LENGTHS.get(name, MOST_OF_ONE)
        # What is kept goes out whatever headers it does not depend on: nobody reads them.
        kept_answers(reader).clear()
        response = reader.get(path, environ_overrides={variable(name): "1" * (most + 1)})
        detail = problem(response, 431, "request-header-fields-too-large")["detail"]
        assert name in detail
        assert str(most) in detail
        assert response.headers["Cache-Control"] == "no-store"

    def test_one_at_its_length_is_read(self, reader: FlaskClient) -> None:
        for name in ("Accept-Language", "Accept-Encoding", "X-Anything", "Cookie"):
            text = "es" + " " * (LENGTHS.get(name, MOST_OF_ONE) - 2)
            assert reader.get("/v1/exercises", headers={name: text}).status_code == 200

    def test_all_together_have_a_length(self, reader: FlaskClient) -> None:
        few = {f"X-{number}": "a" * 8000 for number in range(MOST_OF_ALL // 8192)}
        assert reader.get("/v1/exercises", headers=few).status_code == 200
        many = {**few, "X-Last": "a" * 8000}
        kept_answers(reader).clear()
        detail = problem(reader.get("/v1/exercises", headers=many), 431, "request-header-fields-too-large")["detail"]
        assert str(MOST_OF_ALL) in detail

    def test_the_first_attacks_are_refused_at_once(self, reader: FlaskClient) -> None:
        for name, text in (("Range", "bytes=" + " " * 48_000 + "x"), ("Accept-Language", "a-" * 24_000 + "a")):
            work = partial(_status, reader, "/v1/snapshot.ndjson", name)
            assert work(text) == 431
            assert seconds(partial(work, text)) < 1


class TestPatterns:
    """What reads texts from outside, on texts that are longer than any that gets there."""

    MOST = 40_000

    @pytest.mark.parametrize("told", list(SHAPES))
    def test_ranges_are_read_in_linear_time(self, sqlite_app: Flask, tmp_path: Any, told: str) -> None:
        stored = StoredFile(tmp_path, 10, "tag")

        def work(text: str) -> object:
            with sqlite_app.test_request_context(headers={"Range": text}):
                return byte_range(stored)

        assert is_linear(work, SHAPES[told], self.MOST)

    @pytest.mark.parametrize("told", list(SHAPES))
    def test_languages_are_looked_up_in_linear_time(self, told: str) -> None:
        assert is_linear(lambda text: languages.lookup([(text, 1.0)]), SHAPES[told], self.MOST)

    @pytest.mark.parametrize("told", list(SHAPES))
    def test_texts_of_other_catalogues_are_split_in_linear_time(self, told: str) -> None:
        assert is_linear(lambda text: sentences(text + ". B"), SHAPES[told], self.MOST)


class TestParameters:
    def test_each_parameter_at_the_length_of_a_query_takes_no_more_than_its_length(
        self, sqlite_app: Flask, reader: FlaskClient
    ) -> None:
        spec = sqlite_app.extensions["limber_api"].spec
        slow = [
            (path, name, told)
            for path, name in _parameters(openapi.document(spec))
            for told in ("one word", "list", "tags", "spaces", "digits")
            if not is_linear(partial(_parameter, reader, path, name), SHAPES[told], MAX_QUERY_BYTES - 40)
        ]
        assert slow == []

    @pytest.mark.parametrize(
        "shape",
        [
            lambda length: "&".join(f"a{number}=1" for number in range(length // 7)),
            lambda length: "&".join(["q=a"] * (length // 4)),
            lambda length: "&".join(["region=neck"] * (length // 12)),
            lambda length: "&" * length,
            lambda length: "%41" * (length // 3),
            lambda length: "q=" + "%CC%81" * (length // 6 - 1),
            lambda length: "=" * length,
        ],
    )
    def test_a_query_takes_no_more_than_its_length(self, reader: FlaskClient, shape: Callable[[int], str]) -> None:
        for path in ("/v1/exercises", "/v1/suggestions", "/", "/exercises/chin-tuck", "/oembed", "/v1/sync"):
            assert is_linear(partial(_query, reader, path), shape, MAX_QUERY_BYTES - 40)

    def test_a_path_takes_no_more_than_its_length(self, reader: FlaskClient) -> None:
        for shape in SHAPES.values():
            for before in ("/", "/v1/exercises/", "/v1/vocabularies/", "/embed/exercises/", "/v1/admin/exercises/"):
                work = partial(_path, reader, before)
                assert is_linear(work, shape, 64_000)


def _parameters(document: Any) -> Iterator[tuple[str, str]]:
    """An address for each parameter of a query; the pages' own and those of oEmbed, which stand in no document."""
    seen = set()
    for path, operations in document["paths"].items():
        for parameter in operations.get("get", {}).get("parameters", ()):
            what = (parameter["name"], str(parameter["schema"]))
            if parameter["in"] == "query" and what not in seen and "/admin/" not in path:
                seen.add(what)
                yield path.replace("{slug}", "chin-tuck").replace("{vocabulary}", "regions"), parameter["name"]
    yield from (("/", name) for name in ("q", "condition", "minutes", "lang"))
    yield from (("/oembed", name) for name in ("url", "maxwidth", "format"))
    yield from (("/embed/exercises/chin-tuck", name) for name in ("partner", "theme", "intensity"))


def kept_answers(client: FlaskClient) -> ResponseCache:
    found = response_cache.of(client.application)
    assert found is not None
    return found


def _status(client: FlaskClient, path: str, name: str, text: str) -> int:
    return client.get(path, environ_overrides={variable(name): text}).status_code


def _parameter(client: FlaskClient, path: str, name: str, text: str) -> None:
    _query(client, path, f"{name}={text.replace(' ', '+')}")


def _path(client: FlaskClient, before: str, text: str) -> None:
    _raw(client, {"PATH_INFO": before + text})


def _query(client: FlaskClient, path: str, query: str) -> None:
    _raw(client, {"PATH_INFO": path, "QUERY_STRING": query})


def _raw(client: FlaskClient, variables: dict[str, str]) -> None:
    """Answers a request as a server hands it over; the client would encode it anew, and take time for that itself."""
    environ = {**EnvironBuilder("/").get_environ(), **variables}
    pieces, _status, _headers = run_wsgi_app(client.application.wsgi_app, environ)
    for _ in pieces:
        pass
