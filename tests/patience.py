"""The patience of the application in tests: nothing is given up because the machine has no time for it.

What gives up after a time has tests of its own, which set that time.
"""

from collections.abc import Iterator

import pytest

from app.admin import writing
from app.edge import flights, revision
from app.store import database, engines, patient_connection, replicas
from app.sync import long_work
from tests.waiting import PATIENCE_SECONDS

GIVES_UP_AFTER = (
    (writing, "IN_FLIGHT_SECONDS"),
    (flights, "CROWDED_SECONDS"),
    (flights, "WAIT_SECONDS"),
    (revision, "PATIENCE_SECONDS"),
    (database, "PATIENCE_SECONDS"),
    (engines, "PATIENCE_SECONDS"),
    (patient_connection, "PATIENCE_SECONDS"),
    (patient_connection.PatientConnection, "patience_seconds"),
    (replicas, "PATIENCE_SECONDS"),
    (long_work, "WAIT_SECONDS"),
)
"""How long the application waits for others before it answers that it cannot, or with what it kept."""


@pytest.fixture(scope="session", autouse=True)
def patience() -> Iterator[None]:
    """The application waits as long as a test does."""
    with pytest.MonkeyPatch.context() as patch:
        for owner, name in GIVES_UP_AFTER:
            patch.setattr(owner, name, PATIENCE_SECONDS)
        yield
