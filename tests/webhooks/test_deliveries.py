import json
import socket
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.errors import NothingToRelease
from app.kinds import CATALOGUE
from app.models.tables import webhook_delivery
from app.releasing.outbox import MOST_CHANGED
from app.releasing.release import release, rerender
from app.store.database import Database
from app.webhooks.deliveries import ATTEMPTS, WAITS, note_outcome, take, wait_after
from app.webhooks.sending import Outcome, Sender
from tests.admin.desk import database_of
from tests.admin.samples import catalogue, minimal
from tests.waiting import PATIENCE_SECONDS
from tests.webhooks.outbox import Subscriber
from tests.webhooks.receivers import answer, hang, receiver


class TestReleases:
    def test_a_release_is_told_with_what_it_changed(self, subscriber: Subscriber) -> None:
        with receiver(answer(204)) as found:
            webhook = subscriber.subscribe(found.url)
            subscriber.bring(**catalogue())
            subscriber.release("First")
            subscriber.patch("/places/clinic", {"name": "Changed"})
            subscriber.delete("/routines/break")
            subscriber.post("/places", minimal("places"))
            subscriber.release("Second")
            assert subscriber.work() == {True: 2}
        first, second = (each.verified(webhook["secret"]) for each in found.got)
        assert (first["type"], first["data"]["revision"], first["data"]["note"]) == ("release.published", 1, "First")
        assert {each["action"] for each in first["data"]["changed"]} == {"created"}
        assert first["data"]["changed_total"] == len(first["data"]["changed"]) == 10
        changed = {(each["kind"], each["slug"]): each["action"] for each in second["data"]["changed"]}
        assert changed["place", "clinic"] == "updated"
        assert changed["place", "new-one"] == "created"
        assert changed["routine", "break"] == "deleted"
        assert second["data"]["links"]["release"] == "https://limber.example/v1/admin/releases/2"

    def test_everything_that_makes_a_revision_is_told(self, subscriber: Subscriber) -> None:
        with receiver(answer(204)) as found:
            subscriber.subscribe(found.url)
            subscriber.release_something()
            subscriber.post("/imports?release=true", {"places": [minimal("places", slug="imported")]}, status=200)
            subscriber.post("/rollbacks", {"revision": 1})
            run = subscriber.app.test_cli_runner().invoke
            assert run(args=["catalogue", "apply", "seed_data", "--release", "Seed"]).exit_code == 0
            subscriber.work()
        told = [json.loads(each.body)["data"] for each in found.got]
        assert [each["revision"] for each in told] == [1, 2, 3, 4]
        assert [(each["slug"], each["action"]) for each in told[2]["changed"]] == [("imported", "deleted")]
        assert told[3]["changed_total"] > len(told[3]["changed"]) == MOST_CHANGED

    def test_a_release_that_fails_or_changes_nothing_leaves_no_word(
        self, subscriber: Subscriber, database: Database
    ) -> None:
        subscriber.subscribe("http://127.0.0.1:9/")
        subscriber.release_something()
        before = subscriber.contents()
        subscriber.post("/releases", {}, status=409)
        with database.transaction(exclusive=True) as connection:
            assert rerender(connection, CATALOGUE) is None
        with pytest.raises(NothingToRelease), database.transaction(exclusive=True) as connection:
            release(connection, CATALOGUE)
        assert subscriber.contents() == before

    def test_who_is_not_subscribed_is_not_told(self, subscriber: Subscriber) -> None:
        with receiver(answer(204)) as early, receiver(answer(204)) as late, receiver(answer(204)) as off:
            subscriber.subscribe(early.url)
            disabled = subscriber.subscribe(off.url)
            subscriber.patch(f"/webhooks/{disabled['id']}", {"enabled": False})
            subscriber.release_something()
            subscriber.subscribe(late.url)
            subscriber.work()
            assert subscriber.deliveries(disabled) == []
        assert (len(early.got), len(late.got), len(off.got)) == (1, 0, 0)


