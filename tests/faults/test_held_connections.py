"""Every connection of the pool held: requests that need one are refused in time, others are answered, and then all."""

import threading
from contextlib import ExitStack

import pytest
from flask import Flask

from app.store.database import Database
from tests.applications import application
from tests.content.editing import Editor
from tests.content.samples import exercise
from tests.settings import settings_for
from tests.stores import STORES, MakeStore

CONNECTIONS, TIMEOUT = 3, 1


@pytest.mark.parametrize("store", STORES)
def test_503_in_time_and_full_recovery(store: str, request: pytest.FixtureRequest) -> None:
    make: MakeStore = request.getfixturevalue(f"make_{store}")
    settings = settings_for(
        make(), database_pool_size=CONNECTIONS, database_timeout_seconds=TIMEOUT, revision_check_seconds=0
    )
    app: Flask = application(settings)
    database: Database = app.extensions["limber_database"]
    Editor(database).publish(exercises=[exercise("a"), exercise("b")])
    client = app.test_client()
    assert client.get("/v1/exercises/a").status_code == 200
    with ExitStack() as held:
        for _ in range(CONNECTIONS):
            held.enter_context(database.reading())
        # Whatever is answered in this block is answered without any of them.
        answers = []
        threads = [
            threading.Thread(target=lambda path=path: answers.append((path, app.test_client().get(path).status_code)))
            for path in ("/v1/exercises/b", "/v1/exercises", "/readyz")
        ]
        for each in threads:
            each.start()
        assert client.get("/livez").status_code == 200
        # The revision is asked for at every request, and beside the pool: what is kept is not stale for want of a
        # connection.
        assert client.get("/v1/exercises/a").headers["Cache-Status"] == "limber; hit"
        for each in threads:
            each.join()
        assert sorted(answers) == [("/readyz", 503), ("/v1/exercises", 503), ("/v1/exercises/b", 503)]
    for path in ("/v1/exercises/b", "/v1/exercises", "/readyz"):
        assert client.get(path).status_code == 200
    database.dispose()
