"""kill -9 of `flask catalogue apply --release` at moments spread over its whole run.

`LIMBER_KILLS` says how many for each store: 4 in the normal run, 60 in the full size (`make test-faults`). With
`-rP` pytest shows what each kill met.
"""

import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from flask.cli import FlaskGroup

from app import create_app
from app.store.database import Database
from tests.faults import seeds
from tests.faults.store_state import State, is_writing, read_state

KILLS = int(os.environ.get("LIMBER_KILLS", "4"))
FULL_SIZE = 20
"""From so many kills on, some must have met the transaction; fewer are left to chance."""


PROCESSES = multiprocessing.get_context("forkserver")
"""Processes begin as copies of one that imported the application: a kill meets the command, not its imports."""


def apply(folder: str, note: str, environment: dict[str, str], output: str) -> None:
    """What `flask --app app catalogue apply` runs, as the whole of a process."""
    os.environ.update(environment)
    with Path(output).open("w", encoding="utf-8") as written:
        os.dup2(written.fileno(), 1)
        os.dup2(written.fileno(), 2)
    cli = FlaskGroup(create_app=create_app, add_version_option=False)
    cli.main(["catalogue", "apply", folder, "--prune", "--release", note], prog_name="flask")


class Runner:
    """Brings one store to one of two seed folders, in a process of its own."""

    def __init__(self, store_url: str, folder: Path) -> None:
        self.folders = {name: seeds.write(folder, name) for name in ("a", "b")}
        self.environment = {"DATABASE_URL": store_url, "PUBLIC_ORIGIN": "https://limber.example"}
        self.output = folder / "output"
        PROCESSES.set_forkserver_preload(["tests.faults.test_kills"])

    def start(self, name: str) -> BaseProcess:
        """The command, begun."""
        given = (str(self.folders[name]), f"To {name}", self.environment, str(self.output))
        process = PROCESSES.Process(target=apply, args=given)
        process.start()
        return process

    def finish(self, name: str) -> float:
        """The command, run to its end; answers how many seconds it took."""
        began = time.monotonic()
        process = self.start(name)
        process.join()
        assert process.exitcode == 0, self.output.read_text()
        return time.monotonic() - began

    def kill_at(self, name: str, moment: float, database: Database, store_url: str) -> str:
        """Kills the command so many seconds after its start; answers what it was doing."""
        process = self.start(name)
        process.join(moment)
        if process.exitcode is not None:
            return "ended before"
        assert process.pid
        os.kill(process.pid, signal.SIGSTOP)
        doing = "writing" if is_writing(database, store_url) else "not writing"
        process.kill()
        process.join()
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
