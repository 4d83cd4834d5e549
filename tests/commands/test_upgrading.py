"""An upgrade leaves nothing that this version cannot read."""

from typing import Any

from app.store import migrating
from app.store.database import Database
from tests.applications import application
from tests.settings import settings_for
from tests.stores import apply_seed

BEFORE = "0010"
"""The last migration of the version whose documents lack safety, times and ids."""


def test_documents_of_a_former_version_are_rendered_anew(database: Database, store_url: str) -> None:
    apply_seed(database)
    migrating.downgrade(database, BEFORE)
    app = application(settings_for(store_url))
    result = app.test_cli_runner().invoke(args=["database", "upgrade"])
    assert result.exit_code == 0, result.output
    client = app.test_client()
    page: Any = client.get("/v1/exercises?limit=1").json
    assert page["items"][0]["id"]
    for path in ("/", "/exercises/cat-cow", "/routines/desk-break-five-minutes", "/embed/exercises/cat-cow"):
        assert client.get(path).status_code == 200, path
    notices: Any = client.get("/v1/exercises?condition=upper-back-pain&limit=1").json
    assert notices["notices"][0]["see_professional_if"][0]["urgency"]
    # Nothing is done twice.
    revision = client.get("/v1/sync?limit=1").json["revision"]  # type: ignore[index]  # it is there
    assert app.test_cli_runner().invoke(args=["database", "upgrade"]).exit_code == 0
    assert client.get("/v1/sync?limit=1").json["revision"] == revision  # type: ignore[index]  # it is there
    app.extensions["limber_database"].dispose()
