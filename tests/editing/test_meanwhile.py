"""A change is checked before the lock is taken: what others wrote meanwhile is seen all the same."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, event

from app.access import audit
from app.content.mapping import Draft
from app.editing import drafts as editing
from app.editing.bundle import load_draft
from app.editing.meanwhile import UPDATE, is_still_right
from app.kinds import CATALOGUE
from app.web.installed import settings
from tests.admin.desk import MERGE_PATCH, Desk, database_of
from tests.admin.samples import LICENCE, exercise, routine, term
from tests.applications import application
from tests.http.reading import problem
from tests.waiting import wait_for

LOCKING = ("BEGIN IMMEDIATE", "LOCK TABLE revision_counter")


@pytest.fixture
def desk(app: Flask) -> Desk:
    """The desk of an editor who may do everything; `b` is harder than `a`, which a routine uses."""
    desk = Desk(app)
    named = {"regions": ["neck"]}
    desk.bring(
        terms=[LICENCE, term("neck"), term("back")],
        exercises=[exercise("a", **named, harder=[{"slug": "b"}]), exercise("b", **named), exercise("c", **named)],
        routines=[routine("r", ("a", 1))],
    )
    return desk


class Meanwhile:
    """Writes of somebody else in the transaction that holds the lock."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def change(self, kind: str, slug: str, change: Callable[[Draft], Any]) -> None:
        """Changes a draft as the management face does, and notes it in the audit."""
        content_type = CATALOGUE[kind]
        over = editing.read_item(self.connection, CATALOGUE, content_type, slug)
        draft = load_draft(content_type, change(over.draft))
        saving = editing.check(self.connection, CATALOGUE, content_type, draft, over=over)
        now = datetime.now(UTC)
        editing.save(self.connection, CATALOGUE, saving, now, by=None)
        detail = {"fields": saving.changed_fields}
        audit.record(self.connection, None, UPDATE, f"{content_type.collection}/{slug}", now=now, detail=detail)


@contextmanager
def patched(desk: Desk, path: str, patch: dict[str, Any]) -> Iterator[tuple[Meanwhile, list[Any], list[str]]]:
    """Within the block, a PATCH has been checked and waits for the lock. Then its answer is in the list.

    The other list has the statements that it sends under the lock.
    """
    database, answers, sent = database_of(desk.app), [], []
    headers = {"If-Match": desk.etag(path)}
    asked = threading.Event()

    def ask() -> None:
        answers.append(desk.send("PATCH", path, json=patch, headers=headers, content_type=MERGE_PATCH))

    thread = threading.Thread(target=ask)

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if threading.current_thread() is thread:
            if statement.startswith(LOCKING):
                asked.set()
            elif asked.is_set():
                sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        with database.transaction(exclusive=True) as connection:
            thread.start()
            wait_for(asked.is_set)
            yield Meanwhile(connection), answers, sent
        thread.join()
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def reads(sent: list[str]) -> int:
    """How many statements read drafts."""
    return sum(statement.startswith("SELECT") and "exercise_" in statement for statement in sent)


def test_what_others_write_elsewhere_is_not_checked_again(desk: Desk) -> None:
    with patched(desk, "/exercises/a", {"aliases": ["Other"]}) as (meanwhile, answers, sent):
        meanwhile.change("exercise", "c", lambda draft: {**draft, "summary": "Another one."})
    assert answers[0].status_code == 200
    assert reads(sent) == 0
    assert desk.get("/exercises/a")["draft"]["aliases"] == ["Other"]


def test_the_same_draft_changed_meanwhile_is_412(desk: Desk) -> None:
    with patched(desk, "/exercises/a", {"aliases": ["Other"]}) as (meanwhile, answers, _sent):
        meanwhile.change("exercise", "a", lambda draft: {**draft, "summary": "Another one."})
    assert answers[0].status_code == 412
    assert "aliases" not in desk.get("/exercises/a")["draft"]


def test_a_circle_that_two_changes_close_is_refused(desk: Desk) -> None:
    with patched(desk, "/exercises/b", {"harder": [{"slug": "c"}]}) as (meanwhile, answers, sent):
        meanwhile.change("exercise", "c", lambda draft: {**draft, "harder": [{"slug": "a"}]})
    assert answers[0].status_code == 422
    assert reads(sent) > 0


