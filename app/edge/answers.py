"""Kept answers: a body without a coding, the same body in each coding, and the prepared responses made of them."""

import threading

from werkzeug.http import parse_etags, unquote_etag

from app.edge import representation
from app.edge.representation import Headers
from app.edge.revision import Confirmed

KEPT_STATUSES = (200, 301, 308, 404, 410)

HIT = ("Cache-Status", "limber; hit")
"""The header of RFC 9211: which cache answered, and that it had the answer."""

OVERHEAD = 2000
"""Bytes that an answer takes besides its texts, for lists, tuples and objects: measured and rounded up."""

LIMITS = ("RateLimit", "RateLimit-Policy")
"""What is left of a rate limit after a computed answer. A kept answer counts for no limit, so it goes without them."""

OF_ONE_REQUEST = ("X-Request-Id", "Cache-Status", *LIMITS)

PROBLEM = "application/problem+json"

RawKey = tuple[str | None, ...]
"""The request line and the headers that an answer may depend on, exactly as the client sent them."""


class Use:
    """Whether an answer was used lately. An answer shares it with its prepared responses."""

    __slots__ = ("lately",)

    def __init__(self) -> None:
        self.lately = False


class Ready:
    """A prepared response: status, headers except the request's id, and body.

    It holds no reference to the `Answer` it came from, so that an evicted answer is freed at once. The body is a list,
    which `gateway` sends in one piece.
    """

    __slots__ = ("body", "code", "confirmed", "headers", "status", "use")

    def __init__(self, answer: "Answer", status: str, headers: Headers, body: list[bytes]) -> None:
        self.use, self.confirmed = answer.use, answer.confirmed
        self.status, self.code, self.headers, self.body = status, int(status[:3]), headers, body


class Answer:
    """The application's whole answer to a request without `Accept-Encoding` and conditions."""

    def __init__(
        self, confirmed: Confirmed | None, status: str, headers: Headers, body: bytes, *, request_id: str = ""
    ) -> None:
        self.confirmed = confirmed
        self.status = status
        self.code = int(status[:3])
        self.limits = [header for header in headers if header[0] in LIMITS]
        self.headers = [header for header in headers if header[0] not in OF_ONE_REQUEST]
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
        """Whether a cache may keep it (RFC 9111, section 3), and it is the same for every such request."""
        if self.code not in KEPT_STATUSES or "no-store" in self._named.get("cache-control", "no-store"):
            return False
        is_problem = self._named.get("content-type") == PROBLEM
        return "set-cookie" not in self._named and (not is_problem or self.around is not None)

    @property
    def failure(self) -> str:
        """The kind of failure, if this is an error of the service."""
        if self.is_crowded:
            return "crowded"
        return "store-unavailable" if self.code == 503 else "internal-error"

    def _around(self, request_id: str) -> tuple[bytes, bytes] | None:
        """A problem's body before and after the request's id; None for other answers and for coded ones."""
        if self._named.get("content-type") != PROBLEM or self._is_coded:
            return None
        before, separator, after = self.body.rpartition(b'"%s"' % request_id.encode())
        return (before + b'"', b'"' + after) if separator else None

    def for_request(self, request_id: str) -> tuple[Headers, bytes]:
        """The headers and the body of a problem with this request's id in it. `around` must not be None."""
        before, after = self.around or (b"", b"")
        body = before + request_id.encode() + after
        length = str(len(body))
        return [(name, length if name == "Content-Length" else value) for name, value in self.headers], body

    def ready(self, coding: str | None, *, tags: str | None, head: bool) -> Ready:
        """The response for a coding, an If-None-Match and GET or HEAD. Every such response is made once."""
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

    def is_in(self, coding: str | None) -> bool:
        """Whether it is in this coding already, or never will be."""
        return coding in self._coded or not self._is_coded

    def _in_coding(self, coding: str | None) -> bytes:
        if coding not in self._coded:
            self._coded[coding] = representation.encode(self.body, coding)
            self.size += len(self._coded[coding])
        return self._coded[coding]
