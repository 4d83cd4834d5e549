"""kill -9 of the server at moments spread over an import with `release`, sent with an Idempotency-Key.

`LIMBER_KILLS` says how many for each store: 1 in the normal run, 60 in the full size (`make test-faults`). With `-rP`
pytest shows what each kill met.
"""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from app.access.key_store import create_key
from app.commands.serve import granian_arguments
from app.config import ROOT
from app.models.tables import audit_entry
from app.store.database import Database
from app.store.state import current_state
from tests.faults import seeds
from tests.faults.store_state import State, is_writing, read_state
from tests.settings import settings_for
from tests.waiting import PATIENCE_SECONDS, PATIENT, wait_for

KILLS = int(os.environ.get("LIMBER_KILLS", "1"))
FULL_SIZE = 20
"""From so many kills on, some must have met the transaction; fewer are left to chance."""


@dataclass
class Server:
    """granian on one store, started anew after each kill."""

    store_url: str
    key: str
    port: int
    run: subprocess.Popen[bytes] | None = None
    bodies: dict[str, bytes] = field(default_factory=dict)

    def start(self) -> None:
        settings = settings_for(self.store_url, port=self.port, database_pool_size=4)
        environment = {**os.environ, "DATABASE_URL": self.store_url, "WRITES_PER_MINUTE": "100000", **PATIENT}
        command = [sys.executable, "-m", "granian", *granian_arguments(settings)]
        self.run = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
        wait_for(self.is_alive, "the server does not start")

    def is_alive(self) -> bool:
        """Whether it answers."""
        with suppress(OSError, http.client.HTTPException), self.connect() as connection:
            connection.request("GET", "/livez")
            return connection.getresponse().status == 200
        return False

    def kill(self) -> None:
        """Ends the server and its workers where they stand."""
        assert self.run
        os.killpg(self.run.pid, signal.SIGKILL)
        self.run.wait()

    def stop_for(self, database: Database) -> str:
        """Stops every process, answers what they were doing, and kills them."""
        assert self.run
        os.killpg(self.run.pid, signal.SIGSTOP)
        doing = "writing" if is_writing(database, self.store_url) else "not writing"
        self.kill()
        return doing

    def send(self, name: str, once: str) -> tuple[int, bytes]:
        """An import that brings the store to one of two catalogues, and releases it."""
        headers = {
            "Authorization": f"Bearer {self.key}",
            "Content-Type": "application/json",
            "Idempotency-Key": once,
        }
        with self.connect() as connection:
            connection.request("POST", f"/v1/admin/imports?prune=true&release=To+{name}", self.bodies[name], headers)
            answer = connection.getresponse()
            return answer.status, answer.read()

    def connect(self) -> closing[http.client.HTTPConnection]:
        return closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS))


@pytest.fixture
def server(store_url: str, database: Database) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with database.transaction() as connection:
        scopes = ("content:write", "content:release")
        key = create_key(connection, name="Importer", scopes=scopes, now=datetime.now(UTC))
    found = Server(store_url, key.text, port)
    found.bodies = {name: json.dumps(seeds.bundle(name)).encode() for name in ("a", "b")}
    found.start()
    yield found
    if found.run and found.run.poll() is None:
        found.kill()


def audited(database: Database) -> int:
    with database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(audit_entry)).scalar_one())


def revision_of(database: Database) -> int:
    with database.reading() as connection:
        return current_state(connection).revision


class TestKilledImport:
    def test_it_is_wholly_before_or_wholly_after_and_the_same_key_again_applies_it_once(
        self, server: Server, database: Database
    ) -> None:
        states: dict[str, State] = {}
        whole = 0.0
        for number, name in enumerate(("a", "b", "a")):
            began = time.monotonic()
            assert server.send(name, f"first-{number}")[0] == 200
            whole = time.monotonic() - began
            states[name] = read_state(database)
        assert not states["a"].documents & states["b"].documents

        met: Counter[tuple[str, str]] = Counter()
        present, other = "a", "b"
        for number in range(KILLS):
            before, entries, once = revision_of(database), audited(database), f"kill-{number}"
            moment = whole * (number + random.random()) / KILLS  # noqa: S311  # moments, not secrets
            doing = self.kill_after(moment, server, other, once, database)
            found = read_state(database)
            assert found in (states[present], states[other]), f"killed after {moment:.2f} s, {doing}"
            met[doing, "before" if found == states[present] else "after"] += 1

            server.start()
            began = time.monotonic()
            status, answer = server.send(other, once)
            whole = max(whole * 0.5, time.monotonic() - began)
            assert status == 200, answer
            assert server.send(other, once) == (status, answer)
            assert read_state(database) == states[other]
            assert revision_of(database) == before + 1
            assert json.loads(answer)["revision"] == before + 1
            assert audited(database) == entries + 2, "an import and a release"
            present, other = other, present
        print(f"{KILLS} kills over imports of about {whole:.1f} s: {dict(met)}")  # -rP shows it
        if KILLS >= FULL_SIZE:
            assert met["writing", "before"] >= KILLS / 10

    @staticmethod
    def kill_after(moment: float, server: Server, name: str, once: str, database: Database) -> str:
        """Sends the import and kills the server so many seconds later; answers what it was doing."""

        def send() -> None:
            with suppress(OSError, http.client.HTTPException):
                server.send(name, once)

        sending: Any = threading.Thread(target=send)
        sending.start()
        time.sleep(moment)
        doing = server.stop_for(database)
        sending.join()
        return doing
