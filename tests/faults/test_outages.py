"""What a running server does when something around it breaks: measured on real processes, under load."""

import os
import signal
import socket
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.deploy.services import PostgreSQL, Process
from tests.faults.load import Load, attempt, p99
from tests.stores import MakeStore
from tests.waiting import PATIENCE_SECONDS, wait_for

KNOWN = "/v1/exercises/wall-angel"
QUICK = {"REVISION_CHECK_SECONDS": "0.2", "DATABASE_TIMEOUT_SECONDS": "2"}
"""A database is given up after two seconds: in these tests it is one that does not answer at all."""


def fresh(number: int) -> str:
    """An address that nobody asked for before."""
    return f"/v1/exercises?limit={number % 100 + 1}&fields=name&max_seconds={100 + number}"


@contextmanager
def serving(make_seeded_sqlite: MakeStore) -> Iterator[Process]:
    """A server of two workers on the seeded catalogue."""
    started = Process(make_seeded_sqlite(), {**QUICK, "WORKERS": "2"}).wait()
    # Both: ids of requests begin with one of the worker's own. One that is still starting is killed late by granian.
    workers: set[str] = set()

    def are_both_there() -> bool:
        workers.add(started.ask(KNOWN).headers["X-Request-Id"][:16])
        return len(workers) == 2

    wait_for(are_both_there)
    yield started
    started.close()


@pytest.fixture(scope="module")
def process(make_seeded_sqlite: MakeStore) -> Iterator[Process]:
    """One that a test leaves as it was."""
    with serving(make_seeded_sqlite) as started:
        yield started


@pytest.fixture
def database() -> Iterator[PostgreSQL]:
    """One of the test's own, which it may stop."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        started = PostgreSQL(Path(folder) / "data")
        yield started
        started.close()


@pytest.fixture
def on_postgresql(database: PostgreSQL) -> Iterator[Process]:
    """A server on it that has one answer in its cache."""
    started = Process(database.url(), QUICK)
    try:
        assert started.wait().ask(KNOWN).status == 200
        yield started
    finally:
        started.close()


def healed(process: Process) -> float:
    """When misses are answered again."""
    wait_for(lambda: process.ask(f"{KNOWN}?fields=name&lang=en").status == 200)
    return time.monotonic()


def test_a_stopped_database_is_felt_by_misses_alone_and_heals(database: PostgreSQL, on_postgresql: Process) -> None:
    process = on_postgresql
    with (
        Load(process.port, lambda _: KNOWN, threads=2) as hits,
        Load(process.port, fresh, threads=2) as misses,
    ):
        wait_for(lambda: misses.within(0) and hits.within(0))
        database.stop()
        stopped = time.monotonic()
        # Also when what is known of the revision holds no longer.
        wait_for(lambda: len(misses.within(stopped + 1)) > 100 and len(hits.within(stopped + 1)) > 100)
        assert process.ask("/livez").status == 200
        assert process.ask("/readyz").status == 503
        returning = time.monotonic()
        database.restart()
        returned = time.monotonic()
        whole = healed(process)
        wait_for(lambda: len(misses.within(whole)) > 100)
    print(f"healed {whole - returned:.2f} s after the return; hits {hits.counts()}; misses {misses.counts()}")
    assert set(hits.counts()) == {"200"}
    assert set(misses.counts()) <= {"200", "503"}
    assert {each.what for each in misses.within(stopped, returning)} == {"503"}
    assert set(misses.counts(whole)) == {"200"}
    refused = [each.answer for each in misses.outcomes if each.what == "503"]
    assert all(answer and answer.headers["Retry-After"] for answer in refused)


def test_a_database_that_hangs_stops_neither_hits_nor_health(database: PostgreSQL, on_postgresql: Process) -> None:
    process = on_postgresql
    with (
        Load(process.port, lambda number: (KNOWN, "/livez")[number % 2], threads=2) as hits,
        Load(process.port, fresh, threads=8) as misses,
    ):
        wait_for(lambda: misses.within(0) and hits.within(0))
        with database.hanging():
            hung = time.monotonic()
            # The requests at hand wait for it, and then none does: all of these are answered while it hangs.
            wait_for(lambda: Counter(each.what for each in misses.within(hung)[-20:]) == {"503": 20})
            known = time.monotonic()
            wait_for(lambda: len(hits.within(known)) > 200 and len(misses.within(known)) > 200)
            returned = time.monotonic()
        whole = healed(process)
        wait_for(lambda: len(misses.within(whole)) > 100)
    slowest = {name: max(each.seconds for each in load.outcomes) for name, load in (("hits", hits), ("misses", misses))}
    print(f"healed {whole - returned:.2f} s after its return; slowest {slowest}")
    assert set(hits.counts()) == {"200"}
    assert set(misses.counts()) <= {"200", "503"}
    assert {each.what for each in misses.within(known, returned)} == {"503"}
    # None but those in hand at the return was answered later.
    assert sum(known < each.began < returned < each.ended for each in hits.outcomes) <= hits.threads
    assert set(misses.counts(whole + 0.5)) == {"200"}


def test_a_killed_worker_loses_its_own_requests_and_comes_back(process: Process) -> None:
    threads = 8
    before = process.workers()
    assert len(before) == 2
    with Load(process.port, fresh, threads=threads) as load:
        wait_for(lambda: load.counts()["200"] > 20)
        os.kill(before[0], signal.SIGKILL)
        wait_for(lambda: len(set(process.workers()) - {before[0]}) == 2)
        now, again = set(process.workers()), time.monotonic()
        wait_for(lambda: load.counts(again)["200"] > 100)
    counts = load.counts()
    lost = sum(count for what, count in counts.items() if what != "200")
    print(f"lost {lost} of {sum(counts.values())}: {counts}; workers {before} then {now}")
    assert set(counts) <= {"200", "ConnectionResetError", "RemoteDisconnected", "ConnectionError"}
    assert lost <= threads


def test_sigterm_lets_accepted_requests_end(make_seeded_sqlite: MakeStore) -> None:
    with serving(make_seeded_sqlite) as process, Load(process.port, fresh, threads=8) as load:
        wait_for(lambda: load.counts()["200"] > 20)
        process.process.send_signal(signal.SIGTERM)
        process.process.wait(PATIENCE_SECONDS)
        wait_for(lambda: load.counts()["ConnectionRefusedError"])
    counts = load.counts()
    print(f"{counts}")
    assert set(counts) <= {"200", "ConnectionRefusedError"}


def test_slow_readers_hold_nobody_up(process: Process) -> None:
    for number in range(40):
        attempt(process.port, fresh(number))
    quiet = [p99([attempt(process.port, KNOWN) for _ in range(50)]) for _ in range(3)]
    readers = [slow_reader(process.port) for _ in range(200)]
    try:
        crowded = []
        for _ in range(3):
            assert sum(len(reader.recv(1)) for reader in readers) == 200
            # All are answered while each of the readers still waits for the rest of its own.
            outcomes = [attempt(process.port, KNOWN) for _ in range(50)]
            assert {each.what for each in outcomes} == {"200"}
            crowded.append(p99(outcomes))
    finally:
        for reader in readers:
            reader.close()
    print(f"p99 {min(quiet) * 1000:.1f} ms alone, {min(crowded) * 1000:.1f} ms beside 200 slow readers")


def slow_reader(port: int) -> socket.socket:
    """A client whose window is so small that the answer cannot leave at once."""
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
    reader.connect(("127.0.0.1", port))
    reader.sendall(b"GET /v1/exercises?limit=100 HTTP/1.1\r\nHost: limber\r\n\r\n")
    return reader
