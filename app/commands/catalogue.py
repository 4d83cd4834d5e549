"""The `flask catalogue` commands for seed files. A command owns its transaction; other rooms do the work."""

from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from app.auditing.planned import planned_findings
from app.commands.recording import Outcome, apply_and_release
from app.commands.terminal import Bar, check_all, needs_store, progress
from app.delivery.routes import installed_catalogue
from app.editing.bundle import Bundle
from app.editing.plan import Plan
from app.seeding.conflicts import (
    conflict_lines,
    exported_digests,
    find_conflicts,
    remember_applied,
    remember_exported,
)
from app.seeding.export import export_folder
from app.seeding.files import SeedEntry, SeedErrors, count_files, read_folder
from app.seeding.plan_text import describe, describe_incomplete, summary
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
        conflicts = find_conflicts(connection, installed_catalogue(), planned)
    for line in describe(planned, installed_catalogue(), findings):
        click.echo(line)
    for line in describe_incomplete(planned, installed_catalogue()):
        click.echo(line)
    for line in conflict_lines(installed_catalogue(), planned, conflicts, bundle):
        click.echo(f"! {line}")
    click.echo(summary(planned, "would be"))


@catalogue.command()
@click.argument("folder", type=FOLDER)
@click.option("--release", "note", metavar="NOTE", help="Release what this changes, with this note.")
@click.option("--all", "everything", is_flag=True, help="With --release: also what else is pending, and say what.")
@click.option("--prune", is_flag=True, help="Also delete what the files do not have.")
@click.option("--force", is_flag=True, help="Overwrite what was changed since the files last had it.")
@needs_store
def apply(folder: Path, note: str | None, *, everything: bool, prune: bool, force: bool) -> None:
    """Bring the working copy to the files of FOLDER: all of it, or nothing.

    What somebody changed otherwise since the last apply or export is a conflict, and refused.
    """
    check_all(note, everything=everything)
    with progress() as bar:
        planned, outcome = _apply(folder, note, bar, everything=everything, prune=prune, force=force)
    click.echo(summary(planned, "were"))
    if note is not None:
        click.echo("\n".join(outcome.lines()))


def _apply(
    folder: Path, note: str | None, bar: Bar, *, everything: bool, prune: bool, force: bool
) -> tuple[Plan, Outcome]:
    bundle, kinds = _read(folder, bar), installed_catalogue()
    with database().transaction(exclusive=True) as connection:
        planned = plan_folder(connection, kinds, folder, prune=prune, read=bundle)
        conflicts = find_conflicts(connection, kinds, planned)
        refused = [] if force else list(conflict_lines(kinds, planned, conflicts, bundle))
        if refused:
            raise SeedErrors(refused)
        outcome = apply_and_release(
            connection, planned, "apply", "seed-files", note=note, everything=everything, progress=bar
        )
        remember_applied(connection, kinds, planned, conflicts)
    return planned, outcome


@catalogue.command()
@click.argument("folder", type=FOLDER)
@needs_store
def export(folder: Path) -> None:
    """Write the working copy to FOLDER, which is new or empty, as seed files.

    The store remembers what the files have now: a later apply of them overwrites nothing that is changed from now on.
    """
    with database().reading() as connection:
        shown = {content_type: exported_digests(connection, content_type) for content_type in installed_catalogue()}
        count = export_folder(connection, installed_catalogue(), folder)
    if any(shown.values()):
        with database().transaction(exclusive=True) as connection:
            for content_type, digests in shown.items():
                remember_exported(connection, content_type, digests)
    click.echo(f"{count} entities were written to {folder}.")
