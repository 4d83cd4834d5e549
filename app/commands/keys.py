"""The `flask keys` commands."""

from datetime import UTC, datetime, timedelta

import click
from flask.cli import AppGroup

from app.access import audit
from app.access.key_store import create_key, list_keys, revoke_key
from app.access.keys import SCOPES
from app.commands.terminal import needs_store
from app.web.installed import database

keys = AppGroup("keys", help="API keys.")


@keys.command()
@click.option("--name", required=True, help="Who or what will use the key.")
@click.option("--scope", "scopes", required=True, multiple=True, type=click.Choice(SCOPES), help="What it may do.")
@click.option("--expires-in-days", type=click.IntRange(1, 3650), help="Days until it ends; without, it does not.")
@needs_store
def create(name: str, scopes: tuple[str, ...], expires_in_days: int | None) -> None:
    """Make a key and print it, alone, this once."""
    now = datetime.now(UTC)
    expires_at = now + timedelta(days=expires_in_days) if expires_in_days else None
    with database().transaction() as connection:
        key = create_key(connection, name=name, scopes=scopes, now=now, expires_at=expires_at)
        audit.record(connection, None, "create", f"keys/{key.id}", now=now)
    click.echo(key.text)


@keys.command("list")
@needs_store
def list_all() -> None:
    """List the keys, without their secrets."""
    with database().reading() as connection:
        rows = list_keys(connection)
    for row in rows:
        state = "revoked" if row.revoked_at else f"until {row.expires_at:%Y-%m-%d}" if row.expires_at else "live"
        used = f"last used {row.last_used_at:%Y-%m-%d %H:00}" if row.last_used_at else "never used"
        click.echo(f"{row.id}  {row.name}  {' '.join(row.scopes)}  {state}, {used}")


@keys.command()
@click.argument("identifier")
@click.option("--force", is_flag=True, help="Also the last key that manages keys.")
@needs_store
def revoke(identifier: str, *, force: bool) -> None:
    """End the key IDENTIFIER at once."""
    now = datetime.now(UTC)
    with database().transaction(exclusive=True) as connection:
        revoke_key(connection, identifier, now, force=force)
        audit.record(connection, None, "revoke", f"keys/{identifier}", now=now)
    click.echo(f"The key {identifier} is revoked.")
