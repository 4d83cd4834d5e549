"""`deploy/nginx` as it stands, in front of an upstream whose every answer the test chooses."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.deploy.http_client import Answer, ask
from tests.deploy.services import free_port, nginx
from tests.waiting import wait_for

KEPT = "public, max-age={age}, stale-while-revalidate={swr}, stale-if-error=6000"
UNAVAILABLE = "public, max-age=5"
DOCUMENT = "/v1/exercises/bridge"
LIST = "/v1/exercises"
PAST_AGES = 2.1
"""Seconds after which an answer of `max-age=1` is past its age, by a clock of whole seconds."""


@dataclass
class Upstream:
    """What it answers, and how often it was asked."""

    status: int = 200
    body: str = "first"
    cache_control: str = KEPT.format(age=600, swr=0)
    asked: list[str] = field(default_factory=list)
    port: int = 0

    def fails(self) -> None:
        self.status, self.body, self.cache_control = 503, "unavailable", UNAVAILABLE


@contextmanager
def serving(upstream: Upstream) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            upstream.asked.append(self.path)
            content = upstream.body.format(path=self.path, headers=self.headers).encode()
            self.send_response(upstream.status)
            self.send_header("Cache-Control", upstream.cache_control)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        upstream.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield
        finally:
            server.shutdown()


Edge = tuple[Upstream, Callable[..., Answer]]


@pytest.fixture
def edge(tmp_path: Path) -> Iterator[Edge]:
    upstream = Upstream()
    with serving(upstream), nginx([upstream.port, upstream.port], tmp_path) as port:
        yield upstream, lambda path, **headers: ask(port, path, **headers)


def hit(answer: Answer) -> bool:
    return answer.headers["Cache-Status"].startswith("nginx; hit")


@pytest.mark.parametrize("swr", [0, 1, 60])
def test_what_is_kept_outlives_an_upstream_that_answers_503(edge: Edge, swr: int) -> None:
    upstream, get = edge
    paths = (DOCUMENT, LIST)
    upstream.cache_control = KEPT.format(age=1, swr=swr)
    assert [get(path).body for path in paths] == [b"first"] * 2
    upstream.fails()
    time.sleep(PAST_AGES)
    for _ in range(4):
        for path in paths:
            answer = get(path)
            assert (answer.status, answer.body) == (200, b"first")
            assert answer.headers["Cache-Status"] == "nginx; hit; detail=stale"
        time.sleep(0.1)
    assert all(upstream.asked.count(path) > 1 for path in paths)
    upstream.status, upstream.body, upstream.cache_control = 200, "second", KEPT.format(age=600, swr=swr)
    wait_for(lambda: [get(path).body for path in paths] == [b"second"] * 2)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_failure_is_given_to_nobody_else(edge: Edge, status: int) -> None:
    upstream, get = edge
    upstream.fails()
    upstream.status = status
    assert get(DOCUMENT).status == status
    upstream.status, upstream.body = 200, "first"
    answer = get(DOCUMENT)
    assert (answer.status, answer.body) == (200, b"first")
    assert not hit(answer)
    assert hit(get(DOCUMENT))


def test_what_is_past_its_ages_waits_for_the_new_one(edge: Edge) -> None:
    upstream, get = edge
    upstream.cache_control = KEPT.format(age=1, swr=0)
    assert get(DOCUMENT).body == b"first"
    upstream.body = "second"
    time.sleep(PAST_AGES)
    assert get(DOCUMENT).body == b"second"


def test_an_emptied_cache_asks_anew(edge: Edge, tmp_path: Path) -> None:
    upstream, get = edge
    upstream.cache_control = KEPT.format(age=600, swr=600)
    assert get(DOCUMENT).body == b"first"
    upstream.body = "second"
    assert get(DOCUMENT).body == b"first"
    for each in [each for each in (tmp_path / "cache").rglob("*") if each.is_file()]:
        each.unlink()
    os.kill(int((tmp_path / "nginx.pid").read_text()), signal.SIGHUP)
    wait_for(lambda: get(DOCUMENT).body == b"second")


ODD = ["b|zstd", "zstd|es", "gzip|", '"gzip"', "gzip\tbr", "é"]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", ["Accept-Encoding", "Accept-Language", "Accept"])
def test_a_header_with_other_characters_passes_by_the_cache(edge: Edge, name: str, odd: str) -> None:
    upstream, get = edge
    upstream.body = f"{{path}} {{headers[{name}]}}"
    for _ in range(2):
        answer = get(LIST, **{name: odd})
        assert answer.body.decode() == f"{LIST} {odd}"
        assert answer.headers["Cache-Status"] == "nginx; fwd=bypass"
    assert not hit(get(LIST))


def test_no_header_fills_the_entry_of_another_address(edge: Edge) -> None:
    upstream, get = edge
    upstream.body = "{path} {headers[Accept-Encoding]}"
    get("/p?q=a", Accept_Encoding="b|zstd")
    get("/p?q=a", Accept_Encoding="b", Accept_Language="|zstd")
    get("/p?q=a", Accept_Encoding="b;q=1")
    assert get("/p?q=a|b", Accept_Encoding="zstd").body == b"/p?q=a|b zstd"
    assert get("/p?q=a").body == b"/p?q=a None"


@pytest.mark.parametrize("accepted", ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "image/*", ""])
def test_usual_headers_are_kept(edge: Edge, accepted: str) -> None:
    _, get = edge
    for _ in range(2):
        answer = get("/", Accept=accepted, Accept_Language="fr-CH, fr;q=0.9, *;q=0.5", Accept_Encoding="br;q=1.0, gzip")
    assert hit(answer)


@pytest.mark.parametrize(
    ("path", "kept", "origin"),
    [
        ("/v1/exercises", "public, max-age=5", "*"),
        ("/v1/administration", "public, max-age=5", "*"),
        ("/v1/admin/exercises", "no-store", None),
        ("/v1/%61dmin/exercises?x=1", "no-store", None),
    ],
)
def test_nothing_of_the_management_is_kept_while_nobody_answers(
    tmp_path: Path, path: str, kept: str, origin: str | None
) -> None:
    with nginx([free_port(), free_port()], tmp_path) as port:
        answer = ask(port, path)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers.get_all("Cache-Control") == [kept]
    assert answer.headers["Access-Control-Allow-Origin"] == origin
