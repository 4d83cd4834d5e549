"""Any interleaving of editors, releases, clients and accidents; what a client holds must be what is published."""

import json
import shutil
import sqlite3
from contextlib import closing
from copy import deepcopy
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from sqlalchemy import update

from app.models.tables import revision_counter
from app.store.state import current_state
from tests.sync.world import World, exercise, held, limber_sync, place, routine, term, texts

SLUGS = ("a", "b", "c", "d")
RENAMED = (*SLUGS, "e", "f", "g", "h")
"""What exercises may be renamed to."""

REGIONS = ("neck", "back")
NOTES = ("", "one", "two")

NOW = st.booleans()
"""Whether an edit is released at once."""

CLIENTS: tuple[dict[str, Any], ...] = (
    {"limit": 2},
    {"limit": 3, "kinds": ("exercise", "routine")},
    {"limit": 100},
)


class Cut(Exception):
    """The client is killed, or loses its connection, at this moment."""


class Convergence(RuleBasedStateMachine):
    """The model is the drafts; the truth is what the delivery face has."""

    world: World
    blank: int
    folder: Path
    autoincrement = False
    """For a mutant: a release takes its number when it begins, as an autoincrement column or a sequence gives it."""

    damaging = True
    """Whether clients' files are damaged, which only the digest tells."""

    @initialize()
    def begin(self) -> None:
        self.world.store.restore(self.blank)
        self.world.store.forget(self.blank)
        self.world.drafts = {}
        for path in self.folder.glob("client-*"):
            path.unlink()
        for number in range(len(CLIENTS)):
            shutil.copy(self._empty_copy(), self.folder / f"client-{number}.db")
        self.replicas = [self._open(number) for number in range(len(CLIENTS))]
        self.answers: int | None = None
        self.owners: dict[str, str] = {}
        self.backup: tuple[int, dict[Any, Any], dict[str, str]] = (self.blank, {}, {})
        self.seen: list[tuple[int, Any]] = []
        self.overlapping: tuple[int | None, str] | None = None
        self.numbers = 0
        self.damaged: set[int] = set()

    def _empty_copy(self) -> Path:
        """The file of a client that has not synced yet: to copy it is quicker than to make one."""
        path = self.folder / "empty.db"
        if not path.exists():
            self.world.replica(path).close()
        return path

    # Editors.

    def _write(self, slug: str, *regions: str, note: str) -> None:
        """Writes an exercise, unless its slug belongs to one that has another slug now.

        `owners` has the first slug of the exercise that a slug belongs to, which stands for it.
        """
        owner = self.owners.setdefault(slug, slug)
        own = {each for each, other in self.owners.items() if other == owner}
        if own.isdisjoint(other for kind, other in self.world.drafts if kind == "exercise" and other != slug):
            former = self.world.drafts.get(("exercise", slug), {}).get("former_slugs", [])
            self.world.put("exercise", exercise(slug, *regions, note=note, former_slugs=former))

    @rule(slug=st.sampled_from(SLUGS), region=st.sampled_from(REGIONS), note=st.sampled_from(NOTES), now=NOW)
    def write_an_exercise(self, slug: str, region: str, note: str, *, now: bool) -> None:
        self._write(slug, *([region] if ("term", region) in self.world.drafts else []), note=note)
        self._release_if(now=now)

    @rule(slug=st.sampled_from("rs"), names=st.lists(st.sampled_from(SLUGS), max_size=3), now=NOW)
    def write_a_routine(self, slug: str, names: list[str], *, now: bool) -> None:
        self.world.put("routine", routine(slug, *[each for each in names if ("exercise", each) in self.world.drafts]))
        self._release_if(now=now)

    @rule(slug=st.sampled_from(REGIONS), note=st.sampled_from(NOTES))
    def write_a_term(self, slug: str, note: str) -> None:
        self.world.put("term", term(slug, note))

    @rule(latitude=st.floats(-90, 90))
    def write_a_place(self, latitude: float) -> None:
        self.world.put("place", place("p", latitude=latitude, longitude=latitude / 1000))

    @precondition(lambda self: self.world.drafts)
    @rule(data=st.data(), now=NOW)
    def delete(self, data: st.DataObject, *, now: bool) -> None:
        self.world.drop(*data.draw(st.sampled_from(sorted(self.world.drafts))))
        self._release_if(now=now)

    @rule(slug=st.sampled_from(RENAMED), to=st.sampled_from(RENAMED), now=NOW)
    def rename(self, slug: str, to: str, *, now: bool) -> None:
        drafts = self.world.drafts
        mine = self.owners.get(to) in (None, self.owners.get(slug))
        if ("exercise", slug) in drafts and ("exercise", to) not in drafts and mine:
            draft = drafts.pop(("exercise", slug))
            self.owners[to] = self.owners[slug]
            former = [*(each for each in draft["former_slugs"] if each != to), slug]
            drafts["exercise", to] = draft | {"slug": to, "former_slugs": former}
            for (kind, _), other in drafts.items():
                for item in [item for stage in other["stages"] for item in stage["items"]] if kind == "routine" else ():
                    item["exercise"] = to if item["exercise"] == slug else item["exercise"]
            self._release_if(now=now)

    @rule(note=st.sampled_from(NOTES), now=NOW)
    def seed_in_bulk(self, note: str, *, now: bool) -> None:
        for slug in REGIONS:
            self.world.put("term", term(slug, note))
        for slug in SLUGS:
            self._write(slug, *REGIONS, note=note)
        present = [slug for slug in SLUGS if ("exercise", slug) in self.world.drafts]
        self.world.put("routine", routine("r", *present, note=note))
        self._release_if(now=now)

    @rule()
    def save_without_a_release(self) -> None:
        self.world.save()

    # Releases, alone and of two writers at once.

    @rule()
    def release(self) -> None:
        self._release(self._take_number() if self.overlapping else None)

    @precondition(lambda self: self.overlapping is None)
    @rule(slug=st.sampled_from(SLUGS))
    def another_writer_begins(self, slug: str) -> None:
        self.overlapping = (self._take_number(), slug)

    @precondition(lambda self: self.overlapping is not None)
    @rule(note=st.sampled_from(NOTES))
    def another_writer_commits(self, note: str) -> None:
        assert self.overlapping
        number, slug = self.overlapping
        self.overlapping = None
        self._write(slug, note=f"other {note}")
        self._release(number)

    def _release_if(self, *, now: bool) -> None:
        if now:
            self.release()

    def _take_number(self) -> int | None:
        """None: a release takes its number as its last lock and keeps it until it commits."""
        if not self.autoincrement:
            return None
        with self.world.database.reading() as connection:
            self.numbers = max(self.numbers, current_state(connection).revision) + 1
        return self.numbers

    def _release(self, number: int | None) -> None:
        if number is None:
            self.world.release()
            return
        with self.world.database.transaction() as connection:
            newest = current_state(connection).revision
            connection.execute(update(revision_counter).values(revision=number - 1))
        self.world.release()
        with self.world.database.transaction() as connection:
            connection.execute(
                update(revision_counter).values(revision=max(newest, current_state(connection).revision))
            )

    # Accidents.

    @rule()
    def prune(self) -> None:
        self.world.prune()

    @rule()
    def back_up(self) -> None:
        self.backup = (self.world.store.back_up(), deepcopy(self.world.drafts), dict(self.owners))

    @rule(slug=st.sampled_from(SLUGS), note=st.sampled_from(NOTES), again=st.booleans())
    def restore_an_older_backup(self, slug: str, note: str, *, again: bool) -> None:
        """The revisions since are lost; others may take their numbers."""
        self.world.store.restore(self.backup[0])
        self.world.drafts, self.owners = deepcopy(self.backup[1]), dict(self.backup[2])
        self.overlapping = None
        if again:
            self._write(slug, note=f"restored {note}")
            self.release()

    @precondition(lambda self: self.damaging)
    @rule(client=st.integers(0, len(CLIENTS) - 1), old=st.booleans())
    def a_client_s_file_is_damaged(self, client: int, *, old: bool) -> None:
        """A document is lost, or comes back as it once was, and the token knows nothing of it."""
        for number in (client, *range(len(CLIENTS))):
            with closing(sqlite3.connect(self.folder / f"client-{number}.db")) as database, database:
                row = database.execute("SELECT kind, slug, body FROM document ORDER BY kind, slug LIMIT 1").fetchone()
                if row is None:
                    continue
                if old:
                    body = row[2].replace('"name":"', '"name":"Former ')
                    database.execute("UPDATE document SET body = ? WHERE kind = ? AND slug = ?", (body, *row[:2]))
                else:
                    database.execute("DELETE FROM document WHERE kind = ? AND slug = ?", row[:2])
            self.damaged.add(number)
            return

    # Clients.

    def _open(self, number: int) -> Any:
        return self.world.replica(self.folder / f"client-{number}.db", self._fetch, **CLIENTS[number])

    def _fetch(self, address: str) -> Any:
        if self.answers == 0:
            raise Cut
        answer = self.world.fetch(address)
        if answer.status == 200:
            page = json.loads(answer.body)
            self.seen += [(page["revision"], item) for item in page["items"]]
        if self.answers is not None:
            self.answers -= 1
        return answer

    @rule(client=st.integers(0, len(CLIENTS) - 1), pages=st.integers(0, 4))
    def sync_some_pages(self, client: int, pages: int) -> None:
        """The client gets so many answers and is killed waiting for the next."""
        self.answers = pages
        try:
            self.replicas[client].sync()
            self.damaged.discard(client)
        except Cut:
            pass
        finally:
            self.answers = None
        if client not in self.damaged and "kinds" not in CLIENTS[client]:
            self._nothing_is_named_that_is_not_held(client)

    @rule(client=st.integers(0, len(CLIENTS) - 1), pages=st.integers(1, 2), note=st.sampled_from(NOTES))
    def a_release_comes_between_pages(self, client: int, pages: int, note: str) -> None:
        """It changes what is early in the order of the feed, where the client has been already."""
        self.sync_some_pages(client, pages)
        for slug in REGIONS:
            self.world.put("term", term(slug, f"between {note}"))
        self.release()

    @rule(client=st.integers(0, len(CLIENTS) - 1))
    def restart(self, client: int) -> None:
        self.replicas[client].close()
        self.replicas[client] = self._open(client)

    @rule(client=st.integers(0, len(CLIENTS) - 1))
    def converge(self, client: int) -> None:
        """A sync that nothing cuts off ends with what is published, byte for byte."""
        replica, kinds = self.replicas[client], CLIENTS[client].get("kinds", ())
        self.seen.clear()
        try:
            revision = replica.sync().revision
        except limber_sync.DigestMismatch as error:
            raise AssertionError("The digest is wrong even of a fresh enumeration.") from error
        self.damaged.discard(client)
        query = f"?kinds={','.join(kinds)}" if kinds else "?limit=3"
        fresh, _ = self.world.enumerate(query)
        truth = self.world.published(kinds)
        assert texts(fresh) == truth, "A fresh enumeration is not what is published."
        assert held(replica) == truth, "What the client holds is not what is published."
        self._tombstones_say_where_entities_are({key: json.loads(body)["id"] for key, body in truth.items()}, revision)

    def _tombstones_say_where_entities_are(self, ids: dict[Any, str], revision: int) -> None:
        present = {identifier: slug for (_, slug), identifier in ids.items()}
        assert len(present) == len(ids), "Two documents have one id."
        for item in (item for seen, item in self.seen if seen == revision and "deleted" in item):
            assert item.get("renamed_to") == present.get(item["id"]), f"{item} is not what became of it."

    def _nothing_is_named_that_is_not_held(self, client: int) -> None:
        has = held(self.replicas[client])
        for (kind, slug), body in has.items():
            for stage in json.loads(body)["stages"] if kind == "routine" else ():
                for item in stage["items"]:
                    assert ("exercise", item["exercise"]["slug"]) in has, f"{slug} names what is not held."

    def teardown(self) -> None:
        if not hasattr(self, "replicas"):
            return
        if self.overlapping:
            self.another_writer_commits("")
        try:
            for client in range(len(CLIENTS)):
                self.converge(client)
        finally:
            for replica in self.replicas:
                replica.close()
