"""`deploy/nginx` as it stands, in front of an upstream whose every answer the test chooses."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.deploy.http_client import Answer, ask
from tests.deploy.services import nginx

KEPT = "public, max-age=1, stale-while-revalidate={swr}, stale-if-error=60"
UNAVAILABLE = "public, max-age=5"
DOCUMENT = "/v1/exercises/bridge"
LIST = "/v1/exercises"


@dataclass
class Upstream:
    """What it answers, and how often it was asked."""

    status: int = 200
    body: str = "first"
    cache_control: str = KEPT.format(swr=0)
    asked: list[str] = field(default_factory=list)
    port: int = 0

    def fails(self) -> None:
        self.status, self.body, self.cache_control = 503, "unavailable", UNAVAILABLE


@contextmanager
def serving(upstream: Upstream) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            upstream.asked.append(self.path)
            content = upstream.body.format(coding=self.headers["Accept-Encoding"]).encode()
            self.send_response(upstream.status)
            self.send_header("Cache-Control", upstream.cache_control)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        upstream.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
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


@pytest.mark.parametrize("path", [DOCUMENT, LIST])
@pytest.mark.parametrize("swr", [0, 1, 60])
def test_what_is_kept_outlives_an_upstream_that_answers_503(edge: Edge, path: str, swr: int) -> None:
    upstream, get = edge
    upstream.cache_control = KEPT.format(swr=swr)
    assert get(path).body == b"first"
    upstream.fails()
    time.sleep(2.5)
    for _ in range(4):
        answer = get(path)
        assert (answer.status, answer.body) == (200, b"first")
        assert answer.headers["Cache-Status"] == "nginx; hit; detail=stale"
        time.sleep(0.3)
    assert len(upstream.asked) > 1
    upstream.status, upstream.body, upstream.cache_control = 200, "second", KEPT.format(swr=swr)
    get(path)
    time.sleep(0.3)
    assert get(path).body == b"second"


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
    assert get(DOCUMENT).body == b"first"
    upstream.body = "second"
    time.sleep(2.5)
    assert get(DOCUMENT).body == b"second"
