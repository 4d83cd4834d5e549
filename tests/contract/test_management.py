"""The management face, operation by operation: what each answers with the right key, and every error it documents."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.access.key_store import create_key
from app.access.keys import SCOPES
from app.content.content_type import camel_case
from app.kinds import CATALOGUE
from tests.applications import application
from tests.contract.specification import JSON, Operation, operations, validator
from tests.contract.test_answers import faults
from tests.settings import settings_for
from tests.stores import MakeStore

NOT_BY_A_REQUEST = {"408", "409", "429", "431", "503", "507"}
"""What depends on the working copy, limits, the store or a body's pace; headers are tried for all addresses alike."""

MANY = 1_000_000
MISSING = {
    "slug": "nothing-is-called-this",
    "partner": "nobody",
    "identifier": "0000000000",
    "revision": "999999",
    "delivery": "999999",
}
BODIES: dict[str, Any] = {
    "createRelease": {"note": "Again"},
    "createRollback": {"revision": 1},
    "createImport": {"terms": [{"slug": "wrist", "vocabulary": "regions", "name": "Wrist"}]},
    "createKey": {"name": "Reader", "scopes": ["content:read"], "expires_in_days": 1},
    "rotateKey": {"grace_hours": 0},
    "createWebhook": {"url": "https://127.0.0.1:8443/hook", "description": "Ours"},
    "rotateWebhookSecret": {"grace_hours": 1},
    "pingWebhook": {},
    "replayDelivery": {},
    "createPartner": {"id": "clinic", "name": "A clinic", "origins": ["https://clinic.example"]},
    "putPartner": {"name": "The clinic", "origins": ["https://clinic.example"]},
}


@dataclass
class Desk:
    """Sends requests with a key of every scope, to operations of the document."""

    app: Flask
    key: str
    identifier: str
    values: dict[str, str] = field(default_factory=dict)

    def send(
        self,
        operation: Operation,
        query: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        values: Mapping[str, str] | None = None,
        key: str | None = None,
        **options: Any,
    ) -> TestResponse:
        """The answer to a request for the operation; its path is filled with `values`."""
        path = operation.path.format(**(values or self.values)) + query
        given = {"Authorization": f"Bearer {key or self.key}", **(headers or {})}
        return self.app.test_client().open(path, method=operation.method.upper(), headers=given, **options)


@pytest.fixture(scope="module")
def desk(make_seeded_sqlite: MakeStore) -> Iterator[Desk]:
    """A desk on a seeded catalogue."""
    app = application(settings_for(make_seeded_sqlite(), writes_per_minute=MANY, webhooks_to_loopback=True))
    store = app.extensions["limber_database"]
    with store.transaction() as connection:
        key = create_key(connection, name="Editor", scopes=SCOPES, now=datetime.now(UTC))
    yield Desk(app, key.text, key.id)
    store.dispose()


@pytest.fixture(scope="module")
def management(document: Any, bare_app: Flask) -> dict[str, Operation]:
    """The operations of the management face, by id."""
    return {each.id: each for each in operations(document, bare_app) if each.is_management}


def with_body(operation: Operation, body: Any) -> dict[str, Any]:
    """The options of a request that sends a body as the operation wants it."""
    (content_type, *_) = operation.declared["requestBody"]["content"]
    return {"data": json.dumps(body), "content_type": content_type}


class TestExamples:
    def test_are_valid(self, document: Any, management: dict[str, Operation]) -> None:
        for name, each in management.items():
            for status, answer in each.successes.items():
                if status != "204":
                    content = answer["content"][JSON]
                    assert faults(validator(document, content["schema"]), content["example"], name) == []


