"""The application as granian serves it: an event loop that reads requests and sends answers, and threads that compute.

What is kept and current, and `/livez`, is answered by the event loop itself, so that it waits for nobody's computation.
Everything else is computed by the WSGI application in a thread of its lane: reading, writing and managing have threads
of their own. Bodies are received before a thread is taken, and only from who sends a live key.
"""

import asyncio
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any
from wsgiref.types import WSGIEnvironment

from flask import Flask
from granian.rsgi import HTTPProtocol, Scope  # type: ignore[attr-defined]  # not among its exports

from app.access.guard import live_key
from app.edge.cache import RAW, ResponseCache, response_cache
from app.edge.finishing import REFUSED
from app.edge.headers import too_large
from app.edge.representation import Headers
from app.errors import LimberError, RequestTimeout, TooManyRequests
from app.gateway.bodies import Receiving
from app.gateway.environ import environ_of, header, wsgi_path
from app.gateway.lanes import Lane
from app.web.declarations import addresses
from app.web.declarations import declared as declaration
from app.web.installed import settings

WRITING_THREADS, MANAGING_THREADS = 2, 1
"""Threads of a worker for writes, which wait for each other in the store, and for all else that needs a key."""

MOST_WAITING = 100
"""Requests of the management face that wait for a thread of one lane; more are refused with 503."""

MOST_OF_A_KEY = 10
"""Requests of one key that a worker has under way, those among them whose bodies are still on their way."""

RAW_HEADERS = tuple(header(name) for name in RAW[3:])
"""What the cache looks at first of a request, beside its line."""

WITHOUT_BODY = ("GET", "HEAD", "OPTIONS")
CLOSE = ("Connection", "close")
STREAMED_BYTES = 1024 * 1024
"""Answers from this length on are sent piece by piece, as fast as the client takes them."""


@dataclass(frozen=True)
class Sent:
    """An answer: `pieces` are those of a long one, else the whole is `content`."""

    status: int
    headers: Headers
    content: bytes
    pieces: Iterable[bytes] | None = None


