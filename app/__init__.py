"""Limber, a headless catalogue of therapeutic exercises. `create_app` wires it; nothing imports names from here."""

from flask import Flask

from app import cli, cli_docs, cli_partners, cli_serve
from app.config import Settings, load_settings
from app.db import Database
from app.embed import routes as embed
from app.exercises.routes import blueprint as exercises
from app.places.routes import blueprint as places
from app.routines.routes import blueprint as routines
from app.sources.routes import blueprint as sources
from app.vocabularies.routes import blueprint as vocabularies
from app.web import converters, finishing, openapi, system
from app.web.api import Api

BLUEPRINTS = (exercises, routines, sources, places, vocabularies, system.health)


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application for the given settings, or for those of the environment."""
    settings = settings or load_settings()
    app = Flask(__name__, static_folder=None, template_folder="web/templates")
    app.config.update(openapi.settings())
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it
    app.extensions["limber_settings"] = settings
    app.extensions["limber_database"] = Database(settings)
    converters.install(app)
    finishing.install(app)
    api = Api(app)
    for blueprint in BLUEPRINTS:
        api.register_blueprint(blueprint)
    app.extensions["limber_api"] = api
    app.extensions["limber_create_app"] = create_app
    system.install(app, api)
    embed.install(app)
    for group in (cli.catalogue, cli.database_commands, cli_docs.docs, cli_partners.partners, cli_serve.serve):
        app.cli.add_command(group)
    return app
