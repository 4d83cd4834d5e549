"""The `flask releases` commands: which releases there are, going back to one, and what caches keep of former ones."""

import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from app.access import audit
from app.commands.terminal import needs_store, release_text
from app.delivery.routes import installed_catalogue
from app.edge import purging
from app.errors import LimberError
from app.releasing.history import read_entries, read_entry_keys, read_release, read_releases
from app.releasing.rollback import roll_back as go_back
from app.releasing.signing import read_signer
from app.store.state import State, current_state
from app.web.installed import database, settings


class CannotPurge(LimberError):
    """A cache's files that may not be deleted."""


releases = AppGroup("releases", help="What was released, and going back.")


@releases.command("list")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many at most.")
@needs_store
def list_all(limit: int) -> None:
    """List the newest releases, the newest first."""
    with database().reading() as connection:
        rows = read_releases(connection, before=None, limit=limit)
    for row in rows:
        moment = f"{row.released_at:%Y-%m-%d %H:%M}Z"
        what = f"{row.changed} documents written, {row.deleted} taken away"
        click.echo(f"{row.revision}  {moment}  {what}  {row.note or ''}".rstrip())


@releases.command()
@click.argument("revision", type=click.IntRange(1))
@needs_store
def show(revision: int) -> None:
    """Show what the release REVISION changed, an entity a line."""
    with database().reading() as connection:
        row = read_release(connection, revision)
        entries = read_entries(connection, revision, read_entry_keys(connection, revision))
    click.echo(f"Revision {row.revision}, {row.released_at:%Y-%m-%d %H:%M:%S}Z: {row.note or 'without a note'}")
    click.echo(f"Digest {row.digest}, {f'signed by {row.signed_by}' if row.signature else 'not signed'}.")
    for entry in entries:
        sign = "+" if entry.before is None else "-" if entry.after is None else "~"
        click.echo(f"{sign} {entry.key[0]} {entry.key[1]}")


@releases.command("roll-back")
@click.argument("revision", type=click.IntRange(1))
@click.option("--note", help="The new release's note.")
@click.option("--discard-pending", is_flag=True, help="Also where what goes back holds unreleased edits.")
@needs_store
def roll_back(revision: int, note: str | None, *, discard_pending: bool) -> None:
    """Make the catalogue of the release REVISION current again, as a new release. History stays."""
    with database().transaction(exclusive=True) as connection:
        now, signer = datetime.now(UTC), read_signer(settings().signing_key_file)
        released = go_back(
            connection,
            installed_catalogue(),
            revision,
            note=note,
            discard_pending=discard_pending,
            now=now,
            signer=signer,
        )
        audit.record(connection, None, "rollback", f"releases/{released.revision}", now=now, detail={"to": revision})
    click.echo(release_text(released))


@releases.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--follow", "is_following", is_flag=True, help="Again after each release, until SIGTERM.")
@needs_store
def purge(folder: Path, *, is_following: bool) -> None:
    """Delete what nginx keeps in FOLDER, so that the next request asks Limber.

    Only files that are named as nginx names those of its cache are deleted. It is run as the user whom they belong to.
    """
    if not is_following:
        _purge(folder)
        return
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopped.set())
    for state in purging.releases_noticed(_state, settings().revision_check_seconds, stopped):
        click.echo(f"Revision {state.revision}: ", nl=False)
        _purge(folder)


def _state() -> State:
    with database().reading() as connection:
        return current_state(connection)


def _purge(folder: Path) -> None:
    try:
        deleted = purging.purge(folder)
    except OSError as error:
        raise CannotPurge(
            f"{error.filename} could not be deleted: {error.strerror}. Run this as nginx's user."
        ) from error
    click.echo(f"{deleted} kept answers were deleted.")
    sys.stdout.flush()
