"""The `flask database` commands: the store's tables, and copies of the store."""

from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from app.access import audit
from app.commands.checking import check_store
from app.commands.terminal import needs_store, refusals
from app.config import COMMAND
from app.delivery.routes import installed_catalogue
from app.store import backups, migrating
from app.web.installed import database as store

database = AppGroup("database", help="The store's tables, and copies of the store.")

FILE = click.Path(path_type=Path)


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


@database.command()
@needs_store
def check() -> None:
    """Check that the store is whole, and list what is not. Changes nothing.

    Checks the files (by SQLite's integrity_check and foreign_key_check, or PostgreSQL's amcheck where it is installed),
    the digests of all releases, and documents against what was released last.
    """
    if not check_store(store()):
        raise click.ClickException("The database is damaged: restore it from a backup.")


@database.command()
@click.argument("file", type=FILE)
@click.option("--keep", type=click.IntRange(1, 10_000), help="Then remove all but the newest N of FILE, a folder.")
def backup(file: Path, keep: int | None) -> None:
    """Write the store to FILE, as it is at one moment, while others use it.

    FILE is new, or a folder: the name is then the time. PostgreSQL is written by pg_dump, which must be on PATH.
    """
    if keep and not file.is_dir():
        raise click.UsageError(f"--keep is for a folder, and {file} is none.")
    made = file / f"limber-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.backup" if file.is_dir() else file
    with refusals():
        state = backups.back_up(store(), made)
        removed = backups.remove_older(file, "limber-*.backup", keep=keep) if keep else 0
    click.echo(f"Revision {state.revision} was written to {made}, {made.stat().st_size:,} bytes.")
    if removed:
        click.echo(f"Older backups removed: {removed}.")


@database.command()
@click.argument("file", type=FILE)
@click.option("--replace", is_flag=True, help="Also where the database holds something: all of it is lost.")
def restore(file: Path, *, replace: bool) -> None:
    """Fill the store with what the backup FILE holds: all of it, or nothing.

    PostgreSQL is filled by pg_restore and psql, which must be on PATH; everything in the schema is replaced.
    """
    more = installed_catalogue().migrations
    with refusals():
        state = backups.restore(store(), file, replace=replace, more=more)
        with store().reading() as connection:
            is_current = migrating.is_current(connection, more)
        if is_current:
            with store().transaction() as connection:
                now = datetime.now(UTC)
                audit.record(connection, None, "restore", "database", now=now, detail={"revision": state.revision})
    click.echo(f"Revision {state.revision} was restored from {file}.")
    if not is_current:
        click.echo(f"Its tables are of an older version: run `{COMMAND} database upgrade`.")
