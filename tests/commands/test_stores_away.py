"""Every command, where its store is away, missing, empty, or of another version: one plain line and exit status 1."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import Result
from flask import Flask

from app import create_app
from app.commands import serve
from app.commands.groups import GROUPS
from app.config import Settings
from app.store import migrating
from app.store.database import Database

ORIGIN = "https://limber.example"
AWAY = "postgresql://limber:secret@127.0.0.1:1/limber"

ARGUMENTS = {
    "audit prune": ["--keep-days", "30", "--to", "{folder}/audit.jsonl"],
    "catalogue apply": ["seed_data"],
    "catalogue export": ["{folder}/exported"],
    "catalogue import free-exercise-db": ["exercises.json"],
    "catalogue import wger": ["fixtures"],
    "catalogue plan": ["seed_data"],
    "catalogue prune": ["--keep-days", "30"],
    "database backup": ["{folder}/backup"],
    "database restore": ["{folder}/backup"],
    "keys create": ["--name", "CI", "--scope", "keys"],
    "keys revoke": ["0123456789abcdef"],
    "partners add": ["clinic", "--name", "Clinic", "--origin", "https://clinic.example"],
    "partners remove": ["clinic"],
    "releases purge": ["deploy"],
    "releases roll-back": ["1"],
    "releases show": ["1"],
}
"""What a command needs on its line."""

GENERATED = {f"docs {what}" for what in ("examples", "fields", "openapi", "readme", "schemas", "timelines")}
"""They write files of the checkout, from stores of their own."""

MIGRATING = {"database upgrade", "serve"}
"""They make a store where there is none, and bring an older one up."""

OF_ANY_VERSION = {"database backup", "database restore"}
"""They are for stores of other versions too; `test_backups.py` tries them on some."""


def commands(group: click.Command, name: str) -> Iterator[str]:
    if isinstance(group, click.Group):
        for sub_name, command in group.commands.items():
            yield from commands(command, f"{name} {sub_name}")
    else:
        yield name


ALL = sorted(name for group in GROUPS for name in commands(group, group.name or ""))
NEEDING = [name for name in ALL if name not in GENERATED]


@pytest.fixture(autouse=True)
def served(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What would be served, in place of this process."""
    served: list[str] = []
    monkeypatch.setattr(os, "execve", lambda *_: served.append("served"))
    monkeypatch.setattr(serve, "claim_port", lambda *_: None)
    monkeypatch.setattr(serve, "MOST_SECONDS_TO_WAIT", 0)
    return served


@contextmanager
def application(url: str, **options: Any) -> Iterator[Flask]:
    app = create_app(Settings(database_url=url, public_origin=ORIGIN, database_timeout_seconds=1, **options))
    yield app
    app.extensions["limber_database"].dispose()


def run(app: Flask, name: str, folder: Path) -> Result:
    arguments = [argument.format(folder=folder) for argument in ARGUMENTS.get(name, ())]
    return app.test_cli_runner().invoke(args=[*name.split(), *arguments])


def all_refused(url: str, names: Iterable[str], folder: Path, text: str) -> None:
    with application(url) as app:
        for name in names:
            result = run(app, name, folder)
            assert isinstance(result.exception, SystemExit), (name, result.exception)
            assert (result.exit_code, result.stdout) == (1, ""), name
            assert result.stderr.startswith("Error: "), (name, result.stderr)
            assert text in result.stderr, (name, result.stderr)
            assert result.stderr.count("\n") == 1, (name, result.stderr)


def set_version(url: str, version: str) -> None:
    database = Database(Settings(database_url=url, public_origin=ORIGIN))
    with database.transaction() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{version}'")
    database.dispose()


def test_every_command_is_walked_over() -> None:
    assert {*ARGUMENTS, *GENERATED, *MIGRATING} < {*ALL}
    assert len(ALL) > 20


def test_a_store_that_is_away(tmp_path: Path) -> None:
    all_refused(AWAY, NEEDING, tmp_path, "Error: The database at 127.0.0.1:1/limber does not answer.\n")


def test_a_missing_store_is_not_made(tmp_path: Path) -> None:
    file = tmp_path / "var" / "limber.db"
    text = f"There is no database at {file}: run `flask database upgrade` or `make serve` first.\n"
    all_refused(f"sqlite:///{file}", sorted({*NEEDING} - MIGRATING - {"database restore"}), tmp_path, text)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_store(database: Database, store_url: str, tmp_path: Path) -> None:
    migrating.downgrade(database)
    text = f"There are no tables in the database at {database.address}: run `flask database upgrade`"
    all_refused(store_url, sorted({*NEEDING} - MIGRATING - {"database downgrade", "database restore"}), tmp_path, text)


def test_a_file_with_nothing_in_it_stays_so(tmp_path: Path) -> None:
    file = tmp_path / "limber.db"
    file.touch()
    with application(f"sqlite:///{file}") as app:
        result = run(app, "keys create", tmp_path)
        with app.extensions["limber_database"].reading() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one() == 0
    assert (result.exit_code, "There are no tables" in result.stderr) == (1, True)


def test_a_store_of_a_newer_version(store_url: str, tmp_path: Path) -> None:
    set_version(store_url, "9999")
    text = "are of a newer version (migration 9999): start that version of Limber"
    all_refused(store_url, sorted({*NEEDING} - OF_ANY_VERSION), tmp_path, text)


def test_a_store_of_an_older_version(store_url: str, tmp_path: Path) -> None:
    set_version(store_url, "0001")
    text = "are of an older version: make a backup, then run `flask database upgrade`.\n"
    all_refused(store_url, sorted({*NEEDING} - MIGRATING - OF_ANY_VERSION - {"database downgrade"}), tmp_path, text)


@pytest.mark.parametrize("when", ["auto", "yes", "no"])
def test_a_start_changes_older_tables_only_where_it_may(
    when: str, store_url: str, database: Database, served: list[str], tmp_path: Path
) -> None:
    changes = when == "yes" or (when == "auto" and database.is_sqlite)
    migrating.downgrade(database, "0009")
    with application(store_url, migrate=when) as app:
        result = run(app, "serve", tmp_path)
    assert (result.exit_code, served) == ((0, ["served"]) if changes else (1, [])), result.stderr
    assert changes or ("are of an older version" in result.stderr and result.stderr.count("\n") == 1)
    assert (migrating.versions(database) == {"0009"}) is not changes


@pytest.mark.parametrize("when", ["auto", "yes", "no"])
def test_a_start_makes_tables_unless_it_may_not(
    when: str, store_url: str, database: Database, served: list[str], tmp_path: Path
) -> None:
    makes = when != "no"
    migrating.downgrade(database)
    with application(store_url, migrate=when) as app:
        result = run(app, "serve", tmp_path)
    assert (result.exit_code, served) == ((0, ["served"]) if makes else (1, [])), result.stderr
    assert makes or "There are no tables" in result.stderr


@pytest.mark.parametrize("name", sorted(MIGRATING))
def test_what_migrates_makes_a_store_in_a_new_folder(name: str, served: list[str], tmp_path: Path) -> None:
    with application(f"sqlite:///{tmp_path}/new/limber.db") as app:
        result = run(app, name, tmp_path)
        migrating.require_current(app.extensions["limber_database"])
    assert (result.exit_code, result.stderr) == (0, "")
    assert served == (["served"] if name == "serve" else [])


def test_an_unknown_migration_is_told(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["database", "downgrade", "nowhere"])
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "nowhere" in result.stderr
