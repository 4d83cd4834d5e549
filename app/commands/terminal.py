"""What the commands share: the progress bar, and errors and releases in words."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

import click

from app.delivery.routes import installed_catalogue
from app.errors import LimberError
from app.releasing.release import Released
from app.store.migrating import require_current
from app.web.installed import database

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Bar:
    """A progress bar for one piece of work after another. It shows nothing unless standard error is a terminal."""

    def __init__(self) -> None:
        # A server imports these commands too, but needs no rich.
        from rich.console import Console  # noqa: PLC0415  # see above
        from rich.progress import (  # noqa: PLC0415  # see above
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
        )

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self.progress = Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty())
        self.tasks: dict[str, int] = {}

    def __call__(self, what: str, done: int, total: int) -> None:
        if what not in self.tasks:
            self.tasks[what] = self.progress.add_task(what, total=total)
        self.progress.update(self.tasks[what], completed=done, total=total)  # type: ignore[arg-type]  # a TaskID is an int


@contextmanager
def progress() -> Iterator[Bar]:
    """A progress bar on standard error for as long as the block runs."""
    bar = Bar()
    with bar.progress:
        yield bar


@contextmanager
def refusals() -> Iterator[None]:
    """Turns named errors into text on standard error and exit status 1."""
    try:
        yield
    except LimberError as error:
        for fault in getattr(error, "faults", ()):
            click.echo(fault if isinstance(fault, str) else f"{fault.place}: {fault.detail}", err=True)
        raise click.ClickException(str(error)) from None


def needs_store(command: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """A command that begins only where the database answers and its tables are those of this version.

    Else, and where the command raises a named error, it ends with a sentence that says what to do and exit status 1.
    """

    @wraps(command)
    def checked(*arguments: Arguments.args, **options: Arguments.kwargs) -> Result:
        with refusals():
            require_current(database(), installed_catalogue().migrations)
            return command(*arguments, **options)

    return checked


def release_text(released: Released | int) -> str:
    """A sentence about a release, or about the revision that stays current without one."""
    if isinstance(released, int):
        return f"Nothing to release: the catalogue stays at revision {released}."
    return (
        f"Released revision {released.revision}: {released.documents} documents written, {released.deleted} taken away."
    )
