from typing import Any

import pytest
from flask import Flask

from app.models.tables import audit_entry, webhook_subscription
from app.webhooks.subscriptions import MOST_SUBSCRIPTIONS
from tests.admin.desk import Desk, database_of, faults
from tests.applications import application
from tests.settings import settings_for
from tests.webhooks.outbox import Subscriber

URL = "https://127.0.0.1:8443/hook"


class TestCreate:
    def test_the_secret_is_in_the_answer_and_in_no_other(self, subscriber: Subscriber) -> None:
        made = subscriber.subscribe(URL, description="Ours")
        secret = made.pop("secret")
        assert secret.startswith("whsec_")
        assert made["enabled"]
        assert made["events"] == ["release.published"]
        listed = subscriber.send("GET", "/webhooks")
        one = subscriber.send("GET", f"/webhooks/{made['id']}")
        assert one.json == made
        assert listed.get_json()["items"] == [made]
        assert secret not in listed.text + one.text

    def test_the_secret_is_in_the_store_once_and_neither_audited_nor_kept_with_the_answer(
        self, subscriber: Subscriber, caplog: pytest.LogCaptureFixture
    ) -> None:
        once = {"Idempotency-Key": "one"}
        made = subscriber.subscribe(URL)
        kept = subscriber.post("/webhooks", {"url": URL}, headers=once)
        again = subscriber.post("/webhooks", {"url": URL}, headers=once)
        assert again == {**kept, "secret": None}
        for secret in (made["secret"], kept["secret"]):
            holding = {name for name, rows in subscriber.contents().items() if any(secret in row for row in rows)}
            assert holding == {webhook_subscription.name}
            assert secret not in caplog.text
        assert [row["action"] for row in subscriber.get("/audit")["items"]] == ["create", "create"]

    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ({}, "/url"),
            ({"url": 5}, "/url"),
            ({"url": "https://10.0.0.1/"}, "/url"),
            ({"url": "https://user@example.org/"}, "/url"),
            ({"url": URL, "events": []}, "/events"),
            ({"url": URL, "events": ["release.deleted"]}, "/events/0"),
            ({"url": URL, "secret": "whsec_mine"}, "/secret"),
            ({"url": URL, "id": "1234567890"}, "/id"),
            ({"url": URL, "enabled": True}, "/enabled"),
            ({"url": URL, "description": "x" * 1001}, "/description"),
        ],
    )
    def test_what_is_wrong_is_422_with_its_place(self, subscriber: Subscriber, body: Any, pointer: str) -> None:
        before = subscriber.contents()
        assert pointer in faults(subscriber.post("/webhooks", body, status=422))
        assert subscriber.contents() == before

    def test_a_name_that_does_not_resolve_yet_is_taken(self, subscriber: Subscriber) -> None:
        assert subscriber.post("/webhooks", {"url": "https://hooks.limber.invalid/"})["enabled"]

    def test_without_the_setting_this_machine_is_refused(self, store_url: str) -> None:
        app = application(settings_for(store_url))
        refused = Desk(app).post("/webhooks", {"url": URL}, status=422)
        assert "public internet" in faults(refused)["/url"]
        database_of(app).dispose()

    def test_one_more_than_the_most_is_409(self, store_url: str) -> None:
        app = application(settings_for(store_url, webhooks_to_loopback=True))
        desk = Desk(app)
        for _ in range(MOST_SUBSCRIPTIONS):
            desk.post("/webhooks", {"url": URL})
        desk.post("/webhooks", {"url": URL}, status=409)
        pages, query = [], "?limit=20"
        while query:
            page = desk.get(f"/webhooks{query}")
            pages.append([each["id"] for each in page["items"]])
            query = f"?limit=20&cursor={page['page']['next']}" if page["page"]["next"] else ""
        assert [len(each) for each in pages] == [20, 20, 10]
        assert len({each for ids in pages for each in ids}) == MOST_SUBSCRIPTIONS
        database_of(app).dispose()


