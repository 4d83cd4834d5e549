"""The response cache: a WSGI application in front of Flask that keeps whole answers of the delivery face.

An answer is kept for one released state (revision and digest). The cache first looks for it by the request line and a
few headers exactly as they came, so that a repeated request costs one look-up. Failing that, it looks by the key of
what the answer depends on (`edge.keys`). A missing answer is computed once, however many ask. See `docs/caching.md`.
"""

import itertools
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from app.edge.answers import HIT, Answer, RawKey, Ready
from app.edge.counter import Counter
from app.edge.finishing import REQUEST_ID
from app.edge.flights import Flights
from app.edge.headers import TOO_LARGE, too_large
from app.edge.keys import NOT_KEPT, Asked, asked_of
from app.edge.representation import Headers
from app.edge.revision import Confirmed, RevisionWatch
from app.edge.store import Store
from app.web.declarations import Addresses
from app.web.installed import Installed
from app.web.problems import CROWDED

RAW = (
    *("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING"),
    *("HTTP_ACCEPT_ENCODING", "HTTP_ACCEPT_LANGUAGE", "HTTP_ACCEPT", "HTTP_IF_NONE_MATCH"),
    *("HTTP_AUTHORIZATION", "HTTP_IF_MATCH", "CONTENT_LENGTH"),
)
"""The parts of a request's environment that make its `RawKey`."""


@dataclass(frozen=True)
class Counts:
    """What the cache of one process did since its start, and what it holds."""

    hits: int
    misses: int
    stale: int
    evicted: int
    entries: int
    bytes: int


def _is_as_new(answer: Answer, confirmed: Confirmed | None) -> bool:
    """Whether an answer shows this state or a later one. If no state is known for certain, any answer will do."""
    if confirmed is None or answer.confirmed is confirmed:
        return True
    return answer.confirmed is not None and answer.confirmed.state.revision > confirmed.state.revision


