"""The `flask` commands. Each owns its transaction; the work is done below."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app import migrating
from app.access import audit
from app.content.releases import Released, current_revision, release
from app.db import Database
from app.errors import LimberError, NothingToRelease, UnpublishedReferences
from app.kinds import CATALOGUE
from app.seeding.apply import PlannedSeed, apply_folder, plan_folder
from app.seeding.export import export_folder
from app.seeding.files import SeedErrors, SeedFolder, count_files, read_folder
from app.seeding.plan_text import describe, summary

catalogue = AppGroup("catalogue", help="Seed files in, seed files out.")
database_commands = AppGroup("database", help="The store's tables.")

PLANNED = ("created", "updated", "deleted")
FOLDER = click.Path(path_type=Path, file_okay=False)


def _database() -> Database:
    database: Database = current_app.extensions["limber_database"]
    return database


class _Bar:
    """One progress bar that is told of one piece of work after another; silent where nobody watches."""

    def __init__(self) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self.progress = Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty())
        self.tasks: dict[str, int] = {}

    def __call__(self, what: str, done: int, total: int) -> None:
        if what not in self.tasks:
            self.tasks[what] = self.progress.add_task(what, total=total)
        self.progress.update(self.tasks[what], completed=done, total=total)  # type: ignore[arg-type]  # a TaskID is an int


@contextmanager
def _progress() -> Iterator[_Bar]:
    bar = _Bar()
    with bar.progress:
        yield bar


@contextmanager
def _refusals() -> Iterator[None]:
    """Named errors as text on standard error and exit status 1."""
    try:
        yield
    except (SeedErrors, UnpublishedReferences) as error:
        for fault in error.faults:
            click.echo(fault if isinstance(fault, str) else f"{fault.place}: {fault.detail}", err=True)
        raise click.ClickException(str(error)) from None
    except LimberError as error:
        raise click.ClickException(str(error)) from None


def _read(folder: Path, bar: _Bar) -> SeedFolder:
    total, done = count_files(folder) if folder.is_dir() else 0, 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        bar("Reading files", done, total)

    return read_folder(folder, CATALOGUE, advance)


@catalogue.command()
@click.argument("folder", type=FOLDER)
@click.option("--prune", is_flag=True, help="Also delete what the files do not have.")
def plan(folder: Path, *, prune: bool) -> None:
    """Show what applying FOLDER would change, field by field. Changes nothing."""
    with _refusals():
        with _progress() as bar:
            found = _read(folder, bar)
        with _database().reading() as connection:
            planned = plan_folder(connection, CATALOGUE, folder, prune=prune, read=found)
    for line in describe(planned.plan, CATALOGUE):
        click.echo(line)
    click.echo(summary(planned.plan, "would be"))


@catalogue.command()
@click.argument("folder", type=FOLDER)
@click.option("--release", "note", metavar="NOTE", help="Release everything that is pending, with this note.")
@click.option("--prune", is_flag=True, help="Also delete what the files do not have.")
def apply(folder: Path, note: str | None, *, prune: bool) -> None:
    """Bring the working copy to the files of FOLDER: all of it, or nothing."""
    with _refusals(), _progress() as bar:
        planned, released = _apply(folder, note, bar, prune=prune)
    click.echo(summary(planned.plan, "were"))
    if note is not None:
        click.echo(_release_text(released))


def _apply(folder: Path, note: str | None, bar: _Bar, *, prune: bool) -> tuple[PlannedSeed, Released | int]:
    found = _read(folder, bar)
    with _database().transaction(exclusive=True) as connection:
        planned = plan_folder(connection, CATALOGUE, folder, prune=prune, read=found)
        apply_folder(connection, CATALOGUE, planned, bar)
        now, counts = datetime.now(UTC), {name: len(getattr(planned.plan, name)) for name in PLANNED}
        if planned.plan:
            audit.record(connection, None, "apply", "seed-files", now=now, detail=counts)
        released: Released | int = 0
        if note is not None:
            try:
                released = release(connection, CATALOGUE, note=note, now=now, progress=bar)
                target = f"releases/{released.revision}"
                audit.record(connection, None, "release", target, now=now, detail={"note": note})
            except NothingToRelease:
                released = current_revision(connection)
    return planned, released


def _release_text(released: Released | int) -> str:
    if isinstance(released, int):
        return f"Nothing to release: the catalogue stays at revision {released}."
    return (
        f"Released revision {released.revision}: {released.documents} documents written, {released.deleted} taken away."
    )


@catalogue.command()
@click.argument("folder", type=FOLDER)
def export(folder: Path) -> None:
    """Write the working copy to FOLDER, which is new or empty, as seed files."""
    with _refusals(), _database().reading() as connection:
        count = export_folder(connection, CATALOGUE, folder)
    click.echo(f"{count} entities were written to {folder}.")


@database_commands.command()
def upgrade() -> None:
    """Bring the store's tables to the newest migration."""
    with _refusals():
        migrating.upgrade(_database())
    click.echo("The database is up to date.")


@database_commands.command()
@click.argument("revision", default="base")
def downgrade(revision: str) -> None:
    """Take the store's tables back to REVISION, or all the way. This loses content."""
    with _refusals():
        migrating.downgrade(_database(), revision)
    click.echo(f"The database is at {revision}.")
