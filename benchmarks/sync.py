"""What syncing costs, at 1,000 and at 100,000 exercises: bytes, seconds, and the server's peak memory.

    python -m benchmarks.sync [EXERCISES ...]

Each line has the bytes received, the seconds until all of it was there, those of them (of all processors) that the
server was busy, and its peak resident memory meanwhile.

The catalogue is the seed's, its exercises copied under other slugs until there are enough, written into the tables as
a release writes them. Then one exercise in a hundred changes. The server is granian with one worker, as `flask serve`
runs it, on SQLite.
"""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from app.commands.serve import granian_arguments
from app.config import ROOT, Settings
from app.content.identity import made_id
from app.editing.plan import apply_plan
from app.kinds import CATALOGUE
from app.models import tables
from app.releasing.digests import ChangedDocument, body_digest, chain
from app.releasing.release import release
from app.seeding.planning import plan_folder
from app.store import migrating
from app.store.database import Database

BATCH = 2000
MEBIBYTE = 1024 * 1024
START_SECONDS = 120


class Cost(NamedTuple):
    """What was received, how long it took, and how long the server's processor was busy with it."""

    bytes: int
    seconds: float
    busy: float
    pages: int = 1


def fill(database: Database, exercises: int) -> None:
    """The seed, and copies of its exercises."""
    migrating.upgrade(database)
    with database.transaction(exclusive=True) as connection:
        apply_plan(
            connection,
            CATALOGUE,
            plan_folder(connection, CATALOGUE, ROOT / "seed_data", prune=False),
            datetime.now(UTC),
        )
        release(connection, CATALOGUE)
    with database.transaction(exclusive=True) as connection:
        originals = _originals(connection)
        first = connection.execute(select(func.max(tables.published_entity.c.id))).scalar_one() + 1
        changes: list[ChangedDocument] = []
        for start in range(0, exercises - len(originals), BATCH):
            numbers = range(start, min(start + BATCH, exercises - len(originals)))
            changes += _copy(connection, [(originals[each % len(originals)], each, first + each) for each in numbers])
        _close(connection, 2, changes)


class Original(NamedTuple):
    """A published exercise: its documents, one in each language, and its facets."""

    documents: list[Any]
    facets: list[RowMapping]


def _originals(connection: Connection) -> list[Original]:
    found: dict[int, Original] = {}
    for row in connection.execute(select(tables.document).where(tables.document.c.kind == "exercise")):
        found.setdefault(row.entity_id, Original([], [])).documents.append(row)
    for each in connection.execute(select(tables.facet)).mappings():
        if each["entity_id"] in found:
            found[each["entity_id"]].facets.append(each)
    return list(found.values())


def _copy(connection: Connection, copies: Sequence[tuple[Original, int, int]]) -> list[ChangedDocument]:
    """Writes copies of exercises, each of an original, with a number for its slug and an identifier."""
    entities, documents, facets = [], [], []
    for original, number, identifier in copies:
        known = original.documents[0].slug
        slug = f"{known}-{number}"
        entity = {"id": identifier, "kind": "exercise", "slug": slug, "draft": {}, "draft_digest": "-", "revision": 2}
        entities.append(entity)
        for each in original.documents:
            body = bytes(each.body).replace(f"/{known}".encode(), f"/{slug}".encode())
            body = body.replace(f'"slug":"{known}"'.encode(), f'"slug":"{slug}"'.encode(), 1)
            body = body.replace(made_id("exercise", known).encode(), made_id("exercise", slug).encode(), 1)
            body = body.replace(b'"revision":1,', b'"revision":2,')
            copy = {"entity_id": identifier, "slug": slug, "revision": 2, "body": body}
            documents.append({**each._asdict(), **copy})
        facets += [{**each, "entity_id": identifier} for each in original.facets]
    columns = ("revision", "kind", "slug", "language", "body")
    versions = [{"deleted": False} | {column: each[column] for column in columns} for each in documents]
    for table, rows in (
        (tables.published_entity, entities),
        (tables.document, documents),
        (tables.document_version, versions),
        (tables.facet, facets),
    ):
        connection.execute(insert(table), rows)
    return [_changed(each) for each in documents]


def _changed(written: Mapping[str, Any]) -> ChangedDocument:
    return ChangedDocument(written["kind"], written["slug"], written["language"], body_digest(written["body"]))


def change(database: Database, share: float) -> int:
    """A release in which a share of the exercises changed, evenly spread, in every language. How many they are."""
    with database.transaction(exclusive=True) as connection:
        step = round(1 / share)
        found = select(tables.document).where(
            tables.document.c.kind == "exercise", tables.document.c.entity_id % step == 0
        )
        rows = connection.execute(found).all()
        versions = []
        for row in rows:
            body = re.sub(rb'"revision":[12],', b'"revision":3,', bytes(row.body)).replace(
                b'"name":"', b'"name":"New ', 1
            )
            key = {"kind": row.kind, "slug": row.slug, "language": row.language}
            versions.append({**key, "body": body, "deleted": False, "revision": 3})
        connection.execute(insert(tables.document_version), versions)
        for row, each in zip(rows, versions, strict=True):
            where = (tables.document.c.entity_id == row.entity_id) & (tables.document.c.language == row.language)
            connection.execute(update(tables.document).where(where).values(body=each["body"], revision=3))
        _close(connection, 3, [_changed(each) for each in versions])
    return len({row.entity_id for row in rows})


