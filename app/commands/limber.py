"""`limber`, the command that the installed package brings: `limber serve`, and every other group of commands."""

import sys

import click
from environs import EnvValidationError
from flask.cli import FlaskGroup

from app import create_app
from app.config import VERSION


@click.version_option(VERSION, prog_name="limber")
@click.group(cls=FlaskGroup, create_app=create_app, add_default_commands=False, add_version_option=False)
def limber() -> None:
    """Limber, a headless catalogue of therapeutic exercises. Settings are environment variables."""


def main() -> None:
    """Runs it. A setting that is not allowed ends it with one line and exit status 1."""
    try:
        limber(prog_name="limber")
    except EnvValidationError as error:
        sys.exit(f"Error: {error}")
