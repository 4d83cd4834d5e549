"""Bodies of requests, received on the event loop: a slow sender holds no thread, and is cut off in time."""

import asyncio
from collections.abc import AsyncIterable

from app.errors import Crowded, MalformedBody, RequestTimeout

LEAST_BYTES_A_SECOND = 16 * 1024
"""The rate that a sender must keep beyond the first seconds. 64 MiB, the largest body, may take 70 minutes at it."""

MOST_SECONDS = 300
"""How long any body may take."""

MOST_BYTES_AT_ONCE = 256 * 1024 * 1024
"""What a worker holds of all bodies that it is receiving."""


class Receiving:
    """The bodies that a worker is receiving. `seconds` is the time that every sender has, at whatever rate."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._held = 0

    async def receive(self, pieces: AsyncIterable[bytes], most: int, declared: int | None) -> bytes:
        """A body of at most `most` bytes. Of a longer one the beginning, longer than `most` too.

        `declared` is its Content-Length. Raises `RequestTimeout` where the sender is too slow, `MalformedBody` where a
        part of the body never came, and `Crowded` where too much is being received already.
        """
        content, begun = bytearray(), asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(self._seconds) as timer:
                async for piece in pieces:
                    content += piece
                    self._held += len(piece)
                    if self._held > MOST_BYTES_AT_ONCE:
                        raise Crowded("Others are sending large bodies; send yours again in a while.")
                    if len(content) > most:
                        break
                    seconds = min(self._seconds + len(content) / LEAST_BYTES_A_SECOND, MOST_SECONDS)
                    timer.reschedule(begun + seconds)
        except TimeoutError:
            took = asyncio.get_running_loop().time() - begun
            raise RequestTimeout(
                f"{len(content)} bytes of the body came in {took:.0f} seconds. A body has {self._seconds:g} seconds,"
                f" and one more for each {LEAST_BYTES_A_SECOND} bytes that came, but {MOST_SECONDS} in all:"
                " send it again, faster or in parts."
            ) from None
        finally:
            self._held -= len(content)
        if declared is not None and len(content) < declared:
            raise MalformedBody(f"The connection ended after {len(content)} of {declared} bytes of the body.")
        return bytes(content)
