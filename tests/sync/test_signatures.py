"""What is released is signed, and a mirror or a cache that lies is noticed, by both reference clients."""

import base64
import importlib.util
import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.config import ROOT
from app.releasing.signing import Signer, make_signer, note_signer
from app.sync.feed import Feed
from app.sync.tokens import PageMark, decode_page, encode
from tests.sync.serving import Served, served
from tests.sync.world import World, exercise, held, limber_sync, routine, term

TYPESCRIPT = ROOT / "clients" / "typescript" / "dist" / "sync-to-file.js"
KEYS = "/.well-known/limber-signing-keys"


def _load() -> Any:
    path = ROOT / "clients" / "python" / "limber_signatures.py"
    spec = importlib.util.spec_from_file_location("limber_signatures", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


limber_signatures = _load()


def feed_of(world: World) -> Feed:
    feed: Feed = world.app.extensions["limber_sync"]
    return feed


@pytest.fixture
def signer(sqlite_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Signer:
    """The world's signing key. Its catalogue is released with it."""
    made = make_signer(tmp_path / "signing.pem", replace=False)
    monkeypatch.setattr(feed_of(sqlite_world), "_signer", lambda: made)
    with sqlite_world.database.transaction() as connection:
        note_signer(connection, made, datetime.now(UTC))
    sqlite_world.put("term", term("back"))
    for number in range(8):
        sqlite_world.put("exercise", exercise(f"e-{number}", "back"))
    sqlite_world.put("routine", routine("r", "e-1"))
    sqlite_world.release()
    return made


def verify(world: World, signed: Any, kinds: str = "") -> None:
    """Verifies as the documentation says. Raises `InvalidSignature`."""
    keys = {key["id"]: key for key in world.get(KEYS)["keys"]}
    key = keys[signed["signature"]["key_id"]]
    assert key["algorithm"] == "Ed25519"
    message = f"{signed['revision']}\n{signed['digest']}" + (f"\n{kinds}" if kinds else "")
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key["public_key"]))
    public.verify(base64.b64decode(signed["signature"]["value"]), message.encode())


