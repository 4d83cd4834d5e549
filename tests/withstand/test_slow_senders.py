"""Who sends a body slowly holds neither threads nor other people's requests, and is told in time.

Over a real server: what is looked at is who waits for whom between its event loop and its threads.
"""

import json
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime

import pytest

from app.access.key_store import create_key
from app.access.keys import make_key
from app.config import Settings
from app.gateway.rsgi import MOST_OF_A_KEY
from app.store.database import Database
from tests.admin.samples import minimal
from tests.deploy.services import Process
from tests.faults.load import Load
from tests.stores import MakeStore
from tests.waiting import PATIENCE_SECONDS, wait_for

BODY_SECONDS = 2


@pytest.fixture(scope="module")
def store(make_seeded_sqlite: MakeStore) -> str:
    return make_seeded_sqlite()


@pytest.fixture(scope="module")
def process(store: str) -> Iterator[Process]:
    started = Process(store, {"BODY_SECONDS": str(BODY_SECONDS), "WRITES_PER_MINUTE": "10000"}).wait()
    yield started
    started.close()


@pytest.fixture
def patient(store: str) -> Iterator[Process]:
    """One that waits for bodies as long as a test takes."""
    started = Process(store, {"BODY_SECONDS": "300"}).wait()
    yield started
    started.close()


@pytest.fixture
def keys(store: str) -> list[str]:
    """Five live keys."""
    database = Database(Settings(store, "http://localhost"))
    with database.transaction() as connection:
        made = [
            create_key(connection, name=f"k{each}", scopes=["content:write"], now=datetime.now(UTC))
            for each in range(5)
        ]
    database.dispose()
    return [key.text for key in made]


@contextmanager
def sending(
    port: int, key: str | None, begin: bytes = b"12345678", length: str = "Content-Length: 100000"
) -> Iterator[socket.socket]:
    """A request whose body has begun."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as sender:
        authorization = f"Authorization: Bearer {key}\r\n" if key else ""
        head = "POST /v1/admin/places HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        sender.sendall(f"{head}{authorization}{length}\r\n\r\n".encode() + begin)
        yield sender


def answer(sender: socket.socket) -> tuple[int, bytes]:
    """The status of an answer, and all of it until the server closes the connection."""
    received = b""
    with suppress(ConnectionResetError):
        while piece := sender.recv(65536):
            received += piece
    return int(received.split()[1]), received


def test_fifty_slow_senders_stop_nobody_and_are_cut_off(process: Process, keys: list[str]) -> None:
    process.ask("/v1/exercises/chin-tuck")
    with ExitStack() as held:
        senders = [held.enter_context(sending(process.port, keys[each % 5])) for each in range(5 * MOST_OF_A_KEY)]
        paths = ("/livez", "/v1/exercises/chin-tuck", "/v1/exercises?limit={}", "/readyz")
        with Load(process.port, lambda number: paths[number % 4].format(number % 100 + 1)) as load:
            statuses = Counter(answer(sender)[0] for sender in senders)
        # All are refused at one time, some seconds after all this was answered.
        assert statuses == {408: len(senders)}
        assert set(load.counts()) == {"200"}
        assert load.counts()["200"] > 20


def test_408_says_what_is_allowed_and_closes_the_connection(process: Process, keys: list[str]) -> None:
    with sending(process.port, keys[0]) as sender:
        status, received = answer(sender)
    assert status == 408
    assert b"/problems/request-timeout" in received
    assert b"8 bytes of the body came in 2 seconds" in received
    assert b"connection: close" in received.lower()


@pytest.mark.parametrize("length", ["Content-Length: 100000", "Transfer-Encoding: chunked"])
def test_a_trickle_is_cut_off_too(process: Process, keys: list[str], length: str) -> None:
    piece = b"8\r\n12345678\r\n" if "chunked" in length else b"12345678"
    with sending(process.port, keys[0], piece, length) as sender, Load(process.port, lambda _: "/livez", threads=1):
        sender.settimeout(0.2)
        received = b""

        def is_refused() -> bool:
            nonlocal received
            with suppress(TimeoutError):
                received += sender.recv(4096)
            if not received:
                sender.sendall(piece)
            return received != b""

        wait_for(is_refused)
        assert received.split()[1] == b"408"


def test_a_sender_who_keeps_the_rate_may_take_longer(process: Process, keys: list[str]) -> None:
    body = b'{"slug": "x", "nothing": "' + b"a" * 1_000_000 + b'"}'
    with sending(process.port, keys[0], b"", f"Content-Length: {len(body)}\r\nConnection: close") as sender:
        # They are 32 more seconds.
        sender.sendall(body[: 512 * 1024])
        sender.settimeout(BODY_SECONDS + 1)
        with pytest.raises(TimeoutError):
            sender.recv(1)
        sender.settimeout(PATIENCE_SECONDS)
        sender.sendall(body[512 * 1024 :])
        assert answer(sender)[0] == 422


def test_without_a_live_key_no_body_is_waited_for(process: Process) -> None:
    for key in (None, "lim_nothing", make_key().text):
        with sending(process.port, key) as sender:
            assert answer(sender)[0] == 401


def test_a_key_has_ten_requests_under_way(patient: Process, keys: list[str]) -> None:
    with ExitStack() as held:
        for _ in range(MOST_OF_A_KEY):
            held.enter_context(sending(patient.port, keys[0]))

        def is_refused() -> bool:
            # The question may have taken the place of a sender, who was refused then: another one takes it.
            held.enter_context(sending(patient.port, keys[0]))
            return patient.ask("/v1/admin/places", Authorization=f"Bearer {keys[0]}").status == 429

        wait_for(is_refused)
        refused = patient.ask("/v1/admin/places", Authorization=f"Bearer {keys[0]}")
        assert refused.headers["Retry-After"] == "1"
        assert b"10 requests with one key are under way" in refused.body
        assert patient.ask("/v1/admin/places", Authorization=f"Bearer {keys[1]}").status == 200
    wait_for(lambda: patient.ask("/v1/admin/places", Authorization=f"Bearer {keys[0]}").status == 200)


def test_a_body_that_is_here_is_written(process: Process, keys: list[str]) -> None:
    body = json.dumps(minimal("places")).encode()
    for length, sent in (
        (f"Content-Length: {len(body)}", body),
        ("Transfer-Encoding: chunked", b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)),
    ):
        with sending(process.port, keys[0], sent, f"{length}\r\nConnection: close") as sender:
            assert answer(sender)[0] in (201, 409)


def test_a_longer_body_than_allowed_is_413_without_being_waited_for(process: Process, keys: list[str]) -> None:
    with sending(process.port, keys[0], b"{", "Content-Length: 2000000") as sender:
        assert answer(sender)[0] == 413
    chunk = b"10000\r\n" + b" " * 65_536 + b"\r\n"
    with sending(process.port, keys[0], chunk * 17, "Transfer-Encoding: chunked") as sender:
        assert answer(sender)[0] == 413
