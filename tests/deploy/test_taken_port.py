"""One port, one server: what a second start says, and that a restart at once works."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import pytest

from app.config import ROOT
from tests.browser.live_server import environment_of, free_port
from tests.stores import MakeStore
from tests.waiting import PATIENCE_SECONDS

TAKEN = "Error: Port {port} of 127.0.0.1 is taken: another server listens there."
MEND = " Stop that one, or take another port: PORT={other} make serve\n"


class Server:
    """A start of `flask serve`, with what it says."""

    def __init__(self, folder: Path, port: int) -> None:
        environment = {**os.environ, **environment_of(folder, port)}
        command = [sys.executable, "-m", "flask", "--app", "app", "serve"]
        self.port = port
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )

    def wait_until_ready(self) -> None:
        while self.process.poll() is None:
            with suppress(OSError), urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5):
                return
            time.sleep(0.1)
        raise RuntimeError(self.process.communicate()[1])

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.communicate(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()


@pytest.fixture
def server(tmp_path: Path, make_seeded_sqlite: MakeStore) -> Iterator[Server]:
    Path(make_seeded_sqlite().removeprefix("sqlite:///")).rename(tmp_path / "live.db")
    started = Server(tmp_path, free_port())
    yield started
    started.stop()


def _refused(server: Server) -> None:
    said = server.process.communicate(timeout=PATIENCE_SECONDS)[1]
    expected = (TAKEN + MEND).format(port=server.port, other=server.port + 1)
    assert (server.process.returncode, said) == (1, expected)


def test_a_second_start_is_refused_and_a_start_after_the_stop_is_not(server: Server, tmp_path: Path) -> None:
    server.wait_until_ready()
    other = tmp_path / "other"
    other.mkdir()
    _refused(Server(other, server.port))
    assert list(other.iterdir()) == [], "it left a database behind"
    server.stop()
    # The port has connections in TIME_WAIT now: the server closed them.
    again = Server(tmp_path, server.port)
    try:
        again.wait_until_ready()
    finally:
        again.stop()


def test_of_two_starts_at_once_one_serves(server: Server, tmp_path: Path) -> None:
    other = Server(tmp_path, server.port)
    try:
        while server.process.poll() is None and other.process.poll() is None:
            time.sleep(0.05)
        refused, serving = (server, other) if server.process.poll() is not None else (other, server)
        _refused(refused)
        serving.wait_until_ready()
    finally:
        other.stop()


def test_a_port_that_another_program_shares_is_taken_too(tmp_path: Path) -> None:
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        _refused(Server(tmp_path, listening.getsockname()[1]))
