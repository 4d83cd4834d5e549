"""A copy of a Limber catalogue in a local SQLite file, kept up to date by `/v1/sync`.

One file, the standard library alone: copy it, or read it as the documentation of the protocol. It may be killed at
any moment: each page is applied in one transaction, together with where the next one begins. With
`is_signed=limber_signatures.SignedBy(keys)`, it shows only what the service signed, whoever stands between: a whole
sync is one transaction then.

    replica = Replica("catalogue.db", "https://api.example.org")
    replica.sync()
    exercise = replica.get("exercise", "thoracic-extension-over-chair")

The table `document(id, kind, slug, body)` holds each document as JSON. A rename changes the `slug` of its row and never
the `id`: an app keeps what is its own, such as favourites, by `id`. Run as a program:

    python limber_sync.py https://api.example.org catalogue.db
"""

from __future__ import annotations

import hashlib
import http.client
import json
import sqlite3
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, NamedTuple

MODULUS = 2**256
TIMEOUT_SECONDS = 30
ATTEMPTS = 4
LONGEST_WAIT_SECONDS = 60

TABLES = """
CREATE TABLE IF NOT EXISTS document (
    kind TEXT NOT NULL, slug TEXT NOT NULL, body TEXT NOT NULL, generation INTEGER NOT NULL, id TEXT,
    PRIMARY KEY (kind, slug)
);
CREATE TABLE IF NOT EXISTS sync (
    id INTEGER PRIMARY KEY CHECK (id = 1), generation INTEGER NOT NULL, revision INTEGER, token TEXT, next TEXT
);
INSERT OR IGNORE INTO sync (id, generation) VALUES (1, 0);
"""

WITH_IDS = """
UPDATE document SET id = json_extract(body, '$.id') WHERE id IS NULL;
CREATE UNIQUE INDEX IF NOT EXISTS document_id ON document (id);
"""

IsSigned = Callable[[int, str, Any, Sequence[str]], bool]
"""Whether a revision and its digest, of these kinds or of all where there are none, are signed with a signature."""


class Answer(NamedTuple):
    """What a request gave: the status, the body, and the headers Location and Retry-After where there were any."""

    status: int
    location: str | None
    body: bytes
    retry_after: str | None = None


class SyncError(Exception):
    """The service answered something that the protocol does not have, or not at all."""


class DigestMismatch(SyncError):
    """What is held is not the catalogue, even after it was fetched anew."""


class SignatureMismatch(SyncError):
    """What was sent is not signed by a key that is trusted, even after it was fetched anew."""


@dataclass(frozen=True)
class Synced:
    """What a sync did. `reset`: everything was fetched anew."""

    revision: int
    pages: int
    reset: bool


