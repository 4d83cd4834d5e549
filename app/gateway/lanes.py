"""Lanes: the threads of a worker, shared out so that no kind of request takes those of another kind."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from app.errors import Crowded

T = TypeVar("T")


class Lane:
    """Threads for one kind of request. Who finds all of them busy waits in line, and nobody where `waiting` do already.

    Without `waiting` the line has no end: the server's own bound on connections is the only one.
    """

    def __init__(self, name: str, threads: int, waiting: int | None = None) -> None:
        self._name, self._threads, self._waiting = name, threads, waiting
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=f"limber-{name}")
        self._inside = 0

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` gives, which a thread of this lane does.

        Raises `Crowded` where too many wait.
        """
        if self._waiting is not None and self._inside >= self._threads + self._waiting:
            raise Crowded(f"{self._waiting} requests wait already for {self._name}; send yours again in a while.")
        self._inside += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._inside -= 1
