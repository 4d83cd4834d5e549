"""Kept answers: one identity body, its codings made once each, and what is sent of them prepared."""

import threading

from werkzeug.http import parse_etags, unquote_etag

from app.edge import representation
from app.edge.representation import Headers
from app.edge.revision import Confirmed

KEPT_STATUSES = (200, 301, 308, 404, 410)

HIT = ("Cache-Status", "limber; hit")
"""RFC 9211: the cache that answers, and how it came by the answer."""

OVERHEAD = 2000
"""Bytes that an answer takes besides its texts: lists, tuples, objects. Measured, rounded up."""

LIMITS = ("RateLimit", "RateLimit-Policy")
"""What is left of a limit after the request that was computed. What is kept costs nothing, so it does not say it."""

OF_ONE_REQUEST = ("X-Request-Id", "Cache-Status", *LIMITS)

PROBLEM = "application/problem+json"

RawKey = tuple[str | None, ...]
"""The request line and the headers that an answer may depend on, as they came."""


class Use:
    """Whether an answer was asked for lately."""

    __slots__ = ("lately",)

    def __init__(self) -> None:
        self.lately = False


class Ready:
    """All that is sent: a status, headers but for the request's id, a body. The rest is that of its answer.

    The body is a list, which granian joins and sends at once, where it would take a tuple piece by piece. What is ready
    does not know its answer, which knows it: a circle of both would stay in memory until the collector comes by.
    """

    __slots__ = ("body", "confirmed", "headers", "status", "use")

    def __init__(self, answer: "Answer", status: str, headers: Headers, body: list[bytes]) -> None:
        self.use, self.confirmed = answer.use, answer.confirmed
        self.status, self.headers, self.body = status, headers, body


class Answer:
    """What the application answered, without a coding and without a condition."""

    def __init__(
        self, confirmed: Confirmed | None, status: str, headers: Headers, body: bytes, *, request_id: str = ""
    ) -> None:
        self.confirmed = confirmed
        self.status = status
        self.code = int(status[:3])
        self.limits = [each for each in headers if each[0] in LIMITS]
        self.headers = [each for each in headers if each[0] not in OF_ONE_REQUEST]
        self.body = body
        self.is_crowded = False
        self.use = Use()
        self.ready_keys: list[RawKey] = []
        self.counted = 0
        self.keys_size = 0
        self.size = OVERHEAD + len(body) + sum(len(name) + len(value) for name, value in headers)
        self._named = {name.lower(): value for name, value in headers}
        self._lock = threading.Lock()
        self._ready: dict[tuple[str | None, bool, bool], Ready] = {}
        self._coded: dict[str | None, bytes] = {None: body}
        self.around = self._around(request_id)

    @property
    def may_be_kept(self) -> bool:
        """Whether it is one that a cache may keep (RFC 9111, section 3), and the same for every request."""
        if self.code not in KEPT_STATUSES or "no-store" in self._named.get("cache-control", "no-store"):
            return False
        is_problem = self._named.get("content-type") == PROBLEM
        return "set-cookie" not in self._named and (not is_problem or self.around is not None)

    @property
    def failure(self) -> str:
        """Why there is no other one, where it is an error of the service."""
        if self.is_crowded:
            return "crowded"
        return "store-unavailable" if self.code == 503 else "internal-error"

    def _around(self, request_id: str) -> tuple[bytes, bytes] | None:
        """What stands before and behind the request's id in a problem, where it is sent without a coding."""
        if self._named.get("content-type") != PROBLEM or self._is_coded:
            return None
        before, found, after = self.body.rpartition(b'"%s"' % request_id.encode())
        return (before + b'"', b'"' + after) if found else None

    def for_request(self, request_id: str) -> tuple[Headers, bytes]:
        """The headers and the body of a problem, which names the request. `around` must be there."""
        before, after = self.around or (b"", b"")
        body = before + request_id.encode() + after
        length = str(len(body))
        return [(name, length if name == "Content-Length" else value) for name, value in self.headers], body

    def ready(self, coding: str | None, *, tags: str | None, head: bool) -> Ready:
        """What is sent to who asked in a coding, under If-None-Match, for the head alone; made once each."""
        coding = coding if self._is_coded else None
        unmodified = tags is not None and self._is_unmodified(coding, tags)
        asked = (coding, unmodified, head or unmodified)
        with self._lock:
            if asked not in self._ready:
                body = b"" if unmodified else self._in_coding(coding)
                headers = representation.headers_in(self.headers, coding, len(body))
                if unmodified:
                    headers = representation.headers_of_304(headers)
                status = "304 NOT MODIFIED" if unmodified else self.status
                self._ready[asked] = Ready(self, status, [*headers, HIT], [] if asked[2] else [body])
            return self._ready[asked]

    @property
    def _is_coded(self) -> bool:
        negotiated = "accept-encoding" in self._named.get("vary", "").lower()
        mimetype = self._named.get("content-type", "").partition(";")[0]
        return negotiated and representation.is_worth_coding(mimetype, len(self.body))

    def _is_unmodified(self, coding: str | None, tags: str) -> bool:
        tag = unquote_etag(self._named.get("etag"))[0] if self.code == 200 else None
        coded, conditions = representation.tag_in(tag or "", coding), parse_etags(tags)
        return tag is not None and representation.precondition(coded, if_none_match=conditions) == 304

    def _in_coding(self, coding: str | None) -> bytes:
        if coding not in self._coded:
            self._coded[coding] = representation.encode(self.body, coding)
            self.size += len(self._coded[coding])
        return self._coded[coding]
