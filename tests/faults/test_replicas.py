"""A streaming replica is read while it has what is known and what the client saw, and not when it is behind."""

import itertools
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, make_url

from app.delivery.pages import read_page
from app.errors import ReplicaFailed, StoreUnavailable
from app.store import migrating
from app.store.circuit import PATIENCE_SECONDS
from app.store.database import Database
from tests.admin.desk import Desk
from tests.applications import application
from tests.content.editing import Editor
from tests.content.samples import exercise
from tests.deploy.services import PostgreSQL
from tests.edge.caching import STORED
from tests.http.reading import get
from tests.settings import settings_for
from tests.waiting import wait_for

CHECK_SECONDS = 0.5
"""How long a process may take a revision for the newest."""


class Pair:
    """A primary with a catalogue, its replica, and an application that reads from the replica where it may."""

    def __init__(self, folder: Path) -> None:
        self.primary = PostgreSQL(folder / "primary")
        database = Database(settings_for(self.primary.url()))
        migrating.upgrade(database)
        self.editor = Editor(database)
        self.editor.publish(exercises=[exercise("a")])
        self.numbers = itertools.count(100)
        self.replica = self.primary.copy(folder / "replica")
        self.app: Flask = application(
            settings_for(
                self.primary.url(),
                database_read_url=self.replica.url(),
                database_timeout_seconds=5,
                revision_check_seconds=CHECK_SECONDS,
            )
        )
        self.database: Database = self.app.extensions["limber_database"]
        assert self.database.replicas
        self.database.replicas.circuit._rest_seconds = 0.5

    def on_replica(self, statement: str) -> object:
        with psycopg.connect(self.replica.url(), autocommit=True) as connection:
            row = connection.execute(statement.encode()).fetchone()
        return row[0] if row else None

    def lag(self, *, behind: bool) -> None:
        """Stops or goes on with what the replica takes over."""
        self.on_replica(f"SELECT pg_wal_replay_{'pause' if behind else 'resume'}()")
        if behind:
            wait_for(lambda: self.on_replica("SELECT pg_get_wal_replay_pause_state()") == "paused")

    def reads_from_replica(self, at_least: int = 0) -> bool:
        with self.database.released(at_least=at_least) as connection:
            return bool(connection.exec_driver_sql("SELECT pg_is_in_recovery()").scalar())

    def close(self) -> None:
        self.editor.database.dispose()
        self.database.dispose()
        self.replica.close()
        self.primary.close()


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    # Not in pytest's folder, which the servers' user may not enter.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, pytest.MonkeyPatch.context() as patch:
        for module in ("database", "engines", "patient_connection", "replicas"):
            patch.setattr(f"app.store.{module}.PATIENCE_SECONDS", PATIENCE_SECONDS)
        patch.setattr("app.store.patient_connection.PatientConnection.patience_seconds", PATIENCE_SECONDS)
        Path(folder).chmod(0o755)
        made = Pair(Path(folder))
        yield made
        made.close()


def test_a_replica_is_read_while_it_has_what_is_known_and_what_the_client_saw(pair: Pair) -> None:
    client = pair.app.test_client()
    wait_for(pair.reads_from_replica)
    assert client.get("/v1/exercises/a").status_code == 200
    pair.lag(behind=True)
    # Known at once, as this process wrote it.
    Editor(pair.database).publish(exercises=[exercise("a", name="New")])
    assert not pair.reads_from_replica()
    assert get(client, "/v1/exercises/a")["name"] == "New"
    pair.lag(behind=False)
    wait_for(pair.reads_from_replica)
    assert get(client, "/v1/exercises/a?fields=name")["name"] == "New"


def test_a_token_is_not_answered_by_a_replica_behind_it(pair: Pair) -> None:
    client = pair.app.test_client()
    wait_for(pair.reads_from_replica)
    pair.lag(behind=True)
    # Another process released, which this one may not know for a second; the client does.
    released = pair.editor.publish(exercises=[exercise("b")])
    other = application(settings_for(pair.primary.url()))
    token = get(other.test_client(), "/v1/sync")["token"]
    other.extensions["limber_database"].dispose()
    assert pair.database._newest < released.revision, "This process knows already: nothing is tried."
    assert not pair.reads_from_replica(released.revision)
    answer = client.get(f"/v1/sync?token={token}")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["revision"] == released.revision
    pair.lag(behind=False)


def test_libpq_chooses_among_several_hosts(pair: Pair) -> None:
    # Hosts in libpq's own form, which here are the folders of sockets.
    addresses = [make_url(server.uri) for server in (pair.primary, pair.replica)]
    hosts = ",".join(quote(str(each.query["host"]), safe="") for each in addresses)
    form = f"postgresql://{addresses[0].username}:{addresses[0].password}@{hosts}/postgres?target_session_attrs="
    found = []
    for wanted in ("primary", "standby"):
        database = Database(settings_for(pair.primary.url(), database_read_url=form + wanted))
        with database.released() as connection:
            found.append(connection.exec_driver_sql("SELECT pg_is_in_recovery()").scalar())
        database.dispose()
    assert found == [False, True]


def test_while_the_primary_is_away_the_replica_goes_on(pair: Pair) -> None:
    client = pair.app.test_client()
    wait_for(pair.reads_from_replica)
    pair.primary.stop()
    try:
        stopped = time.monotonic()
        # Until it has asked for the newest revision, in vain.
        wait_for(lambda: cold_reads(pair, 1) or pair.database._asked_at > stopped)
        for path in ("/v1/exercises/a", "/v1/exercises?limit=7"):
            answer = client.get(path)
            assert answer.status_code == 200
            assert "stale" not in answer.headers["Cache-Status"]
    finally:
        pair.primary.restart()
        for each in (pair.editor.database, pair.database):
            each.engine.dispose()


