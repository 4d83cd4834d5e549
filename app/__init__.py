"""Limber, a headless catalogue of therapeutic exercises. `create_app` wires it; nothing imports names from here."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Flask, request
from flask.typing import ResponseReturnValue
from werkzeug.middleware.proxy_fix import ProxyFix

from app.access import limiting, refusals
from app.admin.blueprints import admin_blueprints
from app.columns.memory import remember
from app.commands.groups import GROUPS
from app.config import Settings, load_settings
from app.content.content_type import Catalogue
from app.delivery.routes import installed_catalogue, kind_blueprint
from app.edge import finishing, installing
from app.embed import routes as embed
from app.errors import ReplicaFailed
from app.kinds import CATALOGUE
from app.look import routes as look
from app.pages import routes as pages
from app.store.database import Database
from app.suggestions.routes import blueprint as suggestions
from app.sync import routes as sync
from app.system import health, logs, metrics, requests, signing_keys
from app.system import routes as system
from app.web import converters, declarations, installed, openapi
from app.web.api import Api, installed_api
from app.web.installed import database, make_app


class Limber(Flask):
    """Flask that asks the database itself where a replica failed.

    And without coroutines, which Flask would look for at each of the thirty calls of a request.
    """

    def dispatch_request(self) -> ResponseReturnValue:
        """The view's answer; once more without replicas where one of them failed midway, as nothing was sent yet."""
        try:
            return super().dispatch_request()
        except ReplicaFailed:
            if request.method not in ("GET", "HEAD"):
                raise
            with database.of(self).without_replicas():
                return super().dispatch_request()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is: none here is a coroutine."""
        return func


def create_app(settings: Settings | None = None, kinds: Catalogue = CATALOGUE) -> Flask:
    """The WSGI application for the given settings, or for those of the environment, with these kinds of content."""
    settings = settings or load_settings()
    logs.set_up(settings)
    # Templates are named by where they are: `look/templates/base.html`.
    app = Limber(__name__, static_folder=None, template_folder=".")
    app.config.update(openapi.settings())
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it
    installed.settings.install(app, settings)
    installed_catalogue.install(app, kinds)
    store = database.install(app, Database(settings))
    remember(store.engines, settings.list_memory_mib << 20)
    if settings.trusted_proxies:
        # Only the address is theirs to tell: links are made from PUBLIC_ORIGIN.
        proxied = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies, x_proto=0, x_host=0)
        app.wsgi_app = proxied  # type: ignore[method-assign]  # how Flask documents it
    converters.install(app)
    finishing.install(app)
    limiting.install(
        app,
        storage_url=settings.rate_limit_storage_url,
        writes=settings.writes_per_minute,
        failures=settings.failed_authentications_per_minute,
        searches=settings.searches_per_minute,
    )
    refusals.install(app)
    api = Api(app)
    # The OpenAPI document begins with what people have pages of, and ends with the words that all else is described by.
    public = map(kind_blueprint, sorted(kinds, key=lambda kind: (kind.by_group, not kind.pages)))
    for blueprint in (
        *public,
        suggestions,
        sync.blueprint(kinds),
        health.blueprint,
        signing_keys.blueprint,
        *admin_blueprints(kinds),
    ):
        api.register_blueprint(blueprint)
    installed_api.install(app, api)
    sync.install(app, api)
    make_app.install(app, partial(create_app, kinds=kinds))
    system.install(app, api)
    look.install(app)
    pages.install(app)
    embed.install(app)
    for group in GROUPS:
        app.cli.add_command(group)
    measured = metrics.install(app, settings)
    declarations.install(app)
    counted = limiting.counting_searches(app)
    observed = requests.observing(app, [requests.log_lines(settings), *measured])
    installing.install(app, settings, store, lambda inner: observed(counted(inner)))
    return app
