"""`flask catalogue import`: the data of other catalogues as drafts in the working copy."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from app.commands.recording import Outcome, apply_and_release
from app.commands.terminal import Bar, check_all, needs_store, progress
from app.delivery.routes import installed_catalogue
from app.imports.apply import Import, PlannedImport, plan_import, read_free_exercise_db, read_wger
from app.imports.report_text import report_lines
from app.seeding.plan_text import describe, summary
from app.web.installed import database

imports = AppGroup("import", help="Another catalogue's data in, as drafts.")

Command = Callable[..., Any]


def _options(command: Command) -> Command:
    options = (
        click.option("--dry-run", is_flag=True, help="Show what would change, field by field. Changes nothing."),
        click.option("--release", "note", metavar="NOTE", help="Release what this changes, with this note."),
        click.option("--all", "everything", is_flag=True, help="With --release: also what else is pending."),
        click.option("--prune", is_flag=True, help="Also remove what was imported before and is not there any more."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@imports.command("free-exercise-db")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_options
@needs_store
def free_exercise_db(file: Path, note: str | None, *, dry_run: bool, everything: bool, prune: bool) -> None:
    """Import the exercises of FILE, free-exercise-db's dist/exercises.json."""
    _import(lambda: read_free_exercise_db(file), note, dry_run=dry_run, everything=everything, prune=prune)


@imports.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@_options
@needs_store
def wger(folder: Path, note: str | None, *, dry_run: bool, everything: bool, prune: bool) -> None:
    """Import the exercises of DIR, which holds the fixtures of wger's exercises."""
    _import(lambda: read_wger(folder), note, dry_run=dry_run, everything=everything, prune=prune)


def _import(read: Callable[[], Import], note: str | None, *, dry_run: bool, everything: bool, prune: bool) -> None:
    check_all(note, everything=everything)
    source = read()
    if dry_run:
        with progress() as bar, database().reading() as connection:
            planned = plan_import(connection, installed_catalogue(), source, prune=prune, progress=bar)
        for line in describe(planned.plan, installed_catalogue()):
            click.echo(line)
        if planned.plan.incomplete:
            click.echo(f"! {len(planned.plan.incomplete)} would be incomplete, and could not be released.")
    else:
        with progress() as bar:
            planned, outcome = _apply(source, note, bar, everything=everything, prune=prune)
    for line in report_lines(planned.report, planned.plan):
        click.echo(line)
    click.echo(summary(planned.plan, "would be" if dry_run else "were"))
    if not dry_run and note is not None:
        click.echo("\n".join(outcome.lines()))


def _apply(
    source: Import, note: str | None, bar: Bar, *, everything: bool, prune: bool
) -> tuple[PlannedImport, Outcome]:
    with database().transaction(exclusive=True) as connection:
        planned = plan_import(connection, installed_catalogue(), source, prune=prune, progress=bar)
        outcome = apply_and_release(
            connection, planned.plan, "import", source.origin.slug, note=note, everything=everything, progress=bar
        )
    return planned, outcome
