"""What nginx keeps is gone soon after a release, where `flask releases purge --follow` runs beside it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.config import ROOT, Settings
from app.store.database import Database
from tests.content.editing import Editor
from tests.deploy.http_client import ask
from tests.deploy.services import Process, nginx
from tests.stores import MakeStore
from tests.waiting import PATIENCE_SECONDS, wait_for

PATH = "/v1/exercises/chin-tuck"


@pytest.fixture
def process(make_seeded_sqlite: MakeStore) -> Iterator[Process]:
    # Without a purge, an answer would be kept for a day.
    started = Process(make_seeded_sqlite(), {"DELIVERY_MAX_AGE_SECONDS": "86400", "REVISION_CHECK_SECONDS": "0.2"})
    try:
        yield started.wait()
    finally:
        started.close()


def publish(process: Process, name: str) -> None:
    database = Database(Settings(process.environment["DATABASE_URL"], "http://127.0.0.1"))
    editor = Editor(database)
    editor.publish(exercises=[{**editor.draft("exercise", "chin-tuck"), "name": name}])
    database.dispose()


def test_a_release_empties_the_cache(process: Process, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "flask", "--app", "app", "releases", "purge", str(tmp_path / "cache"), "--follow"]
    with nginx([process.port, process.port], tmp_path) as port:
        for _ in range(2):
            kept = ask(port, PATH)
        assert "nginx; hit" in kept.headers.get_all("Cache-Status", [])[-1]
        with subprocess.Popen(
            command, cwd=ROOT, env=process.environment, stdout=subprocess.PIPE, text=True
        ) as following:
            assert following.stdout
            assert following.stdout.readline().startswith("Revision 1: ")
            assert ask(port, PATH).body == kept.body
            for name in ("Renamed once", "Renamed twice"):
                publish(process, name)
                wait_for(lambda name=name: name.encode() in ask(port, PATH).body)  # type: ignore[misc]  # mypy knows no defaults
            following.terminate()
            assert following.wait(PATIENCE_SECONDS) == 0
            assert "Revision 3: " in following.stdout.read()
