"""Applications for tests, each on a store of its own: `create_app`, but for the routes, which are made once."""

import tempfile
from functools import cache
from typing import Any
from unittest.mock import patch

from flask import Flask

import app
from app import create_app
from app.config import Settings
from app.content.content_type import Catalogue
from app.kinds import CATALOGUE
from app.sync import routes as sync
from app.web import declarations
from app.web.api import Api
from app.web.declarations import addresses

OF_BLUEPRINTS = ("url_map", "blueprints")
OF_THE_API = ("flask-smorest", "limber_api")


class WithoutRoutes(Api):
    """What answers errors; routes, and the document of them, are taken over."""

    def _init_spec(self, **_options: object) -> None:
        pass

    def register_blueprint(self, _blueprint: object) -> None:
        pass

    def document_schema(self, *_schema: object) -> None:
        pass


@cache
def _complete(kinds: Catalogue) -> Flask:
    """The application whose routes all others have too. Nothing asks for its store, which is not there."""
    settings = Settings(f"sqlite:///{tempfile.gettempdir()}/limber-no-store.db", "https://limber.example")
    return create_app(settings, kinds)


def application(settings: Settings, kinds: Catalogue = CATALOGUE) -> Flask:
    """What `create_app(settings, kinds)` makes, in a twentieth of the time.

    The rest of it goes into blueprints, in which no setting changes anything, but that `metrics` adds a route: an
    application that measures is made by `create_app`. Everything else is made anew by `create_app` itself: the store
    and what remembers it, the cache, limits, the feed.
    """
    complete = _complete(kinds)
    nothing: Any = lambda *_arguments, **_options: ()  # noqa: E731  # it takes any arguments
    with (
        patch.object(app, "admin_blueprints", nothing),
        patch.object(sync, "blueprint", nothing),
        patch.object(app, "Api", WithoutRoutes),
        patch.object(Flask, "add_url_rule", nothing),
        patch.object(declarations, "install", lambda made: addresses.install(made, addresses.of(complete))),
    ):
        made = create_app(settings, kinds)
    for name in OF_BLUEPRINTS:
        setattr(made, name, getattr(complete, name))
    # A test may put another view in the place of one.
    made.view_functions = dict(complete.view_functions)
    for name in OF_THE_API:
        made.extensions[name] = complete.extensions[name]
    return made
