"""Limber, a headless catalogue of therapeutic exercises. `create_app` wires it; nothing imports names from here."""

from collections.abc import Callable
from typing import Any

from flask import Flask, request
from flask.typing import ResponseReturnValue
from werkzeug.middleware.proxy_fix import ProxyFix

from app import cli, cli_docs, cli_imports, cli_keys, cli_partners, cli_serve, cli_sync, cli_webhooks
from app.access import limiting
from app.admin import audit_log, imports, keys, partners, releases, webhook_deliveries, webhooks
from app.admin.drafts import drafts_blueprint
from app.config import Settings, load_settings
from app.db import Database
from app.embed import routes as embed
from app.errors import ReplicaFailed
from app.exercises.routes import blueprint as exercises
from app.kinds import CATALOGUE
from app.places.routes import blueprint as places
from app.routines.routes import blueprint as routines
from app.search.memory import remember
from app.sources.routes import blueprint as sources
from app.suggestions.routes import blueprint as suggestions
from app.sync import routes as sync
from app.vocabularies.routes import blueprint as vocabularies
from app.web import converters, finishing, openapi, response_cache, system
from app.web.api import Api

BLUEPRINTS = (exercises, routines, sources, places, vocabularies, suggestions, sync.blueprint, system.health)
ADMIN_MODULES = (releases, imports, partners, keys, webhooks, webhook_deliveries, audit_log)
ADMIN = (*map(drafts_blueprint, CATALOGUE), *(each.blueprint for each in ADMIN_MODULES))


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
            database: Database = self.extensions["limber_database"]
            with database.without_replicas():
                return super().dispatch_request()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is: none here is a coroutine."""
        return func


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application for the given settings, or for those of the environment."""
    settings = settings or load_settings()
    app = Limber(__name__, static_folder=None, template_folder="web/templates")
    app.config.update(openapi.settings())
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it
    app.extensions["limber_settings"] = settings
    app.extensions["limber_database"] = Database(settings)
    remember(app.extensions["limber_database"].engines, settings.list_memory_mib << 20)
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
    api = Api(app)
    for blueprint in (*BLUEPRINTS, *ADMIN):
        api.register_blueprint(blueprint)
    app.extensions["limber_api"] = api
    sync.install(app, api)
    app.extensions["limber_create_app"] = create_app
    system.install(app, api)
    embed.install(app)
    cli.catalogue.add_command(cli_imports.imports)
    commands = (cli_docs.docs, cli_keys.keys, cli_partners.partners, cli_serve.serve, cli_webhooks.webhooks)
    for group in (cli.catalogue, cli.database_commands, *commands):
        app.cli.add_command(group)
    for command in (cli_sync.prune, cli_sync.rerender):
        cli.catalogue.add_command(command)
    counted = limiting.counting_searches(app)
    response_cache.install(app, settings, app.extensions["limber_database"], counted)
    return app
