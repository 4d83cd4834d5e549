"""`flask catalogue audit`: the rules of content asked about seed files, or about the working copy."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.auditing.audit import audit as audited
from app.auditing.figures import lines
from app.auditing.findings import Content
from app.auditing.planned import stored_content
from app.commands.terminal import needs_store, refusals
from app.content.content_type import EntityKey
from app.delivery.routes import installed_catalogue
from app.seeding.files import read_folder
from app.seeding.finding_text import described
from app.web.installed import database

Place = Callable[[EntityKey, str], str]


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
@click.option(
    "--working-copy", is_flag=True, help="Audit what editors prepare, and no files; so does naming no FOLDER."
)
@with_appcontext
def audit(folder: Path | None, *, working_copy: bool) -> None:
    """Print what content there is and which rules it breaks: that of FOLDER's seed files, or of the working copy.

    The exit status is 1 if a rule is broken; warnings do not count. Changes nothing.
    """
    if folder and working_copy:
        raise click.UsageError("Name a FOLDER or --working-copy, not both: one is audited at a time.")
    if folder:
        _audit_files(folder)
    else:
        _audit_working_copy()


def _audit_files(folder: Path) -> None:
    with refusals():
        bundle = read_folder(folder, installed_catalogue())

    _print(Content(installed_catalogue(), bundle.drafts), lambda key, pointer: bundle.places[key].place(pointer))


@needs_store
def _audit_working_copy() -> None:
    with database().reading() as connection:
        content = stored_content(connection, installed_catalogue())
    _print(content, lambda key, _pointer: f"{content.catalogue[key[0]].collection}/{key[1]}")


def _print(content: Content, place: Place) -> None:
    """The figures, and a line for each finding. `place` says where a field of a draft stands."""
    result = audited(content, datetime.now(UTC).date().isoformat())
    for line in lines(result):
        click.echo(line)
    for key, finding in result.all():
        click.echo(f"{place(key, finding.pointer)}: {described(finding)}")
    warnings = _counted(result.warnings, "warning")
    if result.broken:
        broken = _counted(result.broken, "broken rule")
        raise click.ClickException(f"{broken} in {_counted(result.broken_drafts, 'draft')}; {warnings}.")
    click.echo(f"Every rule is kept; {warnings}.")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