class TestChange:
    def test_a_patch_changes_what_it_names_and_the_etag(self, subscriber: Subscriber) -> None:
        made = subscriber.subscribe(URL, description="Ours")
        path = f"/webhooks/{made['id']}"
        before = subscriber.etag(path)
        changed = subscriber.patch(path, {"description": None, "url": "https://127.0.0.1:9443/"})
        assert (changed["description"], changed["url"]) == (None, "https://127.0.0.1:9443/")
        assert subscriber.etag(path) != before
        assert subscriber.get(path) == changed

    def test_it_needs_the_present_etag(self, subscriber: Subscriber) -> None:
        path = f"/webhooks/{subscriber.subscribe(URL)['id']}"
        options: Any = {"json": {"description": "x"}, "content_type": "application/merge-patch+json"}
        stale = subscriber.etag(path)
        subscriber.patch(path, {"description": "x"})
        assert subscriber.send("PATCH", path, **options).status_code == 428
        assert subscriber.send("PATCH", path, **options, headers={"If-Match": stale}).status_code == 412
        assert subscriber.send("DELETE", path).status_code == 428
        assert subscriber.send("DELETE", path, headers={"If-Match": stale}).status_code == 412

    @pytest.mark.parametrize(
        ("patch", "pointer"),
        [
            ({"url": None}, "/url"),
            ({"url": "https://10.0.0.1/"}, "/url"),
            ({"events": ["x"]}, "/events/0"),
            ({"secret": "whsec_x"}, "/secret"),
            ({"disabled_at": None, "id": "x"}, "/id"),
        ],
    )
    def test_what_is_wrong_is_422_and_changes_nothing(self, subscriber: Subscriber, patch: Any, pointer: str) -> None:
        path = f"/webhooks/{subscriber.subscribe(URL)['id']}"
        before = subscriber.contents()
        assert pointer in faults(subscriber.patch(path, patch, status=422))
        assert subscriber.contents() == before

    def test_a_deleted_one_is_gone_with_its_deliveries(self, subscriber: Subscriber) -> None:
        path = f"/webhooks/{subscriber.subscribe(URL)['id']}"
        subscriber.post(f"{path}/pings", {})
        subscriber.delete(path)
        subscriber.get(path, status=404)
        subscriber.get(f"{path}/deliveries", status=404)
        contents = subscriber.contents()
        assert contents["webhook_subscription"] == contents["webhook_delivery"] == []

    def test_each_write_is_audited(self, subscriber: Subscriber) -> None:
        path = f"/webhooks/{subscriber.subscribe(URL)['id']}"
        subscriber.post(f"{path}/pings", {})
        subscriber.post(f"{path}/deliveries/{subscriber.get(f'{path}/deliveries')['items'][0]['id']}/replays", {})
        subscriber.patch(path, {"description": "x"})
        subscriber.post(f"{path}/rotations", {})
        subscriber.delete(path)
        with database_of(subscriber.app).reading() as connection:
            rows = connection.execute(audit_entry.select().order_by(audit_entry.c.id)).all()
        assert [(row.action, row.target) for row in rows] == [
            (action, path[1:]) for action in ("create", "ping", "replay", "update", "rotate", "delete")
        ]


class TestRotation:
    def test_it_shows_a_new_secret_once(self, subscriber: Subscriber) -> None:
        made = subscriber.subscribe(URL)
        rotated = subscriber.post(f"/webhooks/{made['id']}/rotations", {"grace_hours": 1})
        assert rotated["secret"] not in (made["secret"], None)
        assert rotated["former_secret_ends"]
        assert "secret" not in subscriber.get(f"/webhooks/{made['id']}")


@pytest.mark.parametrize("identifier", ["0123456789", "nothing", "a-b", "%00", "%00" * 10, "%EF%B7%90%ED%A0%80"])
def test_an_unknown_id_is_404(subscriber: Subscriber, identifier: str) -> None:
    status = 404
    subscriber.get(f"/webhooks/{identifier}", status=status)
    subscriber.post(f"/webhooks/{identifier}/pings", {}, status=status)
    subscriber.get(f"/webhooks/{identifier}/deliveries/1", status=status)
    subscriber.post(f"/webhooks/{identifier}/deliveries/1/replays", {}, status=status)


def test_only_the_scope_webhooks_lets_in(app: Flask) -> None:
    Desk(app, "webhooks").post("/webhooks", {"url": URL})
    Desk(app, "content:write", "content:release", "keys").post("/webhooks", {"url": URL}, status=403)
