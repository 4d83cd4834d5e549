"""The reference clients as programs: killed at random moments while the catalogue changes, they resume and converge.

`LIMBER_KILLS` sets the number of kills; `make test-sync` has 100 of them for each client.
"""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.config import ROOT, Settings
from app.kinds import CATALOGUE
from app.sync.feed import Feed
from tests.sync.serving import Served, served
from tests.sync.world import World, exercise, held, limber_sync, routine, term

KILLS = int(os.environ.get("LIMBER_KILLS", "8"))
TYPESCRIPT = ROOT / "clients" / "typescript"


def sixty(world: World) -> None:
    """Sixty exercises, and a routine of two."""
    world.put("term", term("back"))
    for number in range(60):
        world.put("exercise", exercise(f"e-{number}", "back"))
    world.put("routine", routine("r", "e-1", "e-2"))
    world.release()


@pytest.fixture
def filled(sqlite_world: World, tmp_path: Path) -> World:
    sqlite_world.begin(tmp_path, sixty)
    return sqlite_world


@pytest.fixture
def service(filled: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """The world, served where its answers say that they come from."""
    with served(filled) as found:
        old: Settings = filled.app.extensions["limber_settings"]
        given = Settings(old.database_url, found.origin, snapshot_folder=old.snapshot_folder)
        monkeypatch.setitem(filled.app.extensions, "limber_settings", given)
        feed = Feed([each.kind for each in CATALOGUE], found.origin)
        monkeypatch.setitem(filled.app.extensions, "limber_sync", feed)
        yield found


@dataclass(frozen=True)
class Program:
    """A client as a program: its command, and how what it keeps in a file is read."""

    command: Callable[[str, Path], list[str]]
    held: Callable[[Path], dict[Any, str]]
    resets: Callable[[Path], int]

    def begin(self, address: str, path: Path) -> subprocess.Popen[str]:
        """Runs it, five items a page."""
        return subprocess.Popen(
            [*self.command(address, path), "5"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def run(self, address: str, path: Path) -> str:
        """What it says in the end."""
        return subprocess.run([*self.command(address, path), "5"], check=True, capture_output=True, text=True).stdout


def python_command(address: str, path: Path) -> list[str]:
    return [sys.executable, str(ROOT / "clients" / "python" / "limber_sync.py"), address, str(path)]


def python_held(path: Path) -> dict[Any, str]:
    replica = limber_sync.Replica(str(path), "http://127.0.0.1")
    try:
        return held(replica)
    finally:
        replica.close()


def python_resets(path: Path) -> int:
    with closing(sqlite3.connect(path)) as database:
        tables = database.execute("SELECT count(*) FROM sqlite_master WHERE name = 'sync'").fetchone()[0]
        row = database.execute("SELECT generation FROM sync").fetchone() if tables else None
    return int(row[0]) if row else 0


def typescript_command(address: str, path: Path) -> list[str]:
    return ["node", str(TYPESCRIPT / "dist" / "sync-to-file.js"), address, str(path)]


def typescript_held(path: Path) -> dict[Any, str]:
    documents = json.loads(path.read_text())["documents"].values()
    return {(each["kind"], each["slug"]): limber_sync.compact_json(each) for each in documents}


def typescript_resets(path: Path) -> int:
    return int(json.loads(path.read_text())["state"]["generation"]) if path.exists() else 0


CLIENTS = [
    pytest.param(Program(python_command, python_held, python_resets), id="python"),
    pytest.param(
        Program(typescript_command, typescript_held, typescript_resets),
        id="typescript",
        marks=[
            pytest.mark.registry,
            pytest.mark.skipif(
                not shutil.which("node") or not (TYPESCRIPT / "dist" / "sync-to-file.js").exists(),
                reason="`make test-clients` builds it",
            ),
        ],
    ),
]


def truth(world: World, service: Served) -> dict[Any, str]:
    return {key: body.replace("https://limber.example", service.origin) for key, body in world.published().items()}


@pytest.mark.parametrize("client", CLIENTS)
def test_killed_at_random_moments_it_resumes_and_converges(
    filled: World, service: Served, tmp_path: Path, client: Program
) -> None:
    chance = random.Random(7)  # noqa: S311  # moments, not secrets
    copy = tmp_path / "copy"
    killed = finished = 0
    while killed < KILLS:
        if killed_at_work(client, service, copy, chance):
            killed += 1
        else:
            finished += 1
            assert client.held(copy) == truth(filled, service)
        # Only a token that is gone makes a client begin anew: no kill leaves it with half a page.
        assert client.resets(copy) <= service.statuses.count(410)
        for _ in range(6):
            filled.put("exercise", exercise(f"e-{chance.randrange(80)}", "back", note=str(killed)))
        filled.drop("exercise", f"e-{chance.randrange(80)}")
        filled.release()
        if killed % 7 == 6:
            filled.prune()
        if killed % 11 == 10:
            for path in tmp_path.glob("copy*"):
                path.unlink()
            service.statuses.clear()
    client.run(service.origin, copy)
    assert client.held(copy) == truth(filled, service)
    print(f"{killed} kills, {finished} syncs finished before theirs")


def killed_at_work(client: Program, service: Served, copy: Path, chance: random.Random) -> bool:
    """Runs the client and kills it some milliseconds after it began, or after one of its answers. False: it had ended.

    Its first page is one of twelve, or of two or three where it holds a catalogue already.
    """
    seen = len(service.statuses) + chance.choice((0, 1, 2, 3, 5, 8, 13))
    running = client.begin(service.origin, copy)
    while len(service.statuses) < seen and running.poll() is None:
        time.sleep(0.001)
    time.sleep(chance.uniform(0, 0.02))
    running.kill()
    _, said = running.communicate()
    assert running.returncode in (0, -signal.SIGKILL), said
    return running.returncode != 0


@pytest.mark.parametrize("client", CLIENTS)
def test_a_pruned_token_is_answered_by_one_fresh_enumeration(
    filled: World, service: Served, tmp_path: Path, client: Program
) -> None:
    copy = tmp_path / "copy"
    client.run(service.origin, copy)
    filled.drop("exercise", "e-9")
    filled.release()
    filled.prune()
    assert "fetched anew" in client.run(service.origin, copy)
    assert client.held(copy) == truth(filled, service)
    assert "fetched anew" not in client.run(service.origin, copy)


@pytest.mark.parametrize("client", CLIENTS)
def test_what_was_renamed_is_held_once_by_the_same_id(
    filled: World, service: Served, tmp_path: Path, client: Program
) -> None:
    copy = tmp_path / "copy"
    client.run(service.origin, copy)
    before = {json.loads(body)["id"] for body in client.held(copy).values()}
    for old, new in (("e-9", "a"), ("a", "z")):
        draft = filled.drafts.pop(("exercise", old))
        filled.put("exercise", draft | {"slug": new, "former_slugs": [*draft.get("former_slugs", ()), old]})
        filled.release()
    assert "fetched anew" not in client.run(service.origin, copy)
    assert client.held(copy) == truth(filled, service)
    assert {json.loads(body)["id"] for body in client.held(copy).values()} == before


@pytest.mark.parametrize("client", CLIENTS)
def test_a_refused_token_is_answered_by_one_fresh_enumeration(
    filled: World, service: Served, tmp_path: Path, client: Program
) -> None:
    copy = tmp_path / "copy"
    client.run(service.origin, copy)
    refused = ("400 Bad Request", {"Content-Length": "0"}, b"")
    service.instead = [refused]
    assert "fetched anew" in client.run(service.origin, copy)
    assert client.held(copy) == truth(filled, service)
    service.instead = [refused, refused]
    with pytest.raises(subprocess.CalledProcessError):
        client.run(service.origin, copy)


@pytest.mark.parametrize("client", CLIENTS)
def test_a_cut_answer_and_a_busy_service_are_asked_again(
    filled: World, service: Served, tmp_path: Path, client: Program
) -> None:
    service.instead = [
        ("200 OK", {"Content-Length": "1000", "Content-Type": "application/json"}, b'{"revision":1,'),
        ("503 Service Unavailable", {"Retry-After": "2", "Content-Length": "0"}, b""),
    ]
    client.run(service.origin, tmp_path / "copy")
    _, refused, again, *_ = service.begun
    assert again - refused >= 2, "The answer named so many seconds."
    assert client.held(tmp_path / "copy") == truth(filled, service)


@pytest.mark.parametrize("client", CLIENTS)
def test_a_sign_in_page_is_an_error_and_changes_nothing(
    filled: World, service: Served, tmp_path: Path, client: Program
) -> None:
    copy = tmp_path / "copy"
    client.run(service.origin, copy)
    before = truth(filled, service)
    filled.drop("exercise", "e-9")
    filled.release()
    for portal in (b"<!doctype html><title>Sign in</title>", b"null"):
        service.instead = [("200 OK", {"Content-Type": "text/html", "Content-Length": str(len(portal))}, portal)]
        with pytest.raises(subprocess.CalledProcessError) as raised:
            client.run(service.origin, copy)
        assert "This is no page of the feed" in raised.value.stderr
        assert client.held(copy) == before
    client.run(service.origin, copy)
    assert client.held(copy) == truth(filled, service)


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

    def test_a_copy_that_is_opened_for_another_language_or_other_kinds_is_fetched_anew(
        self, filled: World, tmp_path: Path
    ) -> None:
        filled.replica(tmp_path / "r.db").sync()
        for options, kinds in (
            ({"language": "es"}, ()),
            ({"language": "en", "kinds": ("term", "routine")}, ("term", "routine")),
        ):
            replica = filled.replica(tmp_path / "r.db", **options)
            assert replica.sync().reset
            assert {each["language"] for each in replica.documents()} == {options["language"]}
            assert not kinds or held(replica) == filled.published(kinds)
            assert not replica.sync().reset
            replica.close()

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
