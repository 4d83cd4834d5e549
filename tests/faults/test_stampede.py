"""Five hundred clients at once on an answer that is not kept, over real sockets."""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg

from tests import coroutines
from tests.deploy.services import Process
from tests.faults.load import Load
from tests.stores import MakeStore
from tests.waiting import PATIENCE_SECONDS, wait_for

CLIENTS = 500
WORKERS = 2
KNOWN = "/v1/exercises/wall-angel"
COLD = "/v1/exercises?limit=100&lang=es&facets=region,type"
Received = tuple[str, str, bytes]
"""Status, `Cache-Status` and body."""


async def _all(port: int, path: str, sent: threading.Event, received: list[Received]) -> None:
    """Connects every client, then sends every request, then reads every answer."""
    streams = [await asyncio.open_connection("127.0.0.1", port) for _ in range(CLIENTS)]
    for _, writer in streams:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: limber\r\nConnection: close\r\n\r\n".encode())
    sent.set()

    async def read(reader: asyncio.StreamReader) -> None:
        received.append(_parsed(await reader.read()))

    await asyncio.gather(*(read(reader) for reader, _ in streams))
    for _, writer in streams:
        writer.close()


def _parsed(answer: bytes) -> Received:
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    return status.split()[1], headers.get("cache-status", ""), body


def stampede(port: int, path: str, sent: threading.Event, received: list[Received]) -> None:
    """Puts into `received` what each of the clients does; `sent` is set when all have asked."""
    coroutines.run(lambda: _all(port, path, sent, received))


def test_one_computation_a_worker_and_the_same_bytes_for_all(make_seeded_sqlite: MakeStore) -> None:
    process = Process(make_seeded_sqlite(), {"WORKERS": str(WORKERS)}).wait()
    try:
        begun = time.monotonic()
        received: list[Received] = []
        stampede(process.port, COLD, threading.Event(), received)
        seconds = time.monotonic() - begun
    finally:
        process.close()
    how = Counter(each[1] for each in received)
    print(f"{CLIENTS} clients in {seconds:.2f} s: {dict(how)}")
    assert {each[0] for each in received} == {"200"}
    assert len({each[2] for each in received}) == 1
    assert set(how) <= {"limber; hit", "limber; fwd=uri-miss; collapsed", "limber; fwd=uri-miss; stored"}
    assert 1 <= how["limber; fwd=uri-miss; stored"] <= WORKERS


@contextmanager
def slow_documents(url: str) -> Iterator[Callable[[], None]]:
    """Whatever reads documents waits, until what is given is called."""
    with psycopg.connect(url) as connection:
        connection.execute("LOCK TABLE document IN ACCESS EXCLUSIVE MODE")
        yield connection.rollback


def test_who_waits_for_a_slow_computation_leaves_threads_for_others(make_seeded_postgresql: MakeStore) -> None:
    url = make_seeded_postgresql()
    process = Process(url, {}).wait()
    try:
        assert process.ask(KNOWN).status == 200
        with (
            slow_documents(url) as release,
            Load(process.port, lambda number: (KNOWN, "/livez")[number % 2], threads=2) as others,
            ThreadPoolExecutor(1) as thread,
        ):
            sent = threading.Event()
            received: list[Received] = []
            crowd = thread.submit(stampede, process.port, COLD, sent, received)
            assert sent.wait(PATIENCE_SECONDS)
            # Until the first is sent away: the computation takes longer than all may wait for.
            wait_for(lambda: received)
            begun = time.monotonic()
            wait_for(lambda: len(others.within(begun)) > 100)
            released = time.monotonic()
            release()
            crowd.result()
    finally:
        process.close()
    how = Counter(each[0] for each in received)
    slowest = max(each.seconds for each in others.outcomes)
    print(f"{CLIENTS} clients: {dict(how)}; {len(others.outcomes)} others: at most {slowest:.2f} s")
    assert set(how) == {"200", "503"}
    assert set(others.counts()) == {"200"}
    # None but those in hand was answered after the documents could be read again.
    assert sum(begun < each.began < released < each.ended for each in others.outcomes) <= others.threads
