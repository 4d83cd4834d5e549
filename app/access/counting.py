"""Where requests are counted: in a moving window of the library `limits`, in memory or in Valkey for all workers.

A Valkey that is stopped or hangs costs nobody an answer: it is asked with short time-outs, and where it fails this
process counts for itself for a while before it asks again.
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
"""How long a Valkey that failed is left alone."""

T = TypeVar("T")
log = logging.getLogger(__name__)


class Counting:
    """Counts requests by policy and by who makes them. The amounts are requests a minute."""

    def __init__(self, storage_url: str) -> None:
        self._own = MovingWindowRateLimiter(storage_from_string(MEMORY))
        self._shared = None if storage_url == MEMORY else MovingWindowRateLimiter(_storage(storage_url))
        self._failures: tuple[type[Exception], ...] = (OSError,)
        if self._shared is not None:
            # The library of Valkey is loaded by the storage that needs it: it takes 20 MB.
            own = self._shared.storage.base_exceptions
            self._failures += own if isinstance(own, tuple) else (own,)
        self._resting_until = 0.0

    def hit(self, policy: str, who: str, amount: int) -> bool:
        """Counts one request; False where the limit is used up, and then it is not counted."""
        item = RateLimitItemPerMinute(amount)
        return self._ask(lambda limiter: limiter.hit(item, policy, who))

    def has_room(self, policy: str, who: str, amount: int) -> bool:
        """Whether one more request would be admitted."""
        item = RateLimitItemPerMinute(amount)
        return self._ask(lambda limiter: limiter.test(item, policy, who))

    def window(self, policy: str, who: str, amount: int) -> tuple[int, float]:
        """How many more are admitted, and the time (in seconds since the epoch) when the oldest one is forgotten."""
        item = RateLimitItemPerMinute(amount)
        stats = self._ask(lambda limiter: limiter.get_window_stats(item, policy, who))
        return max(0, stats.remaining), stats.reset_time

    def _ask(self, question: Callable[[MovingWindowRateLimiter], T]) -> T:
        if self._shared is None or time.monotonic() < self._resting_until:
            return question(self._own)
        try:
            return question(self._shared)
        except self._failures as error:
            self._resting_until = time.monotonic() + VALKEY_REST_SECONDS
            log.warning(
                "Rate limits are counted in this process for %s s: %s", VALKEY_REST_SECONDS, type(error).__name__
            )
            return question(self._own)


def _storage(url: str) -> Storage:
    options: dict[str, Any] = {"socket_timeout": TIMEOUT_SECONDS, "socket_connect_timeout": TIMEOUT_SECONDS}
    return cast("Storage", storage_from_string(url, **options))
