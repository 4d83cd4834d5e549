"""kill -9 of `flask catalogue apply --release` at moments spread over its whole run.

`LIMBER_KILLS` says how many for each store: 4 in the normal run, 60 in the full size (`make test-faults`). With
`-rP` pytest shows what each kill met.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from app.config import ROOT
from app.db import Database
from tests.faults import seeds
from tests.faults.store_state import State, is_writing, read_state

KILLS = int(os.environ.get("LIMBER_KILLS", "4"))
FULL_SIZE = 20
"""From so many kills on, some must have met the transaction; fewer are left to chance."""


class Runner:
    """Brings one store to one of two seed folders, in a process of its own."""

    def __init__(self, store_url: str, folder: Path) -> None:
        self.folders = {name: seeds.write(folder, name) for name in ("a", "b")}
        self.environment = {**os.environ, "DATABASE_URL": store_url, "PUBLIC_ORIGIN": "https://limber.example"}

    def start(self, name: str) -> subprocess.Popen[str]:
        """The command, begun."""
        command = [sys.executable, "-m", "flask", "--app", "app", "catalogue", "apply", str(self.folders[name])]
        return subprocess.Popen(
            [*command, "--prune", "--release", f"To {name}"],
            cwd=ROOT,
            env=self.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def finish(self, name: str) -> float:
        """The command, run to its end; answers how many seconds it took."""
        began = time.monotonic()
        with self.start(name) as process:
            output, _ = process.communicate()
        assert process.returncode == 0, output
        return time.monotonic() - began

    def kill_at(self, name: str, moment: float, database: Database, store_url: str) -> str:
        """Kills the command so many seconds after its start; answers what it was doing."""
        with self.start(name) as process:
            try:
                process.wait(moment)
                return "ended before"
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGSTOP)
                doing = "writing" if is_writing(database, store_url) else "not writing"
            finally:
                process.kill()
                process.communicate()
        return doing


@pytest.fixture
def runner(store_url: str, tmp_path: Path) -> Runner:
    return Runner(store_url, tmp_path)


class TestKilledApply:
    def test_the_catalogue_is_wholly_before_or_wholly_after_and_running_again_converges(
        self, runner: Runner, database: Database, store_url: str
    ) -> None:
        states: dict[str, State] = {}
        for name in ("a", "b", "a"):
            whole = runner.finish(name)
            states[name] = read_state(database)
        assert not states["a"].documents & states["b"].documents

        met: Counter[tuple[str, str]] = Counter()
        present, other = "a", "b"
        for number in range(KILLS):
            moment = whole * (number + random.random()) / KILLS  # noqa: S311  # moments, not secrets
            doing = runner.kill_at(other, moment, database, store_url)
            found = read_state(database)
            assert found in (states[present], states[other]), f"killed after {moment:.2f} s, {doing}"
            met[doing, "before" if found == states[present] else "after"] += 1

            whole = runner.finish(other)
            assert read_state(database) == states[other]
            present, other = other, present
        print(f"{KILLS} kills over runs of about {whole:.1f} s: {dict(met)}")  # -rP shows it
        if KILLS >= FULL_SIZE:
            assert met["writing", "before"] >= KILLS / 10
