"""What grows with the catalogue: misses, the start, memory; and hits while a release lands."""

import http.client
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from app.config import ROOT
from benchmarks.catalogues import sqlite_catalogue
from benchmarks.figures import Figure
from benchmarks.hits import DETAIL
from benchmarks.load import LOAD_CORE, wrk
from benchmarks.servers import Server, limber

SMALL, LARGE = 1_000, 100_000
ASKED, ROUNDS = 60, 3
WORDS = (
    *("shoulder", "neck", "stretch", "chest", "wall", "chair", "upper", "back"),
    *("blade", "gentle", "band", "lying", "seated", "breathing", "rotation"),
)
LIST = "/v1/exercises"
FACETS = "source,region,muscle,condition,equipment,benefit,type"
SELECTED = ("detail", "filtered list", "safe list", "tenth page", "thousandth page")
"""Questions that select and neither search nor count."""


class Client:
    """One kept connection, and how long each request took on it."""

    def __init__(self, server: Server) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=600)

    def ask(self, path: str) -> tuple[float, bytes]:
        """Seconds and body of an answer that must be 200."""
        began = time.perf_counter()
        self._connection.request("GET", path)
        response = self._connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise RuntimeError(f"{path}: {response.status} {body[:200]!r}")
        return time.perf_counter() - began, body


def cursor_of_page(client: Client, number: int) -> str:
    """The cursor that the page of this number begins at, 20 exercises a page."""
    cursor = ""
    for _ in range(number - 1):
        _, body = client.ask(f"/v1/exercises?limit=20&fields=name{cursor}")
        cursor = f"&cursor={json.loads(body)['page']['next']}"
    return cursor


def questions(client: Client, deepest: int) -> dict[str, Callable[[int], str]]:
    """What is asked, by name; each number makes another address."""
    _, body = client.ask("/v1/exercises?limit=100&fields=name")
    slugs = [each["slug"] for each in json.loads(body)["items"]]
    pages = {number: cursor_of_page(client, number) for number in (10, deepest)}

    def language(number: int) -> str:
        return ("en", "es")[number % 2]

    def words(number: int) -> str:
        return f"{WORDS[number % len(WORDS)]}+{WORDS[number // len(WORDS) % len(WORDS)]}"

    return {
        "detail": lambda n: f"/v1/exercises/{slugs[n % len(slugs)]}?lang={language(n)}",
        "filtered list": lambda n: f"{LIST}?region=upper-back&max_intensity={n % 3 + 3}&max_seconds={600 + n}",
        "safe list": lambda n: (
            f"{LIST}?safe_for=osteoporosis&can_do_with=chair&max_seconds={600 + n}&lang={language(n)}"
        ),
        "tenth page": lambda _: f"{LIST}?limit=20{pages[10]}&fields=name",
        "thousandth page": lambda _: f"{LIST}?limit=20{pages[deepest]}&fields=name",
        "search": lambda n: f"{LIST}?q={words(n)}&lang={language(n)}",
        "search with facets": lambda n: f"{LIST}?q={words(n)}&facets=region,type&lang={language(n)}",
        "facets": lambda n: f"{LIST}?facets=region,type&max_seconds={600 + n}&limit=1",
        "seven facets": lambda n: f"{LIST}?facets={FACETS}&max_seconds={600 + n}&lang={language(n)}",
        "suggestions": lambda n: f"/v1/suggestions?q={words(n)[: n % 12 + 3]}&lang={language(n)}",
        "composed routine": lambda n: f"/v1/routines/compose?minutes=20&region=upper-back&seed={n}",
    }


def times(server: Server, deepest: int, first: int) -> dict[str, float]:
    """The median seconds of each question with the numbers from `first`, one after the other so that all that is
    remembered is wanted at once; the first of each is not counted.
    """
    client = Client(server)
    asked = questions(client, deepest)
    taken = [[client.ask(each(first + number))[0] for each in asked.values()] for number in range(ASKED + 1)]
    return {name: statistics.median(column[1:]) for name, column in zip(asked, zip(*taken, strict=True), strict=True)}


