"""A disk that is full: writes say so and change nothing, reads go on, and room heals it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Engine

from app.store.database import Database
from app.store.state import current_state
from tests.admin.desk import Desk
from tests.applications import application
from tests.settings import settings_for

PLACES = {
    "places": [
        {
            "slug": f"place-{number}",
            "name": "A studio",
            "type": "yoga-studio",
            "url": f"https://example.org/{'x' * 900}",
        }
        for number in range(200)
    ]
}


@pytest.fixture
def app(make_seeded_sqlite: Callable[[], str]) -> Iterator[Flask]:
    created = application(settings_for(make_seeded_sqlite()))
    yield created
    created.extensions["limber_database"].dispose()


def hold(engine: Engine, pages: int) -> None:
    """Lets the database grow to so many pages and no further, on every connection."""
    engine.dispose()
    event.listen(engine, "connect", lambda connection, _: limit(connection, pages))


def limit(connection: Any, pages: int) -> None:
    connection.execute(f"PRAGMA max_page_count = {pages}")


def pages_of(database: Database) -> int:
    with database.reading() as connection:
        return int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())


def test_writes_are_507_and_reads_go_on(app: Flask) -> None:
    database: Database = app.extensions["limber_database"]
    desk, client = Desk(app), app.test_client()
    hold(database.engine, pages_of(database) + 2)
    answer = desk.send("POST", "/imports?release=Filled", json=PLACES)
    assert (answer.status_code, answer.content_type) == (507, "application/problem+json"), answer.text
    assert answer.json
    assert answer.json["type"].endswith("/problems/insufficient-storage")
    with database.reading() as connection:
        assert current_state(connection).revision == 1
    assert client.get("/v1/exercises?limit=100").status_code == 200
    assert client.get("/v1/sync").status_code == 200
    assert client.get("/v1/places/place-1").status_code == 404
    assert desk.send("GET", "/exercises").status_code == 200
    assert client.get("/readyz").status_code == 200

    hold(database.engine, 1_000_000)
    assert desk.send("POST", "/imports?release=Filled", json=PLACES).status_code == 200
    assert client.get("/v1/places/place-1").status_code == 200
