"""The package as `deploy/Dockerfile` builds and runs it: its commands, in a clean folder that stands for the image."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from app.config import ROOT, VERSION
from tests.browser.live_server import free_port, is_ready
from tests.waiting import PATIENCE_SECONDS, wait_for

DOCKERFILE = re.sub(r"^#.*\n", "", (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
STAGES = re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[1:]
CLEAN = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}


def instructions(stage: str, *names: str) -> list[tuple[str, str]]:
    return re.findall(rf"^({'|'.join(names)}) (.+)$", stage, re.MULTILINE)


def allowed_by_dockerignore() -> set[str]:
    """What a build sees of the repository: all is left out but for these."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in lines
    return {line.removeprefix("!") for line in lines if line.startswith("!")}


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that stands for the image's root, after the build's COPY and RUN.

    What installs packages of others from the registry is left out: those of the tests' own environment stand for them.
    """
    root = tmp_path_factory.mktemp("image")
    build = root / "build"
    (build / "tools").mkdir(parents=True)
    (build / "tools" / "bin").symlink_to(Path(sys.executable).parent)
    for name, rest in instructions(STAGES[0], "COPY", "RUN"):
        if name == "COPY":
            *sources, target = rest.split()
            for source in sources:
                assert source in allowed_by_dockerignore()
                path = ROOT / source
                ignored = shutil.ignore_patterns("__pycache__")
                if path.is_dir():
                    shutil.copytree(path, build / target, ignore=ignored)
                else:
                    shutil.copy(path, build / target)
        elif "-r requirements" in rest:
            assert "--require-hashes" in rest
        else:
            installed = f"--python {sys.executable} --target {root}/opt/limber"
            done = run(CLEAN, build, "sh", "-ec", rest.replace("--python /opt/limber/bin/python", installed))
            assert done.returncode == 0, done.stderr
    return root


@pytest.fixture
def environment(image: Path) -> dict[str, str]:
    """What a command in the image has: the package on Python's path, and the paths of the image."""
    return {
        **CLEAN,
        "PATH": f"{image}/opt/limber/bin:{Path(sys.executable).parent}:{CLEAN['PATH']}",
        "PYTHONPATH": f"{image}/opt/limber",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def run(environment: dict[str, str], folder: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


class TestDockerfile:
    def test_the_base_is_an_argument_that_may_be_a_digest(self) -> None:
        assert re.search(r"^ARG BASE=python:3\.1[1-3]-slim\n", DOCKERFILE, re.MULTILINE)
        assert [stage.split()[0] for stage in STAGES] == ["${BASE}", "${BASE}"]

    def test_it_runs_as_nobody_in_particular(self) -> None:
        users = [rest for _, rest in instructions(STAGES[-1], "USER")]
        assert users == ["10001"]
        assert STAGES[-1].index("USER") < STAGES[-1].index('CMD ["limber')

    def test_it_copies_what_there_is(self) -> None:
        copied = {source for _, rest in instructions(STAGES[0], "COPY") for source in rest.split()[:-1]}
        assert copied == allowed_by_dockerignore()
        assert all((ROOT / each).exists() for each in copied)

    def test_its_command_serves(self, environment: dict[str, str], tmp_path: Path, image: Path) -> None:
        [command] = [json.loads(rest) for _, rest in instructions(STAGES[-1], "CMD")]
        [check] = re.findall(r"HEALTHCHECK .* CMD (.+)", STAGES[-1])
        port = free_port()
        settings = {**environment, "PORT": str(port), "HOST": "127.0.0.1"}
        before = sorted(path for path in image.rglob("*"))
        with subprocess.Popen(command, cwd=tmp_path, env=settings, stdout=subprocess.DEVNULL) as server:
            try:
                origin = f"http://127.0.0.1:{port}"
                wait_for(lambda: is_ready(origin, server))
                healthy = [part.replace("8000", str(port)) for part in json.loads(check)]
                assert run(settings, tmp_path, *healthy).returncode == 0
                for path in ("/v1/exercises/chin-tuck", "/v1/snapshot.sqlite", "/", "/docs", "/openapi.json", "/embed"):
                    with urlopen(origin + path, timeout=PATIENCE_SECONDS) as answer:
                        assert answer.status == 200
                with urlopen(f"{origin}/version", timeout=PATIENCE_SECONDS) as answer:
                    assert json.load(answer) == {"version": VERSION}
            finally:
                server.terminate()
        # The image is not written to: what is kept is below the folder where the command runs.
        assert sorted(path for path in image.rglob("*")) == before
        assert (tmp_path / "var" / "limber.db").exists()


class TestCommand:
    def test_every_group_is_there(self, environment: dict[str, str], tmp_path: Path) -> None:
        listed = run(environment, tmp_path, "limber", "--help").stdout
        for group in ("serve", "catalogue", "database", "keys", "releases", "audit", "partners", "webhooks"):
            assert re.search(rf"^  {group} ", listed, re.MULTILINE)
        assert run(environment, tmp_path, "limber", "--version").stdout == f"limber, version {VERSION}\n"

    def test_a_store_is_made_filled_and_copied(self, environment: dict[str, str], tmp_path: Path, image: Path) -> None:
        seed = image / "opt" / "limber" / "app" / "packaged" / "seed_data"
        for command in (
            "database upgrade",
            f"catalogue apply {seed} --release First",
            "releases list",
            "database check",
            "database backup copy.backup",
        ):
            done = run(environment, tmp_path, "limber", *command.split())
            assert (done.returncode, done.stderr) == (0, ""), command
        assert {path.name for path in tmp_path.iterdir()} == {"var", "copy.backup"}

    def test_messages_name_the_commands_that_are_there(self, environment: dict[str, str], tmp_path: Path) -> None:
        done = run(environment, tmp_path, "limber", "keys", "list")
        assert done.stderr.endswith(": run `limber database upgrade` or `limber serve` first.\n")

    def test_another_app_in_the_folder_is_not_imported(self, environment: dict[str, str], tmp_path: Path) -> None:
        (tmp_path / "app").mkdir()
        (tmp_path / "app" / "__init__.py").write_text("raise SystemExit('the wrong one')")
        done = run(environment, tmp_path, "limber", "--version")
        assert (done.returncode, done.stderr) == (0, "")

    def test_a_setting_that_is_not_allowed_is_one_line(self, environment: dict[str, str], tmp_path: Path) -> None:
        done = run({**environment, "PORT": "many"}, tmp_path, "limber", "serve")
        assert (done.returncode, done.stderr) == (
            1,
            'Error: Environment variable "PORT" invalid: Not a valid integer.\n',
        )