def misses() -> Iterator[Figure]:
    """Misses at 100,000 over misses at 1,000 exercises, the response cache off."""
    series: dict[str, list[tuple[float, float]]] = {}
    off = {"RESPONSE_CACHE_BYTES": "0"}
    with limber(url_of(SMALL), **off) as small, limber(url_of(LARGE), **off) as large:
        for first in range(0, ROUNDS * (ASKED + 1), ASKED + 1):
            one, other = times(small, 49, first), times(large, 1_000, first)
            for name in one:
                series.setdefault(name, []).append((other[name], one[name]))
    for name, pairs in series.items():
        ratios = [large / small for large, small in pairs]
        median = statistics.median(ratios)
        bound = 1.5 if name in SELECTED else 3.0
        detail = f"{pairs[0][0] * 1000:.1f} ms over {pairs[0][1] * 1000:.1f} ms"
        shown = f"{median:.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        yield Figure(f"miss, {name}, at 100,000 over 1,000", median, shown, bound, at_most=True, detail=detail)


def start_and_memory() -> Iterator[Figure]:
    """Seconds to the first answer, and the memory of a worker whose cache is full."""
    seconds: dict[int, list[float]] = {SMALL: [], LARGE: []}
    for _ in range(3):
        for size, taken in seconds.items():
            began = time.perf_counter()
            with limber(url_of(size)) as server:
                Client(server).ask("/readyz")
                taken.append(time.perf_counter() - began)
    ratios = [large / small for small, large in zip(seconds[SMALL], seconds[LARGE], strict=True)]
    median = statistics.median(ratios)
    shown = f"{median:.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
    detail = f"{seconds[LARGE][0]:.2f} s over {seconds[SMALL][0]:.2f} s"
    yield Figure("start with 100,000 over 1,000", median, shown, 1.5, at_most=True, detail=detail)
    with limber(url_of(LARGE)) as server:
        client = Client(server)
        name = "resident memory of a worker, 100,000 exercises, cache full"
        for number in range(900):
            client.ask(f"{LIST}?limit=100&max_seconds={500 + number}")
        yield _resident(name, server, client)
        times(server, 49, first=0)
        yield _resident(f"{name}, and all that lists and searches remember in two languages", server, client)


def _resident(name: str, server: Server, client: Client) -> Figure:
    """In millions of bytes."""
    cache = json.loads(client.ask("/readyz")[1])["cache"]
    resident = server.resident_bytes() / 1e6
    detail = f"{cache['bytes'] / 1e6:.0f} MB of answers"
    return Figure(name, resident, f"{resident:.0f} MB", 200, at_most=True, detail=detail)


def release_under_load(seconds: float = 8) -> Iterator[Figure]:
    """The 99th percentile of hits while 100 changes are released by another process, over that without."""
    ratios = []
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "catalogue.db"
        shutil.copy(sqlite_catalogue(SMALL), path)
        with limber(f"sqlite:///{path}") as server:
            wrk(server.url(DETAIL), 2)
            for number in range(3):
                quiet = wrk(server.url(DETAIL), seconds).p99
                releasing = threading.Thread(target=_release, args=(path, number))
                releasing.start()
                busy = wrk(server.url(DETAIL), seconds).p99
                releasing.join()
                ratios.append((busy / quiet, busy, quiet))
    median, busy, quiet = sorted(ratios)[1]
    shown = f"{median:.2f} ({min(ratios)[0]:.2f} to {max(ratios)[0]:.2f})"
    detail = f"{busy * 1000:.2f} ms over {quiet * 1000:.2f} ms"
    yield Figure("p99 of hits while 100 changes are released", median, shown, 2, at_most=True, detail=detail)


def _release(path: Path, number: int) -> None:
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{path}"}
    # It has to share a core with the load, which must not wait for it: that would be measured as the server's slowness.
    command = [
        "nice",
        "-n",
        "19",
        "taskset",
        "-c",
        str(LOAD_CORE),
        sys.executable,
        "-m",
        "benchmarks.releasing",
        str(number),
    ]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def url_of(size: int) -> str:
    """The address of a catalogue."""
    return f"sqlite:///{sqlite_catalogue(size)}"
