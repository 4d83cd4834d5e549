import asyncio
from collections.abc import AsyncIterator

import pytest

from app.errors import Crowded, MalformedBody, RequestTimeout
from app.gateway import bodies
from app.gateway.bodies import LEAST_BYTES_A_SECOND, Receiving
from tests.coroutines import run


async def pieces(*sent: bytes, then_silent: bool = False) -> AsyncIterator[bytes]:
    for piece in sent:
        yield piece
    if then_silent:
        await asyncio.Event().wait()


def received(receiving: Receiving, body: AsyncIterator[bytes], most: int = 100, declared: int | None = None) -> bytes:
    return run(lambda: receiving.receive(body, most, declared))


def test_a_body_is_put_together() -> None:
    assert received(Receiving(60), pieces(b"a", b"", b"bc")) == b"abc"
    assert received(Receiving(60), pieces()) == b""


def test_of_a_body_that_is_too_long_no_more_is_received_than_shows_it() -> None:
    assert received(Receiving(60), pieces(b"a" * 60, b"b" * 60, then_silent=True)) == b"a" * 60 + b"b" * 60


def test_silence_ends_with_what_came_and_what_is_allowed() -> None:
    with pytest.raises(RequestTimeout, match=rf"^5 bytes .* has 0\.01 seconds, .* each {LEAST_BYTES_A_SECOND} bytes"):
        received(Receiving(0.01), pieces(b"12345", then_silent=True))


def test_no_body_may_take_longer_than_the_longest_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "MOST_SECONDS", 0.01)
    with pytest.raises(RequestTimeout):
        received(Receiving(60), pieces(b"a", then_silent=True))


def test_a_body_that_ends_early_is_not_taken_for_a_whole_one() -> None:
    with pytest.raises(MalformedBody, match="after 2 of 3 bytes"):
        received(Receiving(60), pieces(b"{}"), declared=3)
    assert received(Receiving(60), pieces(b"{}"), declared=2) == b"{}"


def test_all_bodies_together_have_a_bound_and_leave_their_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "MOST_BYTES_AT_ONCE", 10)
    receiving = Receiving(60)

    async def two() -> None:
        holding = asyncio.create_task(receiving.receive(pieces(b"a" * 8, then_silent=True), 100, None))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        with pytest.raises(Crowded):
            await receiving.receive(pieces(b"a" * 3), 100, None)
        assert await receiving.receive(pieces(b"a" * 2), 100, None) == b"aa"
        holding.cancel()
        with pytest.raises(asyncio.CancelledError):
            await holding
        assert await receiving.receive(pieces(b"a" * 10), 100, None) == b"a" * 10

    run(two)
