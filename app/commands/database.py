"""The `flask database` commands: the store's tables."""

import click
from flask.cli import AppGroup

from app.commands.terminal import refusals
from app.delivery.routes import installed_catalogue
from app.store import migrating
from app.web.installed import database as store

database = AppGroup("database", help="The store's tables.")


@database.command()
def upgrade() -> None:
    """Bring the store's tables to the newest migration."""
    with refusals():
        migrating.upgrade(store(), more=installed_catalogue().migrations)
    click.echo("The database is up to date.")


@database.command()
@click.argument("revision", default="base")
def downgrade(revision: str) -> None:
    """Take the store's tables back to REVISION, or all the way. This loses content."""
    with refusals():
        migrating.downgrade(store(), revision, more=installed_catalogue().migrations)
    click.echo(f"The database is at {revision}.")
