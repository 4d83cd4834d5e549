"""The key that releases are signed with: made, rotated and listed by commands, and used by whatever releases."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flask import Flask
from sqlalchemy import select

from app import create_app
from app.commands.serve import seed_if_empty
from app.errors import CannotSign
from app.kinds import CATALOGUE
from app.models.tables import release
from app.releasing.signing import read_signer
from tests.admin.desk import Desk, database_of
from tests.admin.samples import minimal
from tests.imports.records import exercise as free_exercise
from tests.settings import settings_for
from tests.stores import SEED_DATA, MakeStore

KEYS = "/.well-known/limber-signing-keys"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the private key is to be."""
    return tmp_path / "signing.pem"


@pytest.fixture
def app(store_url: str, path: Path) -> Iterator[Flask]:
    """An application that signs."""
    created = create_app(settings_for(store_url, signing_key_file=path, response_cache_bytes=0))
    yield created
    created.extensions["limber_database"].dispose()


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=list(arguments))
    return result.exit_code, result.output


def listed(app: Flask) -> dict[str, str]:
    """The public keys that are published, by id."""
    answer = app.test_client().get(KEYS)
    return {key["id"]: key["public_key"] for key in (answer.json or {})["keys"]}


def signers(app: Flask) -> list[str | None]:
    """By which key each release was signed; every signature is right."""
    keys = listed(app)
    with database_of(app).reading() as connection:
        rows = connection.execute(select(*release.c).order_by(release.c.revision)).all()
    for row in rows:
        if row.signature is not None:
            public = Ed25519PublicKey.from_public_bytes(base64.b64decode(keys[row.signed_by]))
            public.verify(base64.b64decode(row.signature), f"{row.revision}\n{row.digest}".encode())
    return [row.signed_by for row in rows]


class TestCommands:
    def test_make_writes_a_file_for_its_owner_alone_and_lists_the_public_key(self, app: Flask, path: Path) -> None:
        status, output = run(app, "keys", "signing", "make")
        assert status == 0, output
        assert path.stat().st_mode & 0o777 == 0o600
        assert [each.name for each in path.parent.iterdir()] == [path.name]
        assert listed(app) == dict([output.split()])
        assert "signs now" in run(app, "keys", "signing", "list")[1]
        assert Desk(app).get("/audit")["items"][0]["target"] == f"signing-keys/{output.split()[0]}"

    def test_make_replaces_no_key(self, app: Flask, path: Path) -> None:
        run(app, "keys", "signing", "make")
        before = path.read_bytes(), listed(app)
        status, output = run(app, "keys", "signing", "make")
        assert status == 1
        assert "rotate" in output
        assert (path.read_bytes(), listed(app)) == before

    def test_rotate_makes_another_and_the_former_one_stays_listed(self, app: Flask) -> None:
        desk = Desk(app)
        former = run(app, "keys", "signing", "make")[1].split()[0]
        desk.post("/places", minimal("places"))
        desk.release("One")
        present = run(app, "keys", "signing", "rotate")[1].split()[0]
        desk.delete("/places/new-one")
        desk.release("Two")
        assert signers(app) == [former, present]
        assert list(listed(app)) == [former, present]
        assert run(app, "keys", "signing", "list")[1].splitlines()[1].endswith("signs now")

    def test_without_the_setting_it_is_refused_in_a_sentence(self, store_url: str) -> None:
        unsigned = create_app(settings_for(store_url))
        status, output = run(unsigned, "keys", "signing", "make")
        unsigned.extensions["limber_database"].dispose()
        assert status == 1
        assert "SIGNING_KEY_FILE" in output


class TestWhateverReleases:
    def test_signs(self, app: Flask, tmp_path: Path) -> None:
        key = run(app, "keys", "signing", "make")[1].split()[0]
        seed_if_empty(database_of(app), CATALOGUE, SEED_DATA, read_signer(tmp_path / "signing.pem"))
        desk = Desk(app)
        desk.post("/places", minimal("places"))
        shown = desk.post("/releases", {})
        desk.post("/imports?release=true", {"places": [minimal("places", slug="other")]}, status=200)
        desk.post("/rollbacks", {"revision": 1})
        (tmp_path / "exercises.json").write_text(json.dumps([free_exercise("One")]))
        command = ("catalogue", "import", "free-exercise-db", str(tmp_path / "exercises.json"), "--release", "More")
        assert run(app, *command)[0] == 0
        assert signers(app) == [key] * 5
        assert shown["signature"]["key_id"] == key
        assert all(each["signature"]["key_id"] == key for each in desk.get("/releases")["items"])
        assert desk.get("/releases/1")["signature"]["key_id"] == key

    def test_without_a_key_the_signature_is_null(self, store_url: str) -> None:
        unsigned = create_app(settings_for(store_url))
        desk = Desk(unsigned)
        desk.post("/places", minimal("places"))
        assert desk.post("/releases", {})["signature"] is None
        unsigned.extensions["limber_database"].dispose()

    def test_a_key_of_another_store_is_listed_with_its_first_release(
        self, app: Flask, make_sqlite: MakeStore, path: Path
    ) -> None:
        run(app, "keys", "signing", "make")
        other = create_app(settings_for(make_sqlite(), signing_key_file=path))
        assert listed(other) == {}
        desk = Desk(other)
        desk.post("/places", minimal("places"))
        desk.release()
        assert listed(other) == listed(app)
        other.extensions["limber_database"].dispose()


class TestAFileThatCannotBeUsed:
    def test_stops_releases_and_leaves_reading_alone(self, app: Flask, path: Path) -> None:
        desk = Desk(app)
        desk.post("/places", minimal("places"))
        before = desk.contents()
        refused = desk.send("POST", "/releases", json={})
        assert refused.status_code == 503
        assert "flask keys signing make" in str(refused.json)
        assert desk.contents() == before
        assert (app.test_client().get("/v1/sync").json or {})["signature"] is None
        run(app, "keys", "signing", "make")
        desk.release()
        assert (app.test_client().get("/v1/sync").json or {})["signature"] is not None

    def test_is_one_that_others_may_read_that_is_not_there_or_that_holds_no_such_key(self, path: Path) -> None:
        with pytest.raises(CannotSign, match="cannot be read"):
            read_signer(path)
        path.write_bytes(b"no key")
        path.chmod(0o640)
        with pytest.raises(CannotSign, match="chmod 600"):
            read_signer(path)
        path.chmod(0o600)
        with pytest.raises(CannotSign, match="no Ed25519 key"):
            read_signer(path)
        other = generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.with_suffix(".rsa").write_bytes(other)
        path.with_suffix(".rsa").chmod(0o600)
        with pytest.raises(CannotSign, match="no Ed25519 key"):
            read_signer(path.with_suffix(".rsa"))