class TestFailures:
    def test_one_that_fails_and_recovers_gets_the_same_again(self, subscriber: Subscriber) -> None:
        with receiver(answer(500, 503, 204)) as found:
            webhook = subscriber.subscribe(found.url)
            subscriber.release_something()
            assert subscriber.work() == {False: 1}
            assert subscriber.work() == {}, "it is not due yet"
            (waiting,) = subscriber.deliveries(webhook)
            assert (waiting["state"], waiting["attempts"], waiting["status_code"]) == ("pending", 1, 500)
            assert waiting["next_attempt_at"]
            assert subscriber.work_after(seconds=6) == {False: 1}
            assert subscriber.work_after(seconds=61) == {True: 1}
        (done,) = subscriber.deliveries(webhook)
        assert (done["state"], done["attempts"], done["next_attempt_at"], done["error"]) == ("delivered", 3, None, None)
        assert len(set(found.ids)) == 1
        assert len({each.body for each in found.got}) == 1

    def test_one_that_hangs_is_tried_again_later(self, subscriber: Subscriber) -> None:
        enough = threading.Event()
        with receiver(hang(enough)) as found:
            webhook = subscriber.subscribe(found.url)
            subscriber.release_something()
            assert subscriber.work(Sender(seconds=0.5, loopback=True)) == {False: 1}
            # It still hangs, and would for minutes.
            enough.set()
        (waiting,) = subscriber.deliveries(webhook)
        assert (waiting["status_code"], waiting["error"]) == (None, "No answer within 0.5 seconds.")

    def test_one_that_redirects_is_a_failure_and_the_target_is_not_asked(self, subscriber: Subscriber) -> None:
        with receiver(answer(204)) as target, receiver(answer(307, headers={"Location": target.url})) as found:
            webhook = subscriber.subscribe(found.url)
            subscriber.release_something()
            assert subscriber.work() == {False: 1}
        assert target.got == []
        assert "not followed" in subscriber.deliveries(webhook)[0]["error"]

    def test_410_disables_at_once_and_gives_up_what_waits(self, subscriber: Subscriber) -> None:
        with receiver(answer(410)) as found:
            webhook = subscriber.subscribe(found.url)
            subscriber.release_something()
            subscriber.release_something()
            assert subscriber.work() == {False: 1}
            subscriber.release_something()
            assert subscriber.work_after(days=1) == {}
        present = subscriber.get(f"/webhooks/{webhook['id']}")
        assert (present["enabled"], present["disabled_because"]) == (False, "The receiver answered 410.")
        assert [each["state"] for each in subscriber.deliveries(webhook)] == ["failed", "failed"]
        entry = subscriber.get("/audit")["items"]
        assert ("disable", f"webhooks/{webhook['id']}", None) in [
            (each["action"], each["target"], each["key_id"]) for each in entry
        ]

    def test_after_the_last_attempt_it_is_disabled_within_a_day(self, subscriber: Subscriber) -> None:
        with receiver(answer(500)) as found:
            webhook = subscriber.subscribe(found.url)
            subscriber.release_something()
            subscriber.work()
            for wait in WAITS:
                assert subscriber.get(f"/webhooks/{webhook['id']}")["enabled"]
                assert subscriber.work_after(seconds=wait + 1) == {False: 1}
        assert subscriber.later < timedelta(days=1)
        assert (len(found.got), len(set(found.ids))) == (ATTEMPTS, 1)
        (failed,) = subscriber.deliveries(webhook)
        assert (failed["state"], failed["attempts"]) == ("failed", ATTEMPTS)
        present = subscriber.get(f"/webhooks/{webhook['id']}")
        assert (present["enabled"], present["disabled_because"]) == (False, "10 attempts failed one after the other.")

    def test_one_that_takes_other_events_meanwhile_stays_enabled(self, subscriber: Subscriber) -> None:
        with receiver(answer(*[500] * (ATTEMPTS - 1), 204, 500)) as found:
            webhook = subscriber.subscribe(found.url)
            subscriber.release_something()
            subscriber.work()
            for wait in WAITS[:-1]:
                subscriber.work_after(seconds=wait + 1)
            subscriber.release_something()
            assert subscriber.work() == {True: 1}
            assert subscriber.work_after(seconds=WAITS[-1] + 1) == {False: 1}
        assert subscriber.get(f"/webhooks/{webhook['id']}")["enabled"]

    def test_the_waits_are_shorter_by_chance_and_never_longer(self) -> None:
        for attempt, wait in enumerate(WAITS, start=1):
            drawn = [wait_after(attempt) for _ in range(200)]
            assert wait * 0.8 <= min(drawn) < max(drawn) <= wait
        assert 23 * 3600 < sum(WAITS) < 24 * 3600