def test_a_draft_that_names_it_now_is_checked_with_it(desk: Desk) -> None:
    levels = desk.get("/exercises/c")["draft"]["levels"]
    fewer = [{**levels[0], "intensity": 2}]
    with patched(desk, "/exercises/c", {"levels": fewer}) as (meanwhile, answers, _sent):
        meanwhile.change("routine", "r", lambda draft: {**draft, "stages": routine("r", ("c", 1))["stages"]})
    assert answers[0].status_code in (409, 422)


def test_what_it_names_is_taken_away(desk: Desk) -> None:
    with patched(desk, "/exercises/c", {"regions": ["back"]}) as (meanwhile, answers, _sent):
        back = editing.read_item(meanwhile.connection, CATALOGUE, CATALOGUE["term"], "back")
        editing.take_away(meanwhile.connection, CATALOGUE, CATALOGUE["term"], back, datetime.now(UTC), by=None)
        audit.record(meanwhile.connection, None, "delete", "vocabularies/back", now=datetime.now(UTC))
    assert answers[0].status_code == 422


@pytest.mark.parametrize(
    ("action", "target", "detail", "right"),
    [
        (UPDATE, "exercises/c", {"fields": ["summary", "steps"]}, True),
        (UPDATE, "exercises/c", {"fields": []}, True),
        (UPDATE, "exercises/a", {"fields": ["summary"]}, False),
        (UPDATE, "exercises/c", {"fields": ["harder"]}, False),
        (UPDATE, "exercises/c", {"fields": ["slug"]}, False),
        (UPDATE, "exercises/c", {"fields": ["former_slugs"]}, False),
        (UPDATE, "exercises/c", {}, False),
        (UPDATE, "sources/s", {"fields": ["isbn"]}, False),
        (UPDATE, "sources/s", {"fields": ["type"]}, False),
        (UPDATE, "vocabularies/t", {"fields": ["vocabulary"]}, False),
        (UPDATE, "webhooks/1", {"fields": ["url"]}, False),
        ("create", "exercises/d", {}, False),
        ("import", "imports", {}, False),
        ("release", "releases/2", {}, False),
    ],
)
def test_what_is_of_no_concern(action: str, target: str, detail: dict[str, Any], right: bool) -> None:  # noqa: FBT001  # a parameter
    assert is_still_right(CATALOGUE, {("exercise", "a")}, [(action, target, detail)]) is right


def test_a_held_lock_is_told_as_one_and_readers_go_on(app: Flask) -> None:
    editor = Desk(app)
    editor.bring(terms=[LICENCE], exercises=[exercise("a")])
    editor.release()
    hasty = application(replace(settings.of(app), database_timeout_seconds=1))
    desk, reader = Desk(hasty), hasty.test_client()
    tag = desk.etag("/exercises/a")
    with database_of(app).transaction(exclusive=True):
        refused = desk.send("PATCH", "/exercises/a", json={}, headers={"If-Match": tag}, content_type=MERGE_PATCH)
        assert reader.get("/v1/exercises/a").status_code == 200
        assert desk.send("GET", "/exercises/a").status_code == 200
    assert "Another change" in problem(refused, 503, "unavailable")["detail"]
    assert "Retry-After" in refused.headers
    database_of(hasty).dispose()


def test_a_change_of_drafts_costs_readers_of_what_is_kept_nothing(app: Flask) -> None:
    editor = Desk(app)
    editor.bring(terms=[LICENCE], exercises=[exercise("a")])
    editor.release()
    patient = application(replace(settings.of(app), revision_check_seconds=60))
    reader, desk = patient.test_client(), Desk(patient)
    tag, asked = desk.etag("/exercises/a"), []
    reader.get("/v1/exercises/a")
    event.listen(database_of(patient)._aside, "before_cursor_execute", lambda *given: asked.append(given[2]))
    patch = {"aliases": ["Other"]}
    changed = desk.send("PATCH", "/exercises/a", json=patch, headers={"If-Match": tag}, content_type=MERGE_PATCH)
    assert changed.status_code == 200
    assert reader.get("/v1/exercises/a").headers["Cache-Status"] == "limber; hit"
    assert asked == []
    desk.release()
    assert reader.get("/v1/exercises/a").get_json()["aliases"] == ["Other"]
    assert asked
    database_of(patient).dispose()
