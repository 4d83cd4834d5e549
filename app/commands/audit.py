"""The `flask audit` commands: keeping the audit from growing for ever."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from flask.cli import AppGroup

from app.access import audit as log
from app.commands.terminal import needs_store
from app.errors import LimberError
from app.shapes.moments import moment_text
from app.web.installed import database

audit = AppGroup("audit", help="Who did what.")


class CannotKeep(LimberError):
    """Entries that could not be written elsewhere, and so stay."""


@audit.command()
@click.option("--keep-days", required=True, type=click.IntRange(1, 36_500), help="Younger entries stay.")
@click.option("--to", "file", required=True, type=click.Path(path_type=Path, dir_okay=False), help="A file.")
@needs_store
def prune(keep_days: int, file: Path) -> None:
    """Move older entries to the end of a file, a line of JSON each. Those of releases stay.

    Nothing is removed before it is on the disk. A move that is broken off may be made again: an entry that was written
    twice has the same `id`.
    """
    now = datetime.now(UTC)
    before = now - timedelta(days=keep_days)
    with database().transaction(exclusive=True) as connection:
        entries = log.read_older(connection, before)
        if entries:
            _append(file, "".join(f"{json.dumps(_shown(entry), ensure_ascii=False)}\n" for entry in entries))
            log.remove_older(connection, before)
            log.record(connection, None, "prune", "audit", now=now, detail={"entries": len(entries)})
    click.echo(f"{len(entries)} entries were moved to {file}.")


def _shown(entry: object) -> dict[str, object]:
    fields: dict[str, object] = dict(entry._mapping)  # type: ignore[attr-defined]  # noqa: SLF001  # SQLAlchemy's public name
    return {name: moment_text(value) if isinstance(value, datetime) else value for name, value in fields.items()}


def _append(file: Path, text: str) -> None:
    """Writes to the end of a file that only its owner may read, and waits for the disk."""
    try:
        with os.fdopen(os.open(file, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600), "a", encoding="utf-8") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
    except OSError as error:
        raise CannotKeep(f"{file} could not be written: {error.strerror}. No entry was removed.") from error
