"""The `flask database` commands: the store's tables."""

import click
from flask.cli import AppGroup

from app.commands.checking import check_store
from app.commands.terminal import needs_store, refusals
from app.commands.upgrading import upgrade_store
from app.delivery.routes import installed_catalogue
from app.store import migrating
from app.web.installed import database as store

database = AppGroup("database", help="The store's tables.")


@database.command()
def upgrade() -> None:
    """Bring the store's tables to the newest migration."""
    with refusals():
        upgrade_store(store(), installed_catalogue())
    click.echo("The database is up to date.")


@database.command()
@click.argument("revision", default="base")
def downgrade(revision: str) -> None:
    """Take the store's tables back to REVISION, or all the way. This loses content."""
    with refusals():
        migrating.downgrade(store(), revision, more=installed_catalogue().migrations)
    click.echo(f"The database is at {revision}.")


@database.command()
@needs_store
def check() -> None:
    """Check that the store is whole, and list what is not. Changes nothing.

    Checks the files (by SQLite's integrity_check and foreign_key_check, or PostgreSQL's amcheck where it is installed),
    the digests of all releases, and documents against what was released last.
    """
    if not check_store(store()):
        raise click.ClickException("The database is damaged: restore it from a backup.")
