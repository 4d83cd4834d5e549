"""`flask catalogue prune` and `flask catalogue rerender`: what operators do to published versions."""

from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from app.access import audit
from app.commands.recording import record_release
from app.commands.terminal import needs_store
from app.delivery.routes import installed_catalogue
from app.editing.listing import work_out
from app.releasing.release import rerender as render_anew
from app.releasing.signing import read_signer
from app.sync import pruning
from app.web.installed import database, settings


@click.command()
@click.option(
    "--keep-days", required=True, type=click.IntRange(0, 36_500), help="How old a token may be that still works."
)
@with_appcontext
@needs_store
def prune(keep_days: int) -> None:
    """Fold versions of documents that only tokens older than this could ask for. Such tokens answer 410."""
    with database().transaction(exclusive=True) as connection:
        now = datetime.now(UTC)
        done = pruning.prune(connection, keep_days=keep_days, now=now)
        detail = {"keep_days": keep_days, "versions": done.versions}
        audit.record(connection, None, "prune", "changes", now=now, detail=detail)
    click.echo(f"{done.versions} versions were removed; changes are kept since revision {done.horizon}.")


@click.command()
@click.option("--note", default="Rendered anew", show_default=True, help="The release's note.")
@with_appcontext
@needs_store
def rerender(note: str) -> None:
    """Render every published document anew, and release those that come out different.

    For after an upgrade that gave documents a field or a language: clients that sync get what it touched. What drafts
    are found by is worked out anew too.
    """
    with database().transaction(exclusive=True) as connection:
        now = datetime.now(UTC)
        signer = read_signer(settings().signing_key_file)
        work_out(connection, installed_catalogue(), anew=True)
        released = render_anew(connection, installed_catalogue(), note=note, now=now, signer=signer)
        if released is not None:
            record_release(connection, released, note, now=now)
    if released is None:
        click.echo("Every document is as it would be rendered now; nothing to release.")
    else:
        click.echo(f"Released revision {released.revision}: {released.documents} documents written.")
