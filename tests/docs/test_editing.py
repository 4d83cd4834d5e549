"""The walk-through of docs/editing.md, run as it is printed: bash, curl and a server of its own."""

import os
import re
import socket
import subprocess
from collections.abc import Iterator

import pytest

from app.config import ROOT
from tests.browser.live_server import is_ready
from tests.waiting import PATIENCE_SECONDS, wait_for

PAGE = (ROOT / "docs" / "editing.md").read_text(encoding="utf-8")
MARK = "@@ {} @@"


def steps() -> list[tuple[str, str]]:
    """Each command of the page's console blocks with the answer that is printed below it."""
    found: list[tuple[str, str]] = []
    for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL):
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            lines = step.splitlines()
            end = next(number for number in range(1, len(lines) + 1) if _is_whole("\n".join(lines[:number])))
            found.append(("\n".join(lines[:end]), "\n".join(lines[end:])))
    return found


def _is_whole(command: str) -> bool:
    checked = subprocess.run(["bash", "-n"], input=command, text=True, capture_output=True, check=False)
    return checked.returncode == 0 and not checked.stderr and not command.endswith("\\")


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
        script = "set -euo pipefail\n"
        for number, (command, _) in enumerate(steps()):
            script += f"echo; echo '{MARK.format(number)}'\n{command}\n".replace(
                "127.0.0.1:8000", f"127.0.0.1:{server}"
            )
        environment = {**os.environ, "DATABASE_URL": store_url}
        run = subprocess.run(
            ["bash"],
            input=script,
            text=True,
            capture_output=True,
            check=False,
            cwd=ROOT,
            env=environment,
            timeout=PATIENCE_SECONDS,
        )
        assert run.returncode == 0, run.stderr
        for number, (command, printed) in enumerate(steps()):
            answer = run.stdout.split(MARK.format(number))[1].split(MARK.format(number + 1))[0].strip()
            pattern = re.escape(printed).replace("…", ".*")
            assert re.fullmatch(pattern, answer, re.DOTALL), f"{command}\n{answer}"

    def test_it_is_a_walk_from_a_key_to_a_rolled_back_release_with_curl_alone(self) -> None:
        commands = [command for command, _ in steps()]
        assert {re.split(r"[ =]", each)[0] for each in commands} == {"KEY", "API", "ETAG", "curl"}
        assert any("/admin/rollbacks" in each for each in commands)


class TestReference:
    def test_every_scope_stands_in_the_table(self) -> None:
        from app.access.keys import SCOPES

        assert set(re.findall(r"^\| `([a-z:]+)` \|", PAGE, re.MULTILINE)) == set(SCOPES)
