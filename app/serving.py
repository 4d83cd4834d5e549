"""The application as granian's workers load it."""

import gc

from flask import Flask

from app import create_app
from app.system import logs


def application() -> Flask:
    """The application, its modules and tables left out of what Python's collector looks through from now on.

    They are for good, and to look through them took a tenth of a second now and then, in the middle of a request.
    """
    app = create_app()
    logs.load()
    gc.collect()
    gc.freeze()
    return app
