"""An editor's desk for tests: a key, and requests with it, on a real application."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from sqlalchemy import Select, Table, select
from werkzeug.test import TestResponse

from app.access.key_store import create_key
from app.access.keys import SCOPES
from app.store.database import Base, Database

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
Draft = dict[str, Any]


def database_of(app: Flask) -> Database:
    found: Database = app.extensions["limber_database"]
    return found


def key_for(app: Flask, *scopes: str, name: str = "Editor", expires_at: datetime | None = None) -> str:
    """The text of a new key."""
    with database_of(app).transaction() as connection:
        now = datetime.now(UTC)
        return create_key(connection, name=name, scopes=scopes, now=now, expires_at=expires_at).text


class Desk:
    """Sends requests to the management face with one key."""

    def __init__(self, app: Flask, *scopes: str, name: str = "Editor", key: str | None = None) -> None:
        self.app, self.key = app, key or key_for(app, *(scopes or SCOPES), name=name)

    def send(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **options: Any) -> TestResponse:
        """The answer to a request below `/v1/admin`."""
        given = {"Authorization": f"Bearer {self.key}", **(headers or {})}
        return self.app.test_client().open(f"/v1/admin{path}", method=method, headers=given, **options)

    def get(self, path: str, *, status: int = 200) -> Any:
        """The JSON of a GET, which must answer `status`."""
        response = self.send("GET", path)
        assert response.status_code == status, response.text
        return response.json

    def post(self, path: str, body: Any, *, status: int = 201, **options: Any) -> Any:
        """The JSON of a POST, which must answer `status`."""
        response = self.send("POST", path, json=body, **options)
        assert response.status_code == status, response.text
        return response.json

    def etag(self, path: str) -> str:
        """The ETag of what is there now."""
        return str(self.send("GET", path).headers["ETag"])

    def put(self, path: str, body: Any, *, status: int = 200) -> Any:
        """Replaces what is there now."""
        response = self.send("PUT", path, json=body, headers={"If-Match": self.etag(path)})
        assert response.status_code == status, response.text
        return response.json

    def patch(self, path: str, body: Any, *, status: int = 200) -> Any:
        """Changes parts of what is there now."""
        headers = {"If-Match": self.etag(path)}
        response = self.send("PATCH", path, json=body, headers=headers, content_type=MERGE_PATCH)
        assert response.status_code == status, response.text
        return response.json

    def delete(self, path: str, *, status: int = 204) -> Any:
        """Deletes what is there now."""
        response = self.send("DELETE", path, headers={"If-Match": self.etag(path)})
        assert response.status_code == status, response.text
        return response.json

    def bring(self, **bundle: Sequence[Draft]) -> Any:
        """Imports a bundle."""
        return self.post("/imports", bundle, status=200)

    def release(self, note: str | None = None, items: Sequence[tuple[str, str]] | None = None) -> int:
        """Releases all that is pending, or a part; answers the revision."""
        body: dict[str, Any] = {} if note is None else {"note": note}
        if items is not None:
            body["items"] = [{"kind": kind, "slug": slug} for kind, slug in items]
        return int(self.post("/releases", body)["revision"])

    def pending(self) -> dict[tuple[str, str], str]:
        """What is pending, and what a release would do to it."""
        return {(each["kind"], each["slug"]): each["action"] for each in self.get("/pending")["items"]}

    def state(self, path: str) -> str:
        """The state of one entity."""
        return str(self.get(path)["state"])

    def public(self, path: str) -> Any:
        """What the delivery face answers, or its status where it is not 200."""
        response = self.app.test_client().get(f"/v1{path}")
        return response.json if response.status_code == 200 else response.status_code

    def contents(self) -> dict[str, list[Any]]:
        """Every row of the store, but for when keys were used, and the audit's entries of what was refused."""
        with database_of(self.app).reading() as connection:
            return {
                name: sorted(map(repr, connection.execute(_without_refusals(table))))
                for name, table in Base.metadata.tables.items()
            }


def _without_refusals(table: Table) -> Select[Any]:
    statement = select(*[column for column in table.c if column.name != "last_used_at"])
    return statement.where(table.c.action != "refused") if table.name == "audit_entry" else statement


def faults(problem: Any) -> dict[str, str]:
    """What a problem says, by pointer."""
    return {each["pointer"]: each["detail"] for each in problem["errors"]}
