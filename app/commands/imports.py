"""`flask catalogue import`: the data of other catalogues as drafts in the working copy."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from app.commands.recording import record_and_release
from app.commands.terminal import Bar, needs_store, progress, release_text
from app.delivery.routes import installed_catalogue
from app.editing.plan import apply_plan
from app.imports.apply import Import, PlannedImport, plan_import, read_free_exercise_db, read_wger
from app.imports.report_text import report_lines
from app.releasing.release import Released
from app.seeding.plan_text import describe, summary
from app.web.installed import database

imports = AppGroup("import", help="Another catalogue's data in, as drafts.")

Command = Callable[..., Any]


def _options(command: Command) -> Command:
    options = (
        click.option("--dry-run", is_flag=True, help="Show what would change, field by field. Changes nothing."),
        click.option("--release", "note", metavar="NOTE", help="Release everything that is pending, with this note."),
        click.option("--prune", is_flag=True, help="Also remove what was imported before and is not there any more."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@imports.command("free-exercise-db")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_options
@needs_store
def free_exercise_db(file: Path, note: str | None, *, dry_run: bool, prune: bool) -> None:
    """Import the exercises of FILE, free-exercise-db's dist/exercises.json."""
    _import(lambda: read_free_exercise_db(file), note, dry_run=dry_run, prune=prune)


@imports.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@_options
@needs_store
def wger(folder: Path, note: str | None, *, dry_run: bool, prune: bool) -> None:
    """Import the exercises of DIR, which holds the fixtures of wger's exercises."""
    _import(lambda: read_wger(folder), note, dry_run=dry_run, prune=prune)


def _import(read: Callable[[], Import], note: str | None, *, dry_run: bool, prune: bool) -> None:
    source = read()
    if dry_run:
        with progress() as bar, database().reading() as connection:
            planned = plan_import(connection, installed_catalogue(), source, prune=prune, progress=bar)
        for line in describe(planned.plan, installed_catalogue()):
            click.echo(line)
    else:
        with progress() as bar:
            planned, released = _apply(source, note, bar, prune=prune)
    for line in report_lines(planned.report, planned.plan):
        click.echo(line)
    click.echo(summary(planned.plan, "would be" if dry_run else "were"))
    if not dry_run and note is not None:
        click.echo(release_text(released))


def _apply(source: Import, note: str | None, bar: Bar, *, prune: bool) -> tuple[PlannedImport, Released | int]:
    with database().transaction(exclusive=True) as connection:
        planned = plan_import(connection, installed_catalogue(), source, prune=prune, progress=bar)
        apply_plan(connection, installed_catalogue(), planned.plan, datetime.now(UTC), bar)
        released = record_and_release(connection, planned.plan, "import", source.origin.slug, note=note, progress=bar)
    return planned, released
