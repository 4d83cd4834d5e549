import asyncio
import threading

import pytest

from app.errors import Crowded
from app.gateway.lanes import Lane
from tests.coroutines import run


def test_so_many_wait_and_no_more() -> None:
    async def three() -> None:
        lane, go = Lane("testing", threads=1, waiting=1), threading.Event()
        working, waiting = (asyncio.create_task(lane.run(go.wait)) for _ in range(2))
        await asyncio.sleep(0)
        with pytest.raises(Crowded, match="1 requests wait already for testing"):
            await lane.run(go.wait)
        go.set()
        assert await working
        assert await waiting
        assert await lane.run(lambda: "again") == "again"

    run(three)


def test_without_a_number_the_line_has_no_end() -> None:
    async def many() -> None:
        lane, go = Lane("testing", threads=1), threading.Event()
        tasks = [asyncio.create_task(lane.run(go.wait)) for _ in range(200)]
        await asyncio.sleep(0)
        go.set()
        assert all(await asyncio.gather(*tasks))

    run(many)


def test_an_error_is_the_callers_and_leaves_the_lane() -> None:
    async def failing() -> None:
        lane = Lane("testing", threads=1, waiting=0)
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                await lane.run(lambda: 1 // 0)

    run(failing)