def test_what_changes_without_a_release_is_read_from_the_database_itself(pair: Pair) -> None:
    wait_for(pair.reads_from_replica)
    pair.lag(behind=True)
    try:
        desk = Desk(pair.app)
        desk.post("/sources", {"slug": "new", "type": "online", "title": "New", "url": "https://new.example/"})
        assert desk.get("/sources/new")["draft"]["title"] == "New"
        assert pair.reads_from_replica(), "The replica is behind in nothing that is released."
    finally:
        pair.lag(behind=False)


ONE_STATEMENT = "SELECT pg_cancel_backend(pg_backend_pid()), pg_sleep(5)"
THE_CONNECTION = "SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(5)"


def test_a_failed_statement_does_not_rest_the_replicas(pair: Pair) -> None:
    wait_for(pair.reads_from_replica)
    with pytest.raises(ReplicaFailed), pair.database.released() as connection:
        connection.exec_driver_sql(ONE_STATEMENT)
    with pytest.raises(StoreUnavailable, match="of the block's own"), pair.database.released() as connection:
        raise StoreUnavailable("An error of the block's own.")
    assert pair.reads_from_replica()
    with pytest.raises(ReplicaFailed), pair.database.released() as connection:
        connection.exec_driver_sql(THE_CONNECTION)
    assert not pair.reads_from_replica()
    wait_for(pair.reads_from_replica)


@pytest.mark.parametrize("fault", [ONE_STATEMENT, THE_CONNECTION])
def test_what_a_replica_does_not_finish_is_read_from_the_database_itself(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    wait_for(pair.reads_from_replica)
    on_replica = []

    def failing(connection: Connection, *arguments: Any) -> Any:
        found = read_page(connection, *arguments)
        on_replica.append(connection.exec_driver_sql("SELECT pg_is_in_recovery()").scalar())
        if on_replica[-1]:
            connection.exec_driver_sql(fault)
        return found

    monkeypatch.setattr("app.delivery.routes.read_page", failing)
    answer = pair.app.test_client().get(f"/v1/exercises?max_seconds={next(pair.numbers)}")
    assert (answer.status_code, answer.headers["Cache-Status"]) == (200, STORED)
    assert on_replica == [True, False]
    wait_for(pair.reads_from_replica)


def cold_reads(pair: Pair, count: int) -> bool:
    """Asks for so many documents that nobody asked for before; each must be had. False, so that one may go on."""
    client = pair.app.test_client()
    for _ in range(count):
        answer = client.get(f"/v1/exercises?max_seconds={next(pair.numbers)}")
        assert answer.status_code == 200, answer.text
        assert "stale" not in answer.headers["Cache-Status"]
    return False


@contextmanager
def connections_of_requests(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, attempts: list[str] | None = None
) -> Iterator[list[str]]:
    """How often requests ask a server for anything; `attempts` are of the threads that find out whether it is back."""
    asked: list[str] = []
    connect = engine.connect

    def noted() -> Connection:
        if threading.current_thread() is threading.main_thread():
            asked.append("connect")
        elif attempts is not None:
            attempts.append("connect")
        return connect()

    with monkeypatch.context() as patched:
        patched.setattr(engine, "connect", noted)
        yield asked


def test_a_stopped_replica_costs_nobody_an_answer_and_is_read_again_when_it_is_back(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_for(pair.reads_from_replica)
    cold_reads(pair, 5)
    pair.replica.stop()
    try:
        assert pair.database.replicas
        with connections_of_requests(pair.database.replicas.engine, monkeypatch) as asked:
            cold_reads(pair, 50)
        assert not pair.reads_from_replica()
    finally:
        pair.replica.restart()
        returned = time.monotonic()
    wait_for(pair.reads_from_replica)
    print(f"read again {time.monotonic() - returned:.1f} s after its return")
    assert len(asked) == 1, "The first finds it gone, and no other tries."


@pytest.mark.parametrize("rested", [False, True])
def test_a_replica_that_hangs_is_waited_for_once(pair: Pair, monkeypatch: pytest.MonkeyPatch, *, rested: bool) -> None:
    wait_for(pair.reads_from_replica)
    if rested:
        monkeypatch.setattr("app.store.engines.CONNECTION_REST_SECONDS", 0)
    assert pair.database.replicas
    engine, attempts = pair.database.replicas.engine, list[str]()
    with pair.replica.hanging(), connections_of_requests(engine, monkeypatch, attempts) as asked:
        cold_reads(pair, 50)
        # Until there was more than one attempt to reach it again, which no request waits for.
        wait_for(lambda: cold_reads(pair, 1) or len(attempts) > 1)
        cold_reads(pair, 50)
    assert len(asked) == 1
    wait_for(pair.reads_from_replica)


def test_while_the_primary_hangs_the_replica_goes_on(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    wait_for(pair.reads_from_replica)
    attempts: list[str] = []
    with pair.primary.hanging(), connections_of_requests(pair.database._aside, monkeypatch, attempts) as asked:
        wait_for(lambda: cold_reads(pair, 1) or len(attempts) > 1)
        cold_reads(pair, 50)
    assert len(asked) <= 1, "The first waits for it, and no other."
