"""The `flask keys signing` commands: the key that releases are signed with."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from app.access import audit
from app.commands.terminal import needs_store
from app.errors import CannotSign
from app.releasing.signing import Signer, list_signing_keys, make_signer, note_signer, read_signer
from app.web.installed import database, settings

signing = AppGroup("signing", help="The key that releases are signed with; see docs/sync.md.")


@signing.command()
@needs_store
def make() -> None:
    """Make the private key, in the file that SIGNING_KEY_FILE names, and list its public key."""
    click.echo(_written("make", lambda path: make_signer(path, replace=False)))


@signing.command()
@needs_store
def rotate() -> None:
    """Make another private key in the place of the one in SIGNING_KEY_FILE. Former public keys stay listed."""
    click.echo(_written("rotate", lambda path: make_signer(path, replace=True)))


@signing.command("list")
@needs_store
def list_all() -> None:
    """List the public keys, the oldest first, and say which one signs now."""
    present = read_signer(settings().signing_key_file)
    with database().reading() as connection:
        rows = list_signing_keys(connection)
    for row in rows:
        now = "  signs now" if present and present.id == row.id else ""
        click.echo(f"{row.id}  {row.public_key}  since {row.since:%Y-%m-%d}{now}")


def _written(action: str, write: Callable[[Path], Signer]) -> str:
    path = settings().signing_key_file
    if path is None:
        raise CannotSign("Set SIGNING_KEY_FILE to the file that is to hold the private key.")
    now = datetime.now(UTC)
    with database().transaction(exclusive=True) as connection:
        # Written within the transaction: without its file, no key is listed.
        signer = write(path)
        note_signer(connection, signer, now)
        audit.record(connection, None, action, f"signing-keys/{signer.id}", now=now)
    return f"{signer.id}  {signer.public_key}"