class ResponseCache:
    """Answers requests from memory, or else by the application `inner`."""

    def __init__(
        self,
        inner: WSGIApplication,
        watch: RevisionWatch,
        addresses: Addresses,
        *,
        bound_bytes: int,
        stale_if_error_seconds: float,
        patient: int,
    ) -> None:
        """`patient` is how many requests may wait for slow computations at once."""
        self._inner, self._watch, self._addresses = inner, watch, addresses
        self._store = Store(bound_bytes)
        self._stale_seconds = stale_if_error_seconds
        self._hits, self._misses, self._stale = Counter(), Counter(), Counter()
        self._flights = Flights(patient)
        # Unique among processes and requests, and quicker to make than a random one for each.
        self._request_ids = map(f"{uuid.uuid4().hex[:16]}%016x".__mod__, itertools.count())

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        asked = None if TOO_LARGE in environ else asked_of(environ, self._addresses)
        if asked is None:
            return self._inner(environ, start_response)
        return self._look_up(asked, environ, start_response)

    def in_front_of(self, rest: WSGIApplication) -> WSGIApplication:
        """An application that answers repeated requests, and leaves all others to `rest`."""
        repeated = self.repeated()

        def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            found = repeated(tuple(map(environ.get, RAW)), environ.get("HTTP_X_REQUEST_ID"))
            if found is None:
                return rest(environ, start_response)
            ready, headers = found
            start_response(ready.status, headers)
            return ready.body

        return answer

    def repeated(self) -> Callable[[RawKey, str | None], tuple[Ready, Headers] | None]:
        """A function that finds the current answer to a request whose `RawKey` it has seen before, with its headers.

        It is given the key and the id that the client sent. Most hits go no further than this one function, so it looks
        up nothing but its own local names.
        """
        find, watch, now = self._store.ready.get, self._watch, time.monotonic
        count, new_request_id, is_well_formed = self._hits.tick, self._request_ids.__next__, REQUEST_ID.fullmatch

        def find_ready(raw: RawKey, request_id: str | None) -> tuple[Ready, Headers] | None:
            ready = find(raw)
            if ready is None or ready.confirmed is not watch.confirmed or now() >= watch.until:
                return None
            count()
            ready.use.lately = True
            if request_id is None or not is_well_formed(request_id):
                request_id = new_request_id()
            return ready, [*ready.headers, ("X-Request-Id", request_id)]

        return find_ready

    def at_once(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Sends what is kept, current and coded already, and waits for nothing. Else starts no answer.

        Errors that are kept go the long way: their ids must be in the log.
        """
        if time.monotonic() >= self._watch.until or too_large(environ) is not None:
            return []
        asked = asked_of(environ, self._addresses)
        kept = self._store.find(asked.key) if asked else None
        is_current = kept is not None and kept.confirmed is self._watch.confirmed
        if asked is None or kept is None or not is_current or kept.code >= 400 or not kept.is_in(asked.coding):
            return []
        self._hits.tick()
        return self._send(kept, asked, self._request_id(environ), start_response, raw=tuple(map(environ.get, RAW)))

    def has_to_ask(self, environ: WSGIEnvironment) -> bool:
        """Whether a request may be for what is kept, and the cache has to ask first which revision is current."""
        return time.monotonic() >= self._watch.until and asked_of(environ, self._addresses) is not None

    def confirm(self) -> bool:
        """Asks which revision is current where that is due; see `RevisionWatch.confirm`."""
        return self._watch.confirm()

    def counts(self) -> Counts:
        """What the cache did and what it holds."""
        held = self._store.held()
        hits, misses, stale = self._hits.value(), self._misses.value(), self._stale.value()
        return Counts(hits, misses, stale, held.evicted, held.entries, held.bytes)

    def clear(self) -> None:
        """Forgets every answer."""
        self._store.clear()

    def _request_id(self, environ: WSGIEnvironment) -> str:
        sent = environ.get("HTTP_X_REQUEST_ID")
        if sent is not None and REQUEST_ID.fullmatch(sent):
            return str(sent)
        return next(self._request_ids)

    def _look_up(self, asked: Asked, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        is_current, confirmed = self._watch.confirm(), self._watch.confirmed
        kept = self._store.find(asked.key)
        request_id = self._request_id(environ)
        if kept is not None and kept.confirmed is confirmed:
            if is_current:
                self._hits.tick()
                return self._send(kept, asked, request_id, start_response, raw=tuple(map(environ.get, RAW)))
            if self._is_young(kept):
                return self._send_stale(kept, asked, request_id, start_response, "store-unavailable")
        answer, how = self._compute(asked, environ, request_id, confirmed if is_current else None)
        if answer.code >= 500 and kept is not None and self._is_young(kept):
            return self._send_stale(kept, asked, request_id, start_response, answer.failure)
        self._misses.tick()
        status = ("Cache-Status", f"limber; fwd={how}")
        limits = () if how.endswith("collapsed") else answer.limits
        return self._send(answer, asked, request_id, start_response, status=status, limits=limits)

    def _compute(
        self, asked: Asked, environ: WSGIEnvironment, request_id: str, confirmed: Confirmed | None
    ) -> tuple[Answer, str]:
        """The application's answer, and how the cache got it, in the words of RFC 9211.

        One request computes. Requests that come meanwhile wait for its answer, and compute their own only if that
        answer cannot be shared. An answer is kept for the state that was known before its computation began, so that
        it is never kept for a newer state than it shows.
        """
        while True:
            flight, leads = self._flights.join(asked.key)
            if leads:
                break
            may_ask = self._flights.wait(flight)
            if flight.answer is not None:
                if _is_as_new(flight.answer, confirmed):
                    return flight.answer, "uri-miss; collapsed"
                # The computation began before a release that this request knows of.
                continue
            if not may_ask:
                environ[CROWDED] = True
            return self._ask(asked, environ, request_id, confirmed)[0], "uri-miss"
        try:
            # Another request may have computed it since this one looked.
            kept = self._store.find(asked.key)
            if kept is not None and confirmed is not None and kept.confirmed is confirmed:
                return kept, "uri-miss; collapsed"
            answer, may_be_kept = self._ask(asked, environ, request_id, confirmed)
            if may_be_kept and self._store.put(asked.key, answer):
                flight.answer = answer
                return answer, "uri-miss; stored"
            return answer, "uri-miss"
        finally:
            self._flights.land(asked.key, flight)

    def _ask(
        self, asked: Asked, environ: WSGIEnvironment, request_id: str, confirmed: Confirmed | None
    ) -> tuple[Answer, bool]:
        """The application's full answer, without coding and conditions; and whether it may be kept."""
        forwarded = {
            **environ,
            "REQUEST_METHOD": "GET",
            "QUERY_STRING": asked.query,
            "HTTP_X_REQUEST_ID": request_id,
        }
        for name in ("HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH", "HTTP_RANGE", "HTTP_IF_RANGE"):
            forwarded.pop(name, None)
        started: list[Any] = []

        def start_response(status: str, headers: Headers, _error: Any = None) -> Callable[[bytes], object]:
            started[:] = status, headers
            return lambda _content: None

        pieces = self._inner(forwarded, start_response)
        try:
            body = b"".join(pieces)
        finally:
            if close := getattr(pieces, "close", None):
                close()
        answer = Answer(confirmed, started[0], started[1], body, request_id=request_id)
        answer.is_crowded = CROWDED in forwarded
        return answer, confirmed is not None and answer.may_be_kept and NOT_KEPT not in forwarded

    def _is_young(self, answer: Answer) -> bool:
        """Whether an answer was current recently enough to be sent if a newer one cannot be computed."""
        return answer.confirmed is not None and self._age(answer.confirmed) <= self._stale_seconds

    def _age(self, confirmed: Confirmed) -> float:
        return time.monotonic() - confirmed.at

    def _send(
        self,
        answer: Answer,
        asked: Asked,
        request_id: str,
        start_response: StartResponse,
        *,
        raw: RawKey | None = None,
        status: tuple[str, str] = HIT,
        limits: Iterable[tuple[str, str]] = (),
    ) -> Iterable[bytes]:
        """Sends an answer in the client's coding, or a 304. With `raw`, the next such request is a single look-up."""
        request = ("X-Request-Id", request_id)
        if answer.around is not None:
            headers, body = answer.for_request(request_id)
            start_response(answer.status, [*headers, *limits, status, request])
            return [] if asked.head else [body]
        ready = answer.ready(asked.coding, tags=asked.tags, head=asked.head)
        self._store.settle(asked.key, answer)
        # A request whose If-None-Match did not match is unlikely to be repeated, so it is not remembered.
        answer.use.lately |= raw is not None
        if raw is not None and (asked.tags is None or ready.status.startswith("304")):
            self._store.remember(asked.key, raw, answer, ready)
        start_response(ready.status, [*ready.headers[:-1], *limits, status, request])
        return ready.body

    def _send_stale(
        self, answer: Answer, asked: Asked, request_id: str, start_response: StartResponse, why: str
    ) -> Iterable[bytes]:
        """Sends an answer that may be out of date (`stale-if-error`, RFC 5861), with headers that say so and why."""
        self._stale.tick()
        seconds = int(self._age(answer.confirmed)) if answer.confirmed else 0

        def marked(status: str, headers: Headers, _error: Any = None) -> Callable[[bytes], object]:
            return start_response(status, [*headers, ("Age", str(seconds))])

        status = ("Cache-Status", f"limber; fwd=stale; ttl=-{seconds}; detail={why}")
        return self._send(answer, asked, request_id, marked, status=status)


response_cache: Installed[ResponseCache | None] = Installed("limber_response_cache")
