"""Limber, a headless catalogue of therapeutic exercises. `create_app` wires it; nothing imports names from here."""

from flask import Flask

from app import cli
from app.config import Settings, load_settings
from app.db import Database


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application for the given settings, or for those of the environment."""
    settings = settings or load_settings()
    app = Flask(__name__)
    app.extensions["limber_settings"] = settings
    app.extensions["limber_database"] = Database(settings)
    for group in (cli.catalogue, cli.database_commands):
        app.cli.add_command(group)
    return app
