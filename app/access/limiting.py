"""Rate limits, and the headers that tell of them (IETF draft "RateLimit header fields for HTTP").

Writes are counted by key; failed authentications and anonymous searches by address. Nothing else is counted, no answer
that is kept (`edge.cache`) and none that the client had already (304). `counting` says where.
"""

import ipaddress
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, g, request

from app.access.counting import Counting
from app.errors import TooManyRequests
from app.web.declarations import declared
from app.web.installed import Installed

WINDOW_SECONDS = 60
WHAT = {
    "writes": "writes with one key",
    "failed-authentications": "wrong keys from one address",
    "searches": "searches from one address",
}
SEARCHING = "limber.searching"
"""Where the environment of a request holds who searched, once that was admitted."""

IPV6_NETWORK = 64
"""Bits of an IPv6 address that tell one subscriber from another: the rest is theirs to choose."""


@dataclass(frozen=True)
class Limits:
    """Where requests are counted and, by policy, how many a minute are admitted."""

    counting: Counting
    a_minute: dict[str, int]

    def left(self, policy: str, who: str) -> tuple[int, int]:
        """How many more requests are admitted, and in how many seconds the oldest one is forgotten."""
        remaining, resets_at = self.counting.window(policy, who, self.a_minute[policy])
        return remaining, max(1, round(resets_at - time.time()))

    def headers(self, policy: str, remaining: int, seconds: int) -> dict[str, str]:
        """What an answer that counts tells of its limit."""
        return {
            "RateLimit-Policy": f'"{policy}";q={self.a_minute[policy]};w={WINDOW_SECONDS}',
            "RateLimit": f'"{policy}";r={remaining};t={seconds}',
        }


_limits: Installed[Limits] = Installed("limber_limits")


def install(app: Flask, *, storage_url: str, writes: int, failures: int, searches: int) -> None:
    """Makes the application count: writes for each key, failures and searches for each address, all a minute."""
    a_minute = {"writes": writes, "failed-authentications": failures, "searches": searches}
    _limits.install(app, Limits(Counting(storage_url), a_minute))
    app.before_request(_admit)
    app.after_request(_tell)


def counting_searches(app: Flask) -> Callable[[WSGIApplication], WSGIApplication]:
    """What counts the searches that are computed, from in front of the response cache: a hit costs nothing.

    And tells of the limit in the answer's headers.
    """
    limits = _limits.of(app)

    def around(inner: WSGIApplication) -> WSGIApplication:
        def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            # The cache hands a copy of the environment on, and with it this very list.
            searching: list[str] = []
            environ[SEARCHING] = searching

            def counted(status: str, headers: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:
                if searching and not status.startswith("304"):
                    limits.counting.hit("searches", searching[0], limits.a_minute["searches"])
                    left = limits.left("searches", searching[0])
                    headers = [*headers, *limits.headers("searches", *left).items()]
                return start_response(status, headers, *error)

            return inner(environ, counted)

        return answer

    return around


def address() -> str:
    """Who asks, as far as an address tells."""
    try:
        found = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return request.remote_addr or ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is None:
        return str(ipaddress.ip_network((int(found), IPV6_NETWORK), strict=False))
    return str(getattr(found, "ipv4_mapped", None) or found)


def hit(policy: str, who: str) -> None:
    """Counts one request.

    Raises `TooManyRequests` when the limit is used up.
    """
    admitted = _limits().counting.hit(policy, who, _limits().a_minute[policy])
    _note(policy, who)
    if not admitted:
        _refuse(policy)


def _note(policy: str, who: str) -> None:
    """Keeps what the answer's headers are to say."""
    g.rate_limit = (policy, *_limits().left(policy, who))


def _refuse(policy: str) -> None:
    _policy, _remaining, seconds = g.rate_limit
    raise TooManyRequests(f"More than {_limits().a_minute[policy]} {WHAT[policy]} a minute.", seconds)


def _admit() -> None:
    """Refuses a search from an address whose limit is used up. It is counted when it is answered."""
    searching = request.environ.get(SEARCHING)
    if searching is None or request.method not in ("GET", "HEAD") or not _is_search():
        return
    who = address()
    if not _limits().counting.has_room("searches", who, _limits().a_minute["searches"]):
        _note("searches", who)
        _refuse("searches")
    searching.append(who)


def _is_search() -> bool:
    """Whether the request asks for a search: by `q` with anything in it, or of an operation that always searches."""
    operation = declared()
    has_words = any(text.strip() for text in request.args.getlist("q"))
    return (has_words or operation.counts_as_search) and not operation.private


def _tell(response: Response) -> Response:
    if found := g.get("rate_limit"):
        response.headers.update(_limits().headers(*found))
    return response
