"""Each alert rule of `deploy/prometheus` fires where the thing is broken, and not before."""

import json
import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text, update

from app import create_app
from app.config import ROOT
from app.models.tables import webhook_delivery
from app.store.database import Database
from tests.admin.desk import database_of
from tests.clock import give_clock
from tests.content.editing import Editor
from tests.content.samples import exercise
from tests.deploy.rules import Scrape, holds, rules
from tests.deploy.services import Process, free_port
from tests.settings import settings_for
from tests.stores import MakeStore
from tests.waiting import PATIENCE_SECONDS, wait_for
from tests.webhooks.outbox import Subscriber
from tests.webhooks.receivers import answer, receiver

DASHBOARD = json.loads((ROOT / "deploy" / "grafana" / "limber.json").read_text(encoding="utf-8"))


def scrape(app: Flask) -> Scrape:
    answered = app.test_client().get("/metrics")
    return Scrape.of(answered.text if answered.status_code == 200 else "")


class Watch:
    """An application as Prometheus sees it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.before = scrape(app)

    def fires(self, alert: str) -> bool:
        """Whether it does by now, and did not before."""
        assert not holds(alert, self.before, self.before), "fires without a reason"
        return holds(alert, self.before, scrape(self.app))


@contextmanager
def opened(url: str, **options: Any) -> Iterator[Flask]:
    app = create_app(settings_for(url, metrics="on", revision_check_seconds=0, **options))
    yield app
    database_of(app).dispose()


@pytest.fixture
def app(store_url: str) -> Iterator[Flask]:
    with opened(store_url, webhooks_to_loopback=True, webhook_timeout_seconds=1) as app:
        yield app


@contextmanager
def store_away(database: Database) -> Iterator[None]:
    """The store answers nothing that it is asked for what is released."""
    rename(database, "revision_counter", "hidden")
    try:
        yield
    finally:
        rename(database, "hidden", "revision_counter")


def rename(database: Database, former: str, name: str) -> None:
    with database.transaction() as connection:
        connection.execute(text(f"ALTER TABLE {former} RENAME TO {name}"))


def test_a_store_that_is_away(app: Flask) -> None:
    Editor(database_of(app)).publish(exercises=[exercise("a")])
    client = app.test_client()
    for _ in range(3):
        assert client.get("/v1/exercises/a").status_code == 200
    watch = Watch(app)
    with store_away(database_of(app)):
        assert "fwd=stale" in client.get("/v1/exercises/a").headers["Cache-Status"]
        assert client.get("/v1/exercises?limit=7").status_code == 503
        assert watch.fires("LimberStoreAway")
        assert watch.fires("LimberServesStale")
        assert watch.fires("LimberFailing")
        assert not watch.fires("LimberUnexpectedError")
    assert not watch.fires("LimberStoreAway")


def test_an_unexpected_error(app: Flask) -> None:
    watch = Watch(app)
    assert not watch.fires("LimberUnexpectedError")

    def broken(_query: object) -> Any:
        raise ValueError("broken")

    app.view_functions["service.getLiveness"] = broken
    assert app.test_client().get("/livez").status_code == 500
    assert watch.fires("LimberUnexpectedError")


class TestReplicas:
    def test_one_that_does_not_answer(self, make_postgresql: MakeStore) -> None:
        url = make_postgresql()
        replica = re.sub(r"host=[^&]+", "host=127.0.0.1", f"{url}&port={free_port()}")
        with opened(url, database_read_url=url) as well, opened(url, database_read_url=replica) as app:
            watch = Watch(well)
            watch.app = app
            assert watch.fires("LimberReplicaAway")

    def test_one_that_is_behind(self, make_postgresql: MakeStore) -> None:
        url = make_postgresql()
        with opened(url, database_read_url=make_postgresql()) as app:
            watch = Watch(app)
            Editor(database_of(app)).publish(exercises=[exercise("a")])
            assert watch.fires("LimberReplicaBehind")
            assert not watch.fires("LimberReplicaAway")


class TestWebhooks:
    def an_hour_later(self, app: Flask) -> None:
        """What was made is an hour old; when it is tried again stays."""
        with database_of(app).transaction() as connection:
            for delivery in connection.execute(webhook_delivery.select()).all():
                connection.execute(
                    update(webhook_delivery)
                    .where(webhook_delivery.c.id == delivery.id)
                    .values(created_at=delivery.created_at - timedelta(hours=1))
                )

    def test_nobody_sends_them(self, app: Flask) -> None:
        with receiver(answer(200)) as receiving:
            subscriber = Subscriber(app)
            subscriber.subscribe(receiving.url)
            subscriber.release_something()
            watch = Watch(app)
            with database_of(app).transaction() as connection:
                [due] = connection.execute(webhook_delivery.select()).all()
                earlier = due.next_attempt_at - timedelta(minutes=6)
                connection.execute(update(webhook_delivery).values(next_attempt_at=earlier))
            assert watch.fires("LimberWebhooksNotSent")
            subscriber.work()
            assert not watch.fires("LimberWebhooksNotSent")

    def test_the_receiver_fails(self, app: Flask) -> None:
        with receiver(answer(500)) as receiving:
            subscriber = Subscriber(app)
            subscriber.subscribe(receiving.url)
            subscriber.release_something()
            watch = Watch(app)
            subscriber.work()
            self.an_hour_later(app)
            assert watch.fires("LimberWebhooksFailing")
            assert not watch.fires("LimberWebhooksNotSent")


def test_writers_that_wait(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    database = database_of(app)
    held, watch = threading.Event(), Watch(app)
    clock = give_clock(monkeypatch, "app.store.measuring")

    def hold() -> None:
        with database.transaction(exclusive=True):
            asked = clock.asked
            held.set()
            # The other one has noted when it began to wait.
            wait_for(lambda: clock.asked > asked)
            clock.turn(2.5)

    holding = threading.Thread(target=hold)
    holding.start()
    assert held.wait(PATIENCE_SECONDS)
    # Half of the waits are none; the mean is more than a second all the same.
    with database.transaction(exclusive=True):
        pass
    holding.join()
    assert watch.fires("LimberWritersWait")


def test_workers_are_added_up_and_a_server_that_is_gone_is_noticed(make_seeded_sqlite: MakeStore) -> None:
    process = Process(make_seeded_sqlite(), {"METRICS": "local", "WORKERS": "2"})

    def scraped() -> Scrape:
        try:
            return Scrape.of(process.ask("/metrics").body.decode())
        except OSError:
            return Scrape.of("")

    def until(condition: Callable[[Scrape], bool]) -> Scrape:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition(now := scraped()):
            assert time.monotonic() < deadline, now
            time.sleep(0.2)
        return now

    try:
        process.wait()
        until(lambda now: now.value("limber_workers") == 2)
        asked, workers = 0, set[str]()
        while len(workers) < 2:
            workers.add(process.ask("/v1/places").headers["X-Request-Id"][:16])
            asked += 1
        # Each worker has one miss; the second after it was asked, the other one knows.
        before = until(
            lambda now: now.value("limber_cache_hits_total") + now.value("limber_cache_misses_total") == asked
        )
        assert before.value("limber_requests_total", route="/v1/places", status="200") == 2
        assert before.value("limber_request_seconds_count", route="/v1/places") == 2
        assert before.value("limber_revision") == 1
        assert before.value("limber_memory_bytes") > 2 * 20e6
        victim = process.workers()[0]
        memory = before.value("limber_memory_bytes")
        os.kill(victim, signal.SIGKILL)
        # Until the one in its place answers, which tells what it holds as it starts.
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(workers) < 3:
            assert time.monotonic() < deadline
            with suppress(OSError):
                workers.add(process.ask("/v1/places").headers["X-Request-Id"][:16])
        after = scraped()
        assert after.value("limber_workers") == 2
        assert after.value("limber_memory_bytes") < 1.5 * memory
        assert after.value("limber_requests_total", route="/v1/places") == 3
    finally:
        process.close()
    assert not holds("LimberDown", before, after)
    assert holds("LimberDown", before, scraped())


def test_each_rule_is_shown_to_fire_and_says_what_to_do() -> None:
    here = Path(__file__).read_text(encoding="utf-8")
    for name, rule in rules().items():
        assert f'assert watch.fires("{name}")' in here or f'assert holds("{name}"' in here, name
        assert {"summary", "action"} <= set(rule["annotations"])
        assert rule["labels"]["severity"] in ("page", "ticket")


def test_dashboard_and_rules_name_metrics_that_exist(make_postgresql: MakeStore) -> None:
    url = make_postgresql()
    with opened(url, database_read_url=url) as app:
        Editor(database_of(app)).publish(exercises=[exercise("a")])
        app.test_client().get("/v1/exercises/a")
        names = {name for name, _ in scrape(app).series}
    expressions = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
    expressions += [rule["expr"] for rule in rules().values()]
    named = set(re.findall(r"\blimber_[a-z_]+", " ".join(expressions)))
    assert named <= names
    page = (ROOT / "docs" / "observing.md").read_text(encoding="utf-8")
    assert set(rules()) == set(re.findall(r"^\| `(Limber\w+)`", page, re.MULTILINE))
    shown = {re.sub("_(bucket|sum|count)$", "", name) for name in named}
    told = {re.sub("_(bucket|sum|count)$", "", name) for name in names if name.startswith("limber_")}
    assert told <= shown
    for name in told:
        assert f"`{name}`" in page or f"`{name.removeprefix('limber_cache')}`" in page, name
