"""What `create_app` installs and requests use: each thing has one typed name, wherever it is asked for."""

from collections.abc import Callable
from typing import Generic, TypeVar, cast

from flask import Flask, current_app

from app.config import Settings
from app.store.database import Database

T = TypeVar("T")


class Installed(Generic[T]):
    """A thing of the application, by its key in Flask's `extensions`.

    Example: `database()` is the store of the application that answers the current request, and `database.of(app)` that
    of a given application.
    """

    def __init__(self, key: str) -> None:
        self.key = key

    def __call__(self) -> T:
        """The current application's."""
        return cast("T", current_app.extensions[self.key])

    def of(self, app: Flask) -> T:
        """The given application's."""
        return cast("T", app.extensions[self.key])

    def install(self, app: Flask, thing: T) -> T:
        """Gives the application its thing."""
        app.extensions[self.key] = thing
        return thing


settings: Installed[Settings] = Installed("limber_settings")
database: Installed[Database] = Installed("limber_database")
make_app: Installed[Callable[[Settings], Flask]] = Installed("limber_create_app")
