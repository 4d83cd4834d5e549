"""A small catalogue that tests edit, release, back up and sync; with the real application behind it."""

from __future__ import annotations

import importlib.util
import itertools
import json
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, RowMapping, Table, event, insert, select, text

from app.config import ROOT, Settings
from app.content.documents import with_origin
from app.editing.bundle import load_draft
from app.editing.plan import apply_plan, make_plan
from app.errors import NothingToRelease
from app.kinds import CATALOGUE
from app.models import tables
from app.releasing.release import Released, release
from app.shapes.languages import DEFAULT_LANGUAGE
from app.store.database import Base, Database
from app.sync.pruning import prune
from tests.applications import application
from tests.content.editing import UNFINISHED
from tests.waiting import PATIENCE_SECONDS

ORIGIN = "https://limber.example"

Key = tuple[str, str]
Written = dict[str, Any]


def _load_client() -> ModuleType:
    """The reference client, from its one file."""
    path = ROOT / "clients" / "python" / "limber_sync.py"
    spec = importlib.util.spec_from_file_location("limber_sync", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["limber_sync"] = module
    spec.loader.exec_module(module)
    return module


limber_sync = _load_client()


def term(slug: str, note: str = "") -> Written:
    return {"slug": slug, "vocabulary": "regions", "name": f"Region {slug} {note}".strip()}


def exercise(slug: str, *regions: str, note: str = "", **fields: Any) -> Written:
    name = f"Exercise {slug} {note}".strip()
    levels = [{"intensity": 1, "dose": {"sets": 1, "repetitions": 5}}]
    return {"slug": slug, "name": name, "type": "stretch", "regions": list(regions), "levels": levels} | fields


def routine(slug: str, *exercises: str, note: str = "") -> Written:
    items = [{"exercise": each, "intensity": 1} for each in exercises]
    stages = [{"name": "All", "items": items}] if items else []
    return {"slug": slug, "name": f"Routine {slug} {note}".strip(), "goal": "relieve", "stages": stages}


def place(slug: str, note: str = "", **fields: Any) -> Written:
    return {"slug": slug, "name": f"Place {slug} {note}".strip(), "type": "clinic"} | fields


def _unsynced(connection: Any, _record: object) -> None:
    """Has SQLite not wait for the disk: programs are killed here, machines are not."""
    connection.execute("PRAGMA synchronous = OFF")


class Store:
    """A database that can be copied and put back: as a file on SQLite, as the rows of its tables on PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._path = Path(database.engine.url.database or "") if database.is_sqlite else None
        self._copies: list[dict[Table, list[dict[str, Any]]]] = []
        self._numbers = itertools.count()

    def back_up(self) -> int:
        """Copies the database; the answer names the copy."""
        if self._path:
            number = next(self._numbers)
            copy = f"{self._path}.{number}"
            with closing(sqlite3.connect(self._path)) as source, closing(sqlite3.connect(copy)) as target:
                _unsynced(target, None)
                source.backup(target)
            return number
        with self._database.reading() as connection:
            tables = Base.metadata.sorted_tables
            self._copies.append({each: [dict(row) for row in _rows(connection, each)] for each in tables})
        return len(self._copies) - 1

    def restore(self, copy: int) -> None:
        """Puts a copy in the place of the database."""
        if self._path:
            self._database.dispose()
            for suffix in ("-wal", "-shm"):
                Path(f"{self._path}{suffix}").unlink(missing_ok=True)
            shutil.copy(f"{self._path}.{copy}", self._path)
            for tell in self._database.after_commit:
                tell(None)
            return
        with self._database.transaction() as connection:
            # The audit cannot be taken back; nothing here reads it.
            tables = {table: rows for table, rows in self._copies[copy].items() if table.name != "audit_entry"}
            names = [connection.dialect.identifier_preparer.format_table(each) for each in tables]
            # Of few rows, DELETE is quicker than TRUNCATE, which makes every file of every table anew.
            connection.execute(text("; ".join(f"DELETE FROM {name}" for name in reversed(names))))
            for table, rows in tables.items():
                if rows:
                    connection.execute(insert(table), rows)

    def forget(self, keep: int) -> None:
        """Removes the copies made after one."""
        if self._path:
            for path in self._path.parent.glob(f"{self._path.name}.*"):
                if path.suffix[1:].isdigit() and int(path.suffix[1:]) > keep:
                    path.unlink()
        del self._copies[keep + 1 :]


def _rows(connection: Connection, table: Table) -> Sequence[RowMapping]:
    return connection.execute(select(*table.c)).mappings().all()


class World:
    """A store, the application on it, and the drafts that the next release will publish."""

    def __init__(self, url: str, folder: Path, *, connections: int, cached: bool) -> None:
        settings = Settings(
            url,
            ORIGIN,
            database_pool_size=connections,
            snapshot_folder=folder,
            database_timeout_seconds=PATIENCE_SECONDS,
        )
        if not cached:
            settings = replace(settings, response_cache_bytes=0)
        self.app: Flask = application(settings)
        self.database: Database = self.app.extensions["limber_database"]
        if self.database.is_sqlite:
            self.database.dispose()
            event.listen(self.database.engine, "connect", _unsynced)
        self.store = Store(self.database)
        self.http = self.app.test_client()
        self.drafts: dict[Key, Written] = {}
        self._blank = self.store.back_up()
        self._prepared: dict[Callable[[World], None], tuple[int, dict[Key, Written]]] = {}

    def begin(self, folder: Path, prepare: Callable[[World], None] | None = None) -> None:
        """Forgets everything. What `prepare` then makes, it makes once: from then on a copy is put back."""
        self.app.extensions["limber_snapshots"].folder = folder / "snapshots"
        self.app.extensions["limber_sync"].digests._sums.clear()
        known = self._prepared.get(prepare) if prepare else None
        copy, drafts = known or (self._blank, {})
        self.store.restore(copy)
        self.drafts = deepcopy(drafts)
        if prepare and not known:
            prepare(self)
            self._prepared[prepare] = (self.store.back_up(), deepcopy(self.drafts))

    def put(self, kind: str, draft: Written) -> None:
        """Creates or replaces a draft."""
        self.drafts[kind, draft["slug"]] = draft

    def drop(self, kind: str, slug: str) -> None:
        """Deletes a draft; what names it no longer does."""
        self.drafts.pop((kind, slug), None)
        for (other, _), draft in self.drafts.items():
            if other == "exercise" and kind == "term":
                draft["regions"] = [each for each in draft["regions"] if each != slug]
            if other == "routine" and kind == "exercise":
                for stage in draft["stages"]:
                    stage["items"] = [item for item in stage["items"] if item["exercise"] != slug]

    def save(self) -> None:
        """Brings the working copy to the drafts, without a release."""
        with self.database.transaction(exclusive=True) as connection:
            loaded = {key: load_draft(CATALOGUE[key[0]], draft) for key, draft in self.drafts.items()}
            plan, faults = make_plan(connection, CATALOGUE, loaded, prune=True)
            assert not faults, faults
            apply_plan(connection, CATALOGUE, plan, datetime.now(UTC))

    def release(self) -> Released | None:
        """Saves and releases; None where nothing changed."""
        self.save()
        try:
            with self.database.transaction(exclusive=True) as connection:
                return release(connection, UNFINISHED)
        except NothingToRelease:
            return None

    def prune(self) -> None:
        """Folds everything that is folded with `--keep-days 0`."""
        with self.database.transaction(exclusive=True) as connection:
            prune(connection, keep_days=0, now=datetime.now(UTC) + timedelta(seconds=2))

    def published(self, kinds: tuple[str, ...] = ()) -> dict[Key, str]:
        """What is published, as it is sent, read past the feed."""
        columns = (tables.document.c.kind, tables.document.c.slug, tables.document.c.body)
        statement = select(*columns).where(tables.document.c.language == DEFAULT_LANGUAGE)
        with self.database.reading() as connection:
            return {
                (row.kind, row.slug): with_origin(bytes(row.body), ORIGIN).decode()
                for row in connection.execute(statement)
                if not kinds or row.kind in kinds
            }

    def fetch(self, address: str) -> Any:
        """What the reference client fetches with."""
        response = self.http.get(address.removeprefix(ORIGIN))
        return limber_sync.Answer(response.status_code, response.headers.get("Location"), response.data)

    def get(self, address: str, status: int = 200) -> Any:
        """The JSON of an answer with this status."""
        response = self.http.get(address.removeprefix(ORIGIN))
        assert response.status_code == status, response.text
        return response.json

    def pages(self, address: str) -> Iterator[Any]:
        """Every page from an address on."""
        page = self.get(address)
        yield page
        while "next" in page:
            page = self.get(page["next"])
            yield page

    def enumerate(self, query: str = "") -> tuple[list[Any], str]:
        """The items of an enumeration, and its token."""
        found = list(self.pages(f"/v1/sync{query}"))
        return [item for page in found for item in page["items"]], found[-1]["token"]

    def replica(self, path: Path | str, fetch: Callable[[str], Any] | None = None, **options: Any) -> Any:
        """A client's copy."""
        opened = limber_sync.Replica(str(path), ORIGIN, fetch=fetch or self.fetch, **options)
        _unsynced(opened._database, None)
        return opened


def held(replica: Any) -> dict[Key, str]:
    """What a client holds, byte for byte."""
    return {
        (document["kind"], document["slug"]): limber_sync.compact_json(document) for document in replica.documents()
    }


def texts(items: list[Any]) -> dict[Key, str]:
    """Items as they were sent."""
    return {(item["kind"], item["slug"]): json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in items}


@contextmanager
def opened(url: str, folder: Path, *, connections: int = 8, cached: bool = False) -> Iterator[World]:
    """A world, closed at the end, with the response cache in front or without."""
    world = World(url, folder, connections=connections, cached=cached)
    try:
        yield world
    finally:
        world.database.dispose()


class Worlds(ExitStack):
    """The worlds of a run of tests, each made when it is first asked for."""

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        super().__init__()
        self._folders = folders
        self._made: dict[tuple[Callable[[], str], bool], World] = {}

    def begin(self, make_store: Callable[[], str], folder: Path, *, cached: bool) -> World:
        """The world on a kind of store, with the response cache or without, empty."""
        key = (make_store, cached)
        if key not in self._made:
            found = opened(make_store(), self._folders.mktemp("world"), cached=cached)
            self._made[key] = self.enter_context(found)
        self._made[key].begin(folder)
        return self._made[key]
