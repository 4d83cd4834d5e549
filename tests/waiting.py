"""Waiting for states, however long a busy machine takes to reach them."""

import time
from collections.abc import Callable

PATIENCE_SECONDS = 300
"""After so long, a state is taken never to come. Only a failing test waits so long."""

REST_SECONDS = 0.02

PATIENT = {"DATABASE_TIMEOUT_SECONDS": "120"}
"""Settings of servers that give nothing up because the machine is busy."""


def wait_for(condition: Callable[[], object], what: str = "") -> None:
    """Waits until the condition holds."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < until, what or "What the test waits for does not come."
        time.sleep(REST_SECONDS)
