"""`flask serve`: from nothing to a server with content."""

import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import Connection

from app.commands.checking import quick_damage
from app.commands.port import claim_port
from app.commands.recording import record_plan, record_release
from app.commands.terminal import refusals
from app.config import COMMAND, ROOT, Settings
from app.content.content_type import Catalogue
from app.content.working_copy import entries
from app.delivery.routes import installed_catalogue
from app.editing.plan import apply_plan
from app.errors import OtherSchema, StoreCorrupt, StoreUnavailable
from app.releasing.release import Released, release
from app.releasing.signing import Signer, note_signer, read_signer
from app.seeding.planning import plan_folder
from app.store import migrating
from app.store.database import Database
from app.store.state import current_state
from app.system import metrics
from app.web.installed import database, settings

FIRST_RELEASE = "First release"
WORTH_OPENING = ("/", "/docs", "/v1/routines/desk-break-three-minutes")
"""The last one is of our own seed files."""

MOST_SECONDS_TO_WAIT = 60

ALLOCATION = {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": str(4 << 20), "MALLOC_MMAP_THRESHOLD_": str(4 << 20)}
"""Has glibc keep less memory than it would for threads that hardly ever allocate at once: about 5 % less resident.

A few megabytes are kept all the same: columns of a hundred thousand values come and go with each list, and to map them
anew and touch each page of them takes as long as what is done with them.
"""


@click.command()
@with_appcontext
def serve() -> None:
    """Make the tables (see MIGRATE), fill them from SEED if they are empty, and serve with granian."""
    store, chosen = database(), settings()
    with refusals():
        claim = claim_port(chosen.host, chosen.port)
        _prepare(store, installed_catalogue(), read_signer(chosen.signing_key_file), chosen)
    store.dispose()
    click.echo("Worth opening:")
    for path in WORTH_OPENING if chosen.seed == Settings.seed else WORTH_OPENING[:2]:
        click.echo(f"  {chosen.public_origin}{path}")
    sys.stdout.flush()
    # `-P`: what is in the folder where the command is run is not imported.
    arguments = [sys.executable, "-P", "-m", "granian", *granian_arguments(chosen)]
    if claim is not None:
        claim.detach()
    os.execve(sys.executable, arguments, {**ALLOCATION, **os.environ, **metrics.environment(chosen)})


def _prepare(database: Database, kinds: Catalogue, signer: Signer | None, chosen: Settings) -> None:
    """Migrates as MIGRATE says, seeds and checks.

    A database that is just starting, or that another process is seeding, is waited for.
    Raises `StoreCorrupt`, `OtherSchema` and, after `MOST_SECONDS_TO_WAIT`, `StoreUnavailable`.
    """
    deadline, has_told = time.monotonic() + MOST_SECONDS_TO_WAIT, False
    while True:
        try:
            migrating.prepare(database, chosen.migrate, more=kinds.migrations)
            if signer:
                with database.transaction() as connection:
                    note_signer(connection, signer, datetime.now(UTC))
            if chosen.seed and (released := seed_if_empty(database, kinds, chosen.seed, signer)):
                click.echo(f"Seeded: {released.documents} documents, revision {released.revision}.")
            if (damage := quick_damage(database)) is not None:
                raise StoreCorrupt(
                    f"The database at {database.address} is damaged: {damage}."
                    f" Restore a backup; `{COMMAND} database check` lists all that is damaged."
                )
        except (OtherSchema, StoreCorrupt):
            raise
        except StoreUnavailable as error:
            if time.monotonic() >= deadline:
                raise
            if not has_told:
                click.echo(f"{error} Trying again for up to {MOST_SECONDS_TO_WAIT} seconds.", err=True)
                has_told = True
            time.sleep(1)
        else:
            return


def seed_if_empty(database: Database, kinds: Catalogue, folder: Path, signer: Signer | None = None) -> Released | None:
    """Applies and releases the seed files of a folder where the store has neither content nor history.

    None where it has, and where the folder holds nothing. Raises what is wrong in the files.
    """
    with database.reading() as connection:
        if not _is_empty(connection, kinds):
            return None
    with database.transaction(exclusive=True) as connection:
        # Another process may have seeded it meanwhile.
        if not _is_empty(connection, kinds):
            return None
        now = datetime.now(UTC)
        plan = plan_folder(connection, kinds, folder, prune=False)
        if not plan:
            return None
        apply_plan(connection, kinds, plan, now)
        record_plan(connection, plan, "apply", "seed-files", now=now)
        released = release(connection, kinds, note=FIRST_RELEASE, now=now, written=plan.changes, signer=signer)
        record_release(connection, released, FIRST_RELEASE, now=now)
    return released


def _is_empty(connection: Connection, kinds: Catalogue) -> bool:
    return current_state(connection).revision == 0 and not any(entries(connection, each) for each in kinds)


def granian_arguments(settings: Settings) -> list[str]:
    """How granian serves this application."""
    return [
        f"--working-dir={ROOT}",
        "--interface=rsgi",
        "--factory",
        f"--host={settings.host}",
        f"--port={settings.port}",
        f"--workers={settings.workers}",
        "--runtime-mode=mt",
        "--respawn-failed-workers",
        # A worker that SIGTERM met as it was starting would be waited for for ever.
        "--workers-kill-timeout=20",
        "--no-ws",
        "--log-level=warning",
        "app.serving:application",
    ]
