"""Rate limits, and the headers that tell of them (IETF draft "RateLimit header fields for HTTP").

Writes are counted by key; failed authentications and anonymous searches by address. Nothing else is counted, and no
answer that the client had already (304). `counting` says where.
"""

import ipaddress
import time
from dataclasses import dataclass
from typing import cast

from flask import Flask, Response, current_app, g, request

from app.access.counting import Counting
from app.errors import TooManyRequests

WINDOW_SECONDS = 60
WHAT = {
    "writes": "writes with one key",
    "failed-authentications": "wrong keys from one address",
    "searches": "searches from one address",
}
SEARCHES = ("/v1/suggestions", "/v1/routines/compose")
"""What is searched whatever the query says; elsewhere it is the parameter `q` that asks for a search."""

IPV6_NETWORK = 64
"""Bits of an IPv6 address that tell one subscriber from another: the rest is theirs to choose."""


@dataclass(frozen=True)
class Limits:
    """Where requests are counted and, by policy, how many a minute are admitted."""

    counting: Counting
    a_minute: dict[str, int]


def install(app: Flask, *, storage_url: str, writes: int, failures: int, searches: int) -> None:
    """Makes the application count: writes for each key, failures and searches for each address, all a minute."""
    a_minute = {"writes": writes, "failed-authentications": failures, "searches": searches}
    app.extensions["limber_limits"] = Limits(Counting(storage_url), a_minute)
    app.before_request(_admit)
    # What is registered first runs last: whether an answer is a 304 is known when everything else is done.
    app.after_request_funcs.setdefault(None, []).insert(0, _settle)


def _limits() -> Limits:
    return cast("Limits", current_app.extensions["limber_limits"])


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
    amount = _limits().a_minute[policy]
    remaining, resets_at = _limits().counting.window(policy, who, amount)
    g.rate_limit = (policy, amount, remaining, max(1, round(resets_at - time.time())))


def _refuse(policy: str) -> None:
    _policy, amount, _remaining, seconds = g.rate_limit
    raise TooManyRequests(f"More than {amount} {WHAT[policy]} a minute.", seconds)


def _is_search() -> bool:
    """Whether the request asks for a search: `q` with anything in it, a suggestion, or a composed routine."""
    if request.method not in ("GET", "HEAD") or request.path.startswith("/v1/admin/"):
        return False
    return request.path in SEARCHES or any(each.strip() for each in request.args.getlist("q"))


def _admit() -> None:
    """Refuses a search from an address whose limit is used up. It is counted when it is answered."""
    if not _is_search():
        return
    who = address()
    if not _limits().counting.has_room("searches", who, _limits().a_minute["searches"]):
        _note("searches", who)
        _refuse("searches")
    g.searching = who


def _settle(response: Response) -> Response:
    """Counts a search that was answered with something new, and tells of what was counted."""
    who = g.pop("searching", None)
    if who is not None and response.status_code != 304:
        _limits().counting.hit("searches", who, _limits().a_minute["searches"])
        _note("searches", who)
    if found := g.get("rate_limit"):
        policy, amount, remaining, seconds = found
        response.headers["RateLimit-Policy"] = f'"{policy}";q={amount};w={WINDOW_SECONDS}'
        response.headers["RateLimit"] = f'"{policy}";r={remaining};t={seconds}'
    return response
