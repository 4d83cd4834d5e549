"""The order of a run: what waits begins at once, a share of it with every worker, and the rest fills the gaps."""

from collections.abc import Sequence
from pathlib import Path

import pytest

LANES = (
    ("faults/test_outages.py", "sync/test_clients.py"),
    ("deploy", "browser"),
    ("faults", "contract/test_fuzzing.py"),
)
"""Folders and files whose tests start servers and browsers, or wait. What shares them stands in one lane."""


def lane_of(path: str) -> int | None:
    """The number of the lane that a test file belongs to; None for the rest."""
    for number, prefixes in enumerate(LANES):
        if any(path == prefix or path.startswith(f"{prefix}/") for prefix in prefixes):
            return number
    return None


def in_lanes(items: Sequence[pytest.Item], workers: int, folder: Path) -> list[pytest.Item]:
    """The tests in the order in which they are given to so many workers.

    A worker gets one stretch of the list, and others take from its end when they have done theirs. So every stretch
    begins with lanes of its own.
    """
    lanes: list[list[pytest.Item]] = [[] for _ in LANES]
    rest: list[pytest.Item] = []
    for item in items:
        lane = lane_of(item.path.relative_to(folder).as_posix())
        (rest if lane is None else lanes[lane]).append(item)
    size = len(items) // workers + 1
    ordered: list[pytest.Item] = []
    for worker in range(workers):
        own = [item for lane in lanes[worker::workers] for item in lane]
        room = max(0, size - len(own)) if worker < workers - 1 else len(rest)
        ordered += own + rest[:room]
        rest = rest[room:]
    return ordered
