"""The commands of a page's console blocks, run by bash as they are printed, and their answers compared."""

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.waiting import PATIENCE_SECONDS

MARK = "@@ {} @@"
Step = tuple[str, str]


def steps(page: str) -> list[Step]:
    """Each command of the page's console blocks with the answer that is printed below it."""
    found: list[Step] = []
    for block in re.findall(r"```console\n(.*?)```", page, re.DOTALL):
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            lines = step.splitlines()
            end = next(number for number in range(1, len(lines) + 1) if is_whole("\n".join(lines[:number])))
            found.append(("\n".join(lines[:end]), "\n".join(lines[end:])))
    return found


def is_whole(command: str) -> bool:
    """Whether bash takes it for a whole command."""
    checked = subprocess.run(["bash", "-n"], input=command, text=True, capture_output=True, check=False)
    return checked.returncode == 0 and not checked.stderr and not command.endswith("\\")


def walk(walked: Sequence[Step], folder: Path, environment: Mapping[str, str]) -> None:
    """Runs all commands in one shell, and asserts that each prints what stands below it; `…` is anything."""
    script = "set -euo pipefail\n"
    for number, (command, _) in enumerate(walked):
        script += f"echo; echo '{MARK.format(number)}'\n{command}\n"
    run = subprocess.run(
        ["bash"],
        input=script,
        text=True,
        capture_output=True,
        check=False,
        cwd=folder,
        env={**os.environ, **environment},
        timeout=PATIENCE_SECONDS,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    for number, (command, printed) in enumerate(walked):
        answer = run.stdout.split(MARK.format(number))[1].split(MARK.format(number + 1))[0].strip()
        pattern = re.escape(printed).replace("…", ".*")
        assert re.fullmatch(pattern, answer, re.DOTALL), f"{command}\n{answer}"
