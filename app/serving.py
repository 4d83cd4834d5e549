"""The application as granian's workers load it."""

import gc
import sys

from flask import Flask

from app import create_app
from app.gateway.rsgi import Gateway
from app.system import logs, notifying
from app.web.installed import settings

SWITCH_SECONDS = 0.0005
"""How long a thread that computes keeps Python's lock from the event loop, which needs it for a moment each time."""


def application() -> Gateway:
    """The application, its modules and tables left out of what Python's collector looks through from now on.

    They are for good, and to look through them took a tenth of a second now and then, in the middle of a request.
    """
    app = create_app()
    logs.load()
    sys.setswitchinterval(SWITCH_SECONDS)
    notifying.tell_when_ready(settings.of(app))
    gc.collect()
    gc.freeze()
    if sys.version_info < (3, 12):
        collect_between_requests(app)
    return Gateway(app)


def collect_between_requests(app: Flask) -> None:
    """Turns automatic collection off, and collects what is due at the end of each request instead.

    Up to Python 3.11 a collection may begin inside any allocation, such as that of the dictionary for `thing.__dict__`.
    Where a finaliser that the collection runs reads `thing.__dict__` too, the interpreter crashes. A collection that is
    asked for begins inside no allocation, and none begins inside an allocation of another thread. From Python 3.12 on
    collections begin between two instructions, and nothing needs to be done.
    """
    gc.disable()
    app.teardown_request(lambda _error: collect_what_is_due())


def collect_what_is_due() -> None:
    """Collects the oldest generation that automatic collection would collect now; none where it would not begin."""
    counts, thresholds = gc.get_count(), gc.get_threshold()
    if counts[0] > thresholds[0]:
        gc.collect(max(generation for generation in range(3) if counts[generation] > thresholds[generation]))
