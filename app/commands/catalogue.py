"""The `flask catalogue` commands for seed files. A command owns its transaction; other rooms do the work."""

from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from app.auditing.planned import planned_findings
from app.commands.recording import record_and_release
from app.commands.terminal import Bar, needs_store, progress, release_text
from app.delivery.routes import installed_catalogue
from app.editing.bundle import Bundle
from app.editing.plan import Plan, apply_plan
from app.releasing.release import Released
from app.seeding.export import export_folder
from app.seeding.files import SeedEntry, count_files, read_folder
from app.seeding.plan_text import describe, summary
from app.seeding.planning import plan_folder
from app.web.installed import database

catalogue = AppGroup("catalogue", help="Seed files in, seed files out.")

FOLDER = click.Path(path_type=Path, file_okay=False)


def _read(folder: Path, bar: Bar) -> Bundle[SeedEntry]:
    total, done = count_files(folder) if folder.is_dir() else 0, 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        bar("Reading files", done, total)

    return read_folder(folder, installed_catalogue(), advance)


@catalogue.command()
@click.argument("folder", type=FOLDER)
@click.option("--prune", is_flag=True, help="Also delete what the files do not have.")
@needs_store
def plan(folder: Path, *, prune: bool) -> None:
    """Show what applying FOLDER would change, field by field. Changes nothing."""
    with progress() as bar:
        bundle = _read(folder, bar)
    with database().reading() as connection:
        planned = plan_folder(connection, installed_catalogue(), folder, prune=prune, read=bundle)
        today = datetime.now(UTC).date().isoformat()
        findings = planned_findings(connection, installed_catalogue(), bundle.drafts, today)
    for line in describe(planned, installed_catalogue(), findings):
        click.echo(line)
    click.echo(summary(planned, "would be"))


@catalogue.command()
@click.argument("folder", type=FOLDER)
@click.option("--release", "note", metavar="NOTE", help="Release everything that is pending, with this note.")
@click.option("--prune", is_flag=True, help="Also delete what the files do not have.")
@needs_store
def apply(folder: Path, note: str | None, *, prune: bool) -> None:
    """Bring the working copy to the files of FOLDER: all of it, or nothing."""
    with progress() as bar:
        planned, released = _apply(folder, note, bar, prune=prune)
    click.echo(summary(planned, "were"))
    if note is not None:
        click.echo(release_text(released))


def _apply(folder: Path, note: str | None, bar: Bar, *, prune: bool) -> tuple[Plan, Released | int]:
    bundle = _read(folder, bar)
    with database().transaction(exclusive=True) as connection:
        planned = plan_folder(connection, installed_catalogue(), folder, prune=prune, read=bundle)
        apply_plan(connection, installed_catalogue(), planned, datetime.now(UTC), bar)
        released = record_and_release(connection, planned, "apply", "seed-files", note=note, progress=bar)
    return planned, released


@catalogue.command()
@click.argument("folder", type=FOLDER)
@needs_store
def export(folder: Path) -> None:
    """Write the working copy to FOLDER, which is new or empty, as seed files."""
    with database().reading() as connection:
        count = export_folder(connection, installed_catalogue(), folder)
    click.echo(f"{count} entities were written to {folder}.")
