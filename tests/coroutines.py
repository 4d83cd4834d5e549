"""Coroutines in tests, beside those that drive a browser."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def run(coroutine: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """What a coroutine returns, run in a thread of its own: where a browser was driven, this one's loop is taken."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(lambda: asyncio.run(coroutine())).result()