class TestAnswers:
    @pytest.fixture(autouse=True)
    def _described(self, document: Any, management: dict[str, Operation], desk: Desk) -> None:
        self.document, self.management, self.desk = document, management, desk

    def ask(self, name: str, query: str = "", *, status: int = 200, **options: Any) -> Any:
        """The JSON of an answer, after it was compared with what the document says of it."""
        operation = self.management[name]
        response = self.desk.send(operation, query, **options)
        assert response.status_code == status, (name, response.text)
        documented = operation.successes[str(status)]
        assert {*documented["headers"], "Vary"} <= {*response.headers.keys(), "Vary"}, name
        assert ("ETag" in response.headers) == ("ETag" in documented["headers"]), name
        assert response.headers["Cache-Control"] == "no-store"
        if status == 204:
            assert response.data == b""
            return None
        assert response.mimetype == JSON
        assert faults(validator(self.document, documented["content"][JSON]["schema"]), response.json, name) == []
        return response.json

    def tag(self, name: str, values: Mapping[str, str]) -> dict[str, str]:
        return {"If-Match": self.desk.send(self.management[name], values=values).headers["ETag"]}

    @pytest.mark.parametrize("content_type", CATALOGUE.types, ids=lambda each: each.collection)
    def test_drafts_are_listed_read_created_replaced_changed_and_deleted(self, content_type: Any) -> None:
        title, collection = content_type.type_name, camel_case(content_type.collection)
        page = self.ask(f"listDraft{collection}", "?limit=3&state=published,changed")
        assert page["items"]
        self.ask(f"listDraft{collection}", f"?limit=3&state=published,changed&cursor={page['page']['next']}")
        for item in page["items"]:
            assert self.ask(f"getDraft{title}", values={"slug": item["slug"]}) == item
        written = {**page["items"][0]["draft"], "slug": "a-new-one"}
        for own in ("id", "former_slugs"):
            written.pop(own, None)
        new = {"slug": "a-new-one"}
        create, put, patch = (self.management[f"{verb}Draft{title}"] for verb in ("create", "put", "patch"))
        self.ask(create.id, status=201, **with_body(create, written))
        self.ask(put.id, values=new, headers=self.tag(f"getDraft{title}", new), **with_body(put, written))
        change = {content_type.title_key: "Changed", "summary": None}
        self.ask(patch.id, values=new, headers=self.tag(f"getDraft{title}", new), **with_body(patch, change))
        self.ask(f"deleteDraft{title}", status=204, values=new, headers=self.tag(f"getDraft{title}", new))
        self.ask(put.id, status=201, values=new, headers={"If-None-Match": "*"}, **with_body(put, written))
        self.ask(f"deleteDraft{title}", status=204, values=new, headers=self.tag(f"getDraft{title}", new))

    def test_releases_are_made_listed_read_and_gone_back_from(self) -> None:
        imported, release = self.management["createImport"], self.management["createRelease"]
        rollback = self.management["createRollback"]
        assert self.ask(imported.id, "?dry_run=1", **with_body(imported, BODIES[imported.id]))["created"]
        self.ask(imported.id, **with_body(imported, BODIES[imported.id]))
        assert self.ask("getPending")["items"]
        made = self.ask(release.id, status=201, **with_body(release, BODIES[release.id]))
        assert self.ask("listReleases")["items"][0] == made
        assert self.ask("getRelease", values={"revision": str(made["revision"])})["items"]
        self.ask(rollback.id, status=201, **with_body(rollback, BODIES[rollback.id]))

    def test_keys_are_made_listed_read_rotated_and_revoked(self) -> None:
        create, rotate = self.management["createKey"], self.management["rotateKey"]
        made = self.ask(create.id, status=201, **with_body(create, BODIES[create.id]))
        assert self.ask("listKeys")["items"][0]["id"] == made["id"]
        values = {"identifier": made["id"]}
        self.ask("getKey", values=values)
        self.ask(rotate.id, status=201, values=values, **with_body(rotate, BODIES[rotate.id]))
        self.ask("revokeKey", status=204, values=values)

    def test_partners_are_added_listed_read_replaced_changed_and_removed(self) -> None:
        create, put, patch = (self.management[f"{verb}Partner"] for verb in ("create", "put", "patch"))
        made = self.ask(create.id, status=201, **with_body(create, {**BODIES[create.id], "id": "other"}))
        assert made in self.ask("listPartners")["items"]
        values = {"partner": "other"}
        body = with_body(put, BODIES[put.id])
        self.ask(put.id, values=values, headers=self.tag("getPartner", values), **body)
        change = with_body(patch, {"name": "Changed"})
        self.ask(patch.id, values=values, headers=self.tag("getPartner", values), **change)
        self.ask("deletePartner", status=204, values=values, headers=self.tag("getPartner", values))
        self.ask(put.id, status=201, values=values, headers={"If-None-Match": "*"}, **body)

    def test_webhooks_are_made_listed_read_changed_tried_and_deleted(self) -> None:
        create, patch, rotate, ping, replay = (
            self.management[name]
            for name in ("createWebhook", "patchWebhook", "rotateWebhookSecret", "pingWebhook", "replayDelivery")
        )
        made = self.ask(create.id, status=201, **with_body(create, BODIES[create.id]))
        values = {"identifier": made["id"]}
        assert made["id"] in [each["id"] for each in self.ask("listWebhooks", "?limit=100")["items"]]
        change = with_body(patch, {"description": None})
        self.ask(patch.id, values=values, headers=self.tag("getWebhook", values), **change)
        self.ask(rotate.id, status=201, values=values, **with_body(rotate, BODIES[rotate.id]))
        delivery = self.ask(ping.id, status=201, values=values, **with_body(ping, {}))
        with_number = {**values, "delivery": str(delivery["id"])}
        self.ask(replay.id, status=201, values=with_number, **with_body(replay, {}))
        assert len(self.ask("listDeliveries", "?state=pending", values=values)["items"]) == 2
        assert self.ask("getDelivery", values=with_number)["payload"]["type"] == "webhook.ping"
        self.ask("deleteWebhook", status=204, values=values, headers=self.tag("getWebhook", values))

    def test_the_audit_is_read(self) -> None:
        create = self.management["createKey"]
        self.ask(create.id, status=201, **with_body(create, BODIES[create.id]))
        assert self.ask("listAudit", "?limit=1")["items"]


