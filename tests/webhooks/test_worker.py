"""The worker as it is run: a process that is killed, stopped, or one of several."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import text

from app.config import ROOT
from app.store.database import Database
from tests.settings import settings_for
from tests.waiting import PATIENCE_SECONDS
from tests.webhooks.outbox import Subscriber
from tests.webhooks.receivers import Act, answer, receiver


@contextmanager
def worker(store_url: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """`flask webhooks deliver`, begun."""
    environment = {
        **os.environ,
        "DATABASE_URL": store_url,
        "WEBHOOKS_TO_LOOPBACK": "true",
        "WEBHOOK_TIMEOUT_SECONDS": "20",
    }
    command = [sys.executable, "-m", "flask", "--app", "app", "webhooks", "deliver", *arguments]
    with subprocess.Popen(command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_until(happened: threading.Event) -> None:
    assert happened.wait(PATIENCE_SECONDS), "it did not happen"


def holding(arrived: threading.Event, go_on: threading.Event) -> Act:
    """Answers 204 to the first request when it may, and to the others at once."""
    plain = answer(204)

    def act(handler: Any, number: int) -> None:
        if number == 0:
            arrived.set()
            wait_until(go_on)
        plain(handler, number)

    return act


class TestKilled:
    def test_between_sending_and_noting_all_is_delivered_with_the_same_id(
        self, subscriber: Subscriber, store_url: str, database: Database
    ) -> None:
        arrived, go_on = threading.Event(), threading.Event()
        with receiver(holding(arrived, go_on)) as found:
            webhook = subscriber.subscribe(found.url)
            for _ in range(3):
                subscriber.release_something()
            with worker(store_url) as process:
                wait_until(arrived)
                with database.transaction() as connection:
                    # While this holds the row, nobody can note what became of it.
                    connection.execute(text("UPDATE webhook_delivery SET attempts = attempts"))
                    go_on.set()
                    time.sleep(0.3)
                    process.kill()
                    process.wait()
            assert len(found.got) == 1
            assert [each["state"] for each in subscriber.deliveries(webhook)] == ["pending"] * 3
            subscriber.work()
            assert len(found.got) == 3, "the one that was in hand is not due before its lease ends"
            subscriber.work_after(minutes=1)
        assert len(found.got) == 4
        assert found.ids[0] == found.ids[3]
        assert set(found.ids) == {each["event_id"] for each in subscriber.deliveries(webhook)}
        assert {each["state"] for each in subscriber.deliveries(webhook)} == {"delivered"}


class TestStopped:
    def test_sigterm_lets_it_finish_the_one_in_hand_and_begin_no_other(
        self, subscriber: Subscriber, store_url: str
    ) -> None:
        arrived, go_on = threading.Event(), threading.Event()
        with receiver(holding(arrived, go_on)) as found:
            webhook = subscriber.subscribe(found.url)
            for _ in range(2):
                subscriber.release_something()
            with worker(store_url) as process:
                wait_until(arrived)
                process.send_signal(signal.SIGTERM)
                go_on.set()
                assert process.wait(PATIENCE_SECONDS) == 0
                said = process.stdout.read() if process.stdout else ""
        assert len(found.got) == 1
        assert [each["state"] for each in subscriber.deliveries(webhook)] == ["pending", "delivered"]
        assert f"to {webhook['id']}, attempt 1: 204" in said
        assert webhook["secret"] not in said

    def test_once_drains_and_ends(self, subscriber: Subscriber, store_url: str) -> None:
        with receiver(answer(204)) as found:
            subscriber.subscribe(found.url)
            for _ in range(3):
                subscriber.release_something()
            with worker(store_url, "--once") as process:
                said, _ = process.communicate(timeout=PATIENCE_SECONDS)
        assert (process.returncode, len(found.got)) == (0, 3)
        assert said.splitlines()[-1] == "3 delivered, 0 not."


class TestSeveral:
    def test_each_delivery_is_made_once(self, subscriber: Subscriber, store_url: str) -> None:
        with receiver(answer(204)) as found:
            webhooks = [subscriber.subscribe(found.url) for _ in range(5)]
            for _ in range(6):
                subscriber.release_something()
            stores = [Database(settings_for(store_url)) for _ in range(4)]
            workers = [subscriber.worker() for _ in stores]
            for each, store in zip(workers, stores, strict=True):
                each.database = store
            with ThreadPoolExecutor(len(workers)) as threads:
                counted = [each.result() for each in [threads.submit(one.drain) for one in workers]]
            for store in stores:
                store.dispose()
        assert sum(each[True] for each in counted) == len(found.got) == 30
        assert all(found.ids.count(each) == len(webhooks) for each in set(found.ids))
        assert len({(each.headers["webhook-id"], each.headers["webhook-signature"]) for each in found.got}) == 30

    @pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
    def test_one_is_not_held_up_by_what_another_has_in_hand(
        self, subscriber: Subscriber, store_url: str, database: Database
    ) -> None:
        with receiver(answer(204)) as found:
            subscriber.subscribe(found.url)
            for _ in range(2):
                subscriber.release_something()
            with database.transaction() as connection:
                connection.execute(text("SELECT id FROM webhook_delivery ORDER BY id LIMIT 1 FOR UPDATE"))
                assert subscriber.work() == {True: 1}
            assert subscriber.work() == {True: 1}
