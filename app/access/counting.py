"""Where requests are counted: in a moving window of the library `limits`, in memory or, for all workers, in Valkey.

A Valkey that is stopped or hangs fails no request: it is asked with short time-outs, and after a failure this process
counts for itself for a while before it asks Valkey again.
"""

import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar, cast

from limits import RateLimitItemPerMinute
from limits.storage import Storage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

MEMORY = "memory://"
TIMEOUT_SECONDS = 0.1
VALKEY_REST_SECONDS = 10
"""How long a Valkey that failed is not asked again."""

T = TypeVar("T")
log = logging.getLogger(__name__)


class Counting:
    """Counts requests by policy and by who makes them. An `amount` is how many requests a minute are admitted."""

    def __init__(self, storage_url: str) -> None:
        self._own = MovingWindowRateLimiter(storage_from_string(MEMORY))
        self._shared = None if storage_url == MEMORY else MovingWindowRateLimiter(_storage(storage_url))
        self._failures: tuple[type[Exception], ...] = (OSError,)
        if self._shared is not None:
            # Only the storage knows these: the library of Valkey takes 20 MB and is loaded by it alone.
            failures = self._shared.storage.base_exceptions
            self._failures += failures if isinstance(failures, tuple) else (failures,)
        self._resting_until = 0.0

    def hit(self, policy: str, who: str, amount: int) -> bool:
        """Counts one request. False if the limit is used up; the request is then not counted."""
        item = RateLimitItemPerMinute(amount)
        return self._ask(lambda limiter: limiter.hit(item, policy, who))

    def has_room(self, policy: str, who: str, amount: int) -> bool:
        """Whether one more request would be admitted."""
        item = RateLimitItemPerMinute(amount)
        return self._ask(lambda limiter: limiter.test(item, policy, who))

    def window(self, policy: str, who: str, amount: int) -> tuple[int, float]:
        """How many more requests are admitted, and when the oldest one is forgotten (in seconds since the epoch)."""
        item = RateLimitItemPerMinute(amount)
        stats = self._ask(lambda limiter: limiter.get_window_stats(item, policy, who))
        return max(0, stats.remaining), stats.reset_time

    def _ask(self, question: Callable[[MovingWindowRateLimiter], T]) -> T:
        rested_until = self._resting_until
        if self._shared is None or time.monotonic() < rested_until:
            return question(self._own)
        try:
            answer = question(self._shared)
        except self._failures as error:
            self._resting_until = time.monotonic() + VALKEY_REST_SECONDS
            failure = type(error).__name__
            log.warning("Rate limits are counted in this process for %s s: %s", VALKEY_REST_SECONDS, failure)
            return question(self._own)
        # Not where another request found it failing meanwhile.
        if rested_until and rested_until == self._resting_until:
            self._resting_until = 0.0
            log.warning("Rate limits are counted in Valkey again.")
        return answer


def _storage(url: str) -> Storage:
    options: dict[str, Any] = {"socket_timeout": TIMEOUT_SECONDS, "socket_connect_timeout": TIMEOUT_SECONDS}
    return cast("Storage", storage_from_string(url, **options))