class TestErrors:
    def test_each_operation_gives_the_errors_that_it_documents_and_no_others(
        self, desk: Desk, management: dict[str, Operation]
    ) -> None:
        with desk.app.extensions["limber_database"].transaction() as connection:
            keys = {
                scope: create_key(connection, name="Nobody", scopes=[scope], now=datetime.now(UTC)).text
                for scope in ("webhooks", "audit")
            }
        webhook, delivery = self.webhook(desk, management)
        for each in management.values():
            values = self.existing(desk, each)
            if "/webhooks" in each.path:
                values |= {"identifier": webhook, "delivery": delivery}
            powerless = keys["audit" if "/webhooks" in each.path else "webhooks"]
            given = {str(answer.status_code) for answer in self.provoked(desk, each, values, powerless)}
            documented = set(each.declared["responses"]) - each.successes.keys() - NOT_BY_A_REQUEST
            assert given - each.successes.keys() == documented, each.id

    @staticmethod
    def webhook(desk: Desk, management: dict[str, Operation]) -> tuple[str, str]:
        """A webhook's id and the number of a delivery to it; and a partner beside it."""
        create, ping, partner = (management[name] for name in ("createWebhook", "pingWebhook", "createPartner"))
        desk.send(partner, **with_body(partner, BODIES[partner.id]))
        made: Any = desk.send(create, **with_body(create, BODIES[create.id])).json
        pinged: Any = desk.send(ping, values={"identifier": made["id"]}, **with_body(ping, {})).json
        return made["id"], str(pinged["id"])

    @staticmethod
    def existing(desk: Desk, operation: Operation) -> dict[str, str]:
        """Values of the path that name something."""
        values = {"identifier": desk.identifier, "revision": "1", "partner": "clinic"}
        if "{slug}" in operation.path:
            collection = operation.path.removesuffix("/{slug}")
            page: Any = desk.app.test_client().get(
                f"{collection}?limit=1", headers={"Authorization": f"Bearer {desk.key}"}
            )
            values["slug"] = page.json["items"][0]["slug"]
        return values

    @staticmethod
    def provoked(desk: Desk, operation: Operation, values: Mapping[str, str], powerless: str) -> Iterator[TestResponse]:
        """Answers to requests none of which changes anything."""

        def send(query: str = "", **options: Any) -> TestResponse:
            return desk.send(operation, query, **{"values": values, **options})

        yield send(headers={"Authorization": ""})
        yield send(key=powerless)
        yield send(headers={"Accept": "text/html"})
        yield send("?unheard-of=1")
        yield send("?name=%00")
        yield send(f"?name={'a' * 9000}")
        large = 64 if operation.id == "createImport" else 1
        yield send(environ_overrides={"CONTENT_LENGTH": str(large * 1024 * 1024 + 1)})
        if operation.method == "get":
            first = send()
            yield first
            yield send(headers={"If-None-Match": first.headers["ETag"]})
            yield send(headers={"If-Match": '"another"'})
        if names := re.findall(r"\{(\w+)\}", operation.path):
            match = {"If-Match": '"another"'}
            body = with_body(operation, BODIES.get(operation.id, {})) if "requestBody" in operation.declared else {}
            yield send(values={name: MISSING[name] for name in names}, headers=match, **body)
        elif operation.id == "createRollback":
            yield send(**with_body(operation, {"revision": 999_999}))
        if "requestBody" in operation.declared:
            yield send(data="x=1", content_type="text/plain")
            yield send(**{**with_body(operation, {}), "data": "{"})
        if any(each["name"] == "If-Match" for each in operation.declared.get("parameters", ())):
            body = with_body(operation, {}) if "requestBody" in operation.declared else {}
            yield send(**body)
            yield send(headers={"If-Match": '"another"'}, **body)
