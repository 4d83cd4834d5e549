"""The reference clients as programs: killed at random moments while the catalogue changes, they resume and converge.

`LIMBER_KILLS` sets the number of kills; `make test-sync` has 100 of them for each client.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.config import ROOT, Settings
from app.kinds import CATALOGUE
from app.sync.feed import Feed
from tests.sync.serving import served
from tests.sync.world import World, exercise, held, limber_sync, opened, routine, term

KILLS = int(os.environ.get("LIMBER_KILLS", "8"))
TYPESCRIPT = ROOT / "clients" / "typescript"
Held = Callable[[Path], dict[Any, str]]


@pytest.fixture
def filled(make_sqlite: Callable[[], str], tmp_path: Path) -> Iterator[World]:
    with opened(make_sqlite(), tmp_path) as world:
        world.put("term", term("back"))
        for number in range(60):
            world.put("exercise", exercise(f"e-{number}", "back"))
        world.put("routine", routine("r", "e-1", "e-2"))
        world.release()
        yield world


@pytest.fixture
def address(filled: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where the world is served, which is also the origin that its answers name."""
    with served(filled) as found:
        old: Settings = filled.app.extensions["limber_settings"]
        monkeypatch.setitem(
            filled.app.extensions,
            "limber_settings",
            Settings(old.database_url, found, snapshot_folder=old.snapshot_folder),
        )
        monkeypatch.setitem(filled.app.extensions, "limber_sync", Feed([each.kind for each in CATALOGUE], found))
        yield found


def python_client(address: str, path: Path) -> list[str]:
    return [sys.executable, str(ROOT / "clients" / "python" / "limber_sync.py"), address, str(path), "5"]


def python_held(path: Path) -> dict[Any, str]:
    replica = limber_sync.Replica(str(path), "http://127.0.0.1")
    try:
        return held(replica)
    finally:
        replica.close()


def typescript_client(address: str, path: Path) -> list[str]:
    return ["node", str(TYPESCRIPT / "dist" / "sync-to-file.js"), address, str(path), "5"]


def typescript_held(path: Path) -> dict[Any, str]:
    documents = json.loads(path.read_text())["documents"].values()
    return {(each["kind"], each["slug"]): limber_sync.compact_json(each) for each in documents}


CLIENTS = [
    pytest.param(python_client, python_held, id="python"),
    pytest.param(
        typescript_client,
        typescript_held,
        id="typescript",
        marks=pytest.mark.skipif(
            not shutil.which("node") or not (TYPESCRIPT / "dist" / "sync-to-file.js").exists(),
            reason="needs Node and `npm ci && npm run build` in clients/typescript",
        ),
    ),
]


def truth(world: World, address: str) -> dict[Any, str]:
    return {key: body.replace("https://limber.example", address) for key, body in world.published().items()}


@pytest.mark.parametrize(("command", "read"), CLIENTS)
def test_killed_at_random_moments_it_resumes_and_converges(
    filled: World, address: str, tmp_path: Path, command: Callable[[str, Path], list[str]], read: Held
) -> None:
    chance = random.Random(7)  # noqa: S311  # moments, not secrets
    copy = tmp_path / "copy"
    whole = duration(command(address, tmp_path / "timed"))
    killed = 0
    for number in range(KILLS):
        client = subprocess.Popen(command(address, copy), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        time.sleep(chance.uniform(0, whole))
        killed += client.poll() is None
        client.kill()
        client.communicate()
        filled.put("exercise", exercise(f"e-{chance.randrange(80)}", "back", note=str(number)))
        filled.drop("exercise", f"e-{chance.randrange(80)}")
        filled.release()
        if number % 7 == 6:
            filled.prune()
        if number % 11 == 10:
            copy.unlink(missing_ok=True)
    subprocess.run(command(address, copy), check=True, stdout=subprocess.DEVNULL)
    assert read(copy) == truth(filled, address)
    assert killed > KILLS // 4, "Too few of the kills came while the client was at work."


def duration(command: list[str]) -> float:
    """Seconds that the whole command takes."""
    began = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


@pytest.mark.parametrize(("command", "read"), CLIENTS)
def test_a_pruned_token_is_answered_by_one_fresh_enumeration(
    filled: World, address: str, tmp_path: Path, command: Callable[[str, Path], list[str]], read: Held
) -> None:
    copy = tmp_path / "copy"
    subprocess.run(command(address, copy), check=True, capture_output=True)
    filled.drop("exercise", "e-9")
    filled.release()
    filled.prune()
    said = subprocess.run(command(address, copy), check=True, capture_output=True, text=True).stdout
    assert "fetched anew" in said
    assert read(copy) == truth(filled, address)
    said = subprocess.run(command(address, copy), check=True, capture_output=True, text=True).stdout
    assert "fetched anew" not in said


class TestPythonClient:
    def test_what_goes_on_where_it_was_cut_off_ends_at_the_newest_revision(self, filled: World, tmp_path: Path) -> None:
        answers = [3]

        def fetch(address: str) -> Any:
            if not answers[0]:
                raise KeyboardInterrupt
            answers[0] -= 1
            return filled.fetch(address)

        replica = filled.replica(tmp_path / "r.db", fetch, limit=5)
        with pytest.raises(KeyboardInterrupt):
            replica.sync()
        filled.put("exercise", exercise("new"))
        filled.release()
        answers[0] = 100
        assert replica.sync().revision == 2
        assert held(replica) == filled.published()

    def test_gives_up_after_a_second_410(self, tmp_path: Path) -> None:
        answers: list[str] = []

        def gone(address: str) -> Any:
            answers.append(address)
            return limber_sync.Answer(410, "/v1/sync?lang=en", b"{}")

        replica = limber_sync.Replica(str(tmp_path / "r.db"), "http://host", fetch=gone)
        with pytest.raises(limber_sync.SyncError):
            replica.sync()
        assert answers == ["http://host/v1/sync", "http://host/v1/sync?lang=en"]

    def test_tries_again_where_there_is_no_answer(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limber_sync.time, "sleep", lambda _seconds: None)
        page = {"revision": 0, "items": [], "token": "t", "digest": "0" * 64}
        script: list[Any] = [
            OSError("reset"),
            limber_sync.Answer(503, None, b""),
            limber_sync.Answer(200, None, json.dumps(page).encode()),
        ]

        def fetch(_address: str) -> Any:
            step = script.pop(0)
            if isinstance(step, OSError):
                raise step
            return step

        assert limber_sync.Replica(str(tmp_path / "r.db"), "http://host", fetch=fetch).sync().revision == 0
        assert script == []

    def test_a_digest_that_is_wrong_for_ever_is_an_error_and_no_endless_loop(self, tmp_path: Path) -> None:
        page = {"revision": 1, "items": [], "token": "t", "digest": "1" * 64}
        calls: list[str] = []

        def fetch(address: str) -> Any:
            calls.append(address)
            return limber_sync.Answer(200, None, json.dumps(page).encode())

        with pytest.raises(limber_sync.DigestMismatch):
            limber_sync.Replica(str(tmp_path / "r.db"), "http://host", fetch=fetch).sync()
        assert len(calls) == 2