class Replica:
    """A local copy of a catalogue, or of some of its kinds, in one language."""

    def __init__(
        self,
        path: str,
        service: str,
        *,
        kinds: Sequence[str] = (),
        language: str | None = None,
        limit: int | None = None,
        fetch: Callable[[str], Answer] | None = None,
        is_signed: IsSigned | None = None,
    ) -> None:
        """`is_signed` says whether a key that is trusted signed a revision and a digest; None trusts who answers."""
        self._kinds = tuple(sorted(set(kinds)))
        self._is_signed = is_signed
        query = {"kinds": ",".join(kinds), "lang": language, "limit": limit}
        self._query = {key: str(value) for key, value in query.items() if value}
        self._service = service.rstrip("/")
        self._fetch = fetch or fetch_by_http
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.executescript("PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 5000;" + TABLES)
        if all(column[1] != "id" for column in self._database.execute("PRAGMA table_info(document)")):
            self._database.execute("ALTER TABLE document ADD COLUMN id TEXT")  # a file of an older client
        self._database.executescript(WITH_IDS)

    def sync(self) -> Synced:
        """Brings the copy to the catalogue's present revision, going on where a sync before was cut off.

        A token that the service no longer knows (410), that is of other kinds or another language (400), a page that
        is not signed, or a copy whose digest is wrong is answered by fetching everything anew, once. Raises
        `SyncError`, after which `sync` may simply be called again.
        """
        # Whether a signed page is true shows when the last one is there.
        with self._transaction() if self._is_signed else nullcontext():
            return self._sync()

    def _sync(self) -> Synced:
        pages, reset = 0, False
        (resumed,) = self._database.execute("SELECT next IS NOT NULL FROM sync").fetchone()
        while True:
            answer = self._request(self._address())
            if answer.status in (400, 410):
                if reset:
                    raise SyncError(f"A fresh enumeration is refused, too: {answer.status}.")
                self._reset(answer.location)
                reset = True
                continue
            if answer.status != 200:
                raise SyncError(f"The service answered {answer.status}: {answer.body[:200]!r}")
            page = _page(answer.body)
            pages += 1
            if wrong := self._apply(page):
                if reset:
                    raise wrong
                self._reset(None)
                reset = True
            elif "token" in page:
                if not resumed:
                    return Synced(page["revision"], pages, reset)
                # What was cut off showed the revision of its own first page; there may be newer ones.
                resumed = False

    def get(self, kind: str, slug: str) -> dict[str, Any] | None:
        """One document, or None."""
        found = self._database.execute("SELECT body FROM document WHERE kind = ? AND slug = ?", (kind, slug)).fetchone()
        return json.loads(found[0]) if found else None

    def find(self, identifier: str) -> dict[str, Any] | None:
        """One document by its `id`, whatever its slug is now, or None."""
        found = self._database.execute("SELECT body FROM document WHERE id = ?", (identifier,)).fetchone()
        return json.loads(found[0]) if found else None

    def documents(self, kind: str | None = None) -> Iterator[dict[str, Any]]:
        """Every document that is held, or every one of a kind."""
        rows = self._database.execute(
            "SELECT body FROM document WHERE ? IS NULL OR kind = ? ORDER BY kind, slug", (kind, kind)
        )
        return (json.loads(body) for (body,) in rows)

    def load_snapshot(self, path: str) -> None:
        """Begins with a `snapshot.sqlite` that was downloaded or shipped with the app, in the place of what is held.

        Raises `SignatureMismatch` and `DigestMismatch`, and then holds what it held before.
        """
        self._database.execute("ATTACH ? AS shipped", (path,))
        try:
            with self._transaction():
                self._database.execute(
                    "UPDATE sync SET (generation, revision, token, next) ="
                    " (SELECT generation + 1, revision, token, NULL FROM shipped.snapshot)"
                )
                (generation,) = self._database.execute("SELECT generation FROM sync").fetchone()
                for (body,) in self._database.execute("SELECT body FROM shipped.document"):
                    self._keep(json.loads(body), body, generation)
                self._database.execute("DELETE FROM document WHERE generation < ?", (generation,))
                self._check_snapshot()
        finally:
            self._database.execute("DETACH shipped")

    def _check_snapshot(self) -> None:
        """Raises where what was just loaded is not what the snapshot says, or not signed by a trusted key."""
        rows = self._database.execute("SELECT * FROM shipped.snapshot")
        row = dict(zip((column[0] for column in rows.description), rows.fetchone(), strict=True))
        signature = {"key_id": row["signed_by"], "value": row["signature"]} if row.get("signature") else None
        if self._is_signed and not self._is_signed(row["revision"], row["digest"], signature, ()):
            raise SignatureMismatch(f"No trusted key signed the snapshot of revision {row['revision']}.")
        if self.digest() != row["digest"]:
            raise DigestMismatch(f"Another digest than {row['digest']} in the snapshot of revision {row['revision']}.")

    def digest(self) -> str:
        """The digest of what is held: the sum of the SHA-256 of every document, modulo 2**256."""
        bodies = self._database.execute("SELECT body FROM document")
        return f"{sum(_number(body) for (body,) in bodies) % MODULUS:064x}"

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    def _address(self) -> str:
        token, following = self._database.execute("SELECT token, next FROM sync").fetchone()
        if following:
            return str(following)
        query = {**self._query, "token": token} if token else self._query
        return f"{self._service}/v1/sync" + (f"?{urllib.parse.urlencode(query)}" if query else "")

    def _request(self, address: str) -> Answer:
        for attempt in range(1, ATTEMPTS + 1):
            wait = 0.2 * 2**attempt
            try:
                answer = self._fetch(address)
            except OSError as error:
                if attempt == ATTEMPTS:
                    raise SyncError(f"No answer from {address}: {error}") from error
            else:
                if answer.status not in (429, 502, 503, 504) or attempt == ATTEMPTS:
                    return answer
                if answer.retry_after and answer.retry_after.isdecimal():
                    wait = max(wait, int(answer.retry_after))
            time.sleep(min(wait, LONGEST_WAIT_SECONDS))
        raise AssertionError

    def _reset(self, location: str | None) -> None:
        """Forgets where it was. What is held stays readable until the enumeration that begins now is complete."""
        start = urllib.parse.urljoin(self._service + "/v1/sync", location) if location else None
        with self._transaction():
            self._database.execute("UPDATE sync SET generation = generation + 1, token = NULL, next = ?", (start,))

    def _apply(self, page: dict[str, Any]) -> SyncError | None:
        """Applies a page as a whole. Answers what is wrong with it, or with the copy that it completes."""
        signed = (page["revision"], page["digest"], page.get("signature"), self._kinds)
        if self._is_signed and not self._is_signed(*signed):
            return SignatureMismatch(f"No trusted key signed the digest at revision {page['revision']}.")
        with self._transaction():
            (generation,) = self._database.execute("SELECT generation FROM sync").fetchone()
            for item in page["items"]:
                if item.get("deleted"):
                    # What was renamed is no longer under this slug: its document has come already.
                    key = (item["kind"], item["slug"])
                    self._database.execute("DELETE FROM document WHERE kind = ? AND slug = ?", key)
                else:
                    self._keep(item, compact_json(item), generation)
            if "next" in page:
                self._database.execute("UPDATE sync SET next = ?", (page["next"],))
                return None
            self._database.execute("DELETE FROM document WHERE generation < ?", (generation,))
            # Only what is whole gets a token: cut off here, the next sync finds the mismatch again.
            if self.digest() != page["digest"]:
                return DigestMismatch(f"Another digest than {page['digest']} at revision {page['revision']}.")
            caught_up = (page["revision"], page["token"])
            self._database.execute("UPDATE sync SET revision = ?, token = ?, next = NULL", caught_up)
            return None

    def _keep(self, document: dict[str, Any], body: str, generation: int) -> None:
        """Writes a document over the row that it has already, be it under a former slug; else into a new one."""
        key, identifier = (document["kind"], document["slug"]), document.get("id")
        find = "SELECT rowid FROM document WHERE "
        row = self._database.execute(find + "id = ?", (identifier,)).fetchone()
        row = row or self._database.execute(find + "kind = ? AND slug = ? AND id IS NULL", key).fetchone()
        others = "DELETE FROM document WHERE kind = ? AND slug = ? AND rowid IS NOT ?"
        self._database.execute(others, (*key, row and row[0]))
        if row:
            update = "UPDATE document SET kind = ?, slug = ?, body = ?, generation = ?, id = ? WHERE rowid = ?"
            self._database.execute(update, (*key, body, generation, identifier, row[0]))
        else:
            self._database.execute("INSERT INTO document VALUES (?, ?, ?, ?, ?)", (*key, body, generation, identifier))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All of it or nothing. Within another one, it is a part of that."""
        if self._database.in_transaction:
            yield
            return
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")


def _page(body: bytes) -> dict[str, Any]:
    try:
        page = json.loads(body)
    except ValueError:
        page = None
    # Public networks answer 200 with a page of their own until somebody signs in.
    if not (isinstance(page, dict) and isinstance(page.get("items"), list) and ("next" in page or "token" in page)):
        raise SyncError(f"This is no page of the feed: {body[:200]!r}")
    return page


def compact_json(document: dict[str, Any]) -> str:
    """A document as the service writes it: compact, its fields in their order, nothing escaped that need not be."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _number(body: str) -> int:
    return int.from_bytes(hashlib.sha256(body.encode()).digest(), "big")


def fetch_by_http(address: str) -> Answer:
    """The answer to a GET request. Raises `OSError` where there is none."""
    request = urllib.request.Request(address, headers={"Accept": "application/json"})  # noqa: S310  # the user's own address
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:  # noqa: S310  # as above
            return Answer(response.status, None, response.read())
    except http.client.HTTPException as error:
        raise OSError(f"The answer was cut off: {error!r}") from error
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.headers.get("Location"), error.read(), error.headers.get("Retry-After"))


def main(arguments: Sequence[str], is_signed: IsSigned | None = None) -> int:
    """`limber_sync.py SERVICE FILE [LIMIT]`."""
    if len(arguments) not in (2, 3):
        sys.stderr.write("limber_sync.py SERVICE FILE [LIMIT]\n")
        return 2
    limit = int(arguments[2]) if len(arguments) == 3 else None
    replica = Replica(arguments[1], arguments[0], limit=limit, is_signed=is_signed)
    try:
        done = replica.sync()
    except SyncError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        replica.close()
    sys.stdout.write(f"revision {done.revision}, {done.pages} pages{', fetched anew' if done.reset else ''}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
