"""The walk-through of docs/editing.md, run as it is printed: bash, curl and a server of its own."""

import os
import re
import socket
import subprocess
from collections.abc import Iterator

import pytest

from app.config import ROOT
from tests.browser.live_server import is_ready
from tests.docs.walking import steps, walk
from tests.waiting import wait_for

PAGE = (ROOT / "docs" / "editing.md").read_text(encoding="utf-8")


@pytest.fixture
def server(store_url: str) -> Iterator[int]:
    """A seeded server on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = {**os.environ, "DATABASE_URL": store_url, "PORT": str(port)}
    command = [str(ROOT / ".venv/bin/flask"), "--app", "app", "serve"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as run:
        try:
            wait_for(lambda: is_ready(f"http://127.0.0.1:{port}", run), "The server is not ready.")
            yield port
        finally:
            run.terminate()


class TestWalkThrough:
    def test_every_command_does_what_is_printed(self, server: int, store_url: str) -> None:
        here = [(command.replace("127.0.0.1:8000", f"127.0.0.1:{server}"), printed) for command, printed in steps(PAGE)]
        walk(here, ROOT, {"DATABASE_URL": store_url})

    def test_it_is_a_walk_from_a_key_to_a_rolled_back_release_with_curl_alone(self) -> None:
        commands = [command for command, _ in steps(PAGE)]
        assert {re.split(r"[ =]", each)[0] for each in commands} == {"KEY", "API", "ETAG", "curl"}
        assert any("/admin/rollbacks" in each for each in commands)


class TestReference:
    def test_every_scope_stands_in_the_table(self) -> None:
        from app.access.keys import SCOPES

        assert set(re.findall(r"^\| `([a-z:]+)` \|", PAGE, re.MULTILINE)) == set(SCOPES)
