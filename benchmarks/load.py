"""Load by wrk, from the other core than the server's; and the alternation that makes noisy machines comparable."""

import os
import re
import statistics
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

SERVER_CORE = 0
LOAD_CORE = max(os.sched_getaffinity(0))
"""Where there is one core alone both share it, and figures say little."""

UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}


@dataclass(frozen=True)
class Load:
    """What wrk saw: requests a second, and latencies in seconds."""

    rate: float
    median: float
    p99: float
    errors: int


def wrk(url: str, seconds: float, *, headers: Mapping[str, str] | None = None, connections: int = 32) -> Load:
    """Asks for one address as fast as it answers, over kept connections, by one thread."""
    given = [part for name, value in (headers or {}).items() for part in ("-H", f"{name}: {value}")]
    command = ["taskset", "-c", str(LOAD_CORE), "wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", "--latency"]
    output = subprocess.run([*command, *given, url], check=True, capture_output=True, text=True).stdout
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", output)
    errors = int(failed[1]) if failed else 0
    errors += sum(map(int, broken.groups())) if broken else 0
    return Load(_number(r"Requests/sec:\s+([\d.]+)", output), _time("50%", output), _time("99%", output), errors)


def _number(pattern: str, output: str) -> float:
    found = re.search(pattern, output)
    if not found:
        raise RuntimeError(f"wrk said nothing of the kind {pattern!r}:\n{output}")
    return float(found[1])


def _time(percentile: str, output: str) -> float:
    found = re.search(rf"{percentile}\s+([\d.]+)(us|ms|s|m)\b", output)
    if not found:
        raise RuntimeError(f"wrk gave no {percentile} latency:\n{output}")
    return float(found[1]) * UNITS[found[2]]


@dataclass(frozen=True)
class Ratio:
    """One thing measured over another, in as many rounds: the median, the least and the most of the rounds."""

    median: float
    least: float
    most: float
    ours: float
    theirs: float

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.least:.2f} to {self.most:.2f})"


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> Ratio:
    """Of two series that were measured alternately."""
    rounds = [one / other for one, other in zip(ours, theirs, strict=True)]
    return Ratio(
        statistics.median(rounds), min(rounds), max(rounds), statistics.median(ours), statistics.median(theirs)
    )


def alternate(rounds: int, *measures: Callable[[], float]) -> list[list[float]]:
    """What each measure gave, round by round, one after the other so that all meet the same noise.

    A round before them warms up and is not counted.
    """
    for measure in measures:
        measure()
    series: list[list[float]] = [[] for _ in measures]
    for _ in range(rounds):
        for measure, into in zip(measures, series, strict=True):
            into.append(measure())
    return series