class Gateway:
    """The RSGI application in front of a WSGI application."""

    def __init__(self, app: Flask) -> None:
        chosen = settings.of(app)
        self.app, self._addresses = app, addresses.of(app)
        self._reading = Lane("reading", chosen.threads)
        self._writing = Lane("writing", WRITING_THREADS, MOST_WAITING)
        self._managing = Lane("managing", MANAGING_THREADS, MOST_WAITING)
        self._receiving = Receiving(chosen.body_seconds)
        self._under_way: Counter[str] = Counter()
        self._cache = response_cache.of(app)
        self._repeated = self._cache.repeated() if self._cache else None
        self._confirming: asyncio.Future[bool] | None = None

    async def __rsgi__(self, scope: Scope, proto: HTTPProtocol) -> None:
        if self._repeated is not None:
            # Most requests end here, before anything else is made of them.
            get = scope.headers.get
            raw = (scope.method, wsgi_path(scope), scope.query_string, *map(get, RAW_HEADERS))
            if (found := self._repeated(raw, get("x-request-id"))) is not None:
                ready, headers = found
                if ready.body:
                    proto.response_bytes(ready.code, headers, ready.body[0])
                else:
                    proto.response_empty(ready.code, headers)
                return
        environ = environ_of(scope)
        if self._cache and self._cache.has_to_ask(environ):
            await self._confirm(self._cache)
        if self._cache and self._answered_at_once(self._cache, environ, proto):
            return
        if environ["PATH_INFO"].startswith(self._addresses.prompt):
            answer = self._answer(environ)
            _send(proto, answer.status, answer.headers, answer.content)
        elif environ["PATH_INFO"].startswith(self._addresses.private):
            await self._manage(environ, proto)
        else:
            await self._compute(environ, proto, self._reading)

    def _answered_at_once(self, cache: ResponseCache, environ: WSGIEnvironment, proto: HTTPProtocol) -> bool:
        started: list[Any] = []

        def start_response(status: str, headers: Headers, _error: Any = None) -> Any:
            started[:] = status, headers

        body = cache.at_once(environ, start_response)
        if started:
            _send(proto, int(started[0][:3]), started[1], b"".join(body))
        return bool(started)

    async def _confirm(self, cache: ResponseCache) -> None:
        """Has the cache ask which revision is current, once for all who wait for it."""
        if self._confirming is None or self._confirming.done():
            self._confirming = asyncio.get_running_loop().run_in_executor(None, cache.confirm)
        await asyncio.shield(self._confirming)

    async def _manage(self, environ: WSGIEnvironment, proto: HTTPProtocol) -> None:
        """Answers who has a key, when the body is here; anybody else without a look at what they send."""
        if "HTTP_AUTHORIZATION" not in environ or too_large(environ):
            await self._compute(environ, proto, self._reading)
            return
        writes = environ["REQUEST_METHOD"] not in WITHOUT_BODY
        try:
            key, most = await self._managing.run(partial(self._key_and_length, environ))
            with self._counted(key):
                length = environ.get("CONTENT_LENGTH", "")
                declared = int(length) if length.isdecimal() else None
                if key and writes and (declared or 0) <= most:
                    environ["wsgi.input"] = io.BytesIO(await self._receiving.receive(proto, most, declared))
                await self._compute(environ, proto, self._writing if key and writes else self._managing)
        except LimberError as error:
            # Whoever is refused waits for nobody, and needs no store.
            environ[REFUSED] = error
            await self._compute(environ, proto, self._reading)

    def _key_and_length(self, environ: WSGIEnvironment) -> tuple[str | None, int]:
        """The id of the live key that a request is made with, if any, and how long its body may be."""
        with self.app.request_context(environ):
            return live_key(), declaration().body_bytes

    @contextmanager
    def _counted(self, key: str | None) -> Iterator[None]:
        """Counts a request among those that its key has under way.

        Raises `TooManyRequests` where these are too many already.
        """
        if key is None:
            yield
            return
        if self._under_way[key] >= MOST_OF_A_KEY:
            raise TooManyRequests(f"{MOST_OF_A_KEY} requests with one key are under way: wait for an answer.", 1)
        self._under_way[key] += 1
        try:
            yield
        finally:
            self._under_way[key] -= 1
            if not self._under_way[key]:
                del self._under_way[key]

    async def _compute(self, environ: WSGIEnvironment, proto: HTTPProtocol, lane: Lane) -> None:
        try:
            sent = await lane.run(partial(self._answer, environ))
        except LimberError:
            raise
        except Exception:  # noqa: BLE001  # logged by `system.requests`
            sent = Sent(500, [], b"")
        if sent.pieces is None:
            headers = [*sent.headers, CLOSE] if isinstance(environ.get(REFUSED), RequestTimeout) else sent.headers
            _send(proto, sent.status, headers, sent.content)
            return
        pieces = iter(sent.pieces)
        try:
            transport = proto.response_stream(sent.status, sent.headers)
            while (piece := await lane.run(partial(next, pieces, None))) is not None:
                await transport.send_bytes(piece)
        finally:
            _close(sent.pieces)

    def _answer(self, environ: WSGIEnvironment) -> Sent:
        """What the WSGI application answers."""
        started: list[Any] = []

        def start_response(status: str, headers: Headers, _error: Any = None) -> Any:
            started[:] = status, headers

        pieces = self.app.wsgi_app(environ, start_response)
        status, headers = int(started[0][:3]), started[1]
        length = next((value for name, value in headers if name.lower() == "content-length"), "0")
        if int(length) >= STREAMED_BYTES and not isinstance(pieces, list) and environ["REQUEST_METHOD"] != "HEAD":
            return Sent(status, headers, b"", pieces)
        try:
            return Sent(status, headers, b"".join(pieces))
        finally:
            _close(pieces)


def _send(proto: HTTPProtocol, status: int, headers: Headers, content: bytes) -> None:
    if content:
        proto.response_bytes(status, headers, content)
    else:
        proto.response_empty(status, headers)


def _close(pieces: Iterable[bytes]) -> None:
    if close := getattr(pieces, "close", None):
        close()
