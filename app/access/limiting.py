"""Rate limits, and the headers that tell of them (IETF draft "RateLimit header fields for HTTP").

Counted by the library `limits` in a moving window, in memory or where `RATE_LIMIT_STORAGE_URL` says.
"""

import time
from dataclasses import dataclass
from typing import cast

from flask import Flask, Response, current_app, g
from limits import RateLimitItemPerMinute
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from app.errors import TooManyRequests

WINDOW_SECONDS = 60
WHAT = {"writes": "writes with one key", "failed-authentications": "wrong keys from one address"}


@dataclass(frozen=True)
class Limits:
    """The limiter and, by policy, how many requests a minute it admits."""

    limiter: MovingWindowRateLimiter
    a_minute: dict[str, int]


def install(app: Flask, *, storage_url: str, writes: int, failures: int) -> None:
    """Makes the application count; `writes` for each key, `failures` for each address, both a minute."""
    limiter = MovingWindowRateLimiter(storage_from_string(storage_url))
    app.extensions["limber_limits"] = Limits(limiter, {"writes": writes, "failed-authentications": failures})
    app.after_request(_tell)


def _limits() -> Limits:
    return cast("Limits", current_app.extensions["limber_limits"])


def hit(policy: str, who: str) -> None:
    """Counts one request.

    Raises `TooManyRequests` when the limit is used up.
    """
    limits = _limits()
    item = RateLimitItemPerMinute(limits.a_minute[policy])
    admitted = limits.limiter.hit(item, policy, who)
    remaining, seconds = _window(limits, item, policy, who)
    g.rate_limit = (policy, item.amount, remaining, seconds)
    if not admitted:
        raise TooManyRequests(f"More than {item.amount} {WHAT[policy]} a minute.", seconds)


def _window(limits: Limits, item: RateLimitItemPerMinute, policy: str, who: str) -> tuple[int, int]:
    window = limits.limiter.get_window_stats(item, policy, who)
    return window.remaining, max(1, round(window.reset_time - time.time()))


def _tell(response: Response) -> Response:
    if found := g.get("rate_limit"):
        policy, amount, remaining, seconds = found
        response.headers["RateLimit-Policy"] = f'"{policy}";q={amount};w={WINDOW_SECONDS}'
        response.headers["RateLimit"] = f'"{policy}";r={remaining};t={seconds}'
    return response
