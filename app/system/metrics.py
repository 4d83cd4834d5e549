"""`/metrics` for Prometheus: what is counted and measured, for all workers of a server together.

Each worker counts in files of its own, which prometheus-client adds up when any of them is asked: its multiprocess
mode, for which `flask serve` names a folder. A server of one worker counts in its memory. What the response cache
counts is read from it and not counted again, so that a hit costs no more for being counted. The library is loaded only
where `METRICS` is set.
"""

import ipaddress
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from wsgiref.types import WSGIEnvironment

from flask import Flask, Response, request

from app.config import Settings
from app.edge.cache import ResponseCache, response_cache
from app.errors import NotFound
from app.store.measuring import Work
from app.system.requests import METHODS, Answered, Tell
from app.system.store_metrics import StoreMetrics
from app.web.declarations import Declaration, declare
from app.web.installed import database

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""prometheus-client's own variable. It is read as the library is loaded."""

REQUEST_SECONDS = (0.0025, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
WORK_SECONDS = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
"""The upper bounds of what histograms count by."""

FLUSH_SECONDS = 1.0
"""How often a worker writes down what its cache counted, for another one that is asked."""

CLASSES = ("2xx", "3xx", "4xx", "5xx")
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")


def environment(settings: Settings) -> dict[str, str]:
    """What a server of several workers needs in its environment: a fresh folder, in place of an earlier start's."""
    if settings.metrics == "off" or settings.workers == 1:
        return {}
    prefix = f"limber-metrics-{settings.host}-{settings.port}-"
    for former in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        shutil.rmtree(former, ignore_errors=True)
    return {FOLDER: tempfile.mkdtemp(prefix=prefix)}


def install(app: Flask, settings: Settings) -> Sequence[Tell]:
    """Adds `/metrics` where the settings want it; what is to be told of each request."""
    if settings.metrics == "off":
        return ()
    metrics = Metrics(app)

    def view() -> Response:
        if settings.metrics == "local" and not _is_local():
            raise NotFound("There is nothing at this address.")
        return Response(metrics.text(), mimetype="text/plain; version=0.0.4; charset=utf-8")

    # `private`: neither caches nor other sites are to have it.
    app.add_url_rule("/metrics", "metrics", declare(view, Declaration(kept=False, private=True)))
    database.of(app).measured_by.append(metrics.note_work)
    return (metrics.note_request,)


def _is_local() -> bool:
    """Whether a process of this machine asks by itself, and not for a client elsewhere."""
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return False
    return bool((getattr(address, "ipv4_mapped", None) or address).is_loopback)


class Metrics:
    """What one worker counts and measures."""

    def __init__(self, app: Flask) -> None:
        import prometheus_client as prometheus  # noqa: PLC0415  # see above

        prometheus.disable_created_metrics()  # type: ignore[no-untyped-call]  # as the library has it  # the library's own
        self._app, self._library = app, prometheus
        self._folder = os.environ.get(FOLDER)
        self._registry = prometheus.CollectorRegistry()
        counter = partial(prometheus.Counter, registry=self._registry)
        gauge = partial(prometheus.Gauge, multiprocess_mode="livesum", registry=self._registry)
        seconds = partial(prometheus.Histogram, registry=self._registry)
        self._requests = counter(
            "limber_requests",
            "Requests that the response cache did not answer, by route and status.",
            ["method", "route", "status"],
        )
        self._answers = counter("limber_answers", "The same by class of status, each from 0 on.", ["status_class"])
        for name in CLASSES:
            self._answers.labels(name)
        self._counting: dict[tuple[str, str, int], tuple[Any, Any, Any]] = {}
        self._unexpected = counter("limber_unexpected_errors", "Answers of status 500; the log has the trace of each.")
        self._seconds = seconds(
            "limber_request_seconds", "Until their answer began to be sent.", ["route"], buckets=REQUEST_SECONDS
        )
        self._work = {
            "lock_wait": seconds(
                "limber_lock_wait_seconds", "Writers' waiting for the one exclusive lock.", buckets=WORK_SECONDS
            ),
            "release": seconds("limber_release_seconds", "Releases and rollbacks.", buckets=WORK_SECONDS),
            "render": seconds("limber_render_seconds", "Rendering the documents of a release.", buckets=WORK_SECONDS),
        }
        self._cache_counts = {
            "hits": counter("limber_cache_hits", "Requests answered from the response cache, 304s among them."),
            "misses": counter("limber_cache_misses", "Requests that were computed."),
            "stale": counter("limber_cache_stale", "Requests answered by what may be outdated, as all else failed."),
            "evicted": counter("limber_cache_evicted", "Kept answers that made room for others."),
        }
        self._counted = dict.fromkeys(self._cache_counts, 0)
        self._cache_holds = {
            "entries": gauge("limber_cache_entries", "Answers that the workers' response caches keep."),
            "bytes": gauge("limber_cache_bytes", "What they take."),
        }
        self._memory = gauge("limber_memory_bytes", "Resident memory of the workers.")
        self._workers = gauge("limber_workers", "Worker processes.")
        self._flushing = threading.Lock()
        if self._folder:
            threading.Thread(target=self._flush_for_ever, name="limber-metrics", daemon=True).start()

    def note_request(self, answered: Answered, _environ: WSGIEnvironment) -> None:
        """Counts an answer; those of the cache are counted by it."""
        if answered.cache == "hit":
            return
        method = answered.method if answered.method in METHODS else "other"
        of_which = (method, answered.route or "none", answered.status)
        if (counting := self._counting.get(of_which)) is None:
            counting = self._counting[of_which] = self._of_which(*of_which)
        requests, answers, seconds = counting
        requests.inc()
        answers.inc()
        seconds.observe(answered.seconds)
        if answered.status == 500:
            self._unexpected.inc()

    def _of_which(self, method: str, route: str, status: int) -> tuple[Any, Any, Any]:
        """What counts requests of this sort. It is remembered: a look-up by labels takes longer than the count."""
        by_class = self._answers.labels(f"{status // 100}xx")
        return self._requests.labels(method, route, str(status)), by_class, self._seconds.labels(route)

    def note_work(self, work: Work, seconds: float) -> None:
        """Measures work on the store."""
        self._work[work].observe(seconds)

    def text(self) -> bytes:
        """All metrics, in Prometheus' text format."""
        self._flush()
        registry: CollectorRegistry = self._registry
        if self._folder:
            from prometheus_client import multiprocess  # noqa: PLC0415  # as the library itself

            _forget_gauges_of_the_dead(Path(self._folder), multiprocess)
            registry = self._library.CollectorRegistry()
            multiprocess.MultiProcessCollector(registry, self._folder)  # type: ignore[no-untyped-call]  # as the library has it
        whole: bytes = self._library.generate_latest(registry)
        store = self._library.CollectorRegistry()
        store.register(StoreMetrics(database.of(self._app)))
        return whole + self._library.generate_latest(store)

    def _flush_for_ever(self) -> None:
        while True:
            self._flush()
            time.sleep(FLUSH_SECONDS)

    def _flush(self) -> None:
        """Writes down what is counted elsewhere."""
        with self._flushing:
            # The application has its cache later than its metrics.
            cache: ResponseCache | None = self._app.extensions.get(response_cache.key)
            if cache is not None:
                counts = cache.counts()
                for name, counter in self._cache_counts.items():
                    counter.inc(getattr(counts, name) - self._counted[name])
                    self._counted[name] = getattr(counts, name)
                for name, gauge in self._cache_holds.items():
                    gauge.set(getattr(counts, name))
            self._memory.set(_resident_bytes())
            self._workers.set(1)


def _resident_bytes() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _forget_gauges_of_the_dead(folder: Path, multiprocess: Any) -> None:
    """A worker that was killed holds nothing any more. What it counted stays counted."""
    for pid in {path.stem.rpartition("_")[2] for path in folder.glob("gauge_live*.db")}:
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            multiprocess.mark_process_dead(pid, str(folder))
