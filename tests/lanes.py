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

SLOW = (
    "benchmarks",
    "http/test_store_parity.py",
    "http/test_conditional.py",
    "http/test_problems.py",
    "contract/test_answers.py",
    "contract/test_documents.py",
    "docs",
    "routines/test_compose.py",
    "seeding",
    "imports",
    "http/test_filters.py",
    "http/test_garbage.py",
    "http/test_pages_under_change.py",
    "search/test_both_stores.py",
    "sync/test_convergence.py",
    "sync/test_concurrency.py",
    "releasing/test_bulk_releases.py",
    "contract/test_management.py",
    "contract/test_generated.py",
    "content/test_round_trips.py",
    "migrations",
    "webhooks/test_worker.py",
)
"""What else takes long: it and the lanes are left out of `make test-fast`."""


def is_slow(path: str) -> bool:
    """Whether a folder or file of tests is left out of `make test-fast`."""
    return path in SLOW or lane_of(path) is not None or any(path == folder for lane in LANES for folder in lane)


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