def _close(connection: Connection, revision: int, changes: Sequence[ChangedDocument]) -> None:
    before = connection.execute(select(tables.release.c.digest).where(tables.release.c.revision == revision - 1))
    digest = chain(before.scalar_one(), revision, changes)
    row = {"revision": revision, "released_at": datetime.now(UTC), "digest": digest, "deleted": 0}
    connection.execute(delete(tables.release).where(tables.release.c.revision == revision))
    connection.execute(insert(tables.release).values(**row, changed=len(changes)))
    connection.execute(update(tables.revision_counter).values(revision=revision))


class Server:
    """A running server."""

    def __init__(self, port: int, process: subprocess.Popen[bytes]) -> None:
        self.origin, self.process = f"http://127.0.0.1:{port}", process

    def is_alive(self) -> bool:
        """Whether it answers."""
        try:
            return bool(self.get("/livez").bytes)
        except OSError:
            return False

    def get(self, path: str, **headers: str) -> Cost:
        """Receives a whole answer and keeps nothing of it."""
        (began, busy), size = self.begin(), 0
        request = urllib.request.Request(self.origin + path, headers=headers)
        with urllib.request.urlopen(request, timeout=1800) as response:
            while piece := response.read(MEBIBYTE):
                size += len(piece)
        return Cost(size, time.perf_counter() - began, self.busy() - busy)

    def sync(self, token: str | None = None) -> tuple[Cost, str]:
        """Follows every page, of 1,000 items each; the token at the end."""
        (began, busy), size, pages = self.begin(), 0, 0
        address: str | None = f"{self.origin}/v1/sync?limit=1000" + (f"&token={token}" if token else "")
        page: dict[str, Any] = {}
        while address:
            with urllib.request.urlopen(address, timeout=1800) as response:
                content = response.read()
            page = json.loads(content)
            size, pages, address = size + len(content), pages + 1, page.get("next")
        return Cost(size, time.perf_counter() - began, self.busy() - busy, pages), page["token"]

    def peak(self) -> float:
        """The worker's peak resident memory since `begin`, in mebibytes."""
        return max(self._peaks())

    def begin(self) -> tuple[float, float]:
        """The time, and the server's busy seconds, as something begins. Its peak begins anew (proc(5), clear_refs)."""
        for pid in self._pids():
            Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")
        return time.perf_counter(), self.busy()

    def busy(self) -> float:
        """The processor's seconds that the server has taken so far."""
        ticks = (Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1] for pid in self._pids())
        return sum(int(part) for each in ticks for part in each.split()[11:13]) / os.sysconf("SC_CLK_TCK")

    def _peaks(self) -> Iterator[float]:
        for pid in self._pids():
            status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
            yield int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) / 1024

    def _pids(self) -> Iterator[int]:
        parents = [self.process.pid]
        while parents:
            pid = parents.pop()
            yield pid
            for task in Path(f"/proc/{pid}/task").iterdir():
                parents += map(int, (task / "children").read_text(encoding="utf-8").split())


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """A fresh server on the catalogue of a folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = Settings(f"sqlite:///{folder}/limber.db", f"http://127.0.0.1:{port}", port=port)
    environment = {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "PUBLIC_ORIGIN": settings.public_origin,
        "SNAPSHOT_FOLDER": str(folder / "snapshots"),
    }
    command = [sys.executable, "-m", "granian", *granian_arguments(settings)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as process:
        server = Server(port, process)
        try:
            deadline = time.monotonic() + START_SECONDS
            while not server.is_alive():
                assert time.monotonic() < deadline, "The server does not start."
                time.sleep(0.2)
            yield server
        finally:
            process.terminate()


def measure(exercises: int) -> None:
    """Prints the figures of one size."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = Database(Settings(f"sqlite:///{folder}/limber.db", "http://127.0.0.1"))
        fill(database, exercises)
        print(f"\n{exercises} exercises")
        with serving(folder) as server:
            show("a server that has answered nothing", Cost(0, 0, 0), server)
            show("first answer of the feed (sums every digest)", server.get("/v1/sync?limit=1"), server)
            for path, headers in (
                ("/v1/snapshot.ndjson", {}),
                ("/v1/snapshot.ndjson", {"Accept-Encoding": "zstd"}),
                ("/v1/snapshot.sqlite", {}),
            ):
                of = f"{path} {headers.get('Accept-Encoding', '')}".strip()
                show(f"{of}, built", server.get(path, **headers), server)
                show(f"{of}, again", server.get(path, **headers), server)
            whole, token = server.sync()
            show(f"enumeration, {whole.pages} pages", whole, server)
            changed = change(database, 0.01)
            delta, _ = server.sync(token)
            show(f"delta, {changed} changed, {delta.pages} pages", delta, server)
            print(f"  the delta is {delta.bytes / whole.bytes:.2%} of the enumeration's bytes")
        database.dispose()


def show(what: str, cost: Cost, server: Server) -> None:
    """One line."""
    size = f"{cost.bytes / MEBIBYTE:10.3f} MiB"
    took = f"{cost.seconds:10.3f} s{cost.busy:10.2f} s busy"
    print(f"  {what:<46}{size}{took}   peak {server.peak():5.0f} MiB", flush=True)


if __name__ == "__main__":
    for size in [int(each) for each in sys.argv[1:]] or [1_000, 100_000]:
        measure(size)
