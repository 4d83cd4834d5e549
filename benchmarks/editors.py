"""What readers notice of editors: eight of them, imports and releases at once, on both stores.

Readers ask on a fixed timetable, whether the answers before have come or not, and their times count from the moment at
which each was due. So a server that stops for a second shows in a hundred of them.
"""

import http.client
import json
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing import get_context
from typing import Any, Self

from app.access.key_store import create_key
from app.commands.serve import seed_if_empty
from app.config import FILES
from app.kinds import CATALOGUE
from app.store.database import Database
from benchmarks.figures import Figure
from benchmarks.servers import limber
from benchmarks.stores import applications

EDITORS, READS_A_SECOND, SECONDS = 8, 100, 20.0
IMPORTED = 20
CONNECTIONS = 25
LEAST_WRITES = {"sqlite": 30.0, "postgresql": 50.0}
KNOWN = "/v1/exercises/chin-tuck"
READS: dict[str, Callable[[int], str]] = {
    "hits": lambda _: KNOWN,
    "/livez": lambda _: "/livez",
    "304": lambda _: KNOWN,
    "misses": lambda number: f"/v1/exercises?limit=5&max_seconds={600 + number}",
}
"""What is asked in turn; each number makes another address of a miss."""


@dataclass
class Seen:
    """Seconds of each kind of request, and how many answers had which status."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    statuses: Counter[str] = field(default_factory=Counter)

    def note(self, name: str, status: int, seconds: float) -> None:
        """One answer."""
        self.statuses[f"{name} {status}"] += 1
        self.seconds[name].append(seconds)

    def p99(self, name: str) -> float:
        """The time that 99 of 100 took at most."""
        return sorted(self.seconds[name])[int(len(self.seconds[name]) * 0.99)]

    def failed(self) -> int:
        """Answers of our own fault."""
        return sum(number for name, number in self.statuses.items() if name.rpartition(" ")[2].startswith("5"))


def read(port: int, seconds: float, first: int) -> Seen:
    """Readers on their timetable, numbered from `first`."""
    seen, begun, names = Seen(), time.monotonic() + 0.5, list(READS)

    def run(place: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for number in range(place, int(seconds * READS_A_SECOND), CONNECTIONS):
            due, name = begun + number / READS_A_SECOND, names[number % len(names)]
            time.sleep(max(0, due - time.monotonic()))
            headers = {"If-None-Match": "*"} if name == "304" else {}
            connection.request("GET", READS[name](first + number), headers=headers)
            response = connection.getresponse()
            response.read()
            seen.note(name, response.status, time.monotonic() - due)

    with ThreadPoolExecutor(CONNECTIONS) as threads:
        list(threads.map(run, range(CONNECTIONS)))
    return seen


class Editors:
    """Who writes until `stop`: editors, somebody who imports, and somebody who releases."""

    def __init__(self, port: int, keys: Sequence[str], slugs: Sequence[str]) -> None:
        self._port, self._keys, self._slugs = port, keys, slugs
        self._stopped = threading.Event()
        self.seen = Seen()

    def __enter__(self) -> Self:
        self.began = time.monotonic()
        writers = [(self._edit, number) for number in range(EDITORS)] + [(self._import, 8), (self._release, 9)]
        self._threads = [threading.Thread(target=work, args=(number,)) for work, number in writers]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()
        self.seconds = time.monotonic() - self.began

    def _send(
        self, number: int, name: str, method: str, path: str, body: object = None, **headers: str
    ) -> tuple[Any, str | None]:
        """The JSON of an answer, and its ETag."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=120)
        content_type = "application/merge-patch+json" if method == "PATCH" else "application/json"
        given = {"Authorization": f"Bearer {self._keys[number]}", "Content-Type": content_type, **headers}
        begun = time.monotonic()
        connection.request(method, f"/v1/admin{path}", None if body is None else json.dumps(body), given)
        response = connection.getresponse()
        content = response.read()
        if name:
            self.seen.note(name, response.status, time.monotonic() - begun)
        if response.status == 503:
            time.sleep(0.2)
        return json.loads(content), response.headers["ETag"]

    def _edit(self, number: int) -> None:
        path, tag = f"/exercises/{self._slugs[number]}", None
        while not self._stopped.is_set():
            # A release makes another version of what it publishes, which is to be read anew.
            tag = tag or self._send(number, "", "GET", path)[1]
            change = {"aliases": [f"Name {time.monotonic()}"]}
            tag = self._send(number, "write", "PATCH", path, change, **{"If-Match": tag or "*"})[1]

    def _import(self, number: int) -> None:
        page, _ = self._send(number, "", "GET", f"/exercises?limit={IMPORTED}")
        drafts = [item["draft"] for item in page["items"] if item["slug"] not in self._slugs]
        while not self._stopped.wait(1):
            bundle = [{**draft, "summary": {"en": f"Summary {time.monotonic()}."}} for draft in drafts]
            self._send(number, "import", "POST", "/imports", {"exercises": bundle})

    def _release(self, number: int) -> None:
        while not self._stopped.wait(2):
            self._send(number, "release", "POST", "/releases", {"note": "Bench"})


@contextmanager
def stores() -> Iterator[dict[str, Database]]:
    """Both stores with the seed's content."""
    with applications() as apps:
        databases = {name: made[0].extensions["limber_database"] for name, made in apps.items()}
        for database in databases.values():
            seed_if_empty(database, CATALOGUE, FILES / "seed_data")
        yield databases


def figures() -> Iterator[Figure]:
    """Reads beside writes over the same reads alone; writes a second."""
    with stores() as databases, ProcessPoolExecutor(1, get_context("spawn")) as readers:
        for name, database in databases.items():
            with database.transaction(exclusive=True) as connection:
                scopes = ["content:read", "content:write", "content:release"]
                keys = [
                    create_key(connection, name=f"k{n}", scopes=scopes, now=datetime.now(UTC)).text for n in range(10)
                ]
            yield from _figures(name, database, keys, readers)


def _figures(name: str, database: Database, keys: Sequence[str], readers: ProcessPoolExecutor) -> Iterator[Figure]:
    url = database.engine.url.render_as_string(hide_password=False)
    with limber(url, WRITES_PER_MINUTE="1000000", LOG_LEVEL="warning") as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        connection.request("GET", "/v1/exercises?limit=100&fields=name")
        slugs = [item["slug"] for item in json.loads(connection.getresponse().read())["items"]][-EDITORS:]
        readers.submit(read, server.port, 2, 0).result()
        quiet = readers.submit(read, server.port, SECONDS, 1_000).result()
        with Editors(server.port, keys, slugs) as editors:
            busy = readers.submit(read, server.port, SECONDS, 10_000).result()
    written = editors.seen.statuses["write 200"] / editors.seconds
    print(f"{name}: {dict(busy.statuses)} {dict(editors.seen.statuses)}", flush=True)
    p99 = f"p99 {editors.seen.p99('write') * 1000:.0f} ms"
    yield Figure(f"writes a second, {name}", written, f"{written:.0f}/s", LEAST_WRITES[name], detail=p99)
    for what in READS:
        ratio = busy.p99(what) / quiet.p99(what)
        detail = f"{busy.p99(what) * 1000:.1f} ms over {quiet.p99(what) * 1000:.1f} ms"
        bound = 10 if what == "misses" else 2
        yield Figure(f"p99 of {what} beside editors, {name}", ratio, f"{ratio:.2f}", bound, at_most=True, detail=detail)
    yield Figure(f"failed reads beside editors, {name}", busy.failed(), str(busy.failed()), 0, at_most=True)
