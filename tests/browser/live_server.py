"""A real server of a seeded catalogue, in a process of its own, for what speaks HTTP or drives a browser."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

from app.config import ROOT
from tests.waiting import PATIENCE_SECONDS, PATIENT, wait_for


def free_port() -> int:
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The origin of a server whose database stands in `folder`."""
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    environment = os.environ | environment_of(folder, port)
    command = [sys.executable, "-m", "flask", "--app", "app", "serve"]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            wait_for(lambda: is_ready(origin, process), "The server is not ready.")
            yield origin
        finally:
            process.terminate()
            _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    try:
        process.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def environment_of(folder: Path, port: int) -> dict[str, str]:
    return {
        "DATABASE_URL": f"sqlite:///{folder / 'live.db'}",
        "PORT": str(port),
        "PUBLIC_ORIGIN": f"http://127.0.0.1:{port}",
        **PATIENT,
    }


def is_ready(origin: str, process: "subprocess.Popen[bytes]") -> bool:
    """Whether a server takes requests."""
    assert process.poll() is None, "The server ended."
    with suppress(OSError), urlopen(f"{origin}/readyz", timeout=PATIENCE_SECONDS):
        return True
    return False