class TestLease:
    def test_a_worker_that_comes_late_changes_nothing_in_another_s_hand(
        self, subscriber: Subscriber, database: Database
    ) -> None:
        webhook = subscriber.subscribe("http://127.0.0.1:9/")
        subscriber.release_something()
        now, lease = datetime.now(UTC), timedelta(minutes=1)
        with database.transaction() as connection:
            slow = take(connection, now=now, lease=lease)
            assert take(connection, now=now, lease=lease) is None
            other = take(connection, now=now + lease, lease=lease)
            assert slow
            assert other
            assert (slow.id, slow.attempt, other.attempt) == (other.id, 1, 2)
            for late in (Outcome(204), Outcome(410), Outcome(500)):
                note_outcome(connection, slow, late, now=now)
        (waiting,) = subscriber.deliveries(webhook)
        assert (waiting["state"], waiting["attempts"], waiting["status_code"]) == ("pending", 2, None)
        assert subscriber.get(f"/webhooks/{webhook['id']}")["enabled"]


class TestRebinding:
    def test_a_name_that_leads_to_a_private_address_at_delivery_is_not_asked(
        self, subscriber: Subscriber, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real, address = socket.getaddrinfo, "127.0.0.1"

        def rebound(host: Any, *arguments: Any, **options: Any) -> Any:
            return real(address if host == "receiver.example" else host, *arguments, **options)

        monkeypatch.setattr(socket, "getaddrinfo", rebound)
        with receiver(answer(204)) as found:
            webhook = subscriber.subscribe(found.url.replace("127.0.0.1", "receiver.example"))
            subscriber.release_something()
            for address in ("10.0.0.1", "169.254.169.254", "192.168.0.1"):  # noqa: B007  # `rebound` reads it
                subscriber.later += timedelta(hours=1)
                assert subscriber.work() == {False: 1}
            (refused,) = subscriber.deliveries(webhook)
            assert "leads to 192.168.0.1" in refused["error"]
            address = "127.0.0.1"
            assert subscriber.work_after(hours=1) == {True: 1}

    def test_a_worker_without_the_setting_refuses_what_one_with_it_took(self, subscriber: Subscriber) -> None:
        with receiver(answer(204)) as found:
            webhook = subscriber.subscribe(found.url)
            subscriber.release_something()
            assert subscriber.work(Sender(seconds=PATIENCE_SECONDS)) == {False: 1}
        assert "https://" in subscriber.deliveries(webhook)[0]["error"]
        assert found.got == []


class TestByHand:
    def test_a_ping_goes_to_one_webhook_alone(self, subscriber: Subscriber) -> None:
        with receiver(answer(204)) as found, receiver(answer(204)) as other:
            webhook = subscriber.subscribe(found.url)
            subscriber.subscribe(other.url)
            made = subscriber.post(f"/webhooks/{webhook['id']}/pings", {})
            assert (made["type"], made["state"]) == ("webhook.ping", "pending")
            subscriber.work()
        assert found.got[0].verified(webhook["secret"])["type"] == "webhook.ping"
        assert other.got == []

    def test_a_replay_sends_the_same_id_and_bytes(self, subscriber: Subscriber) -> None:
        with receiver(answer(204)) as found:
            webhook = subscriber.subscribe(found.url)
            subscriber.release_something("Once")
            subscriber.work()
            (done,) = subscriber.deliveries(webhook)
            path = f"/webhooks/{webhook['id']}/deliveries/{done['id']}"
            again = subscriber.post(f"{path}/replays", {})
            assert again["id"] != done["id"]
            subscriber.work()
        assert found.ids[0] == found.ids[1] == done["event_id"]
        assert found.got[0].body == found.got[1].body
        assert subscriber.get(path)["payload"] == json.loads(found.got[0].body)
        assert [each["state"] for each in subscriber.deliveries(webhook)] == ["delivered", "delivered"]

    def test_a_disabled_one_takes_neither_until_it_is_enabled_again(self, subscriber: Subscriber) -> None:
        with receiver(answer(204)) as found:
            webhook = subscriber.subscribe(found.url)
            path = f"/webhooks/{webhook['id']}"
            subscriber.release_something()
            subscriber.patch(path, {"enabled": False})
            (given_up,) = subscriber.deliveries(webhook, "?state=failed")
            subscriber.post(f"{path}/pings", {}, status=409)
            subscriber.post(f"{path}/deliveries/{given_up['id']}/replays", {}, status=409)
            subscriber.patch(path, {"enabled": True})
            subscriber.post(f"{path}/deliveries/{given_up['id']}/replays", {})
            assert subscriber.work() == {True: 1}
        assert subscriber.get(path)["disabled_because"] is None

    def test_after_a_rotation_both_secrets_verify_and_after_the_grace_the_new_one_alone(
        self, subscriber: Subscriber
    ) -> None:
        with receiver(answer(204)) as found:
            webhook = subscriber.subscribe(found.url)
            rotated = subscriber.post(f"/webhooks/{webhook['id']}/rotations", {"grace_hours": 1})
            subscriber.release_something()
            subscriber.work()
            assert found.got[0].verified(webhook["secret"]) == found.got[0].verified(rotated["secret"])
            with database_of(subscriber.app).transaction() as connection:
                connection.exec_driver_sql(
                    "UPDATE webhook_subscription SET former_secret_ends = '2020-01-01 00:00:00+00:00'"
                )
            subscriber.release_something()
            subscriber.work()
        assert " " not in found.got[1].headers["webhook-signature"]
        found.got[1].verified(rotated["secret"])

    def test_pages_hold_each_delivery_once_by_state(self, subscriber: Subscriber) -> None:
        webhook = subscriber.subscribe("http://127.0.0.1:9/")
        path = f"/webhooks/{webhook['id']}"
        made = [subscriber.post(f"{path}/pings", {})["id"] for _ in range(5)]
        first = subscriber.get(f"{path}/deliveries?limit=3&state=pending")
        rest = subscriber.get(f"{path}/deliveries?limit=3&state=pending&cursor={first['page']['next']}")
        assert [each["id"] for each in first["items"] + rest["items"]] == made[::-1]
        assert rest["page"] == {"limit": 3, "total": 5, "next": None}
        assert subscriber.deliveries(webhook, "?state=delivered,failed") == []


class TestForgetting:
    def test_what_ended_long_ago_is_forgotten_and_what_waits_is_not(self, subscriber: Subscriber) -> None:
        with receiver(answer(204)) as found:
            webhook = subscriber.subscribe(found.url)
            subscriber.release_something()
            subscriber.work()
            subscriber.subscribe("http://127.0.0.1:9/")
            subscriber.release_something()
            subscriber.work()
            subscriber.work_after(days=29)
            assert len(subscriber.deliveries(webhook)) == 2
            subscriber.work_after(days=2)
        contents = subscriber.contents()
        assert len(contents[webhook_delivery.name]) == len(contents["outbox_event"]) == 1
