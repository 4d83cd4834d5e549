"""PostgreSQL fails over: the primary is gone, its replica is promoted, and a running server goes on with that one."""

import json
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import psycopg
import pytest
from sqlalchemy import make_url

from app.access.key_store import create_key
from app.config import Settings
from app.store.database import Database
from tests.deploy.services import PostgreSQL, Process
from tests.postgresql import control
from tests.waiting import PATIENCE_SECONDS, wait_for


def address(*servers: PostgreSQL) -> str:
    """All of them in one address; libpq takes the one that can be written to."""
    urls = [make_url(each.url()) for each in servers]
    hosts = ",".join(quote(str(url.query["host"]), safe="") for url in urls)
    return f"postgresql://{urls[0].username}@{hosts}/postgres?target_session_attrs=read-write"


@pytest.fixture
def primary() -> Iterator[PostgreSQL]:
    # Not in pytest's folder, which the servers' user may not enter.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        started = PostgreSQL(Path(folder) / "primary")
        yield started
        started.close()


def key_in(url: str) -> str:
    database = Database(Settings(url, "http://127.0.0.1"))
    with database.transaction() as connection:
        key = create_key(connection, name="Editor", scopes=("content:write",), now=datetime.now(UTC))
    database.dispose()
    return key.text


def written(process: Process, key: str, slug: str) -> int:
    """The status of a new draft."""
    body = json.dumps({"slug": slug, "name": "Written", "type": "stretch"}).encode()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    request = Request(f"http://127.0.0.1:{process.port}/v1/admin/exercises", body, headers)
    try:
        with urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


def on(server: PostgreSQL, statement: str) -> object:
    with psycopg.connect(server.url(), autocommit=True) as connection:
        row = connection.execute(statement.encode()).fetchone()
    return row[0] if row else None


def test_writes_go_on_with_the_promoted_replica_and_nothing_is_lost(primary: PostgreSQL) -> None:
    # A first start makes and fills the tables, which the replica then has.
    first = Process(primary.url(), {}).wait()
    first.close()
    replica = primary.copy(primary.folder.with_name("replica"))
    process = Process(address(primary, replica), {"DATABASE_TIMEOUT_SECONDS": "5"}).wait()
    try:
        key = key_in(primary.url())
        assert written(process, key, "before") == 201
        wait_for(lambda: on(replica, "SELECT count(*) FROM exercise WHERE slug = 'before'") == 1)
        primary.stop()
        assert written(process, key, "meanwhile") == 503
        control(replica.folder, "-w", "promote")
        wait_for(process.is_ready)
        wait_for(lambda: written(process, key, "after") in (201, 409))
        assert process.ask("/v1/exercises?max_seconds=301").status == 200
        assert on(replica, "SELECT count(*) FROM exercise WHERE slug IN ('before', 'after')") == 2
    finally:
        process.close()
        replica.close()
