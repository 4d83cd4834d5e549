"""Whether the store is whole: what `flask database check` prints, and what `flask serve` asks before it serves."""

from collections.abc import Callable, Iterator
from itertools import chain, islice
from math import inf

import click
from sqlalchemy import Connection

from app.errors import StoreCorrupt
from app.releasing.checking import document_damages, release_damages
from app.store.database import Database
from app.store.integrity import file_damages, has_own_checks

MOST_LISTED = 20
"""Damages of one sort that are listed; the others are counted."""

Check = Callable[[Connection], Iterator[str]]


def _files(connection: Connection) -> Iterator[str]:
    return file_damages(connection, quick=False)


def check_store(database: Database) -> bool:
    """Prints what is whole and what is not; whether all of it is."""
    with database.reading() as connection:
        can_check_files = has_own_checks(connection)
    if not can_check_files:
        click.echo("Files and indexes: not checked; PostgreSQL's extension amcheck is not there for this role.")
    checks: dict[str, Check] = {"Files and indexes": _files} if can_check_files else {}
    checks |= {"Digests of releases": release_damages, "Documents, against their newest versions": document_damages}
    are_whole = [_told(database, what, check) for what, check in checks.items()]
    return all(are_whole)


def _told(database: Database, what: str, check: Check) -> bool:
    """Prints what one check finds; whether it finds nothing."""
    found = _found(database, check)
    listed = list(islice(found, MOST_LISTED))
    others = sum(1 for _ in found)
    click.echo(f"{what}: {'damaged' if listed else 'whole'}.")
    for damage in listed:
        click.echo(f"  {damage}")
    if others:
        click.echo(f"  and {others} more")
    return not listed


def _found(database: Database, check: Check) -> Iterator[str]:
    """What a check finds, and at last why it could not go on.

    It may take as long as the store is large: only a database that answers nobody is given up.
    """
    try:
        with database.reading(silence_seconds=inf) as connection:
            yield from check(connection)
    except StoreCorrupt as error:
        yield str(getattr(error.__cause__, "orig", error))


def quick_damage(database: Database) -> str | None:
    """One damage; None where SQLite's quick check and the digest of the newest release tell of none."""
    checks: tuple[Check, ...] = (
        lambda connection: file_damages(connection, quick=True),
        lambda connection: release_damages(connection, only_newest=True),
    )
    return next(chain.from_iterable(_found(database, check) for check in checks), None)
