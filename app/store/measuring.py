"""How long work on the store takes, told to whoever measures it (`Database.measured_by`)."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

from sqlalchemy import Connection

MEASURED_BY = "limber_measured_by"
"""The execution option of a connection that holds its `Measures`, so that what has the connection alone can measure."""

Work = Literal["lock_wait", "release", "render"]
"""Waiting for the exclusive lock; a release as a whole; the rendering of its documents."""

Measures = list[Callable[[Work, float], None]]
"""Each is told of work that ended, and how many seconds it took."""


@contextmanager
def measured(connection: Connection, work: Work) -> Iterator[None]:
    """Tells how long the block took, whether it ended well or not."""
    begun = time.monotonic()
    try:
        yield
    finally:
        for tell in connection.get_execution_options().get(MEASURED_BY, ()):
            tell(work, time.monotonic() - begun)