class TestWhatIsSigned:
    def test_every_page_has_the_signature_of_its_revision_and_digest(self, sqlite_world: World, signer: Signer) -> None:
        pages = list(sqlite_world.pages("/v1/sync?limit=3"))
        assert len(pages) == 4
        assert {json.dumps(page["signature"]) for page in pages} == {json.dumps(pages[0]["signature"])}
        verify(sqlite_world, pages[-1])
        verify(sqlite_world, sqlite_world.get("/v1/sync?lang=es"))
        assert pages[0]["signature"]["key_id"] == signer.id

    def test_a_part_of_the_catalogue_cannot_be_passed_off_as_the_whole(
        self, sqlite_world: World, signer: Signer
    ) -> None:
        page = sqlite_world.get("/v1/sync?kinds=routine,exercise")
        verify(sqlite_world, page, "exercise,routine")
        with pytest.raises(InvalidSignature):
            verify(sqlite_world, page)

    def test_both_snapshots_have_it(self, sqlite_world: World, signer: Signer, tmp_path: Path) -> None:
        last = json.loads(sqlite_world.http.get("/v1/snapshot.ndjson").data.splitlines()[-1])
        verify(sqlite_world, last)
        (tmp_path / "s.db").write_bytes(sqlite_world.http.get("/v1/snapshot.sqlite").data)
        with closing(sqlite3.connect(tmp_path / "s.db")) as database:
            row = database.execute("SELECT revision, digest, signed_by, signature FROM snapshot").fetchone()
        signature = {"key_id": row[2], "value": row[3]}
        verify(sqlite_world, {"revision": row[0], "digest": row[1], "signature": signature})

    def test_without_a_key_it_is_null(self, sqlite_world: World) -> None:
        sqlite_world.put("term", term("back"))
        sqlite_world.release()
        assert sqlite_world.get("/v1/sync")["signature"] is None
        assert b'"signature":null' in sqlite_world.http.get("/v1/snapshot.ndjson").data
        assert sqlite_world.get(KEYS) == {"keys": []}

    def test_a_new_key_signs_the_snapshot_anew(
        self, sqlite_world: World, signer: Signer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = sqlite_world.http.get("/v1/snapshot.ndjson").data
        other = make_signer(tmp_path / "signing.pem", replace=True)
        monkeypatch.setattr(feed_of(sqlite_world), "_signer", lambda: other)
        after = sqlite_world.http.get("/v1/snapshot.ndjson").data
        assert before.splitlines()[:-1] == after.splitlines()[:-1]
        assert other.id.encode() in after
        verify(sqlite_world, json.loads(before.splitlines()[-1]))

    def test_a_mark_of_somebody_else_s_making_is_not_signed(self, sqlite_world: World, signer: Signer) -> None:
        page = sqlite_world.get("/v1/sync?limit=3")
        mark = decode_page(page["next"].partition("page=")[2]).content
        assert isinstance(mark, PageMark)
        with sqlite_world.database.reading() as connection:
            chain = connection.exec_driver_sql("SELECT digest FROM release").scalar_one()
        forged = encode(replace(mark, digest="f" * 64, signature=None), chain)
        answer = sqlite_world.get(f"/v1/sync?page={forged}")
        assert (answer["digest"], answer["signature"]) == ("f" * 64, None)
        forged = encode(replace(mark, digest="f" * 64), chain)
        with pytest.raises(InvalidSignature):
            verify(sqlite_world, sqlite_world.get(f"/v1/sync?page={forged}"))


Lie = Callable[[Any], None]


def other_text(page: Any) -> None:
    page["items"][-1]["name"] = "Bend until it hurts"


def other_text_and_digest(page: Any) -> None:
    other_text(page)
    page["digest"] = limber_digest(page["items"])


def one_less_and_digest(page: Any) -> None:
    del page["items"][-1]
    page["digest"] = limber_digest(page["items"])


def other_revision(page: Any) -> None:
    page["revision"] += 1


def no_signature(page: Any) -> None:
    page["signature"] = None


def unknown_key(page: Any) -> None:
    page["signature"]["key_id"] = "0" * 16


def no_base64(page: Any) -> None:
    page["signature"]["value"] = "é"


LIES = [other_text, other_text_and_digest, one_less_and_digest, other_revision, no_signature, unknown_key, no_base64]


def limber_digest(items: list[Any]) -> str:
    return f"{sum(limber_sync._number(limber_sync.compact_json(each)) for each in items) % 2**256:064x}"


@pytest.fixture
def keys(sqlite_world: World, signer: Signer, tmp_path: Path) -> str:
    """A file with the keys, as it was fetched of the service itself."""
    path = tmp_path / "keys.json"
    path.write_bytes(sqlite_world.http.get(KEYS).data)
    assert signer.id in path.read_text()
    return str(path)


class TestThePythonClient:
    def replica(self, world: World, path: Path, keys: str, fetch: Any = None, **options: Any) -> Any:
        is_signed = limber_signatures.SignedBy(limber_signatures.read_keys(keys))
        return world.replica(path, fetch, is_signed=is_signed, **options)

    def test_takes_what_is_signed_whole_or_in_part(self, sqlite_world: World, keys: str, tmp_path: Path) -> None:
        whole = self.replica(sqlite_world, tmp_path / "w.db", keys, limit=3)
        whole.sync()
        assert held(whole) == sqlite_world.published()
        sqlite_world.drop("exercise", "e-7")
        sqlite_world.release()
        assert not whole.sync().reset
        assert held(whole) == sqlite_world.published()
        for kinds in (("routine", "exercise"), ("term", "source", "place", "exercise", "routine")):
            part = self.replica(sqlite_world, tmp_path / f"{len(kinds)}.db", keys, kinds=kinds)
            part.sync()
            assert held(part) == sqlite_world.published(kinds)

    @pytest.mark.parametrize("lie", LIES)
    def test_refuses_a_mirror_that_lies_and_holds_what_it_held(
        self, sqlite_world: World, keys: str, tmp_path: Path, lie: Lie
    ) -> None:
        def mirror(address: str) -> Any:
            answer = sqlite_world.fetch(address)
            page = json.loads(answer.body)
            lie(page)
            return answer._replace(body=json.dumps(page, ensure_ascii=False).encode())

        replica = self.replica(sqlite_world, tmp_path / "r.db", keys)
        replica.sync()
        before = held(replica)
        sqlite_world.put("exercise", exercise("new", "back"))
        sqlite_world.release()
        lied = self.replica(sqlite_world, tmp_path / "r.db", keys, mirror)
        with pytest.raises((limber_sync.SignatureMismatch, limber_sync.DigestMismatch)):
            lied.sync()
        assert held(lied) == before
        lied.close()
        replica.sync()
        assert held(replica) == sqlite_world.published()

    def test_refuses_a_part_in_the_place_of_the_whole(self, sqlite_world: World, keys: str, tmp_path: Path) -> None:
        def mirror(address: str) -> Any:
            return sqlite_world.fetch(f"{address}?kinds=exercise")

        replica = self.replica(sqlite_world, tmp_path / "r.db", keys, mirror)
        with pytest.raises(limber_sync.SignatureMismatch):
            replica.sync()
        assert held(replica) == {}

    def test_one_lie_is_answered_by_one_fresh_enumeration(self, sqlite_world: World, keys: str, tmp_path: Path) -> None:
        lies = [no_signature]

        def mirror(address: str) -> Any:
            answer = sqlite_world.fetch(address)
            page = json.loads(answer.body)
            if lies:
                lies.pop()(page)
            return answer._replace(body=json.dumps(page, ensure_ascii=False).encode())

        assert self.replica(sqlite_world, tmp_path / "r.db", keys, mirror).sync().reset

    @pytest.mark.parametrize(
        "statement",
        [
            None,
            "UPDATE document SET body = replace(body, 'Exercise e-3', 'Exercise x-3')",
            "DELETE FROM document WHERE slug = 'e-3'",
            "UPDATE snapshot SET revision = 2",
            "UPDATE snapshot SET signature = NULL",
            "UPDATE snapshot SET signed_by = '0123456789abcdef'",
        ],
    )
    def test_refuses_a_snapshot_that_was_changed(
        self, sqlite_world: World, keys: str, tmp_path: Path, statement: str | None
    ) -> None:
        path = tmp_path / "s.db"
        path.write_bytes(sqlite_world.http.get("/v1/snapshot.sqlite").data)
        replica = self.replica(sqlite_world, tmp_path / "r.db", keys)
        if statement is None:
            replica.load_snapshot(str(path))
            assert held(replica) == sqlite_world.published()
            return
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            database.execute(statement)
        with pytest.raises((limber_sync.SignatureMismatch, limber_sync.DigestMismatch)):
            replica.load_snapshot(str(path))
        assert held(replica) == {}

    def test_the_commands_of_the_documentation_verify(self, sqlite_world: World, keys: str, tmp_path: Path) -> None:
        page = (ROOT / "docs" / "sync.md").read_text(encoding="utf-8")
        commands = re.search(r"```sh\n(curl .*?limber-signing-keys.*?)```", page, re.DOTALL)
        assert commands
        with served(sqlite_world) as service:
            script = re.sub(r"https://(api|mirror)\.[a-z.]+", service.origin, commands[1])
            script = script.replace("python clients/", f"{sys.executable} {ROOT}/clients/")
            assert script.count(service.origin) == 2
            done = subprocess.run(["sh", "-ec", script], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.stdout, done.returncode) == ("signed\n", 0), done.stderr

    def test_as_a_program_says_whether_a_page_is_signed(self, sqlite_world: World, keys: str) -> None:
        command = [sys.executable, str(ROOT / "clients" / "python" / "limber_signatures.py"), keys]
        page = sqlite_world.get("/v1/sync")
        for lie, said in ((None, "signed\n"), (other_revision, "NOT signed by these keys\n")):
            if lie:
                lie(page)
            done = subprocess.run(command, input=json.dumps(page), capture_output=True, text=True, check=False)
            assert (done.stdout, done.returncode) == (said, 0 if lie is None else 1)


@pytest.mark.registry
class TestTheTypeScriptClient:
    @pytest.fixture
    def service(self, sqlite_world: World) -> Iterator[Served]:
        with served(sqlite_world) as found:
            yield found

    def run(self, service: Served, copy: Path, keys: str) -> subprocess.CompletedProcess[str]:
        command = ["node", str(TYPESCRIPT), service.origin, str(copy), "100", keys]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def held(self, copy: Path) -> dict[Any, str]:
        documents = json.loads(copy.read_text())["documents"].values()
        return {(each["kind"], each["slug"]): limber_sync.compact_json(each) for each in documents}

    @pytest.mark.parametrize("lie", LIES)
    def test_takes_what_is_signed_and_refuses_a_mirror_that_lies(
        self, sqlite_world: World, service: Served, keys: str, tmp_path: Path, lie: Lie
    ) -> None:
        copy = tmp_path / "copy.json"
        done = self.run(service, copy, keys)
        assert done.returncode == 0, done.stderr
        before = sqlite_world.published()
        assert self.held(copy) == before
        sqlite_world.put("exercise", exercise("new", "back"))
        sqlite_world.release()
        page = sqlite_world.get("/v1/sync")
        lie(page)
        body = json.dumps(page, ensure_ascii=False).encode()
        answer = ("200 OK", {"Content-Type": "application/json", "Content-Length": str(len(body))}, body)
        service.instead = [answer, answer]
        refused = self.run(service, copy, keys)
        assert refused.returncode != 0
        assert "Mismatch" in refused.stderr
        assert self.held(copy) == before
        assert self.run(service, copy, keys).returncode == 0
        assert self.held(copy) == sqlite_world.published()
