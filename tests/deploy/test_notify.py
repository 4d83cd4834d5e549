"""What `flask serve` tells systemd, on IPv4 and IPv6: that it is ready, once it is, and not before."""

import http.client
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.config import ROOT
from app.system.notifying import notify
from tests.browser.live_server import environment_of, free_port
from tests.waiting import PATIENCE_SECONDS


@contextmanager
def listening(address: str) -> Iterator[socket.socket]:
    """The socket that systemd would listen on."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as bound:
        bound.bind(address)
        bound.settimeout(PATIENCE_SECONDS)
        yield bound


def ready(host: str, port: int) -> int:
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE_SECONDS)
    connection.request("GET", "/readyz")
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.mark.parametrize(("host", "asked"), [("127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("::", "::1")])
def test_a_server_tells_once_it_is_ready(tmp_path: Path, host: str, asked: str) -> None:
    port = free_port()
    name = str(tmp_path / "notify")
    environment = {**os.environ, **environment_of(tmp_path, port), "HOST": host, "NOTIFY_SOCKET": name, "SEED": "none"}
    command = [sys.executable, "-m", "flask", "--app", "app", "serve"]
    with (
        listening(name) as systemd,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as run,
    ):
        try:
            assert systemd.recv(100) == b"READY=1"
            assert ready(asked, port) == 200
        finally:
            run.terminate()


def test_an_address_in_the_abstract_namespace() -> None:
    name = f"limber-test-{os.getpid()}"
    with listening(f"\0{name}") as systemd:
        notify(f"@{name}", "READY=1")
        assert systemd.recv(100) == b"READY=1"


def test_nobody_who_listens_is_no_error(tmp_path: Path) -> None:
    notify(str(tmp_path / "none"), "READY=1")
